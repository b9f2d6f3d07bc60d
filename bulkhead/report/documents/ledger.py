"""`bulkhead.document/2`."""

from __future__ import annotations

from bulkhead.intent import Connection, Topology
from bulkhead.ledger import Boundary, FlowEntry, Ledger
from bulkhead.network import Listener, Provenance
from bulkhead.report.documents.cells import cell_traffic
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.quarantine import quarantine
from bulkhead.report.documents.writing import Document


def ledger(found: Ledger, *, provenance: Provenance | None = None) -> Document:
    """Every boundary of a topology, with the flows over it."""
    return {
        "schema": "bulkhead.document/2",
        "topology": found.topology.name,
        "provenance": made_from(provenance),
        "boundaries": [_boundary(each) for each in found.boundaries],
        "local": [_local(each) for each in found.local],
        "sharing": [[each.name for each in some] for some in found.sharing],
        "idle": [_listener(each) for each in found.idle],
        "quarantine": [quarantine(each) for each in found.quarantine],
        "segments": [
            {
                "name": each.name,
                "purpose": each.purpose,
                "owner": each.owner,
                "data": each.data,
            }
            for each in found.topology.segments.values()
        ],
        "services": [
            {
                "segment": each.segment,
                "interface": each.interface or None,
                **_said(found.topology, each.name, found.topology.purpose_of(each)),
            }
            for each in found.topology.interfaces.values()
        ],
        "sites": [
            _said(found.topology, each.name, each.purpose or "")
            for each in found.topology.sites.values()
        ],
        "peers": [
            {
                **_said(found.topology, each.name, each.purpose or ""),
                "addresses": [str(cidr) for cidr in each.cidrs],
                "prefix_list": each.prefix_list or None,
            }
            for each in found.topology.peers.values()
        ],
        "without_why": [str(each.flow) for each in found.unexplained],
        "without_owner": list(found.unowned),
    }


def _said(topology: Topology, name: str, purpose: str) -> Document:
    """Of a service its segment's owner and class of data, where it has none of its own."""
    return {
        "name": name,
        "purpose": purpose or None,
        "owner": topology.owners[name] or None,
        "data": topology.classifications[name] or None,
    }


def _boundary(boundary: Boundary) -> Document:
    return {
        "kind": str(boundary.kind),
        "from": boundary.source,
        "to": boundary.destination,
        "encryption": boundary.encryption or None,
        "flows": [_entry(each) for each in boundary.flows],
    }


def _entry(entry: FlowEntry) -> Document:
    flow = entry.flow
    return {
        "from": flow.client_name,
        "from_at": [str(each) for each in flow.clients_at],
        "from_type": flow.client_type,
        **_listener(flow.server),
        "why": flow.why or None,
        "owner": entry.owner or None,
        "until": str(flow.until) if flow.until else None,
        "mechanism": flow.mechanism or None,
        "zap": flow.zap,
        "encryption": [str(each) for each in entry.protected],
        "exposure": {
            "why": flow.exposure.why,
            "owner": flow.exposure.owner,
            "until": str(flow.exposure.until) if flow.exposure.until else None,
        }
        if flow.exposure
        else None,
        "verdict": str(entry.verdict),
        "rules": [
            {
                "layer": str(hop.layer),
                "reply": hop.reply,
                "component": ref.component,
                "rule": ref.text,
            }
            for hop in entry.hops
            for ref in hop.rules
        ],
    }


def _listener(listener: Listener) -> Document:
    return {
        "to": listener.name,
        "to_type": listener.type,
        **cell_traffic(listener.protocol, listener.ports),
        "address": str(listener.address) if listener.address else None,
    }


def _local(connection: Connection) -> Document:
    return {
        "from": str(connection.client_socket),
        "to": str(connection.server_socket),
        "transport": connection.transport,
        "why": connection.why or None,
    }
