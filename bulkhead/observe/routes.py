"""Route tables, and the gateways that routes lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.network import (
    InternetGateway,
    Route,
    RouteTable,
    TargetKind,
    VpnGateway,
)
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, CALLS
from bulkhead.observe.described import Described, attached, label, peered
from bulkhead.observe.groups import PrefixLists
from bulkhead.observe.record import Gaps, Record

_TARGETS: Final = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "InstanceId",
    "EgressOnlyInternetGatewayId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "CoreNetworkArn",
    "OdbNetworkArn",
)
_PROPAGATED: Final = "EnableVgwRoutePropagation"
_NO_TARGET: Final = "deleted target"


def route_tables(described: Described, lists: PrefixLists, gaps: Gaps) -> tuple[RouteTable, ...]:
    """Every table with its IPv4 routes, the local ones left out."""
    tables = []
    for record in described["RouteTables"]:
        with gaps.needing():
            table = record.text("RouteTableId")
            routes: list[Route] = []
            for route in record.records("Routes"):
                with gaps.tolerating("route", table, table):
                    routes.extend(_routes(route, table, lists, gaps))
            tables.append(
                RouteTable(
                    id=table,
                    name=label(record, table),
                    vpc=record.text("VpcId"),
                    routes=tuple(sorted(routes, key=lambda r: (r.destination, r.target_id))),
                    main=any(each.flag("Main") for each in _associations(record)),
                )
            )
    return tuple(tables)


def table_of_subnet(described: Described) -> dict[str, str]:
    """Subnet -> the route table associated with it by name."""
    return {
        association.text("SubnetId"): record.text("RouteTableId")
        for record in described["RouteTables"]
        for association in _associations(record)
        if association.has("SubnetId")
    }


def main_tables(described: Described) -> dict[str, str]:
    """VPC -> the table of every subnet that is associated with none."""
    return {
        record.text("VpcId"): record.text("RouteTableId")
        for record in described["RouteTables"]
        if any(association.flag("Main") for association in _associations(record))
    }


def _associations(table: Record) -> Iterator[Record]:
    for each in table.records("Associations"):
        state = each.inside("AssociationState")
        if state is None or state.maybe("State") not in ("disassociated", "failed"):
            yield each


def _routes(route: Record, table: str, lists: PrefixLists, gaps: Gaps) -> Iterator[Route]:
    if route.has("DestinationIpv6CidrBlock") or route.maybe("GatewayId") == "local":
        return
    target = next((found for key in _TARGETS if (found := route.maybe(key))), _NO_TARGET)
    blackhole = route.maybe("State") == "blackhole"
    propagated = route.maybe("Origin") == _PROPAGATED
    if listed := route.maybe("DestinationPrefixListId"):
        yield from _by_prefix_list(
            listed, target, table, blackhole=blackhole, lists=lists, gaps=gaps
        )
        return
    kind = _kind(target)
    destination = route.network("DestinationCidrBlock")
    if kind is TargetKind.UNMODELLED and not blackhole:
        gaps.add(
            "route",
            target,
            table,
            f"what {target} does with packets to {destination} is not modelled",
        )
    yield Route(
        destination=destination,
        target=kind,
        target_id=target,
        propagated=propagated,
        blackhole=blackhole,
    )


def _by_prefix_list(
    listed: str, target: str, table: str, *, blackhole: bool, lists: PrefixLists, gaps: Gaps
) -> Iterator[Route]:
    """Which route wins over an equal prefix depends on its being a list's, so none is followed.

    (docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html)
    """
    known = lists.blocks.get(listed)
    if known is None and target.startswith("vpce-"):
        # A gateway endpoint's list holds public addresses of S3 or DynamoDB only: no
        # subnet, service or site of the model lies there. Said, but narrowly.
        gaps.add("route", target, target, f"prefix list {listed} leads to a gateway endpoint")
        return
    if not blackhole:
        gaps.add("route", target, table, f"routes by prefix list ({listed}) are not modelled")
    for block in known or ():
        yield Route(
            destination=block,
            target=TargetKind.UNMODELLED,
            target_id=target,
            blackhole=blackhole,
        )


def _kind(target: str) -> TargetKind:
    if target.startswith("igw-"):
        return TargetKind.INTERNET_GATEWAY
    if target.startswith("vgw-"):
        return TargetKind.VPN_GATEWAY
    return TargetKind.UNMODELLED


def internet_gateways(described: Described, gaps: Gaps) -> tuple[InternetGateway, ...]:
    """The attached ones: a gateway without a VPC carries nothing."""
    found = []
    for record in described["InternetGateways"]:
        with gaps.needing():
            gateway, vpc = record.text("InternetGatewayId"), attached(record, "Attachments")
            if vpc is not None:
                found.append(InternetGateway(id=gateway, name=label(record, gateway), vpc=vpc))
    return tuple(found)


def vpn_gateways(described: Described, gaps: Gaps) -> tuple[VpnGateway, ...]:
    """The attached ones: a gateway without a VPC carries nothing."""
    found = []
    for record in described["VpnGateways"]:
        with gaps.needing():
            gateway, vpc = record.text("VpnGatewayId"), attached(record, "VpcAttachments")
            if vpc is not None and record.maybe("State") not in ("deleting", "deleted"):
                found.append(VpnGateway(id=gateway, name=label(record, gateway), vpc=vpc))
    return tuple(found)


def unseen_edges(described: Described, tables: tuple[RouteTable, ...], gaps: Gaps) -> None:
    """What decides at the edge of a VPC and was not, or cannot be, taken into account."""
    towards = {
        "InternetGateways": TargetKind.INTERNET_GATEWAY,
        "VpnGateways": TargetKind.VPN_GATEWAY,
        "VpnConnections": TargetKind.VPN_GATEWAY,
        BLOCK_PUBLIC_ACCESS.key: TargetKind.INTERNET_GATEWAY,
    }
    for call in (*CALLS, BLOCK_PUBLIC_ACCESS):
        if call.key not in described.missing or not call.loss:
            continue
        why = f"{described.missing[call.key]}, so it is not known {call.loss}"
        leading = _leading(tables, towards[call.key]) if call.key in towards else []
        gaps.add_each("unanswered", call.permission, leading or [call.permission], why)
    if described.public_access != "off":
        gaps.add_each(
            "block-public-access",
            described.public_access,
            _leading(tables, TargetKind.INTERNET_GATEWAY) or [described.public_access],
            f"VPC Block Public Access is {described.public_access} in this region "
            "and overrides the internet gateways",
        )
    for record in described["RouteTables"]:
        for association in _associations(record):
            if gateway := association.maybe("GatewayId"):
                vpc = record.maybe("VpcId")
                inside = [each for each in tables if each.vpc == vpc]
                gaps.add_each(
                    "gateway-route-table",
                    record.text("RouteTableId"),
                    _leading(inside, _kind(gateway)) or [gateway],
                    f"it routes what enters by {gateway}, which is not modelled",
                )


def other_networks(described: Described, gaps: Gaps) -> None:
    """Networks that may send packets into a VPC and that the model has no sources for."""
    for record in described["VpcPeeringConnections"]:
        status = record.inside("Status")
        if status is None or status.maybe("Code") == "active":
            name = record.text("VpcPeeringConnectionId")
            both = " and ".join(peered(record))
            gaps.add("vpc-peering-connection", name, name, f"peering of {both} is not modelled")
    for record in described["TransitGatewayVpcAttachments"]:
        if record.maybe("State") in ("deleted", "deleting", "failed", "rejected"):
            continue
        name = record.text("TransitGatewayAttachmentId")
        gateway, vpc = record.maybe("TransitGatewayId"), record.maybe("VpcId")
        gaps.add(
            "transit-gateway-attachment",
            name,
            name,
            f"what reaches {vpc} over transit gateway {gateway} is not modelled",
        )


def _leading(tables: tuple[RouteTable, ...] | list[RouteTable], kind: TargetKind) -> list[str]:
    return [each.id for each in tables if any(route.target is kind for route in each.routes)]
