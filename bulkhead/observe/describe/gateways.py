"""Gateways of a VPC, its peerings and its endpoints: what routes lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from bulkhead.network import (
    EgressOnlyGateway,
    GatewayEndpoint,
    InternetGateway,
    IPNetwork,
    NatGateway,
    PeeredVpc,
    Peering,
    RouteTable,
    TargetKind,
    Vpc,
    VpnGateway,
)
from bulkhead.observe.describe.described import Described, attached, label, peered
from bulkhead.observe.record import Gaps, Record

_GONE = ("deleting", "deleted")


def internet_gateways(described: Described, gaps: Gaps) -> tuple[InternetGateway, ...]:
    """The attached ones: a gateway without a VPC carries nothing."""
    found = []
    for record in described["InternetGateways"]:
        with gaps.needing():
            gateway, vpc = record.text("InternetGatewayId"), attached(record, "Attachments")
            if vpc is not None:
                found.append(InternetGateway(id=gateway, name=label(record, gateway), vpc=vpc))
    return tuple(found)


def egress_only_gateways(described: Described, gaps: Gaps) -> tuple[EgressOnlyGateway, ...]:
    """The attached ones."""
    found = []
    for record in described["EgressOnlyInternetGateways"]:
        with gaps.needing():
            gateway = record.text("EgressOnlyInternetGatewayId")
            if vpc := attached(record, "Attachments"):
                found.append(EgressOnlyGateway(id=gateway, name=label(record, gateway), vpc=vpc))
    return tuple(found)


def vpn_gateways(described: Described, gaps: Gaps) -> tuple[VpnGateway, ...]:
    """The attached ones: a gateway without a VPC carries nothing."""
    found = []
    for record in described["VpnGateways"]:
        with gaps.needing():
            gateway, vpc = record.text("VpnGatewayId"), attached(record, "VpcAttachments")
            if vpc is not None and record.maybe("State") not in _GONE:
                found.append(VpnGateway(id=gateway, name=label(record, gateway), vpc=vpc))
    return tuple(found)


def known_by_id(described: Described) -> dict[str, TargetKind]:
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


def nat_gateways(
    described: Described, subnets: Collection[str], gaps: Gaps
) -> tuple[NatGateway, ...]:
    """Those with a place in a subnet; a route to any other leads to something unknown."""
    found = []
    for record in described["NatGateways"]:
        with gaps.needing():
            gateway, subnet = record.text("NatGatewayId"), record.maybe("SubnetId")
            if record.maybe("State") == "deleted":
                continue
            addresses = record.records("NatGatewayAddresses")
            primary = next(
                (each for each in addresses if each.flag("IsPrimary")), next(iter(addresses), None)
            )
            if subnet not in subnets:
                # A regional one has no subnet at all
                # (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html).
                where = f"its subnet {subnet} was not observed" if subnet else "it is in no subnet"
                gaps.add("nat-gateway", gateway, gateway, f"{where}, which is not modelled")
                continue
            if primary is None or not primary.has("PrivateIp"):
                gaps.add("nat-gateway", gateway, gateway, "it shows no address")
                continue
            public = primary.has("PublicIp") and record.maybe("ConnectivityType") != "private"
            found.append(
                NatGateway(
                    id=gateway,
                    name=label(record, gateway),
                    vpc=record.text("VpcId"),
                    subnet=str(subnet),
                    address=primary.address("PrivateIp"),
                    public_address=primary.address("PublicIp") if public else None,
                    available=(record.maybe("State") or "available") == "available",
                )
            )
    return tuple(found)


def peerings(described: Described, vpcs: Iterable[Vpc], gaps: Gaps) -> tuple[Peering, ...]:
    """Every connection that names both its VPCs; one that is not active carries nothing."""
    here = {each.id: each for each in vpcs}
    found = []
    for record in described["VpcPeeringConnections"]:
        with gaps.needing():
            name = record.text("VpcPeeringConnectionId")
            status = record.inside("Status")
            active = status is None or (status.maybe("Code") or "active") == "active"
            if len(peered(record)) < 2:
                if active:
                    why = "it does not say which VPCs it connects"
                    gaps.add("vpc-peering-connection", name, name, why)
                continue
            requester = _side(record, "RequesterVpcInfo", here)
            accepter = _side(record, "AccepterVpcInfo", here)
            found.append(
                Peering(
                    id=name,
                    name=label(record, name),
                    requester=requester,
                    accepter=accepter,
                    active=active,
                )
            )
            for side in (requester, accepter):
                if active and not side.cidrs:
                    why = f"the blocks of {side.vpc} are not shown"
                    gaps.add("vpc-peering-connection", name, name, why)
    return tuple(found)


def _side(record: Record, key: str, here: Mapping[str, Vpc]) -> PeeredVpc:
    side = record.inside(key) or Record(f"{record.where}: {key}", {})
    vpc = side.text("VpcId")
    own = here.get(vpc)
    told = tuple(dict.fromkeys(_told(side)))
    return PeeredVpc(
        vpc=vpc,
        region=side.maybe("Region") or (own.region if own else ""),
        cidrs=told or (own.cidrs if own else ()),
    )


def _told(side: Record) -> Iterator[IPNetwork]:
    if side.has("CidrBlock"):
        yield side.network("CidrBlock")
    for each in side.records("CidrBlockSet"):
        yield each.network("CidrBlock")
    for each in side.records("Ipv6CidrBlockSet"):
        yield each.network6("Ipv6CidrBlock")


def gateway_endpoints(described: Described, gaps: Gaps) -> tuple[GatewayEndpoint, ...]:
    """S3 and DynamoDB by route. Interface endpoints are their interfaces."""
    found = []
    for record in described["VpcEndpoints"]:
        with gaps.needing():
            endpoint = record.text("VpcEndpointId")
            if _is_gateway(record) and (record.maybe("State") or "").lower() not in _GONE:
                found.append(
                    GatewayEndpoint(
                        id=endpoint,
                        name=label(record, endpoint),
                        vpc=record.text("VpcId"),
                        service=record.maybe("ServiceName") or "",
                    )
                )
    return tuple(found)


def other_endpoints(described: Described) -> set[str]:
    """VPC endpoints that are not a gateway endpoint."""
    return {
        each.text("VpcEndpointId") for each in described["VpcEndpoints"] if not _is_gateway(each)
    }


def _is_gateway(record: Record) -> bool:
    # Answers from before 2017 know no other type and do not name it.
    return (record.maybe("VpcEndpointType") or "Gateway") == "Gateway"


def unseen_gateways(
    described: Described,
    vpcs: Iterable[Vpc],
    *,
    public: Collection[str],
    tables: Iterable[RouteTable],
    internet: Iterable[InternetGateway],
) -> tuple[InternetGateway, ...]:
    """Where internet gateways were not listed in full: one for each VPC that may have it.

    `losses` says that they are in doubt.
    `public`: the VPCs in which something has an address that the internet knows.
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
    found = []
    for vpc in vpcs:
        if vpc.id in served or not (vpc.id in public or vpc.id in named):
            continue
        gateway = named.get(vpc.id, f"{vpc.id}/unknown-internet-gateway")
        found.append(InternetGateway(id=gateway, name=gateway, vpc=vpc.id))
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
