"""Internet gateways of VPCs, and those for IPv6 that let connections out only."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bulkhead.network import EgressOnlyGateway, InternetGateway, RouteTable, TargetKind, Vpc
from bulkhead.observe.describe.described import Described, attached, name_of
from bulkhead.observe.record import Gaps


def internet_gateways(described: Described, gaps: Gaps) -> tuple[InternetGateway, ...]:
    """The attached ones: a gateway without a VPC carries nothing."""
    found = []
    for record in described["InternetGateways"]:
        with gaps.needing(record):
            gateway, vpc = record.text("InternetGatewayId"), attached(record, "Attachments")
            if vpc is not None:
                found.append(InternetGateway(id=gateway, name=name_of(record, gateway), vpc=vpc))
    return tuple(found)


def egress_only_gateways(described: Described, gaps: Gaps) -> tuple[EgressOnlyGateway, ...]:
    """The attached ones."""
    found = []
    for record in described["EgressOnlyInternetGateways"]:
        with gaps.needing(record):
            gateway = record.text("EgressOnlyInternetGatewayId")
            if vpc := attached(record, "Attachments"):
                found.append(EgressOnlyGateway(id=gateway, name=name_of(record, gateway), vpc=vpc))
    return tuple(found)


def unseen_gateways(
    described: Described,
    vpcs: Iterable[Vpc],
    *,
    public: Collection[str],
    tables: Iterable[RouteTable],
    internet: Iterable[InternetGateway],
) -> tuple[InternetGateway, ...]:
    """Where internet gateways were not listed in full: one for each VPC that may have it.

    `unanswered` says that they are in doubt.
    `public`: the VPCs in which something has an address that the internet knows. Where the
    route tables are not all known either, each VPC may have a route to one.
    """
    if "InternetGateways" not in described.missing:
        return ()
    served, known = {each.vpc for each in internet}, {each.id for each in internet}
    named: dict[str, str] = {}
    for table in tables:
        for route in table.routes:
            leads = route.target is TargetKind.INTERNET_GATEWAY and not route.blackhole
            if leads and route.target_id not in known:
                named.setdefault(table.vpc, route.target_id)
    untold = "RouteTables" in described.missing
    found = []
    for vpc in vpcs:
        if vpc.id in served or not (untold or vpc.id in public or vpc.id in named):
            continue
        gateway = named.get(vpc.id, f"{vpc.id}/unknown-internet-gateway")
        found.append(InternetGateway(id=gateway, name=gateway, vpc=vpc.id))
    return tuple(found)
