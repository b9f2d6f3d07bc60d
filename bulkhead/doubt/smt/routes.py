"""Out of a subnet: its ACL, and the route that its table has for the destination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network

from bulkhead.doubt.smt.terms import Formula, Header, all_of, either, inside, same
from bulkhead.doubt.smt.trail import Spot, Steps, Trail
from bulkhead.network import Route, TargetKind

REPLACES_LOCAL = (
    TargetKind.INTERFACE,
    TargetKind.NAT_GATEWAY,
    TargetKind.FIREWALL,
    TargetKind.UNMODELLED,
)


class Routes(Steps):
    def from_subnet(self, subnet: str, header: Header, trail: Trail) -> Formula:
        within = same(header.target, self.atlas.subnet(subnet))
        spot = self._spot(subnet)
        return either(within, self.final(header, trail), self.leave(spot, header, trail))

    def leave(self, spot: Spot, header: Header, trail: Trail) -> Formula:
        key = ("leave", spot, id(header), trail)
        if key not in self._kept:
            out = self._out(spot, header)
            way = self._routed(
                spot.table,
                spot.vpc,
                header,
                trail,
                lambda route: (
                    self._local(spot.vpc, header, trail)
                    if route is None
                    else self._target(route, spot, header, trail)
                ),
            )
            self._kept[key] = all_of((out, way)), header
        return self._kept[key][0]

    def _routed(
        self,
        table: str,
        vpc: str,
        header: Header,
        trail: Trail,
        outcome: Callable[[Route | None], Formula],
    ) -> Formula:
        """What the longest prefix around the destination leads to; None stands for local."""
        found = self.network.route_table.get(table)
        if found is None:
            return self.unsure(trail)
        blocks = [
            each for each in self.network.vpc[vpc].cidrs if each.version == self.atlas.version
        ]
        chosen: dict[IPv4Network | IPv6Network, Route | None] = dict.fromkeys(blocks)
        listed: dict[IPv4Network | IPv6Network, list[Route]] = defaultdict(list)
        for route in found.routes:
            if route.destination.version == self.atlas.version:
                listed[route.destination].append(route)
        for prefix, routes in listed.items():
            winner = _winner(prefix, routes, blocks)
            if winner is not None:
                chosen[prefix] = winner
        way: Formula = False
        made: dict[tuple[object, ...], Formula] = {}
        for prefix in sorted(chosen, key=lambda each: each.prefixlen):
            choice = chosen[prefix]
            key = (
                ("local",)
                if choice is None
                else (choice.target, choice.target_id, choice.blackhole)
            )
            if key not in made:
                made[key] = outcome(choice)
            way = either(inside(header.destination, prefix), made[key], way)
        return self._known(table, header, trail, way)


def _winner(
    prefix: IPv4Network | IPv6Network,
    routes: list[Route],
    blocks: list[IPv4Network] | list[IPv6Network] | list[IPv4Network | IPv6Network],
) -> Route | None:
    """Which of the routes for one prefix counts; None where only the local one does."""
    mine = any(_contains(block, prefix) for block in blocks)
    counted = [each for each in routes if not (mine and each.propagated)]
    if prefix in blocks:
        counted = [each for each in counted if each.target in REPLACES_LOCAL]
    if not counted:
        return None
    best = min((each.propagated, each.prefix_list is not None) for each in counted)
    tied = [each for each in counted if (each.propagated, each.prefix_list is not None) == best]
    return min(tied, key=lambda each: (each.blackhole, each.target is not TargetKind.UNMODELLED))


def _contains(block: IPv4Network | IPv6Network, prefix: IPv4Network | IPv6Network) -> bool:
    rest = block.max_prefixlen - block.prefixlen
    return (
        block.prefixlen <= prefix.prefixlen
        and int(block.network_address) >> rest == int(prefix.network_address) >> rest
    )
