"""Whom a NACL refuses before it lets everybody through, for whom no block can be named.

Private addresses are none of a service of AWS. They come in where a VPN leads to sites; out they
go where a route leads to one. In a VPC of others their hosts are there too, both ways, and so are
those of a unit that is open to the VPC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import PRIVATE, Direction
from bulkhead.plan.acls import Refused
from bulkhead.plan.gateway_endpoints import gateway_calls
from bulkhead.plan.sites import networks_of_clients
from bulkhead.plan.too_large import told_of
from bulkhead.plan.units import Unit
from bulkhead.plan.wiring import Meeting
from bulkhead.plan.zonal_nat import SEGMENT, translated_ends

_PRIVATE: Final = tuple(each for each in PRIVATE if isinstance(each, IPv4Network))


def refused_by(
    topology: Topology, units: Sequence[Unit], meetings: Iterable[Meeting]
) -> Mapping[str, Refused]:
    """By the name of a unit, of those whose services call such a service, or are told by routers of
    the internet that a packet is too large."""
    calling = {client for client, _ in gateway_calls(topology)}
    meetings = tuple(meetings)
    told: dict[str, frozenset[int]] = defaultdict(frozenset)
    for each in meetings if topology.peers else ():
        for name, teller in told_of(topology, each.client, each.server):
            if teller in topology.peers:
                told[name] |= topology.versions_of(name) & topology.versions_of(teller)
    translated = translated_ends(topology)
    sent_on = any(4 in told[each] for each in translated & told.keys())
    concerned = [
        unit
        for unit in units
        if any(each.name in {*calling, *told} for each in unit.interfaces)
        or (sent_on and unit.name == SEGMENT)
    ]
    if not concerned:
        return {}
    led = _networks_met(topology, meetings)
    shared, opened = topology.vpc is not None, any(unit.open for unit in units)
    found: dict[str, Refused] = {}
    for unit in concerned:
        there = set().union(*(led[each.name] for each in unit.interfaces))
        inside = set(topology.cidrs) if opened and not unit.open else set()
        calls = any(each.name in calling for each in unit.interfaces)
        over_ipv4 = calls or any(4 in told.get(each.name, ()) for each in unit.interfaces)
        over_ipv4 |= unit.name == SEGMENT
        into = _PRIVATE if topology.sites or shared else _around(inside)
        out = _PRIVATE if shared else _around(there | inside)
        found[unit.name] = {
            Direction.INGRESS: into if over_ipv4 else (),
            Direction.EGRESS: out if calls else (),
        }
    return found


def _around(networks: Collection[IPv4Network]) -> tuple[IPv4Network, ...]:
    """The private addresses among which they are."""
    return tuple(each for each in _PRIVATE if any(one.subnet_of(each) for one in networks))


def _networks_met(
    topology: Topology, meetings: Iterable[Meeting]
) -> Mapping[str, set[IPv4Network]]:
    """By service, the networks of sites to which its unit has routes."""
    found: dict[str, set[IPv4Network]] = defaultdict(set)
    for each in meetings:
        if site := topology.sites.get(each.server):
            alone = [address for address, _ in each.doors.alone]
            found[each.client].update(
                network
                for network in site.cidrs
                if each.doors.everywhere or any(some.subnet_of(network) for some in alone)
            )
        if site := topology.sites.get(each.client):
            every = networks_of_clients(site, each.clients_at)
            found[each.server].update(one for one in every if isinstance(one, IPv4Network))
    return found
