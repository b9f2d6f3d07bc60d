"""VPCs and their subnets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from ipaddress import IPv6Network

from bulkhead.network import IPNetwork, NetworkAcl, RouteTable, Subnet, Vpc, within
from bulkhead.network import tags as words
from bulkhead.network.zones import names_by_id
from bulkhead.observe.describe.described import Described, NamesApart, attached, name_of
from bulkhead.observe.describe.encryption import encryption_of
from bulkhead.observe.describe.network_acls import acls_of_subnet, default_acls
from bulkhead.observe.describe.public_access import public_access
from bulkhead.observe.describe.route_tables import main_tables, tables_of_subnet
from bulkhead.observe.record import Gaps, Record

_NOT_IN_USE = ("disassociated", "disassociating", "failed", "failing")


def vpcs(described: Described, region: str, gaps: Gaps) -> tuple[Vpc, ...]:
    """Every VPC with its blocks."""
    access = public_access(described, Gaps())  # what it lacks is told where subnets are read
    found = []
    for record in described["Vpcs"]:
        with gaps.needing(record):
            vpc = record.text("VpcId")
            found.append(
                Vpc(
                    id=vpc,
                    name=name_of(record, vpc),
                    region=record.maybe("Region") or region,
                    cidrs=_cidrs(record),
                    topology=record.tags().get(words.TOPOLOGY) or None,
                    called=record.tags().get(words.VPC) or "",
                    neighbour=vpc in described.neighbours,
                    encryption=encryption_of(described, record),
                    access_block=access.of_vpc(vpc),
                )
            )
    return tuple(found)


def _cidrs(record: Record) -> tuple[IPNetwork, ...]:
    """The VPC's own block first, then the secondary ones, then those of IPv6."""
    blocks: list[IPNetwork] = [record.network("CidrBlock")]
    for each in record.records("CidrBlockAssociationSet"):
        if _in_use(each, "CidrBlockState"):
            blocks.append(each.network("CidrBlock"))
    return tuple(dict.fromkeys((*blocks, *_ipv6_blocks(record))))


def _ipv6_blocks(record: Record) -> tuple[IPv6Network, ...]:
    return tuple(
        each.network6("Ipv6CidrBlock")
        for each in record.records("Ipv6CidrBlockAssociationSet")
        if _in_use(each, "Ipv6CidrBlockState")
    )


def _in_use(association: Record, key: str) -> bool:
    state = association.inside(key)
    return state is None or state.maybe("State") not in _NOT_IN_USE


def unseen_vpcs(
    described: Described, region: str, known: tuple[Vpc, ...], gaps: Gaps
) -> tuple[Vpc, ...]:
    """VPCs that things name but that were not observed: kept, with nothing known of them."""
    ids = {each.id for each in known}
    named = {
        vpc
        for key in ("Subnets", "SecurityGroups", "NetworkAcls", "RouteTables", "NatGateways")
        for record in described[key]
        if (vpc := record.maybe("VpcId")) and vpc not in ids
    }
    for key, attachments in (
        ("InternetGateways", "Attachments"),
        ("EgressOnlyInternetGateways", "Attachments"),
        ("VpnGateways", "VpcAttachments"),
    ):
        for record in described[key]:
            if (vpc := attached(record, attachments)) and vpc not in ids:
                named.add(vpc)
    reason = described.missing.get("Vpcs")
    for vpc in sorted(named):
        why = "things in it were observed, but not the VPC itself: its CIDRs are not known"
        why += f" ({reason})" if reason else ""
        gaps.add("vpc", vpc, vpc, why, unseen=True)
    return tuple(Vpc(id=vpc, name=vpc, region=region, cidrs=()) for vpc in sorted(named))


