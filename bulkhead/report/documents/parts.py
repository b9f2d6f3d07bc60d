"""What several documents hold: ends, ports, protocols, what is not modelled."""

from __future__ import annotations

from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.network import Network, Origin, PortRange, protocol_name
from bulkhead.network.traffic import OTHER_PROTOCOL
from bulkhead.problems import Problem
from bulkhead.report.documents.writing import Document


def problem(found: Problem) -> Document:
    """What is wrong or dangerous, where it is written, and what would be right."""
    return {
        "message": str(found),
        "file": found.file,
        "line": found.line or None,
        "what": found.what,
        "remedy": found.remedy,
    }


def end(network: Network, endpoint: Endpoint) -> Document:
    """An end by its names and by its AWS ids."""
    interface = network.interface[endpoint.id] if endpoint.kind is EndpointKind.INTERFACE else None
    return {
        "kind": str(endpoint.kind),
        "id": endpoint.id,
        "name": endpoint.name,
        "service": endpoint.service,
        "address": str(endpoint.address),
        "prefix": str(endpoint.prefix),
        "interface": interface.id if interface else None,
        "instance": interface.instance if interface else None,
        "subnet": endpoint.subnet,
        "vpc": endpoint.vpc,
        "security_groups": list(interface.security_groups) if interface else [],
        "public_of": list(endpoint.holders),
    }


def origin(found: Origin | None) -> Document | None:
    """A line of a file, a resource of an engine, or both; None where nobody knows."""
    if found is None:
        return None
    return {
        "file": found.file or None,
        "line": found.line or None,
        "urn": found.urn or None,
        "revision": found.revision or None,
    }


def ports(of: PortRange) -> list[int]:
    """First and last."""
    return [of.first, of.last]


def protocol(number: int) -> str:
    """Its name, its number, or 'other'."""
    return "other" if number == OTHER_PROTOCOL else protocol_name(number)


def not_modelled(network: Network) -> list[Document]:
    """What was met, or found missing, that leaves cells undetermined."""
    return [
        {
            "kind": each.kind,
            "id": each.id,
            "scope": each.scope,
            "why": each.why,
            "protocol": None if each.protocol is None else protocol(each.protocol),
        }
        for each in network.unmodelled
    ]
