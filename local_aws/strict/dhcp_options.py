"""DHCP options: what they hold, their tags, and that they outlive the VPCs that use them."""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.utils import add_tag_specification

from local_aws.strict.rules import Request, Result, amends, invalid, refusal, refuses

KEYS: Final = (
    "domain-name",
    "domain-name-servers",
    "netbios-name-servers",
    "netbios-node-type",
    "ntp-servers",
)
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html"""
NOT_HERE: Final = "ipv6-address-preferred-lease-time"


@refuses("CreateDhcpOptions")
def options_are_known(request: Request) -> None:
    said = request.params.get("DhcpConfigurations") or []
    if not said:
        raise refusal("MissingParameter", "The request must contain dhcpConfiguration")
    for each in said:
        if each.get("Key") == NOT_HERE:
            raise refusal("UnsupportedOperation", f"The local AWS has no DHCP option {NOT_HERE}.")
        if each.get("Key") not in KEYS:
            raise invalid(f"Value ({each.get('Key')}) for parameter key is invalid.")
        if not each.get("Values"):
            raise invalid(f"The DHCP option {each['Key']} has no value.")


@amends("CreateDhcpOptions")
def options_have_their_tags(request: Request, result: Result) -> None:
    result["DhcpOptions"].add_tags(
        add_tag_specification(request.params.get("TagSpecifications") or [])
    )


@refuses("DeleteDhcpOptions")
def options_in_use_stay(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteDhcpOptions.html"""
    name, cloud = request.params["DhcpOptionsId"], request.cloud
    if any(vpc.dhcp_options and vpc.dhcp_options.id == name for vpc in cloud.vpcs.values()):
        raise refusal("DependencyViolation", f"The dhcpOptions '{name}' has dependencies")
    if name in cloud.dhcp_options_sets:  # moto knows one VPC alone, the last that took them
        cloud.dhcp_options_sets[name].vpc = None


_delete_vpc = VPCBackend.delete_vpc


def delete_vpc(cloud: Any, vpc_id: str) -> Any:
    """moto deletes the options with the VPC, whoever else uses them."""
    kept = dict(cloud.dhcp_options_sets)
    deleted = _delete_vpc(cloud, vpc_id)
    cloud.dhcp_options_sets.update(kept)
    return deleted


MENDED: Final = ((VPCBackend, "delete_vpc", delete_vpc),)
