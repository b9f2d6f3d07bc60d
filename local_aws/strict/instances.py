"""Instances: where they stand, which interfaces they have, what a change takes."""

from __future__ import annotations

import re
from typing import Any, Final

from local_aws.strict.addresses import attached_gateway
from local_aws.strict.images import IMAGES, described
from local_aws.strict.ipv6_addresses import addresses_in
from local_aws.strict.networks import (
    an_interface_has_addresses_of_its_subnet,
    an_interface_has_five_groups_of_its_vpc,
)
from local_aws.strict.rules import Request, Result, amends, invalid, refusal, refuses

_TYPE: Final = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
_ITS_OWN: Final = (
    *("SubnetId", "SecurityGroupIds", "PrivateIpAddress", "Ipv6Addresses", "Ipv6AddressCount"),
)
"""What an instance says of its first interface, where it does not name that interface itself."""
STOPPED: Final = 80
NEEDS_A_STOP: Final = ("InstanceType", "UserData")
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html"""


@refuses("RunInstances")
def an_instance_is_of_an_image_and_a_type(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"""
    params, cloud = request.params, request.cloud
    image = params.get("ImageId")
    if not image:
        raise refusal("MissingParameter", "The request must contain the parameter ImageId")
    if image not in {described(cloud.region_name, *each)["ImageId"] for each in IMAGES}:
        raise refusal("InvalidAMIID.NotFound", f"The image id '[{image}]' does not exist")
    if not _TYPE.fullmatch(str(params.get("InstanceType", "m1.small"))):
        raise invalid(f"Invalid value '{params['InstanceType']}' for InstanceType.")
    if params.get("KeyName"):
        cloud.describe_key_pairs([params["KeyName"]])  # refuses one that is not there
    if params.get("BlockDeviceMappings") or params.get("LaunchTemplate"):
        raise refusal(
            "UnsupportedOperation", "The local AWS launches with no volumes and no template of one."
        )


@refuses("RunInstances")
def its_interfaces_are_there_or_fit_a_subnet(request: Request) -> None:
    """All that is said of interfaces becomes a list of them, which moto takes as it is."""
    params = request.params
    said = [key for key in _ITS_OWN if params.get(key)]
    wanted = [dict(each) for each in params.get("NetworkInterfaces") or ()]
    if wanted and said:
        raise refusal(
            "InvalidParameterCombination",
            f"Network interfaces and an instance-level {said[0]} may not be specified on the same"
            " request",
        )
    own = {key: params.pop(key) for key in said}
    if not wanted:
        groups = own.pop("SecurityGroupIds", [])
        wanted = [{"DeviceIndex": 0, **own, **({"Groups": groups} if groups else {})}]
    if sorted(int(each.get("DeviceIndex", 0)) for each in wanted) != [*range(len(wanted))]:
        raise invalid("Each network interface requires a unique device index, from 0.")
    params["NetworkInterfaces"] = [_interface(request, each) for each in wanted]


def _interface(request: Request, said: dict[str, Any]) -> dict[str, Any]:
    cloud = request.cloud
    if name := said.get("NetworkInterfaceId"):
        eni = cloud.get_network_interface(name)
        if eni.attachment_id:
            raise refusal(
                "InvalidNetworkInterface.InUse", f"Interface: [{name}] is currently in use."
            )
        return {"DeviceIndex": int(said.get("DeviceIndex", 0)), "NetworkInterfaceId": name}
    said.setdefault("SubnetId", _default_subnet(request))
    asked = Request("CreateNetworkInterface", dict(said), cloud)
    an_interface_has_five_groups_of_its_vpc(asked)
    an_interface_has_addresses_of_its_subnet(asked)
    subnet = cloud.get_subnet(said["SubnetId"])
    public = said.get("AssociatePublicIpAddress")
    if subnet.map_public_ip_on_launch is True if public is None else public:
        attached_gateway(cloud, subnet.vpc_id)
    if not said.get("Groups"):
        asked.params["Groups"] = [cloud.get_default_security_group(subnet.vpc_id).id]
    addresses = [each["Ipv6Address"] for each in said.get("Ipv6Addresses") or ()]
    count = int(said.get("Ipv6AddressCount") or 0)
    if subnet.assign_ipv6_address_on_creation and not addresses:
        count = count or 1
    asked.params["Ipv6Addresses"] = addresses_in(cloud, subnet, addresses, count, held=())
    asked.params["DeleteOnTermination"] = said.get("DeleteOnTermination", True)
    asked.params["DeviceIndex"] = int(said.get("DeviceIndex", 0))
    asked.params.pop("Ipv6AddressCount", None)
    return asked.params


