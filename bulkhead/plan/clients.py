"""From which ports the services and sites of a topology connect."""

from __future__ import annotations

from bulkhead.intent import Service, Site, Topology
from bulkhead.network import CLIENT_PORTS_BY_NAME, PortRange


def client_ports_of(topology: Topology, name: str) -> PortRange:
    """Those of a service or site: to each of them a reply may have to come."""
    return client_ports(topology.sites.get(name) or topology.service_of(name))


def client_ports(owner: Service | Site) -> PortRange:
    """What it says of itself, as numbers."""
    said = owner.client_ports
    return CLIENT_PORTS_BY_NAME[said] if isinstance(said, str) else PortRange(*said)
