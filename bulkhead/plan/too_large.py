"""Who tells whom that a packet is too large for the way.

"If the maximum transmission unit (MTU) between hosts in your subnets is different, or your
instances communicate with peers over the internet", a network ACL has to let in what says so
(docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html); a security group does of
itself, for connections that it tracks (AWSEC2/latest/UserGuide/network_mtu.html). Without it
small messages arrive and large ones vanish.

Outside it is any router on the way: in any network of a site, anywhere on the internet. Inside
there is none between two hosts, and what AWS puts on the way says nothing (VPC endpoints:
vpc/latest/privatelink/create-interface-endpoint.html; VPN connections: vpn/latest/s2svpn/
vpn-limits.html): it is the host itself, where it takes less than the other sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import TOO_LARGE, AclEntry, Direction, Flow, ToldTooLarge
from bulkhead.plan.acls import BANDS
from bulkhead.plan.aws_needs import is_of_aws
from bulkhead.plan.units import Unit

FROM_OUTSIDE: Final = 1500
"""The largest packet that comes in by an internet gateway or a VPN connection
(AWSEC2/latest/UserGuide/network_mtu.html)."""


def told_of(topology: Topology, client: str, server: str) -> Iterator[tuple[str, str]]:
    """Of two who talk with each other: who is told, and who tells, as flows call them."""
    if not topology.path_mtu_discovery or is_of_aws(client) or is_of_aws(server):
        return
    one, other = _largest(topology, client), _largest(topology, server)
    if one == other:  # both are outside, or what one sends the other takes
        return
    for (told, sends), (teller, takes) in permutations(((client, one), (server, other))):
        # Outside nobody knows how little the way takes.
        if (takes or 0) < (sends or FROM_OUTSIDE):
            yield told, teller


def told_too_large(topology: Topology, flows: Iterable[Flow]) -> tuple[ToldTooLarge, ...]:
    """The same of all flows, for who judges."""
    every = (
        ToldTooLarge(
            told=told,
            by="" if teller in topology.peers else teller,
            versions=topology.versions_of(told) & topology.versions_of(teller),
        )
        for each in flows
        for told, teller in told_of(topology, each.client, each.server.owner)
    )
    return tuple(dict.fromkeys(every))


def told_by_everybody(
    units: Iterable[Unit], entries: Mapping[str, Iterable[AclEntry]]
) -> Iterator[ToldTooLarge]:
    """Those whose NACLs have no room to name each network from which it may come (`fewest`), or
    to refuse the block of IPv6 of their own VPC, in which an open segment lets everything out."""
    units = tuple(units)
    opened = any(each.open for each in units)
    for unit in units:
        versions = frozenset(
            each.cidr.version
            for each in entries[unit.name]
            if (each.protocol, each.ports) in TOO_LARGE
            and each.direction is Direction.INGRESS
            and not each.cidr.prefixlen
            and (each.number < BANDS["private"] or (opened and each.cidr.version != 4))
        )
        if versions:
            for each in unit.interfaces:
                yield ToldTooLarge(told=each.name, by="*", versions=versions)


def _largest(topology: Topology, name: str) -> int | None:
    """The largest packet that a service sends and takes; None of who is outside."""
    return None if name in topology.outside else topology.service_of(name).mtu
