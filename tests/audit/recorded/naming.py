"""What things of an account are called, by their ids: the same in whatever account it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_IDS: Final = {
    "Vpcs": "VpcId",
    "Subnets": "SubnetId",
    "SecurityGroups": "GroupId",
    "NetworkAcls": "NetworkAclId",
    "LaunchTemplates": "LaunchTemplateId",
    "Addresses": "AllocationId",
    "TransitGateways": "TransitGatewayId",
    "VpnConnections": "VpnConnectionId",
    "VpcPeeringConnections": "VpcPeeringConnectionId",
}


def names(document: Mapping[str, Any]) -> dict[str, str]:
    """By the Name that each was given; what AWS made by itself is called after its VPC."""
    found = {
        each[id_]: _tag(each) or each.get("LaunchTemplateName", "")
        for kind, id_ in _IDS.items()
        for each in document[kind]
    }
    found |= {
        each["FirewallArn"]: each["Firewall"]["FirewallName"] for each in document["Firewalls"]
    }
    found |= {
        each["InstanceId"]: _tag(each)
        for reservation in document["Reservations"]
        for each in reservation["Instances"]
    }
    found |= {each["VpcId"]: "the default VPC" for each in document["Vpcs"] if each["IsDefault"]}
    for each in document["SecurityGroups"]:
        if each["GroupName"] == "default":
            found[each["GroupId"]] = f"default of {found[each['VpcId']]}"
    for each in document["NetworkAcls"]:
        if each["IsDefault"]:
            found[each["NetworkAclId"]] = f"default of {found[each['VpcId']]}"
    return {id_: name for id_, name in found.items() if name}


def _tag(each: Mapping[str, Any]) -> str:
    return next((tag["Value"] for tag in each.get("Tags", ()) if tag["Key"] == "Name"), "")
