"""Route tables, and what their routes lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from bulkhead.network import IPNetwork, ListReference, Route, RouteTable, TargetKind, within
from bulkhead.observe.calls import TARGETS
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.describe.detached import Serving
from bulkhead.observe.describe.prefix_lists import PrefixLists
from bulkhead.observe.known import is_certain
from bulkhead.observe.record import EVERYWHERE, Gaps, Record, Unread

_GATEWAYS: Final = frozenset({TargetKind.INTERNET_GATEWAY, TargetKind.VPN_GATEWAY})
"""What a route names as its GatewayId, and nowhere else."""
_BY_KEY: Final[Mapping[str, TargetKind]] = {
    **{call.id: kind for kind, call in TARGETS.items() if kind not in _GATEWAYS},
    "InstanceId": TargetKind.INTERFACE,
    "LocalGatewayId": TargetKind.UNMODELLED,
    "CarrierGatewayId": TargetKind.UNMODELLED,
    "CoreNetworkArn": TargetKind.UNMODELLED,
    "OdbNetworkArn": TargetKind.UNMODELLED,
    "IpAddress": TargetKind.UNMODELLED,
}
"""(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html)"""
_BY_PREFIX: Final[Mapping[str, TargetKind]] = {call.begins: kind for kind, call in TARGETS.items()}
"""What a GatewayId is, by how it begins."""
_LEARNED: Final = ("EnableVgwRoutePropagation", "Advertisement")
_STATES: Final = ("active", "blackhole")
_GONE: Final = "deleted target"
_LOCAL: Final = "local"


@dataclass(frozen=True, slots=True)
class Targets:
    """What routes may lead to, as far as other answers tell it."""

    firewall_endpoints: Collection[str]
    gateway_endpoints: Mapping[str, Collection[int]]
    """Each with the families that it carries."""
    interface_of: Mapping[str, str]
    """Instance -> its first interface."""
    blocks: Mapping[str, Collection[IPNetwork]]
    """VPC -> its own."""
    known: Mapping[str, TargetKind]
    """Gateways that are listed: what they are need not be told from their ids."""
    serving: Serving
    """Gateways that are listed: which VPCs they serve, if any."""

    def serves(self, name: str, vpc: str) -> bool:
        """Whether the target may serve the VPC: what is detached, or gone, serves none."""
        return name not in self.serving or vpc in self.serving[name]

    def endpoint(self, name: str) -> TargetKind:
        if name in self.firewall_endpoints:
            return TargetKind.FIREWALL
        if name in self.gateway_endpoints:
            return TargetKind.GATEWAY_ENDPOINT
        return TargetKind.UNMODELLED


def gateways_by_id(described: Described) -> dict[str, TargetKind]:
    """What a route's GatewayId may name, of what is listed, whatever its id looks like."""
    kinds = {
        "InternetGateways": ("InternetGatewayId", TargetKind.INTERNET_GATEWAY),
        "VpnGateways": ("VpnGatewayId", TargetKind.VPN_GATEWAY),
    }
    return {
        gateway: kind
        for key, (name, kind) in kinds.items()
        for record in described[key]
        if (gateway := record.maybe(name))
    }


def route_tables(
    described: Described, lists: PrefixLists, targets: Targets, gaps: Gaps
) -> tuple[RouteTable, ...]:
    """Every table with its routes, the local ones left out."""
    tables: list[RouteTable] = []
    for record in described["RouteTables"]:
        with gaps.needing(record):
            table = record.text("RouteTableId")
            routes: list[Route] = []
            with gaps.tolerating("route", table, table):
                record.listed("Routes")
            for route in record.records("Routes"):
                routes.extend(_routes(route, record, lists, targets, gaps))
            found = RouteTable(
                id=table,
                name=name_of(record, table),
                vpc=record.text("VpcId"),
                routes=tuple(sorted(routes, key=_place)),
                main=any(each.flag("Main") for each in associations(record)),
                lists=tuple(_referred(record, lists)),
                learns_from=tuple(
                    each.text("GatewayId") for each in record.records("PropagatingVgws")
                ),
            )
            tables.extend(_for_gateways(found, record, targets))
    return tuple(tables)


def _referred(table: Record, lists: PrefixLists) -> Iterator[ListReference]:
    """What its routes by prefix list count for; also where no entry of one makes a route."""
    for route in table.records("Routes"):
        named = Unread().read(partial(route.maybe, "DestinationPrefixListId"), None)
        if named:
            yield lists.reference(named)


def _place(route: Route) -> tuple[int, int, int, str, str]:
    block = route.destination
    list_name = route.prefix_list or ""
    first = int(block.network_address)
    return block.version, first, block.prefixlen, route.target_id, list_name


def _for_gateways(table: RouteTable, record: Record, targets: Targets) -> Iterator[RouteTable]:
    """The table, once for each gateway whose incoming packets it routes.

    That of a regional NAT gateway routes what the gateway sends.
    """
    gateways = sorted(
        gateway
        for gateway in _gateways(record)
        if _kind_of(gateway, targets) is not TargetKind.NAT_GATEWAY
    )
    if not gateways:
        yield table
    for number, gateway in enumerate(gateways):
        known_as = table.id if number == 0 else f"{table.id}/{gateway}"
        yield replace(table, id=known_as, gateway=gateway)


def _gateways(table: Record) -> set[str]:
    return {gateway for each in associations(table) if (gateway := each.maybe("GatewayId"))}


