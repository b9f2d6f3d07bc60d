"""Who asks from which ports, as sets of packets by the end that they come from.

(docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.space import PacketSpace
from bulkhead.doubt.claims import Interval, LocationKind
from bulkhead.network import Interface, PortRange

STRANGERS: Final = Interval(32768, 60999)
"""A host that somebody starts is taken for Linux."""
OUTSIDE: Final = Interval(1024, 65535)


def clients(space: PacketSpace) -> Mapping[Interval, PacketSet]:
    """Requests by the ports that they may come from: a partition of them all."""
    return space.once(_clients)


def _clients(space: PacketSpace) -> Mapping[Interval, PacketSet]:
    universe, network = space.universe, space.network
    origin, source = universe.origin, universe.source
    found: dict[Interval, PacketSet] = defaultdict(lambda: universe.none)
    hosts: dict[Interval, list[Interface]] = defaultdict(list)
    for each in network.interfaces:
        hosts[_interval(each.client_ports)].append(each)
    named = universe.none
    for ports, interfaces in hosts.items():
        found[ports] |= space.hosts(interfaces, origin, source)
        named |= found[ports]
    found[STRANGERS] |= space.in_any_subnet(origin) & ~named
    sites = {each.name: each for each in network.sites}
    for location in space.numbers:
        if location.kind is LocationKind.SUBNET:
            continue
        left = space.at(origin, location)
        site = sites.get(location.id)
        usual = OUTSIDE if site is None else _interval(site.client_ports)
        # The narrowest first: of what one holds nothing is left for those around it.
        for addresses, own in sorted(
            site.host_ports if site else (), key=lambda each: -each[0].prefixlen
        ):
            there = left & space.block(source, addresses)
            found[_interval(own)] |= there
            left &= ~there
        found[usual] |= left
    return found


def _interval(ports: PortRange) -> Interval:
    return Interval(ports.first, ports.last)
