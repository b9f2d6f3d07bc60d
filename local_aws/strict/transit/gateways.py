"""Transit gateways themselves."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from moto.ec2.utils import add_tag_specification, random_id

from local_aws.strict.rules import Request, Result, answers, invalid, refusal, refuses
from local_aws.strict.transit.filters import chosen
from local_aws.strict.transit.tables import new_table
from local_aws.strict.transit.things import (
    LIMIT,
    Shown,
    TransitGateway,
    attached_to,
    carries,
    gateway_of,
    living,
    switched,
    table_of,
    tables_of,
    tag_list,
)
from local_aws.strict.values import network

DEFAULTS: Final[Mapping[str, Any]] = {
    "AmazonSideAsn": 64512,
    "AutoAcceptSharedAttachments": "disable",
    "DefaultRouteTableAssociation": "enable",
    "DefaultRouteTablePropagation": "enable",
    "VpnEcmpSupport": "enable",
    "DnsSupport": "enable",
    "SecurityGroupReferencingSupport": "disable",
    "MulticastSupport": "disable",
}
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRequestOptions.html"""
SWITCHES: Final = tuple(name for name, value in DEFAULTS.items() if name != "AmazonSideAsn")
DEFAULT_TABLES: Final = ("Association", "Propagation")
GATEWAYS: Final = 5
BLOCKS: Final = 5
"""https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-quotas.html"""
PRIVATE_ASNS: Final = (range(64512, 65535), range(4200000000, 4294967295))
LINK_LOCAL: Final = ipaddress.IPv4Network("169.254.0.0/16")
FILTERS: Final = {
    "options.amazon-side-asn": "Options.AmazonSideAsn",
    "options.association-default-route-table-id": "Options.AssociationDefaultRouteTableId",
    "options.auto-accept-shared-attachments": "Options.AutoAcceptSharedAttachments",
    "options.default-route-table-association": "Options.DefaultRouteTableAssociation",
    "options.default-route-table-propagation": "Options.DefaultRouteTablePropagation",
    "options.dns-support": "Options.DnsSupport",
    "options.propagation-default-route-table-id": "Options.PropagationDefaultRouteTableId",
    "options.vpn-ecmp-support": "Options.VpnEcmpSupport",
    "owner-id": "OwnerId",
    "state": "State",
    "transit-gateway-id": "TransitGatewayId",
}


@answers("CreateTransitGateway")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGateway.html"""
    params, cloud = request.params, request.cloud
    if sum(living(each) for each in cloud.transit_gateways.values()) >= GATEWAYS:
        raise refusal(LIMIT, f"There are {GATEWAYS} transit gateways in {cloud.region_name}.")
    said = dict(params.get("Options") or {})
    check_options(said)
    blocks = check_blocks(said.pop("TransitGatewayCidrBlocks", None) or [])
    options = {**DEFAULTS, **said, "TransitGatewayCidrBlocks": blocks}
    gateway = TransitGateway(random_id("tgw"), params.get("Description") or "", options)
    cloud.transit_gateways[gateway.id] = gateway
    first = None
    for way in DEFAULT_TABLES:
        # One table is the default of both, where both are switched on.
        if options[f"DefaultRouteTable{way}"] == "enable":
            first = first or new_table(cloud, gateway.id)
            options[f"{way}DefaultRouteTableId"] = first.id
    cloud.create_tags([gateway.id], add_tag_specification(params.get("TagSpecifications") or []))
    return {"TransitGateway": {**shown(cloud, gateway), "State": "pending"}}


def check_options(options: Shown) -> None:
    switched(options, SWITCHES)
    asn = options.get("AmazonSideAsn")
    if asn is not None and not any(int(asn) in each for each in PRIVATE_ASNS):
        raise invalid(f"Invalid value '{asn}' for amazonSideAsn: it is not a private ASN.")


def check_blocks(blocks: list[str]) -> list[str]:
    """ "/24 … or larger for IPv4, or /64 or larger for IPv6", and not of 169.254.0.0/16:
    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html"""
    if len(blocks) > BLOCKS:
        raise refusal(LIMIT, f"A transit gateway has at most {BLOCKS} CIDR blocks.")
    for text in blocks:
        block = network(text)
        if block.prefixlen > (24 if block.version == 4 else 64):
            raise invalid(f"The CIDR '{text}' is too small for a transit gateway.")
        if isinstance(block, ipaddress.IPv4Network) and block.overlaps(LINK_LOCAL):
            raise invalid(f"The CIDR '{text}' is of {LINK_LOCAL}.")
    return [str(network(text)) for text in blocks]


def shown(cloud: Any, gateway: TransitGateway) -> Shown:
    return {
        "TransitGatewayId": gateway.id,
        "TransitGatewayArn": f"arn:aws:ec2:{cloud.region_name}:{cloud.account_id}"
        f":transit-gateway/{gateway.id}",
        "State": gateway.state,
        "OwnerId": cloud.account_id,
        "Description": gateway.description,
        "CreationTime": gateway.created,
        "Options": dict(gateway.options),
        "Tags": tag_list(cloud, gateway.id),
    }


@answers("DescribeTransitGateways")
def describe(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTransitGateways.html"""
    cloud = request.cloud
    those = chosen(
        request,
        "TransitGatewayIds",
        "TransitGatewayId",
        FILTERS,
        lambda name: gateway_of(cloud, name),
    )
    found = those([shown(cloud, each) for each in cloud.transit_gateways.values()])
    return {"TransitGateways": found}


