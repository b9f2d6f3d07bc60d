"""NAT gateways: in a subnet, or regional ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bulkhead.network import NatGateway
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.describe.route_tables import tables_of_gateways
from bulkhead.observe.describe.vpcs import zone_names
from bulkhead.observe.record import Gaps, Record


def nat_gateways(
    described: Described, subnets: Collection[str], gaps: Gaps
) -> tuple[NatGateway, ...]:
    """Those with a place in a subnet, and regional ones; a route to any other leads astray."""
    found: list[NatGateway] = []
    for record in described["NatGateways"]:
        with gaps.needing(record):
            gateway, subnet = record.text("NatGatewayId"), record.maybe("SubnetId")
            if record.maybe("State") == "deleted":
                continue
            if subnet is None and record.maybe("AvailabilityMode") == "regional":
                found.append(_regional(described, record, gaps))
            elif subnet is None or subnet not in subnets:
                where = f"its subnet {subnet} was not observed" if subnet else "it is in no subnet"
                why = f"{where}, which is not modelled"
                gaps.add("nat-gateway", gateway, gateway, why, unseen=bool(subnet))
            else:
                found.extend(_in_subnet(record, subnet, gaps))
    return tuple(found)


def _addresses(record: Record) -> tuple[Record, ...]:
    """It sends nothing with one that it could not be given."""
    every = record.records("NatGatewayAddresses")
    return tuple(each for each in every if each.maybe("Status") != "failed" or _is_primary(each))


def _is_primary(address: Record) -> bool:
    return address.flag("IsPrimary")


def _is_available(record: Record) -> bool:
    return (record.maybe("State") or "available") == "available"


def _in_subnet(record: Record, subnet: str, gaps: Gaps) -> Iterator[NatGateway]:
    gateway, addresses = record.text("NatGatewayId"), _addresses(record)
    primary = next(filter(_is_primary, addresses), next(iter(addresses), None))
    if primary is None or not primary.has("PrivateIp"):
        gaps.add("nat-gateway", gateway, gateway, "it shows no address")
        return
    secondary = [each for each in addresses if each is not primary]
    public = primary.has("PublicIp") and record.maybe("ConnectivityType") != "private"
    yield NatGateway(
        id=gateway,
        name=name_of(record, gateway),
        vpc=record.text("VpcId"),
        subnet=subnet,
        address=primary.address("PrivateIp"),
        public_address=primary.address("PublicIp") if public else None,
        more_public=tuple(
            each.address("PublicIp") for each in secondary if public and each.has("PublicIp")
        ),
        available=_is_available(record),
        more_addresses=tuple(
            each.address("PrivateIp") for each in secondary if each.has("PrivateIp")
        ),
    )


def _regional(described: Described, record: Record, gaps: Gaps) -> NatGateway:
    """(docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)."""
    gateway, tables = record.text("NatGatewayId"), tables_of_gateways(described)
    told = record.maybe("RouteTableId")
    table = told if told != gateway else None
    table = table or tables.get(gateway)
    known = {each.maybe("RouteTableId") for each in described["RouteTables"]}
    if table is None:
        gaps.add("nat-gateway", gateway, gateway, "its own route table is not named")
    elif table not in known:
        call = f"aws ec2 describe-route-tables --route-table-ids {table}"
        why = f"the route table of regional NAT gateway {gateway} was not observed: {call} shows it"
        gaps.add("route-table", table, table, why, unseen=True)
    names, addresses = zone_names(described), _addresses(record)
    zones = []
    for each in addresses:
        known_as = each.maybe("AvailabilityZoneId") or ""
        zone = each.maybe("AvailabilityZone") or names.get(known_as, known_as)
        if each.has("PublicIp") and zone:
            zones.append((zone, each.address("PublicIp")))
        else:
            gaps.add(
                "nat-gateway",
                gateway,
                gateway,
                "an address of it shows no zone, or not which it is",
            )
    return NatGateway(
        id=gateway,
        name=name_of(record, gateway),
        vpc=record.text("VpcId"),
        subnet=None,
        address=None,
        available=_is_available(record),
        route_table=table,
        zones=tuple(zones),
        expands=record.maybe("AutoProvisionZones") == "enabled",
    )