def _default_subnet(request: Request) -> str:
    """https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html"""
    cloud = request.cloud
    zone = (request.params.get("Placement") or {}).get("AvailabilityZone")
    for each in sorted(cloud.subnets):
        for subnet in cloud.subnets[each].values():
            if subnet.default_for_az in (True, "true") and zone in (None, each):
                return str(subnet.id)
    raise refusal("MissingInput", "No subnets found for the default VPC. Please specify a subnet.")


@amends("RunInstances")
def an_instance_is_where_its_interfaces_are(request: Request, result: Result) -> None:
    """moto keeps no IPv6 addresses that are said, nor what an interface brings along."""
    wanted = {each["DeviceIndex"]: each for each in request.params["NetworkInterfaces"]}
    for instance in next(reversed(request.cloud.reservations.values())).instances:
        for index, eni in instance.nics.items():
            eni.ipv6_addresses = wanted[index].get("Ipv6Addresses") or eni.ipv6_addresses
        first = instance.nics[0]
        instance.security_groups = list(first.group_set)
        instance.placement.zone = first.subnet.availability_zone
        instance._subnet_id = first.subnet.id
        instance.disable_api_termination = bool(request.params.get("DisableApiTermination"))


@refuses("TerminateInstances")
def a_protected_instance_stays(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html"""
    for name in request.params["InstanceIds"]:
        if request.cloud.get_instance(name).disable_api_termination in (True, "true"):
            raise refusal(
                "OperationNotPermitted",
                f"The instance '{name}' may not be terminated. Modify its 'disableApiTermination'"
                " instance attribute and try again.",
            )


@amends("TerminateInstances")
def its_interfaces_go_or_are_free_again(request: Request, result: Result) -> None:
    cloud = request.cloud
    for name in request.params["InstanceIds"]:
        for eni in cloud.get_instance(name).nics.values():
            eni.instance = eni.attachment_id = eni.attach_time = eni.device_index = None
            eni.status = "available"
    for address in cloud.addresses:
        if address.eni is not None and address.eni.id not in cloud.enis:
            address.eni = address.association_id = address.instance = None


@refuses("ModifyInstanceAttribute")
def some_changes_take_a_stop(request: Request) -> None:
    params = request.params
    instance = request.cloud.get_instance(params["InstanceId"])
    for attribute in NEEDS_A_STOP:
        if params.get(attribute) is not None and instance.state_code != STOPPED:
            raise refusal(
                "IncorrectInstanceState",
                f"The instance '{instance.id}' is not in the 'stopped' state.",
            )
    if params.get("Groups"):
        asked = {"Groups": params["Groups"], "NetworkInterfaceId": instance.nics[0].id}
        an_interface_has_five_groups_of_its_vpc(
            Request("ModifyNetworkInterfaceAttribute", asked, request.cloud)
        )


@refuses("ModifyInstanceMetadataOptions")
def what_is_not_said_stays(request: Request) -> None:
    """ "If you specify a value of [...] the state is modified; otherwise the existing state is
    maintained", which moto forgets:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html"""
    params = request.params
    held = request.cloud.get_instance(params["InstanceId"]).metadata_options
    for key, value in (
        ("HttpTokens", held.http_tokens),
        ("HttpPutResponseHopLimit", held.http_put_response_hop_limit),
        ("HttpEndpoint", held.http_endpoint),
        ("HttpProtocolIpv6", held.http_protocol_ipv6),
        ("InstanceMetadataTags", held.instance_metadata_tags),
    ):
        if params.get(key) is None:
            params[key] = value
    hops = int(params["HttpPutResponseHopLimit"])
    if not 1 <= hops <= 64:
        raise invalid(f"Value ({hops}) for parameter HttpPutResponseHopLimit is from 1 to 64.")
