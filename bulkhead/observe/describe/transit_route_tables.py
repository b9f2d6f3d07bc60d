"""Route tables of transit gateways.

Their routes are shown by a search in each table. Where only the static ones were
searched for, the others follow from what propagates to the table: a VPC, its blocks.
What a VPN or Direct Connect announces is shown by the search alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
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
from bulkhead.observe.describe.prefix_lists import PrefixLists
from bulkhead.observe.record import Gaps, Record

_ID: Final = "TransitGatewayRouteTableId"
_KIND: Final = "transit-gateway-route-table"
_GONE: Final = ("deleted", "deleting")


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
                    routes=routed.routes(table),
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
        self._attachments = {each.id: each for each in attachments}
        self._vpn_routes = {
            each.text("VpnConnectionId"): _static_routes(each)
            for each in described["VpnConnections"]
        }
        self._missing: Mapping[str, str] = described.missing
        self._lists = lists
        self._gaps = gaps

    def routes(self, table: str) -> tuple[TransitRoute, ...]:
        found: dict[tuple[IPNetwork, bool], TransitRoute] = {}
        listed: dict[IPNetwork, TransitRoute] = {}
        searched = self._searched.get(table)
        propagating = self._propagating.get(table)
        for record in (searched, self._static.get(table)):
            for route in record.records("Routes") if record else ():
                with self._gaps.tolerating(_KIND, table, table):
                    for each in self._shown(route, table):
                        if route.has("PrefixListId"):
                            self._list(listed, each, table)
                        else:
                            found[each.destination, each.propagated] = each
            if record and (record.flag("AdditionalRoutesAvailable") or record.has("NextToken")):
                self._doubt(table, "there are more routes than the answer shows")
        in_full = searched is not None and (
            any(each.propagated for each in found.values())
            or not any(self._enabled(propagating) if propagating else ())
        )
        if not in_full:
            if searched is None and table not in self._static:
                reason = self._missing.get("TransitGatewayRoutes", "no search in it is there")
                self._doubt(table, f"its routes are not shown ({reason})")
            if propagating is None:
                self._doubt(table, "its propagated routes are not shown")
            else:
                for each in self._propagated(propagating, table):
                    found.setdefault((each.destination, True), each)
        for block, each in listed.items():
            found.setdefault((block, False), each)
        return tuple(sorted(found.values(), key=_place))

    def _list(self, listed: dict[IPNetwork, TransitRoute], route: TransitRoute, table: str) -> None:
        """An entry of a prefix list, which comes after static routes and before propagated ones.

        (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)
        """
        route = replace(route, propagated=False)
        other = listed.setdefault(route.destination, route)
        if other != route:
            why = f"several prefix lists lead {route.destination} to different attachments"
            self._doubt(table, why)

    def _shown(self, route: Record, table: str) -> Iterator[TransitRoute]:
        state = route.maybe("State") or "active"
        if state in _GONE:
            return
        if state not in ("active", "blackhole"):
            self._doubt(table, f"one of its routes is {state}")
        blocks: tuple[IPNetwork, ...]
        if route.has("DestinationCidrBlock"):
            blocks = (route.block("DestinationCidrBlock"),)
        else:
            listed = route.text("PrefixListId")
            if listed not in self._lists.blocks:
                self._doubt(table, self._lists.why_unknown(listed))
                return
            blocks = self._lists.blocks[listed]
        attachments = tuple(
            each.text("TransitGatewayAttachmentId")
            for each in route.records("TransitGatewayAttachments")
        )
        blackhole = state == "blackhole"
        if not attachments and not blackhole:
            self._doubt(table, f"its route to {blocks[0] if blocks else 'nothing'} has no target")
            return
        for block in blocks:
            yield TransitRoute(
                destination=block,
                attachments=attachments,
                propagated=route.maybe("Type") == "propagated",
                blackhole=blackhole,
            )

    def _enabled(self, propagating: Record) -> Iterator[Record]:
        for each in propagating.records("TransitGatewayRouteTablePropagations"):
            if (each.maybe("State") or "enabled") != "disabled" and each.maybe(
                "State"
            ) != "not-enabled":
                yield each

    def _propagated(self, propagating: Record, table: str) -> Iterator[TransitRoute]:
        """Of each VPC its blocks; of each VPN with static routes those."""
        if propagating.has("NextToken"):
            self._doubt(table, "more propagates to it than the answer shows")
        by_block: dict[IPNetwork, list[str]] = defaultdict(list)
        for each in self._enabled(propagating):
            name = each.text("TransitGatewayAttachmentId")
            blocks = self._blocks_of(name, each)
            if blocks is None:
                self._doubt(table, f"what {name} propagates to it is not shown")
            for block in blocks or ():
                by_block[block].append(name)
            if each.maybe("State") not in (None, "enabled"):
                self._doubt(table, f"the propagation of {name} is {each.maybe('State')}")
        for block, names in by_block.items():
            if len(names) > 1:
                self._doubt(table, f"{' and '.join(sorted(names))} all propagate {block}")
            yield TransitRoute(destination=block, attachments=tuple(names), propagated=True)

    def _blocks_of(self, attachment: str, propagation: Record) -> tuple[IPNetwork, ...] | None:
        known = self._attachments.get(attachment)
        resource = propagation.maybe("ResourceId") or (known.resource if known else "")
        kind = propagation.maybe("ResourceType") or (known.kind if known else "")
        if kind == AttachmentKind.VPC:
            return self._blocks.get(resource) or None
        if kind == AttachmentKind.VPN:
            return self._vpn_routes.get(resource) or None
        return None

    def _doubt(self, table: str, why: str) -> None:
        self._gaps.add(_KIND, table, table, why)


def _static_routes(connection: Record) -> tuple[IPNetwork, ...]:
    return tuple(
        route.block("DestinationCidrBlock")
        for route in connection.records("Routes")
        if route.maybe("State") not in _GONE
    )


def _place(route: TransitRoute) -> tuple[int, int, int, bool]:
    block = route.destination
    return block.version, int(block.network_address), block.prefixlen, route.propagated
