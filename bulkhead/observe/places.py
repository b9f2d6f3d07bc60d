"""VPCs, their subnets, and the interfaces in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network import Interface, NetworkAcl, RouteTable, Subnet, Vpc
from bulkhead.network import tags as words
from bulkhead.observe.acls import acl_of_subnet, default_acls
from bulkhead.observe.described import Described, attached, label
from bulkhead.observe.record import Gaps, Record, as_network
from bulkhead.observe.routes import main_tables, table_of_subnet
from bulkhead.observe.words import service_of_interface

_NOT_IN_USE: Final = ("disassociated", "disassociating", "failed", "failing")
_NO_IPV6: Final = "IPv6 is not modelled, and it has IPv6 addresses"

_FORWARDERS: Final = {
    "nat_gateway",
    "natGateway",
    "transit_gateway",
    "load_balancer",
    "network_load_balancer",
    "gateway_load_balancer",
    "gateway_load_balancer_endpoint",
    "global_accelerator_managed",
}
"""Interfaces that pass packets on instead of ending them.

(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html)
"""
_LOAD_BALANCER: Final = "ELB "
"""How the description of an application or classic load balancer's interface begins."""


def vpcs(described: Described, region: str, gaps: Gaps) -> tuple[Vpc, ...]:
    """Every VPC with its IPv4 blocks."""
    found = []
    for record in described["Vpcs"]:
        with gaps.needing():
            vpc = record.text("VpcId")
            found.append(
                Vpc(
                    id=vpc,
                    name=label(record, vpc),
                    region=record.maybe("Region") or region,
                    cidrs=_cidrs(record),
                    topology=record.tags().get(words.TOPOLOGY) or None,
                )
            )
    return tuple(found)


def _cidrs(record: Record) -> tuple[IPv4Network, ...]:
    """The VPC's own block first, then the secondary ones."""
    blocks = [record.network("CidrBlock")]
    for each in record.records("CidrBlockAssociationSet"):
        state = each.inside("CidrBlockState")
        if state is None or state.maybe("State") not in _NOT_IN_USE:
            blocks.append(each.network("CidrBlock"))
    return tuple(dict.fromkeys(blocks))


def unseen_vpcs(
    described: Described, region: str, known: tuple[Vpc, ...], gaps: Gaps
) -> tuple[Vpc, ...]:
    """VPCs that things name but that were not observed: kept, with nothing known of them."""
    ids = {each.id for each in known}
    named = {
        vpc
        for key in ("Subnets", "SecurityGroups", "NetworkAcls", "RouteTables")
        for record in described[key]
        if (vpc := record.maybe("VpcId")) and vpc not in ids
    }
    for key, attachments in (
        ("InternetGateways", "Attachments"),
        ("VpnGateways", "VpcAttachments"),
    ):
        for record in described[key]:
            if (vpc := attached(record, attachments)) and vpc not in ids:
                named.add(vpc)
    for vpc in sorted(named):
        why = "things in it were observed, but not the VPC itself: its CIDRs are not known"
        gaps.add("vpc", vpc, vpc, why)
    return tuple(Vpc(id=vpc, name=vpc, region=region, cidrs=()) for vpc in sorted(named))


def subnets(described: Described, gaps: Gaps) -> tuple[Subnet, ...]:
    """Every IPv4 subnet, with the NACL and the route table that apply to it."""
    guarded, guarding = acl_of_subnet(described), default_acls(described)
    routed, routing = table_of_subnet(described), main_tables(described)
    found = []
    for record in described["Subnets"]:
        with gaps.needing():
            subnet, vpc = record.text("SubnetId"), record.text("VpcId")
            if not record.has("CidrBlock"):
                gaps.add("subnet", subnet, subnet, "it is IPv6 only, which is not modelled")
                continue
            found.append(
                Subnet(
                    id=subnet,
                    name=label(record, subnet),
                    vpc=vpc,
                    zone=record.maybe("AvailabilityZone") or "",
                    cidr=record.network("CidrBlock"),
                    nacl=guarded.get(subnet) or guarding.get(vpc) or unknown_acl(vpc),
                    route_table=routed.get(subnet) or routing.get(vpc) or unknown_table(vpc),
                    segment=record.tags().get(words.SEGMENT) or None,
                )
            )
    return tuple(found)


def unknown_acl(vpc: str) -> str:
    """Stands for the default NACL of a VPC where that was not observed."""
    return f"{vpc}/unknown-network-acl"


def unknown_table(vpc: str) -> str:
    """Stands for the main table of a VPC where that was not observed."""
    return f"{vpc}/unknown-route-table"


