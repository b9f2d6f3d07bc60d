"""aws.ec2.Eip and aws.ec2.EipAssociation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws, filters
from local_aws.provider.table import Kind, Property, State, made_by, tags_of
from local_aws.wire import Properties

EIP = (
    Property("address", "Address", replaces=True),
    Property("associateWithPrivateIp"),
    Property("domain", "Domain", replaces=True, computed=True),
    Property("instance", computed=True),
    Property("networkBorderGroup", "NetworkBorderGroup", replaces=True, computed=True),
    Property("networkInterface", computed=True),
    Property("publicIpv4Pool", "PublicIpv4Pool", replaces=True, computed=True),
)
GIVEN_TO = ("instance", "networkInterface", "associateWithPrivateIp")
ASSOCIATED = ("associationId", "privateIp", "privateDns")


def find_address(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_addresses", "Addresses", AllocationIds=[name])


def host_name(aws: Aws, address: str | None, public: bool) -> str:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames"""
    if not address:
        return ""
    dashed = address.replace(".", "-")
    home = aws.region == "us-east-1"
    if public:
        zone = "compute-1" if home else f"{aws.region}.compute"
        return f"ec2-{dashed}.{zone}.amazonaws.com"
    return f"ip-{dashed}.{'ec2' if home else f'{aws.region}.compute'}.internal"


def read_address(aws: Aws, name: str, state: State) -> State | None:
    shown = find_address(aws, name)
    if shown is None:
        return None
    return {
        "domain": shown.shown("Domain"),
        "instance": shown.get("InstanceId") or "",
        "networkBorderGroup": shown.shown("NetworkBorderGroup"),
        "networkInterface": shown.get("NetworkInterfaceId") or "",
        "publicIpv4Pool": shown.shown("PublicIpv4Pool"),
        "allocationId": shown["AllocationId"],
        "arn": aws.arn("elastic-ip", name),
        "associationId": shown.get("AssociationId"),
        "privateIp": shown.get("PrivateIpAddress"),
        "privateDns": host_name(aws, shown.get("PrivateIpAddress"), public=False),
        "publicIp": shown["PublicIp"],
        "publicDns": host_name(aws, shown["PublicIp"], public=True),
        "tags": tags_of(shown),
    }


def give(aws: Aws, name: str, inputs: Properties) -> None:
    """To the instance or interface that the program names, if it names one."""
    if inputs.get("instance") or inputs.get("networkInterface"):
        aws.call(
            "associate_address",
            AllocationId=name,
            InstanceId=inputs.get("instance") or None,
            NetworkInterfaceId=inputs.get("networkInterface") or None,
            PrivateIpAddress=inputs.get("associateWithPrivateIp"),
        )


def move(aws: Aws, name: str, old: State, new: Properties) -> None:
    wanted = {key: new[key] for key in GIVEN_TO if new.get(key)}
    if not wanted or all(old.get(key) == value for key, value in wanted.items()):
        return
    take_back(aws, name)
    give(aws, name, new)


def take_back(aws: Aws, name: str) -> None:
    shown = find_address(aws, name)
    if shown is not None and (shown.get("AssociationId") or shown.get("NetworkInterfaceId")):
        aws.gone("disassociate_address", AssociationId=shown["AssociationId"])


def release(aws: Aws, name: str, state: State) -> None:
    take_back(aws, name)
    aws.gone("release_address", AllocationId=name)


def one_holder(inputs: Properties) -> Mapping[str, str]:
    if inputs.get("instance") and inputs.get("networkInterface"):
        return {"networkInterface": "give one of instance and networkInterface"}
    return {}


HOLDERS = {"instanceId": "InstanceId", "networkInterfaceId": "NetworkInterfaceId"}
ASSOCIATION = (
    Property("allocationId", replaces=True, computed=True),
    Property("allowReassociation", replaces=True),
    Property("instanceId", replaces=True, computed=True),
    Property("networkInterfaceId", replaces=True, computed=True),
    Property("privateIpAddress", replaces=True, computed=True),
    Property("publicIp", replaces=True, computed=True),
)


def address_in(aws: Aws, inputs: Properties) -> Answer | None:
    given: dict[str, Any] = (
        {"AllocationIds": [inputs["allocationId"]]}
        if inputs.get("allocationId")
        else {"PublicIps": [inputs.get("publicIp")]}
    )
    return aws.one("describe_addresses", "Addresses", **given)


def standing_association(aws: Aws, inputs: Properties) -> str | None:
    shown = address_in(aws, inputs)
    return shown.get("AssociationId") if shown is not None else None


def associate(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    """AWS takes it again without an error, and would call the association otherwise."""
    shown = address_in(aws, inputs)
    for name, member in HOLDERS.items():
        if shown is not None and inputs.get(name) and shown.get(member) == inputs[name]:
            return str(shown["AssociationId"])
    answer = aws.call(
        "associate_address",
        AllocationId=inputs.get("allocationId"),
        PublicIp=inputs.get("publicIp"),
        InstanceId=inputs.get("instanceId"),
        NetworkInterfaceId=inputs.get("networkInterfaceId"),
        PrivateIpAddress=inputs.get("privateIpAddress"),
        AllowReassociation=inputs.get("allowReassociation"),
    )
    return str(answer["AssociationId"])


def find_association(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_addresses", "Addresses", Filters=filters(association_id=name))


def read_association(aws: Aws, name: str, state: State) -> State | None:
    shown = find_association(aws, name)
    if shown is None:
        return None
    return {
        "allocationId": shown["AllocationId"],
        "instanceId": shown.get("InstanceId") or "",
        "networkInterfaceId": shown.shown("NetworkInterfaceId"),
        "privateIpAddress": shown.shown("PrivateIpAddress"),
        "publicIp": shown["PublicIp"],
    }


def disassociate(aws: Aws, name: str, state: State) -> None:
    if find_association(aws, name) is not None:
        aws.gone("disassociate_address", AssociationId=name)


def an_address_and_a_holder(inputs: Properties) -> Mapping[str, str]:
    found = {}
    if not (inputs.get("allocationId") or inputs.get("publicIp")):
        found["allocationId"] = "give allocationId, or publicIp"
    if bool(inputs.get("instanceId")) == bool(inputs.get("networkInterfaceId")):
        found["networkInterfaceId"] = "give exactly one of instanceId and networkInterfaceId"
    return found


KINDS = (
    Kind(
        token="aws:ec2/eip:Eip",
        properties=EIP,
        outputs=(
            "allocationId",
            "arn",
            "associationId",
            "carrierIp",
            "customerOwnedIp",
            "privateDns",
            "privateIp",
            "ptrRecord",
            "publicDns",
            "publicIp",
        ),
        create=made_by("allocate_address", "AllocationId", EIP, "elastic-ip"),
        after_create=give,
        read=read_address,
        update=move,
        delete=release,
        problems=one_holder,
        unsettled=dict.fromkeys(GIVEN_TO, ASSOCIATED),
        refused={
            "customerOwnedIpv4Pool": "the local AWS has no Outposts",
            "ipamPoolId": "the local AWS has no IPAM",
        },
    ),
    Kind(
        token="aws:ec2/eipAssociation:EipAssociation",
        properties=ASSOCIATION,
        outputs=(),
        create=associate,
        read=read_association,
        delete=disassociate,
        find=standing_association,
        taggable=False,
        problems=an_address_and_a_holder,
    ),
)
