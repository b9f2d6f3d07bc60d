"""A subnet's router: its ACL, then its table divides what leaves by where routes lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bulkhead.doubt.bdd.parts import Parts, Past
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.network import Direction, IPNetwork, Route, Subnet, TargetKind

_REPLACES_LOCAL = frozenset(
    (TargetKind.INTERFACE, TargetKind.NAT_GATEWAY, TargetKind.FIREWALL, TargetKind.UNMODELLED)
)


class Routers(Parts):
    def _router(self, subnet: str, past: Past, part: PacketSet) -> None:
        here = self.network.subnet[subnet]
        sieve = self.f.acl(subnet, Direction.EGRESS, self.role(past))
        for after, kept in self.sieve(sieve, past, part):
            for route, portion in self._by_route(here, after, kept):
                self._follow(route, here, after, portion)

    def _by_route(
        self, here: Subnet, past: Past, part: PacketSet
    ) -> Iterator[tuple[Route | None, PacketSet]]:
        """The part divided by where the subnet's table sends it; None stands for local."""
        yield from self._by_table(here.route_table, here.vpc, past, part)

    def _by_table(
        self, table: str, vpc: str, past: Past, part: PacketSet
    ) -> Iterator[tuple[Route | None, PacketSet]]:
        if table not in self.network.route_table:
            self.drift(past, part)
            return
        part = self._undoubted(past, part, table)
        destination = self.role(past).destination
        key = (table, vpc, destination)
        if key not in self._portions:
            self._portions[key] = self._divide(table, vpc, destination)
        for route, portion in self._portions[key]:
            going = part & portion
            part &= ~portion
            if going.satisfiable():
                yield route, going
        self.lose(part)

    def _divide(self, table: str, vpc: str, destination: Any) -> list[tuple[Any, PacketSet]]:
        # A local route comes last among equals: what is counted beside it has replaced it.
        own = self.network.vpc[vpc].cidrs
        offers: list[tuple[int, int, int, int, Route | None, IPNetwork]] = [
            (-cidr.prefixlen, 9, 0, 0, None, cidr) for cidr in own
        ]
        for order, route in enumerate(self.network.route_table[table].routes):
            length = -route.destination.prefixlen
            home = [cidr for cidr in own if _covers(cidr, route.destination)]
            if home and route.propagated:
                continue
            if route.destination in home and route.target not in _REPLACES_LOCAL:
                continue
            rank = 2 if route.propagated else 1 if route.prefix_list else 0
            alive = 2 if route.blackhole else 0 if route.target is TargetKind.UNMODELLED else 1
            offers.append((length, rank, alive, order, route, route.destination))
        divided, left = [], self.u.all
        for *_, chosen, prefix in sorted(offers, key=lambda each: each[:4]):
            portion = left & self.f.block(destination, prefix)
            left &= ~portion
            divided.append((chosen, portion))
        return divided

    def _local(self, vpc: str, past: Past, part: PacketSet) -> None:
        role = self.role(past)
        part = self._keep(self.f.in_vpc(role.end, vpc), part)
        for after, kept in self.sieve(self.f.acl_into(role), past, part):
            self.deliver(after, kept)

    def _passing(
        self, subnet: str, here: Subnet | None, past: Past, part: PacketSet
    ) -> Iterator[tuple[Past, PacketSet]]:
        """Into a subnet on the way: its ACL, unless the packet is there already."""
        if here is not None and subnet == here.id:
            yield past, part
        else:
            sieve = self.f.acl(subnet, Direction.INGRESS, self.role(past))
            yield from self.sieve(sieve, past, part)


def _covers(block: IPNetwork, prefix: IPNetwork) -> bool:
    if block.version != prefix.version or block.prefixlen > prefix.prefixlen:
        return False
    rest = block.max_prefixlen - block.prefixlen
    return int(prefix.network_address) >> rest == int(block.network_address) >> rest
