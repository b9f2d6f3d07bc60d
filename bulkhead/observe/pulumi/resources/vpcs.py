"""VPCs with what AWS makes with them, their blocks, and their subnets."""

from __future__ import annotations

from typing import Final

from bulkhead.network.ipv6_blocks import unknown_ipv6
from bulkhead.observe.calls import KEYS, Item
from bulkhead.observe.describe.network_acls import GUARDS_OTHERS
from bulkhead.observe.pulumi.hidden import text_or_hidden
from bulkhead.observe.pulumi.resources.shape import AS_MADE, Shape, owner_of, short, stand_in
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Hidden

_EXCLUSION: Final = "Exclusion"


def _ipv6_blocks(block: str | None) -> list[Item]:
    return [{"Ipv6CidrBlock": block}] if block else []


def vpc(resource: Resource, shape: Shape) -> None:
    """A Vpc, or the DefaultVpc."""
    out = resource.outputs
    blocks = [{"CidrBlock": out.text("cidrBlock")}]
    item: Item = {
        "VpcId": resource.id,
        "CidrBlock": out.text("cidrBlock"),
        "CidrBlockAssociationSet": blocks,
        "Ipv6CidrBlockAssociationSet": _ipv6_blocks(out.maybe("ipv6CidrBlock")),
        "Region": shape.stack.region_of(resource),
    }
    shape.put("Vpcs", resource.id, item, resource)
    main = out.maybe("defaultRouteTableId") or out.maybe("mainRouteTableId")
    shape.main_tables.setdefault(resource.id, main or f"{resource.id}/main-route-table")
    if not resource.adopted and "default" not in resource.type:
        _beginnings(resource, shape, shape.main_tables[resource.id])


def _beginnings(resource: Resource, shape: Shape, main: str) -> None:
    """What AWS makes with every VPC, as AWS makes it; a resource that adopts it overrides this.

    Default NACL: all allowed (…/userguide/default-network-acl.html). Default group:
    all from itself, all out (…/userguide/default-security-group.html). Main table:
    local routes only (…/userguide/create-vpc.html). All of docs.aws.amazon.com/vpc/latest.
    """
    vpc, out = resource.id, resource.outputs
    acl = out.maybe("defaultNetworkAclId") or f"{vpc}/default-network-acl"
    group = out.maybe("defaultSecurityGroupId") or f"{vpc}/default-security-group"
    everything: Item = {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow"}
    shape.items["NetworkAcls"].setdefault(
        acl,
        {
            "NetworkAclId": acl,
            "VpcId": vpc,
            "IsDefault": True,
            GUARDS_OTHERS: True,
            "Associations": [],
            "Entries": [
                {**everything, "Egress": egress, "CidrBlock": "0.0.0.0/0"}
                for egress in (False, True)
            ],
        },
    )
    shape.items["RouteTables"].setdefault(main, {"RouteTableId": main, "VpcId": vpc, "Routes": []})
    shape.items["SecurityGroups"].setdefault(
        group,
        {
            "GroupId": group,
            "GroupName": "default",
            "VpcId": vpc,
            AS_MADE: True,
        },
    )


def subnet(resource: Resource, shape: Shape) -> None:
    """A Subnet, or a DefaultSubnet."""
    out = resource.outputs
    item: Item = {
        "SubnetId": resource.id,
        "VpcId": out.text("vpcId"),
        "AvailabilityZone": out.maybe("availabilityZone"),
        "AvailabilityZoneId": out.maybe("availabilityZoneId"),
        "CidrBlock": out.maybe("cidrBlock"),
        "Ipv6CidrBlockAssociationSet": _ipv6_blocks(out.maybe("ipv6CidrBlock")),
        "MapPublicIpOnLaunch": _on_launch(resource, "mapPublicIpOnLaunch"),
        "AssignIpv6AddressOnCreation": _on_launch(resource, "assignIpv6AddressOnCreation"),
    }
    shape.put("Subnets", resource.id, item, resource)


def _on_launch(resource: Resource, key: str) -> bool | None:
    out = resource.outputs
    return out.flag(key) if out.has(key) else None


def secondary_block(resource: Resource, shape: Shape) -> None:
    """A VpcIpv4CidrBlockAssociation."""
    out = resource.outputs
    if vpc := owner_of(resource, shape, "Vpcs", "vpcId"):
        vpc["CidrBlockAssociationSet"].append({"CidrBlock": out.text("cidrBlock")})


def ipv6_block(resource: Resource, shape: Shape) -> None:
    """A VpcIpv6CidrBlockAssociation."""
    out = resource.outputs
    if vpc := owner_of(resource, shape, "Vpcs", "vpcId"):
        hidden = text_or_hidden(out, "ipv6CidrBlock")
        if isinstance(hidden, Hidden):
            known_as = unknown_ipv6(out.text("vpcId"))
            why = f"its block of IPv6 is {hidden.what}"
            shape.gaps.add(short(resource.type), known_as, known_as, why)
        elif block := out.maybe("ipv6CidrBlock"):
            kind = out.maybe("ipv6AddressAttribute")
            vpc["Ipv6CidrBlockAssociationSet"].append(
                {"Ipv6CidrBlock": block} | ({"Ipv6AddressAttribute": kind} if kind else {})
            )
        else:
            why = "the IPv6 block that it was given is not in the state"
            shape.gaps.add(short(resource.type), resource.id, out.text("vpcId"), why)


def encryption_control(resource: Resource, shape: Shape) -> None:
    """A VpcEncryptionControl; of a VPC that is not here nothing depends on it."""
    out = resource.outputs
    vpc = shape.get("Vpcs", out.maybe("vpcId"))
    if vpc is None:
        return
    exclusions = {
        f"{name[0].upper()}{name.removesuffix(_EXCLUSION)[1:]}": {"State": f"{value}d"}
        for name, value in out.values.items()
        if name.endswith(_EXCLUSION) and isinstance(value, str) and value
    }
    vpc["EncryptionControl"] = {
        "VpcId": out.text("vpcId"),
        "VpcEncryptionControlId": resource.id,
        "Mode": out.text("mode"),
        "State": out.maybe("state") or "available",
        "ResourceExclusions": exclusions,
    }


def tied_elsewhere(shape: Shape) -> None:
    """Subnets whose NACL or route table another stack made: nothing but these is unknown."""
    for (key, named), owner in sorted(shape.foreign.items()):
        if subnet := shape.get("Subnets", named):
            stand_in(shape, key, owner, subnet)
        kind = "network ACL" if key == "NetworkAcls" else "route table"
        why = f"it is the {kind} of {named}, and not in this state"
        shape.gaps.add(KEYS[key].word, owner, owner, why, unseen=True)
