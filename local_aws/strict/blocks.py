"""The CIDR blocks of VPCs and subnets beside the first: secondary ones, and IPv6."""

from __future__ import annotations

import ipaddress
from typing import Any, Final

from moto.ec2.exceptions import CidrLimitExceeded, EC2ClientError
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC
from moto.ec2.utils import random_vpc_cidr_association_id
from moto.moto_api._internal import mock_random as random

from local_aws.strict.ipv6_pools import SOURCES, Given, given
from local_aws.strict.rules import (
    Request,
    Result,
    amends,
    answers,
    invalid,
    refusal,
    refuses,
)
from local_aws.strict.values import canonical, network


@refuses("AssociateVpcCidrBlock")
def a_secondary_block_is_another_one(request: Request) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""
    params, cloud = request.params, request.cloud
    vpc = cloud.get_vpc(params["VpcId"])
    if any(params.get(each) for each in SOURCES):
        return
    if not params.get("CidrBlock"):
        raise refusal("MissingParameter", "The request must contain the parameter cidrBlock")
    params["CidrBlock"] = canonical(params["CidrBlock"], 4)
    block = network(params["CidrBlock"])
    if not 16 <= block.prefixlen <= 28:
        raise refusal("InvalidVpc.Range", f"The CIDR '{block}' is invalid.")
    first = network(vpc.cidr_block)
    for held in vpc.get_cidr_block_association_set():
        standing = held["cidr_block_state"]["state"] == "associated"
        if standing and block.overlaps(network(held["cidr_block"])):
            raise refusal(
                "InvalidParameterValue",
                f"The CIDR '{block}' conflicts with another CIDR of {vpc.id}",
            )
    if restricted(first, block):
        raise refusal(
            "InvalidVpc.Range",
            f"The CIDR '{block}' is restricted beside the VPC's first block {first}.",
        )