def stand_ins(
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
            gaps.add("network-acl", subnet.nacl, subnet.id, "its network ACL was not observed")
        if subnet.route_table not in known_tables:
            more_tables[subnet.route_table] = RouteTable(
                id=subnet.route_table, name=subnet.route_table, vpc=subnet.vpc, routes=()
            )
            gaps.add(
                "route-table", subnet.route_table, subnet.id, "its route table was not observed"
            )
    return tuple(more_acls.values()), tuple(more_tables.values())


def interfaces(
    described: Described, found: tuple[Subnet, ...], services: Mapping[str, str], gaps: Gaps
) -> tuple[Interface, ...]:
    """Every interface with an IPv4 address, in a subnet that was observed."""
    places, groups_known = {each.id for each in found}, described.ids("SecurityGroups")
    interfaces = []
    for record in described["NetworkInterfaces"]:
        with gaps.needing():
            name, subnet = record.text("NetworkInterfaceId"), record.maybe("SubnetId")
            if subnet not in places:
                why = f"its subnet {subnet} was not observed"
                gaps.add("network-interface", name, name, why)
                continue
            if not record.has("PrivateIpAddress"):
                gaps.add("network-interface", name, name, "it has no IPv4 address")
                continue
            groups = tuple(each.text("GroupId") for each in record.records("Groups"))
            for group in groups:
                if group not in groups_known:
                    why = f"its security group {group} was not observed"
                    gaps.add("network-interface", name, name, why)
            primary = record.address("PrivateIpAddress")
            interfaces.append(
                Interface(
                    id=name,
                    name=label(record, record.maybe("Description"), name),
                    subnet=subnet,
                    address=primary,
                    security_groups=tuple(each for each in groups if each in groups_known),
                    secondary_addresses=tuple(_secondary(record, primary)),
                    public_address=_public(record, primary, name, gaps),
                    source_dest_check=record.flag("SourceDestCheck", default=True),
                    service=service_of_interface(record, groups, services, gaps),
                )
            )
            _more_than_a_host(record, name, groups, gaps)
    return tuple(interfaces)


def _secondary(record: Record, primary: IPv4Address) -> Iterator[IPv4Address]:
    """Each further private address, and each of a delegated /28."""
    for each in record.records("PrivateIpAddresses"):
        address = each.address("PrivateIpAddress")
        if address != primary:
            yield address
    for each in record.records("Ipv4Prefixes"):
        yield from as_network(each.text("Ipv4Prefix"), each.where)


def _public(record: Record, primary: IPv4Address, name: str, gaps: Gaps) -> IPv4Address | None:
    """The public address of the primary private one."""
    found: IPv4Address | None = None
    own = record.inside("Association")
    if own is not None and own.has("PublicIp"):
        found = own.address("PublicIp")
    for each in record.records("PrivateIpAddresses"):
        association = each.inside("Association")
        if association is None or not association.has("PublicIp"):
            continue
        if each.address("PrivateIpAddress") == primary:
            found = association.address("PublicIp")
        else:
            why = "a secondary address of it has a public address, which is not modelled"
            gaps.add("network-interface", name, name, why)
    return found


def _more_than_a_host(record: Record, name: str, groups: tuple[str, ...], gaps: Gaps) -> None:
    kind = record.maybe("InterfaceType") or "interface"
    if (record.maybe("Description") or "").startswith(_LOAD_BALANCER):
        kind = "load_balancer"
    if kind in _FORWARDERS:
        gaps.add("network-interface", name, name, f"what this {kind} passes on is not modelled")
    elif not groups:
        # Only an interface with groups is filtered; in the model, none means nothing passes.
        gaps.add("network-interface", name, name, "it has no security group: nothing filters it")


def ipv6(described: Described, gaps: Gaps) -> None:
    """Whatever has IPv6 addresses, at its narrowest: interface, else subnet, else VPC."""
    in_subnets, in_vpcs = set(), set()
    for record in described["Subnets"]:
        if _has_ipv6_block(record):
            in_vpcs.add(record.maybe("VpcId"))
            in_subnets.add(record.text("SubnetId"))
            gaps.add("subnet", record.text("SubnetId"), record.text("SubnetId"), _NO_IPV6)
    for record in described["Vpcs"]:
        if _has_ipv6_block(record) and record.text("VpcId") not in in_vpcs:
            gaps.add("vpc", record.text("VpcId"), record.text("VpcId"), _NO_IPV6)
    for record in described["NetworkInterfaces"]:
        if record.maybe("SubnetId") not in in_subnets and (
            record.has("Ipv6Addresses") or record.has("Ipv6Prefixes")
        ):
            name = record.text("NetworkInterfaceId")
            gaps.add("network-interface", name, name, _NO_IPV6)


def _has_ipv6_block(record: Record) -> bool:
    for each in record.records("Ipv6CidrBlockAssociationSet"):
        state = each.inside("Ipv6CidrBlockState")
        if state is None or state.maybe("State") not in _NOT_IN_USE:
            return True
    return False
