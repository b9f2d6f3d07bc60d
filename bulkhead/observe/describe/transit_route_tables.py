"""Route tables of transit gateways.

Their routes are shown by a search in each table. Where only the static ones were
searched for, the others follow from what propagates to the table: a VPC, its blocks.
What a VPN or Direct Connect announces is shown by the search alone: where that is not
there it may be any prefix, and what it could not change is known all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.network import (
    AttachmentKind,
    IPNetwork,
    TransitAttachment,
    TransitRoute,
    TransitRouteTable,
    Vpc,
)
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.describe.prefix_lists import EVERYTHING, PrefixLists
from bulkhead.observe.describe.vpn_connections import by_bgp, family_inside, static_routes
from bulkhead.observe.known import is_certain
from bulkhead.observe.record import EVERYWHERE, Gaps, Record, Unread

_ID: Final = "TransitGatewayRouteTableId"
_KIND: Final = "transit-gateway-route-table"
_GONE: Final = ("deleted", "deleting")
_STATES: Final = ("active", "blackhole")
_PREFERRED: Final = ("vpc", "direct-connect-gateway", "connect", "vpn")
_SEARCH: Final = "aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id"
_ALL_ROUTES: Final = "--filters Name=state,Values=active,blackhole"


def transit_route_tables(
    described: Described,
    attachments: tuple[TransitAttachment, ...],
    vpcs: Iterable[Vpc],
    lists: PrefixLists,
    gaps: Gaps,
) -> tuple[TransitRouteTable, ...]:
    """Every table that is described or that an attachment uses."""
    own = {each.text(_ID): each for each in described["TransitGatewayRouteTables"]}
    gateway_of = {each.table: each.gateway for each in attachments if each.table} | {
        table: gateway
        for table, record in own.items()
        if (gateway := record.maybe("TransitGatewayId"))
    }
    routed = _Routed(described, attachments, vpcs, lists, gaps)
    found = []
    for table, gateway in sorted(gateway_of.items()):
        record = own.get(table)
        unknown = table.endswith("/unknown-route-table")
        if unknown or (record is not None and record.maybe("State") in _GONE):
            continue
        with gaps.needing(record):
            found.append(
                TransitRouteTable(
                    id=table,
                    name=name_of(record, table) if record else table,
                    gateway=gateway,
                    routes=routed.routes(table, gateway),
                )
            )
    return tuple(found)


class _Routed:
    """What the answers together say about the routes of each table."""

    def __init__(
        self,
        described: Described,
        attachments: Iterable[TransitAttachment],
        vpcs: Iterable[Vpc],
        lists: PrefixLists,
        gaps: Gaps,
    ) -> None:
        self._searched = {each.text(_ID): each for each in described["TransitGatewayRoutes"]}
        self._static = {each.text(_ID): each for each in described["TransitGatewayStaticRoutes"]}
        self._propagating = {
            each.text(_ID): each for each in described["TransitGatewayPropagations"]
        }
        self._blocks = {each.id: each.cidrs for each in vpcs}
        self._attachments = {(each.gateway, each.id): each for each in attachments}
        self._vpns = {each.text("VpnConnectionId"): each for each in described["VpnConnections"]}
        self._own = {each.text(_ID) for each in described["TransitGatewayRouteTables"]}
        self._missing: Mapping[str, str] = described.missing
        self._lists = lists
        self._gaps = gaps

    def routes(self, table: str, gateway: str) -> tuple[TransitRoute, ...]:
        found: dict[object, TransitRoute] = {}
        listed: dict[IPNetwork, list[TransitRoute]] = defaultdict(list)
        searched, static = self._searched.get(table), self._static.get(table)
        propagating = self._propagating.get(table)
        for record in (searched, static):
            for route in record.records("Routes") if record else ():
                for each in self._shown(route, table, gateway):
                    if route.has("PrefixListId") and each.certain:
                        listed[each.destination].append(replace(each, propagated=False))
                    else:
                        found[_key(each)] = each
            if record and (record.flag("AdditionalRoutesAvailable") or record.has("NextToken")):
                why = "there are more routes than the answer shows: narrower --filters show them"
                found.update(self._anything(table, gateway, why))
        in_full = searched is not None and (
            any(each.propagated for each in found.values())
            or not any(_enabled(propagating) if propagating else ())
        )
        if not in_full:
            if searched is None and static is None:
                reason = self._missing.get("TransitGatewayRoutes", "no search in it is there")
                call = f"{_SEARCH} {table} {_ALL_ROUTES}"
                why = f"its routes are not shown ({reason}): {call} does"
                found.update(self._anything(table, gateway, why))
                if propagating is None:
                    return tuple(sorted(found.values(), key=_place))
            for each in self._propagated(propagating, table, gateway):
                found.setdefault(_key(each), each)
        for block, several in listed.items():
            if (block, False) not in found:
                found.update((_key(each), each) for each in self._of_lists(block, several, table))
        return tuple(sorted(found.values(), key=_place))

    def _of_lists(
        self, block: IPNetwork, several: list[TransitRoute], table: str
    ) -> Iterator[TransitRoute]:
        """Entries of prefix lists: they come after static routes and before propagated ones.

        (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)
        """
        distinct = dict.fromkeys(several)
        if len(distinct) > 1:
            place = f"{table}/{block}"
            why = f"several prefix lists lead {block} to different attachments"
            self._gaps.add(_KIND, place, place, why)
        yield from (replace(each, certain=len(distinct) == 1) for each in distinct)

    def _anything(self, table: str, gateway: str, why: str) -> dict[object, TransitRoute]:
        """What routes may lead that are not shown: anything anywhere, or nowhere.

        Who may see a table of a gateway sees whatever is attached to it
        (docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-share.html).
        """
        if table not in self._own or "TransitGatewayAttachments" in self._missing:
            self._doubt(table, why)
            return {}
        place = f"{table}/unknown-routes"
        self._gaps.add(_KIND, place, place, why)
        wide = [
            TransitRoute(destination=block, attachments=to, blackhole=not to, certain=False)
            for block in EVERYTHING.values()
            for to in (self._attached_to(gateway), ())
        ]
        return {_key(each): each for each in wide if each.attachments or each.blackhole}

    def _attached_to(self, gateway: str) -> tuple[str, ...]:
        attached = (each for each in self._attachments.values() if each.gateway == gateway)
        return tuple(each.id for each in attached if each.available)

    def _shown(self, route: Record, table: str, gateway: str) -> Iterator[TransitRoute]:
        """One for each of its blocks: where a part is not known, the widest that it can be."""
        unread = Unread()
        state = unread.read(lambda: route.maybe("State"), None) or "active"
        if state in _GONE:
            return
        blocks = unread.read(lambda: self._blocks_of_route(route), EVERYWHERE)
        listed = unread.read(lambda: route.maybe("PrefixListId"), None)
        if listed and listed not in self._lists.blocks:
            unread.why.append(self._lists.why_unknown(listed))
        elif state not in _STATES:
            unread.why.append(f"its route to {', '.join(map(str, blocks))} is {state}")
        propagated = unread.read(lambda: route.maybe("Type") == "propagated", False)
        attachments = unread.read(lambda: _leading_to(route), self._attached_to(gateway))
        if not attachments and state != "blackhole":
            place = f"{table}/unknown-target"
            shown = blocks[0] if blocks else "nothing"
            self._gaps.add(_KIND, place, place, f"its route to {shown} has no target")
            attachments = (place,)
        if not unread.certain:
            place = f"{table}/{blocks[0] if blocks else 'nothing'}"
            self._gaps.add(_KIND, place, place, "; ".join(unread.why))
        for block in blocks:
            yield TransitRoute(
                destination=block,
                attachments=attachments,
                propagated=propagated,
                blackhole=state == "blackhole",
                certain=unread.certain and is_certain("TransitGatewayRoutes", "Routes", route),
            )

    def _blocks_of_route(self, route: Record) -> tuple[IPNetwork, ...]:
        """Its blocks, or the widest that they can be."""
        if route.has("DestinationCidrBlock"):
            return (route.block("DestinationCidrBlock"),)
        listed = route.text("PrefixListId")
        known = listed in self._lists.blocks
        return self._lists.blocks[listed] if known else self._lists.may_hold(listed)

    def _propagated(
        self, propagating: Record | None, table: str, gateway: str
    ) -> Iterator[TransitRoute]:
        """Of each VPC its blocks; of each VPN with static routes those; of others anything."""
        if propagating is None:
            yield from self._perhaps_propagated(table, gateway)
            return
        if propagating.has("NextToken"):
            yield from self._perhaps_propagated(table, gateway)
        by_block: dict[IPNetwork, list[tuple[int, str]]] = defaultdict(list)
        for each in _enabled(propagating):
            name = each.text("TransitGatewayAttachmentId")
            certain = each.maybe("State") in (None, "enabled")
            if not certain:
                self._unsure(table, name, f"the propagation of {name} is {each.maybe('State')}")
            resource, kind = self._attached(name, each)
            blocks = self._blocks_of(resource, kind)
            for block in blocks.known:
                if certain:
                    by_block[block].append((_rank(kind), name))
                else:
                    yield _perhaps(block, name)
            if blocks.more and self._is_there(name, gateway):
                self._unsure(table, name, f"what {name} ({blocks.said}) propagates is not shown")
                yield from (_perhaps(block, name) for block in blocks.more)
        for block, several in by_block.items():
            # By kind; of one kind by equal cost, or by one that is not told.
            first = min(rank for rank, _ in several)
            names = tuple(name for rank, name in several if rank == first)
            yield TransitRoute(destination=block, attachments=names, propagated=True)

    def _perhaps_propagated(self, table: str, gateway: str) -> Iterator[TransitRoute]:
        """Whatever anything attached may propagate, where nobody says what does."""
        if "TransitGatewayAttachments" in self._missing:
            self._doubt(table, "its propagated routes are not shown")
            return
        for (at, name), attachment in self._attachments.items():
            if at == gateway and attachment.kind is not AttachmentKind.PEERING:
                blocks = self._blocks_of(attachment.resource, attachment.kind)
                if not attachment.available:
                    continue
                self._unsure(table, name, f"whether {name} propagates to it is not shown")
                for block in (*blocks.known, *blocks.more):
                    yield _perhaps(block, name)

    def _is_there(self, name: str, gateway: str) -> bool:
        """Not one that is going, or not there yet: what that learned is in no table."""
        known = self._attachments.get((gateway, name))
        return known is None or known.available

    def _attached(self, name: str, propagation: Record) -> tuple[str, str]:
        known = next((each for (_, id_), each in self._attachments.items() if id_ == name), None)
        return (
            propagation.maybe("ResourceId") or (known.resource if known else ""),
            propagation.maybe("ResourceType") or (known.kind if known else ""),
        )

    def _blocks_of(self, resource: str, kind: str) -> _Blocks:
        """What something attached propagates, and what else it may."""
        if kind == AttachmentKind.VPC and self._blocks.get(resource):
            return _Blocks(self._blocks[resource], (), "")
        vpn = self._vpns.get(resource) if kind == AttachmentKind.VPN else None
        if vpn is None:
            return _Blocks((), tuple(EVERYTHING.values()), resource)
        if not by_bgp(vpn) and vpn.inside("Options") is not None:
            return _Blocks(static_routes(vpn), (), "")
        version = family_inside(vpn)
        more = (block for each, block in EVERYTHING.items() if version in (None, each))
        return _Blocks(static_routes(vpn), tuple(more), f"{resource}, by BGP")

    def _unsure(self, table: str, name: str, why: str) -> None:
        """What only routes by one attachment depend on, and the call that would tell."""
        place = f"{table}/{name}"
        self._gaps.add(_KIND, place, place, f"{why}: {_SEARCH} {table} {_ALL_ROUTES} does")

    def _doubt(self, table: str, why: str) -> None:
        self._gaps.add(_KIND, table, table, why)


@dataclass(frozen=True, slots=True)
class _Blocks:
    known: tuple[IPNetwork, ...]
    more: tuple[IPNetwork, ...]
    """The widest that what is not shown can be."""
    said: str


def _leading_to(route: Record) -> tuple[str, ...]:
    return tuple(
        each.text("TransitGatewayAttachmentId")
        for each in route.records("TransitGatewayAttachments")
    )


def _enabled(propagating: Record) -> Iterator[Record]:
    for each in propagating.records("TransitGatewayRouteTablePropagations"):
        if (each.maybe("State") or "enabled") not in ("disabled", "not-enabled"):
            yield each


def _rank(kind: str) -> int:
    """(docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)."""
    return _PREFERRED.index(kind) if kind in _PREFERRED else len(_PREFERRED)


def _perhaps(block: IPNetwork, attachment: str) -> TransitRoute:
    return TransitRoute(
        destination=block, attachments=(attachment,), propagated=True, certain=False
    )


def _key(route: TransitRoute) -> object:
    """One certain route for each prefix and kind; of the others as many as there may be."""
    place = route.destination, route.propagated
    return place if route.certain else (*place, route.attachments)


def _place(route: TransitRoute) -> tuple[int, int, int, bool]:
    block = route.destination
    return block.version, int(block.network_address), block.prefixlen, route.propagated