def _kind_of(gateway: str, targets: Targets) -> TargetKind | None:
    kind = targets.known.get(gateway)
    return kind or next((_BY_PREFIX[each] for each in _BY_PREFIX if gateway.startswith(each)), None)


def tables_of_gateways(described: Described) -> dict[str, str]:
    """Gateway -> a table that is associated with it."""
    return {
        gateway: record.text("RouteTableId")
        for record in described["RouteTables"]
        for gateway in _gateways(record)
    }


def tables_of_subnet(described: Described) -> dict[str, set[str]]:
    """Subnet -> the route tables associated with it by name: one, unless answers contradict."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in described["RouteTables"]:
        for association in associations(record):
            if association.has("SubnetId"):
                found[association.text("SubnetId")].add(record.text("RouteTableId"))
    return found


def main_tables(described: Described) -> dict[str, set[str]]:
    """VPC -> the table of every subnet that is associated with none: one, as above."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in described["RouteTables"]:
        if any(association.flag("Main") for association in associations(record)):
            found[record.text("VpcId")].add(record.text("RouteTableId"))
    return found


def associations(table: Record) -> Iterator[Record]:
    """What a table is associated with, less what no longer is."""
    for each in table.records("Associations"):
        state = each.inside("AssociationState")
        if state is None or state.maybe("State") not in ("disassociated", "failed"):
            yield each


def _routes(
    route: Record, table: Record, lists: PrefixLists, targets: Targets, gaps: Gaps
) -> Iterator[Route]:
    """One for each of its blocks: where a part is not known, the widest that it can be."""
    name, unread = table.text("RouteTableId"), Unread()
    no_target = (TargetKind.UNMODELLED, f"{name}/unknown-target")
    kind, target = unread.read(lambda: _target(route, name, targets), no_target)
    state = unread.read(lambda: route.maybe("State"), None) or "active"
    propagated = unread.read(lambda: route.maybe("Origin") in _LEARNED, False)
    if not targets.serves(target, table.text("VpcId")):
        state = "blackhole"
    listed = unread.read(lambda: route.maybe("DestinationPrefixListId"), None)
    if listed and listed not in lists.blocks:
        unread.why.append(lists.why_unknown(listed))
    blocks = unread.read(lambda: _destinations(route, lists, targets), EVERYWHERE)
    if state not in _STATES:
        unread.why.append(f"it is {state}, so whether it counts is not known")
    inside = targets.blocks.get(table.text("VpcId"), ())
    own = target == _LOCAL and any(_meet(block, each) for block in inside for each in blocks)
    if not unread.certain:
        place = f"{name}/{listed or (blocks[0] if blocks else target)}"
        # No Network writes down the routes to the VPC's own blocks, so none of them can be
        # uncertain by itself.
        gaps.add("route", place, name if own else place, _leads(target, "; ".join(unread.why)))
        if own:
            return
    if target == _LOCAL:
        # Every table has the VPC's own blocks; only of a VPC not observed they are not known.
        blocks = tuple(each for each in blocks if inside and each not in inside)
    if kind is TargetKind.UNMODELLED and state != "blackhole":
        towards = listed or (str(blocks[0]) if blocks else "nothing")
        why = f"what {target} does with packets to {towards} is not modelled"
        gaps.add("route", target, target, why)
    for block in blocks:
        yield Route(
            destination=block,
            target=kind,
            target_id=target,
            propagated=propagated,
            blackhole=state == "blackhole",
            prefix_list=listed,
            certain=unread.certain and is_certain("RouteTables", "Routes", route),
        )


def _meet(one: IPNetwork, other: IPNetwork) -> bool:
    return within(one, other) or within(other, one)


def _destinations(route: Record, lists: PrefixLists, targets: Targets) -> tuple[IPNetwork, ...]:
    """The blocks of a route, or the widest that they can be."""
    if listed := route.maybe("DestinationPrefixListId"):
        if listed in lists.blocks:
            return lists.blocks[listed]
        carried = targets.gateway_endpoints.get(_target(route, "", targets)[1], (4, 6))
        return tuple(each for each in lists.may_hold(listed) if each.version in carried)
    key = "DestinationIpv6CidrBlock"
    own = route.network6(key) if route.has(key) else route.network("DestinationCidrBlock")
    return (own,)


def _leads(target: str, why: str) -> str:
    return f"a route leads to {target}, and {why}"


def _target(route: Record, table: str, targets: Targets) -> tuple[TargetKind, str]:
    if gateway := route.maybe("GatewayId") or route.maybe("VpcEndpointId"):
        return _gateway(gateway, targets), gateway
    for key, kind in _BY_KEY.items():
        if found := route.maybe(key):
            # A route to an instance names the interface as well, but not in every answer.
            return kind, targets.interface_of.get(found, found) if key == "InstanceId" else found
    if route.maybe("State") == "blackhole":
        return TargetKind.UNMODELLED, _GONE
    return TargetKind.UNMODELLED, f"{table}/unknown-target"


def _gateway(name: str, targets: Targets) -> TargetKind:
    if name == _LOCAL:
        return TargetKind.LOCAL
    prefix = name.partition("-")[0]
    if prefix == "vpce":
        return targets.endpoint(name)
    if name in targets.known:
        return targets.known[name]
    return _BY_PREFIX.get(prefix, TargetKind.UNMODELLED)