PRIVATE: Final = tuple(
    ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
"""RFC 1918. AWS restricts a secondary block to the range of the first, or to none of the three:
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""


def restricted(first: Any, block: Any) -> bool:
    ours = [range_ for range_ in PRIVATE if first.subnet_of(range_)]
    other = [range_ for range_ in PRIVATE if block.subnet_of(range_)]
    return bool(ours and other and ours != other)


@refuses("DisassociateVpcCidrBlock")
def a_block_with_subnets_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html"""
    name, cloud = request.params["AssociationId"], request.cloud
    for vpc in cloud.vpcs.values():
        held = vpc._cidr_block_association_set.get(name)
        if held is None or held["cidr_block_state"]["state"] != "associated":
            continue
        block = network(held["cidr_block"])
        if held["cidr_block"] == vpc.cidr_block:
            raise refusal(
                "OperationNotPermitted",
                f"The vpc CIDR block with association ID {name} may not be disassociated."
                " It is the primary IPv4 CIDR block of the VPC",
            )
        for subnet in subnets_of(cloud, vpc.id):
            if any(network(each).subnet_of(block) for each in blocks_of(subnet, block.version)):  # type: ignore[arg-type]
                raise in_use(f"The vpc {vpc.id} currently has a subnet within CIDR block {block}")
        return
    raise refusal(
        "InvalidVpcCidrBlockAssociationID.NotFound",
        f"The vpc CIDR block association ID '{name}' does not exist",
    )


def in_use(why: str) -> EC2ClientError:
    return refusal("InvalidCidrBlock.InUse", why)


@refuses("DisassociateSubnetCidrBlock")
def a_block_of_which_addresses_are_held_stays(request: Request) -> None:
    """ "you must first unassign any IPv6 addresses that are assigned":
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-associate-ipv6-cidr.html"""
    name, cloud = request.params["AssociationId"], request.cloud
    subnet = cloud.get_subnet_from_ipv6_association(name)
    if subnet is None:
        return
    stays = f"The subnet IPv6 CIDR block with association ID {name} may not be disassociated, "
    if subnet.assign_ipv6_address_on_creation:
        raise in_use(f"{stays}because its subnet has assign-ipv6-address-on-creation set to true.")
    for eni in cloud.enis.values():
        if eni.subnet.id == subnet.id and eni.ipv6_addresses:
            raise in_use(f"{stays}because {eni.id} has addresses of it.")


def subnets_of(cloud: Any, vpc_id: str) -> list[Any]:
    return [
        subnet
        for zone in cloud.subnets.values()
        for subnet in zone.values()
        if subnet.vpc_id == vpc_id
    ]


def blocks_of(subnet: Any, version: int) -> list[str]:
    if version == 4:
        return [subnet.cidr_block] if subnet.cidr_block else []
    return [
        held["ipv6CidrBlock"]
        for held in subnet.ipv6_cidr_block_associations.values()
        if held["ipv6CidrBlockState"]["State"] == "associated"
    ]


@answers("AssociateVpcCidrBlock")
def a_block_is_associated(request: Request) -> Result:
    """moto knows no pools."""
    params, vpc = request.params, request.cloud.get_vpc(request.params["VpcId"])
    amazon, pool = bool(params.get("AmazonProvidedIpv6CidrBlock")), given(params)
    held = associate(vpc, params.get("CidrBlock") or "", amazon, pool=pool)
    six = "Ipv6" if amazon or pool else ""
    shown = {
        "AssociationId": held["association_id"],
        f"{six}CidrBlock": held["cidr_block"],
        f"{six}CidrBlockState": {"State": "associating"},
    }
    if six:
        shown |= {"NetworkBorderGroup": request.cloud.region_name, "Ipv6Pool": held["ipv6_pool"]}
    else:
        for table in request.cloud.route_tables.values():
            if table.vpc_id == vpc.id:
                request.cloud.create_route(table.id, held["cidr_block"], local=True)
    return {"VpcId": vpc.id, f"{six}CidrBlockAssociation": shown}


@amends("CreateVpc", "AssociateVpcCidrBlock")
def all_that_a_vpc_has_knows_its_blocks_of_ipv6(request: Request, result: Result) -> None:
    """Tables have a local route for it: moto makes none with the VPC, and none for the main one."""
    cloud = request.cloud
    made = result.get("Vpc")
    vpc = cloud.get_vpc(made.id if made is not None else request.params["VpcId"])
    if made is not None and (pool := given(request.params)):
        associate(vpc, "", pool=pool)
    for held in vpc.get_cidr_block_association_set(ipv6=True):
        held["ipv6_cidr_block_network_border_group"] = cloud.region_name
        for table in cloud.route_tables.values():
            known = {route.destination_ipv6_cidr_block for route in table.routes}
            if table.vpc_id == vpc.id and held["cidr_block"] not in known:
                cloud.create_route(
                    table.id, None, destination_ipv6_cidr_block=held["cidr_block"], local=True
                )


@refuses("CreateSubnet", "AssociateSubnetCidrBlock")
def an_ipv6_subnet_is_a_64_of_its_vpc(request: Request) -> None:
    """ "from /44 to /64 in increments of /4":
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html#subnet-sizing-ipv6"""
    params, cloud = request.params, request.cloud
    if params.get("Ipv6Native"):
        raise refusal("UnsupportedOperation", "The local AWS has no IPv6-only subnets.")
    if not params.get("Ipv6CidrBlock"):
        return
    params["Ipv6CidrBlock"] = canonical(params["Ipv6CidrBlock"], 6)
    block = network(params["Ipv6CidrBlock"])
    vpc_id = params.get("VpcId") or cloud.get_subnet(params["SubnetId"]).vpc_id
    vpc = cloud.get_vpc(vpc_id)
    if not 44 <= block.prefixlen <= 64 or block.prefixlen % 4:
        raise refusal("InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")
    inside = [
        held
        for held in vpc.get_cidr_block_association_set(ipv6=True)
        if held["cidr_block_state"]["state"] == "associated"
        and block.subnet_of(network(held["cidr_block"]))  # type: ignore[arg-type]
    ]
    if not inside:
        raise refusal("InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")
    for subnet in subnets_of(cloud, vpc.id):
        if any(block.overlaps(network(each)) for each in blocks_of(subnet, 6)):
            raise refusal(
                "InvalidSubnet.Conflict", f"The CIDR '{block}' conflicts with another subnet"
            )
    if params.get("SubnetId") and blocks_of(cloud.get_subnet(params["SubnetId"]), 6):
        raise refusal(
            "InvalidSubnet.Conflict", f"The subnet '{params['SubnetId']}' has an IPv6 block already"
        )


def ipv6_blocks_shown(subnet: Any) -> list[dict[str, Any]]:
    """What moto nests one level too deep."""
    return [
        {
            "Ipv6CidrBlock": held["ipv6CidrBlock"],
            "AssociationId": held["associationId"],
            "Ipv6CidrBlockState": {"State": "associated"},
        }
        for held in subnet.ipv6_cidr_block_associations.values()
        if held["ipv6CidrBlockState"]["State"] == "associated"
    ]


def standing_blocks(vpc: Any, ipv6: bool = False) -> list[dict[str, Any]]:
    """moto takes `::/` for the sign of IPv6, and keeps showing what was disassociated."""
    return [
        held
        for held in vpc._cidr_block_association_set.values()
        if (":" in held["cidr_block"]) == ipv6 and held["cidr_block_state"]["state"] == "associated"
    ]


BLOCKS: Final = 5
"""Of each family: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""


def generated() -> str:
    """moto's has leading zeros, which AWS does not show."""
    return f"2a05:d018:{random.randint(0x1000, 0xFFFF):x}:{random.randint(0x10, 0xFF):x}00::/56"


def associate(
    vpc: Any,
    cidr_block: str,
    amazon_provided_ipv6_cidr_block: bool = False,
    ipv6_cidr_block_network_border_group: str | None = None,
    pool: Given | None = None,
) -> dict[str, Any]:
    """moto gives a VPC one IPv6 block at most."""
    ipv6 = bool(amazon_provided_ipv6_cidr_block or pool)
    if len(standing_blocks(vpc, ipv6)) >= BLOCKS:
        raise CidrLimitExceeded(vpc.id, BLOCKS)
    held: dict[str, Any] = {
        "association_id": random_vpc_cidr_association_id(),
        "cidr_block_state": {"state": "associated", "StatusMessage": None},
        "cidr_block": generated() if ipv6 else cidr_block,
    }
    if ipv6:
        held.update(ipv6_pool="Amazon", ip_source="amazon", ipv6_address_attribute="public")
        held.update(pool.shown if pool else {})
        held["ipv6_cidr_block_network_border_group"] = ipv6_cidr_block_network_border_group
    vpc._cidr_block_association_set[held["association_id"]] = held
    return held


MENDED: Final = (
    (VPC, "associate_vpc_cidr_block", associate),
    (Subnet, "ipv6_cidr_block_association_set", property(ipv6_blocks_shown)),
    (VPC, "get_cidr_block_association_set", standing_blocks),
)


@refuses("ModifySubnetAttribute")
def only_an_ipv6_subnet_gives_ipv6_addresses(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html"""
    params = request.params
    wanted = (params.get("AssignIpv6AddressOnCreation") or {}).get("Value")
    subnet = request.cloud.get_subnet(params["SubnetId"])
    if wanted and not blocks_of(subnet, 6):
        raise invalid(
            "Invalid value 'true' for assign-ipv6-address-on-creation. Cannot set"
            f" assign-ipv6-address-on-creation to true unless the subnet ({subnet.id}) has an IPv6"
            " CIDR block associated with it."
        )
