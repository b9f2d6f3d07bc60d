"""From which ports the services and sites of a topology connect."""

from __future__ import annotations

from ipaddress import IPv4Network

from bulkhead.intent import Peer, Service, Site, Topology
from bulkhead.network import CLIENT_PORTS_BY_NAME, PortRange, within

At = tuple[tuple[IPv4Network, PortRange], ...]
"""Some addresses of a site, and from which ports those connect."""


def client_ports_of(topology: Topology, name: str) -> PortRange:
    """Those of a service or site: to each of them a reply may have to come."""
    return client_ports(topology.outside.get(name) or topology.service_of(name))


def client_ports(owner: Service | Site | Peer) -> PortRange:
    """What it says of itself, as numbers."""
    return _numbers(owner.client_ports)


def client_ports_at(topology: Topology, name: str, at: tuple[IPv4Network, ...]) -> PortRange:
    """Of a site at some addresses of it alone, which are in one named network or in none: what
    the narrowest of those says that hold them. Of all of a site, or of a service: what it says."""
    site = topology.sites.get(name)
    around = [
        each
        for each in (host_ports(site) if site is not None and at else ())
        if all(within(one, each[0]) for one in at)
    ]
    if not around:
        return client_ports_of(topology, name)
    return max(around, key=lambda each: each[0].prefixlen)[1]


def also_from(topology: Topology, name: str, at: tuple[IPv4Network, ...]) -> At:
    """Of some addresses of a site, or of all of it: those that connect from ports that the others
    do not."""
    site = topology.sites.get(name)
    if site is None:
        return ()
    usual = client_ports_at(topology, name, at)
    return tuple(
        (network, ports)
        for network, ports in host_ports(site)
        if not usual.covers(ports)
        if any(within(network, each) for each in at or site.cidrs)
    )


def host_ports(site: Site) -> At:
    """Of each host and network of a site that has some of its own."""
    return tuple(
        (site.hosts[name], _numbers(said)) for name, said in sorted(site.host_ports.items())
    )


def _numbers(said: str | tuple[int, int]) -> PortRange:
    return CLIENT_PORTS_BY_NAME[said] if isinstance(said, str) else PortRange(*said)
