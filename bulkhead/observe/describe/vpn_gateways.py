"""Virtual private gateways: where a VPC ends its VPN connections."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.network import RouteTable, TargetKind, VpnGateway
from bulkhead.observe.describe.described import Described, attached, name_of
from bulkhead.observe.record import Gaps

_GONE = ("deleting", "deleted")


def vpn_gateways(described: Described, gaps: Gaps) -> tuple[VpnGateway, ...]:
    """The attached ones: a gateway without a VPC carries nothing."""
    found = []
    for record in described["VpnGateways"]:
        with gaps.needing(record):
            gateway, vpc = record.text("VpnGatewayId"), attached(record, "VpcAttachments")
            if vpc is not None and record.maybe("State") not in _GONE:
                found.append(
                    VpnGateway(
                        id=gateway,
                        name=name_of(record, gateway),
                        vpc=vpc,
                        asn=record.maybe_integer("AmazonSideAsn"),
                    )
                )
    return tuple(found)


def unseen_vpn_gateways(
    described: Described,
    tables: Iterable[RouteTable],
    known: Iterable[VpnGateway],
) -> tuple[VpnGateway, ...]:
    """Where VPN gateways were not listed in full: those that tables name.

    A route or a propagation names a gateway only if it is attached to the table's VPC.
    """
    if "VpnGateways" not in described.missing:
        return ()
    there = {each.id for each in known}
    named = {
        route.target_id: table.vpc
        for table in tables
        for route in table.routes
        if route.target is TargetKind.VPN_GATEWAY and not route.blackhole
    }
    for record in described["RouteTables"]:
        for each in record.records("PropagatingVgws"):
            named[each.text("GatewayId")] = record.text("VpcId")
    found = []
    for gateway, vpc in sorted(named.items()):
        if gateway not in there:
            found.append(VpnGateway(id=gateway, name=gateway, vpc=vpc))
    return tuple(found)