def subnets(described: Described, gaps: Gaps) -> tuple[Subnet, ...]:
    """Every subnet, with the NACL and the route table that apply to it."""
    access = public_access(described, gaps)
    guarded, guarding = acls_of_subnet(described), default_acls(described)
    routed, routing = tables_of_subnet(described), main_tables(described)
    # Where a part of the answer is lost, the subnet may be associated in that part.
    if "NetworkAcls" in described.missing:
        guarding = {}
    if "RouteTables" in described.missing:
        routing = {}
    apart, names = NamesApart(described), zone_names(described)
    found = []
    for record in described["Subnets"]:
        with gaps.needing(record):
            subnet, vpc = record.text("SubnetId"), record.text("VpcId")
            six = _ipv6_blocks(record)
            known_as = record.maybe("AvailabilityZoneId") or ""
            if not record.has("CidrBlock") and not six:
                gaps.add("subnet", subnet, subnet, "none of its blocks is shown")
                continue
            found.append(
                Subnet(
                    id=subnet,
                    name=name_of(record, subnet),
                    vpc=vpc,
                    zone=record.maybe("AvailabilityZone") or names.get(known_as, known_as),
                    zone_id=known_as,
                    cidr=record.network("CidrBlock") if record.has("CidrBlock") else six[0],
                    nacl=_one(guarded.get(subnet, ()), subnet, "network-acl", unknown_acl, gaps)
                    or guarding.get(vpc)
                    or unknown_acl(subnet),
                    route_table=_one(
                        routed.get(subnet, ()), subnet, "route-table", unknown_table, gaps
                    )
                    or _one(routing.get(vpc, ()), subnet, "route-table", unknown_table, gaps)
                    or unknown_table(subnet),
                    segment=apart.of(vpc, record.tags().get(words.SEGMENT) or "", record) or None,
                    ipv6_cidrs=six,
                    public_access=access.of(subnet, vpc),
                    excluded=access.excluded_from(subnet),
                    public_on_launch=_on_launch(record, "MapPublicIpOnLaunch"),
                    ipv6_on_launch=_on_launch(record, "AssignIpv6AddressOnCreation"),
                    tags=tuple(sorted(record.tags().items())),
                )
            )
    return tuple(found)


def zone_names(described: Described) -> Mapping[str, str]:
    """The id of a zone -> what this account calls it."""
    return names_by_id(
        (each.maybe("AvailabilityZoneId"), each.maybe("AvailabilityZone"))
        for each in described["Subnets"]
    )


def outside_their_vpc(vpcs: tuple[Vpc, ...], subnets: tuple[Subnet, ...], gaps: Gaps) -> None:
    """Note each subnet with a block that no block of its VPC holds: not all of those are shown."""
    blocks = {each.id: each.cidrs for each in vpcs}
    for subnet in subnets:
        around = blocks.get(subnet.vpc, subnet.cidrs)
        astray = [each for each in subnet.cidrs if not any(within(each, block) for block in around)]
        for block in astray[:1]:
            why = f"its block {block} lies in none of those of {subnet.vpc}"
            gaps.add("subnet", subnet.id, subnet.id, why)


def _on_launch(record: Record, key: str) -> bool | None:
    """(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html); None: not shown."""
    return record.flag(key) if record.has(key) else None


def _one(
    named: Collection[str], subnet: str, kind: str, unknown: Callable[[str], str], gaps: Gaps
) -> str | None:
    """A subnet has one NACL and one route table; where answers contradict, nobody knows which."""
    if len(named) < 2:
        return next(iter(named), None)
    every = " and ".join(sorted(named))
    why = f"{every} are both said to be associated with {subnet}"
    gaps.add(kind, f"{subnet}: {every}", unknown(subnet), why)
    return unknown(subnet)


def unknown_acl(subnet: str) -> str:
    """Stands for the NACL of a subnet where that was not observed."""
    return f"{subnet}/unknown-network-acl"


def unknown_table(subnet: str) -> str:
    """Stands for the route table of a subnet where that was not observed."""
    return f"{subnet}/unknown-route-table"


def stand_ins(
    described: Described,
    found: tuple[Subnet, ...],
    acls: tuple[NetworkAcl, ...],
    tables: tuple[RouteTable, ...],
    gaps: Gaps,
) -> tuple[tuple[NetworkAcl, ...], tuple[RouteTable, ...]]:
    """Empty NACLs and route tables for those that subnets use and that were not observed."""
    known_acls, known_tables = {each.id for each in acls}, {each.id for each in tables}
    more_acls: dict[str, NetworkAcl] = {}
    more_tables: dict[str, RouteTable] = {}
    for subnet in found:
        if subnet.nacl not in known_acls:
            more_acls[subnet.nacl] = NetworkAcl(
                id=subnet.nacl, name=subnet.nacl, vpc=subnet.vpc, entries=()
            )
            if not gaps.about(subnet.nacl):
                why = _unseen("network ACL", "NetworkAcls", subnet, described)
                gaps.add("network-acl", subnet.nacl, subnet.nacl, why, unseen=True)
        if subnet.route_table not in known_tables:
            more_tables[subnet.route_table] = RouteTable(
                id=subnet.route_table, name=subnet.route_table, vpc=subnet.vpc, routes=()
            )
            if not gaps.about(subnet.route_table):
                why = _unseen("route table", "RouteTables", subnet, described)
                gaps.add("route-table", subnet.route_table, subnet.route_table, why, unseen=True)
    return tuple(more_acls.values()), tuple(more_tables.values())


def _unseen(what: str, key: str, subnet: Subnet, described: Described) -> str:
    reason = described.missing.get(key)
    return f"the {what} of {subnet.id} was not observed" + (f" ({reason})" if reason else "")