@answers("ModifyTransitGateway")
def modify(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGateway.html"""
    params, cloud = request.params, request.cloud
    gateway = gateway_of(cloud, params.get("TransitGatewayId"))
    said = dict(params.get("Options") or {})
    if said.pop("EncryptionSupport", None):
        raise refusal("UnsupportedOperation", "The local AWS has no encryption of transit gateways")
    check_options(said)
    added = said.pop("AddTransitGatewayCidrBlocks", None) or []
    removed = said.pop("RemoveTransitGatewayCidrBlocks", None) or []
    kept = [each for each in gateway.options["TransitGatewayCidrBlocks"] if each not in removed]
    blocks = check_blocks([*kept, *added])
    vpns = [each for each in attached_to(cloud, gateway.id) if each.kind == "vpn"]
    if "AmazonSideAsn" in said and vpns:
        raise refusal("IncorrectState", f"{gateway.id} has VPN attachments, and keeps its ASN.")
    for way in DEFAULT_TABLES:
        table = said.get(f"{way}DefaultRouteTableId")
        if table and table_of(cloud, table).gateway != gateway.id:
            raise invalid(f"{table} is not of {gateway.id}.")
        on = said.get(f"DefaultRouteTable{way}", gateway.options[f"DefaultRouteTable{way}"])
        if on == "enable" and not (table or gateway.options.get(f"{way}DefaultRouteTableId")):
            name = f"{way[0].lower()}{way[1:]}DefaultRouteTableId"
            raise refusal("MissingParameter", f"The request must contain the parameter {name}")
    gateway.options.update(said, TransitGatewayCidrBlocks=blocks)
    if params.get("Description") is not None:
        gateway.description = params["Description"]
    return {"TransitGateway": {**shown(cloud, gateway), "State": "modifying"}}


@answers("DeleteTransitGateway")
def delete(request: Request) -> Result:
    """ "Before you can delete a transit gateway, you must delete all attachments":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGateway.html"""
    cloud = request.cloud
    gateway = gateway_of(cloud, request.params.get("TransitGatewayId"))
    if held := attached_to(cloud, gateway.id):
        names = ", ".join(each.id for each in held)
        raise refusal(
            "IncorrectState", f"{gateway.id} has non-deleted Transit Gateway Attachments: {names}."
        )
    for table in tables_of(cloud, gateway.id):
        table.state = "deleted"
        cloud.tags.pop(table.id, None)
    gateway.state = "deleted"
    cloud.tags.pop(gateway.id, None)
    return {"TransitGateway": {**shown(cloud, gateway), "State": "deleting"}}


@refuses("CreateRoute", "ReplaceRoute")
def a_route_leads_to_a_gateway_that_its_vpc_is_attached_to(request: Request) -> None:
    """ "A transit gateway must have at least one VPC attachment before that transit gateway can be
    added to a route table": https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html"""
    params, cloud = request.params, request.cloud
    name = params.get("TransitGatewayId")
    if not name:
        return
    gateway = gateway_of(cloud, name)
    table = cloud.get_route_table(params["RouteTableId"])
    if not carries(cloud, gateway, table.vpc_id):
        raise refusal(
            "InvalidTransitGatewayID.NotFound", f"The transitGateway ID '{name}' does not exist."
        )
