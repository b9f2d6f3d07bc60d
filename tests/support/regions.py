"""A Network in a folder for each of its regions, as the AWS CLI would print it there."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.network import Network
from tests.support.aws_words import Answer
from tests.support.dumps import as_dump, as_files


def in_folders(network: Network) -> dict[str, Answer]:
    """The same in a folder for each region, each with what AWS shows there."""
    between_gateways = as_dump(network)["TransitGatewayPeeringAttachments"]
    files: dict[str, Answer] = {}
    for region in sorted({each.region for each in (*network.vpcs, *network.transit_gateways)}):
        here = as_files(part(network, region))
        here["TransitGatewayPeeringAttachments.json"] = {
            "TransitGatewayPeeringAttachments": [
                each for each in between_gateways if f"'Region': '{region}'" in str(each)
            ]
        }
        files |= {f"{region}/{name}": answer for name, answer in here.items()}
    return files


def part(network: Network, region: str) -> Network:
    """What is in one region, with what connects it to others."""
    vpcs = {each.id for each in network.vpcs if each.region == region}
    gateways = {each.id for each in network.transit_gateways if each.region == region}
    of_vpc = ("security_groups", "nacls", "route_tables", "subnets", "firewalls", "nat_gateways")
    of_vpc += ("internet_gateways", "egress_only_gateways", "vpn_gateways", "gateway_endpoints")
    inside = {
        kind: tuple(each for each in getattr(network, kind) if each.vpc in vpcs) for kind in of_vpc
    }
    subnets = {each.id for each in inside["subnets"]}
    # Networks made for tests let subnets use what belongs to another VPC.
    used = {each.nacl for each in inside["subnets"]}
    used |= {each.route_table for each in inside["subnets"]}
    for kind in ("nacls", "route_tables"):
        inside[kind] = tuple(
            each for each in getattr(network, kind) if each.vpc in vpcs or each.id in used
        )
    ends = {each.id for each in inside["vpn_gateways"]}
    attachments = tuple(each for each in network.transit_attachments if each.gateway in gateways)
    attached = {each.resource for each in attachments}
    connections = tuple(
        each for each in network.vpn_connections if {each.vpn_gateway, each.id} & (ends | attached)
    )
    return replace(
        network,
        **inside,
        vpcs=tuple(each for each in network.vpcs if each.id in vpcs),
        interfaces=tuple(each for each in network.interfaces if each.subnet in subnets),
        vpn_connections=connections,
        customer_gateways=tuple(
            each
            for each in network.customer_gateways
            if each.id in {one.customer_gateway for one in connections}
        ),
        peerings=tuple(
            each for each in network.peerings if {each.requester.vpc, each.accepter.vpc} & vpcs
        ),
        transit_gateways=tuple(each for each in network.transit_gateways if each.id in gateways),
        transit_attachments=attachments,
        transit_route_tables=tuple(
            each for each in network.transit_route_tables if each.gateway in gateways
        ),
    )
