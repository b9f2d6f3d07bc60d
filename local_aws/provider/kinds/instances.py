"""aws.ec2.Instance: a host with its interfaces, or with one that the program made."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer, NotShown, listed
from local_aws.provider.aws import Aws, filters
from local_aws.provider.kinds.interfaces import group_ids, same_addresses
from local_aws.provider.table import Kind, Partly, Property, State, tag_list, tags_of, unordered
from local_aws.provider.waiting import gone, settled
from local_aws.wire import Properties

UNDER_WAY: Final = ("pending", "stopping", "shutting-down")
GONE: Final = ("terminated", "shutting-down")


def in_order(value: Any) -> Any:
    """Interfaces by their place; whether one goes with the instance is false where not said."""
    if not isinstance(value, list):
        return value
    return sorted(
        (int(each.get("deviceIndex", 0)), each.get("networkInterfaceId")) for each in value
    )


INSTANCE = (
    Property("ami", required=True, replaces=True),
    Property("instanceType", required=True),
    Property("subnetId", replaces=True, computed=True),
    Property("availabilityZone", replaces=True, computed=True),
    Property("vpcSecurityGroupIds", computed=True, canonical=unordered),
    Property("privateIp", replaces=True, computed=True),
    Property("associatePublicIpAddress", replaces=True, computed=True),
    Property("ipv6AddressCount", replaces=True, computed=True),
    Property("ipv6Addresses", replaces=True, computed=True, canonical=same_addresses),
    Property("networkInterfaces", replaces=True, computed=True, canonical=in_order),
    Property("keyName", replaces=True, computed=True),
    Property("userData"),
    Property("userDataReplaceOnChange", default=False),
    Property("sourceDestCheck", default=True),
    Property("disableApiTermination", default=False),
    Property("monitoring", default=False),
    Property("iamInstanceProfile"),
    Partly("metadataOptions", computed=True),
)
METADATA: Final = {
    "httpEndpoint": "HttpEndpoint",
    "httpProtocolIpv6": "HttpProtocolIpv6",
    "httpPutResponseHopLimit": "HttpPutResponseHopLimit",
    "httpTokens": "HttpTokens",
    "instanceMetadataTags": "InstanceMetadataTags",
}
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html"""
OF_AN_INTERFACE: Final = (
    *("subnetId", "vpcSecurityGroupIds", "privateIp", "associatePublicIpAddress"),
    *("ipv6AddressCount", "ipv6Addresses"),
)


def run_instance(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    arguments: dict[str, Any] = {
        "NetworkInterfaces": interfaces_of(inputs),
        "Monitoring": {"Enabled": bool(inputs.get("monitoring", False))},
        "DisableApiTermination": bool(inputs.get("disableApiTermination", False)),
    }
    if inputs.get("availabilityZone"):
        arguments["Placement"] = {"AvailabilityZone": inputs["availabilityZone"]}
    if inputs.get("iamInstanceProfile"):
        arguments["IamInstanceProfile"] = {"Name": inputs["iamInstanceProfile"]}
    if asked := metadata_asked(inputs):
        arguments["MetadataOptions"] = asked
    for name, member in (("keyName", "KeyName"), ("userData", "UserData")):
        if inputs.get(name):
            arguments[member] = inputs[name]
    if tags:
        arguments["TagSpecifications"] = [{"ResourceType": "instance", "Tags": tag_list(tags)}]
    answer = aws.call(
        "run_instances",
        ImageId=inputs["ami"],
        InstanceType=inputs["instanceType"],
        MinCount=1,
        MaxCount=1,
        **arguments,
    )
    return str(answer.item("Instances", 0)["InstanceId"])


def metadata_asked(inputs: Properties) -> dict[str, Any]:
    said = inputs.get("metadataOptions") or {}
    return {member: said[name] for name, member in METADATA.items() if said.get(name) is not None}


def interfaces_of(inputs: Properties) -> list[dict[str, Any]]:
    """Those that it is launched with, or the one that AWS is to make for it."""
    if own := inputs.get("networkInterfaces"):
        return [
            {
                "DeviceIndex": each["deviceIndex"],
                "NetworkInterfaceId": each["networkInterfaceId"],
                "DeleteOnTermination": each.get("deleteOnTermination", False),
            }
            for each in own
        ]
    first = {
        "DeviceIndex": 0,
        "DeleteOnTermination": True,
        "SubnetId": inputs.get("subnetId"),
        "Groups": inputs.get("vpcSecurityGroupIds"),
        "PrivateIpAddress": inputs.get("privateIp"),
        "AssociatePublicIpAddress": inputs.get("associatePublicIpAddress"),
        "Ipv6AddressCount": inputs.get("ipv6AddressCount"),
        "Ipv6Addresses": [{"Ipv6Address": each} for each in inputs.get("ipv6Addresses") or ()],
    }
    return [{key: each for key, each in first.items() if each not in (None, [], "")}]


def started(aws: Aws, name: str, inputs: Properties) -> None:
    awaited(aws, name)
    if not inputs.get("sourceDestCheck", True):
        checked(aws, name, False)


def awaited(aws: Aws, name: str) -> None:
    settled(
        lambda: found(aws, name), f"the instance {name}", UNDER_WAY, lambda it: it["State"]["Name"]
    )


def checked(aws: Aws, name: str, wanted: bool) -> None:
    aws.call("modify_instance_attribute", InstanceId=name, SourceDestCheck={"Value": wanted})


def found(aws: Aws, name: str) -> Answer | None:
    reservation = aws.one("describe_instances", "Reservations", InstanceIds=[name])
    for each in listed(reservation, "Instances") if reservation else ():
        if each["State"]["Name"] not in GONE:
            return each
    return None


def attribute(aws: Aws, name: str, which: str) -> Any:
    answer = aws.call("describe_instance_attribute", InstanceId=name, Attribute=which)
    held = answer.get(which[0].upper() + which[1:]) or {}
    return held.get("Value") if isinstance(held, Mapping) else None


def read_instance(aws: Aws, name: str, state: State) -> State | None:
    shown = found(aws, name)
    if shown is None:
        return None
    every = listed(shown, "NetworkInterfaces")
    nothing = shown.item("NetworkInterfaces", len(every))
    first = next((each for each in every if each["Attachment"]["DeviceIndex"] == 0), nothing)
    six = [each["Ipv6Address"] for each in listed(first, "Ipv6Addresses")]
    brought = state["networkInterfaces"] if "networkInterfaces" in state else given(every)
    data = attribute(aws, name, "userData")
    return {
        "ami": shown["ImageId"],
        "instanceType": shown["InstanceType"],
        "subnetId": first["SubnetId"],
        "availabilityZone": shown["Placement"]["AvailabilityZone"],
        "vpcSecurityGroupIds": group_ids(first),
        "privateIp": first["PrivateIpAddress"],
        "associatePublicIpAddress": bool(shown.get("PublicIpAddress")),
        "ipv6AddressCount": len(six),
        "ipv6Addresses": six,
        "networkInterfaces": [standing(each, every) for each in brought] if brought else [],
        "keyName": shown.get("KeyName") or "",
        "userData": base64.b64decode(data).decode() if data else None,
        "userDataReplaceOnChange": state.get("userDataReplaceOnChange", False),
        "sourceDestCheck": shown.shown("SourceDestCheck"),
        "disableApiTermination": bool(attribute(aws, name, "disableApiTermination")),
        "monitoring": shown["Monitoring"]["State"] in ("enabled", "pending"),
        "iamInstanceProfile": profile_of(shown),
        "metadataOptions": metadata_of(shown),
        "arn": aws.arn("instance", name),
        "instanceState": shown["State"]["Name"],
        "primaryNetworkInterfaceId": first["NetworkInterfaceId"],
        "privateDns": shown.get("PrivateDnsName") or "",
        "publicDns": shown.get("PublicDnsName") or "",
        "publicIp": shown.get("PublicIpAddress") or "",
        "tags": tags_of(shown),
    }


def given(every: Any) -> list[dict[str, Any]]:
    """Those that outlive an instance, as what was made with it does not."""
    return [
        {
            "deviceIndex": each["Attachment"]["DeviceIndex"],
            "networkInterfaceId": each["NetworkInterfaceId"],
            "deleteOnTermination": False,
        }
        for each in every
        if not each["Attachment"].get("DeleteOnTermination", True)
    ]


def metadata_of(shown: Answer) -> Any:
    held = shown.inside("MetadataOptions")
    found = {name: held.shown(member) for name, member in METADATA.items()}
    lacking = [each for each in found.values() if isinstance(each, NotShown)]
    return lacking[0] if lacking else found


def profile_of(shown: Answer) -> str | None:
    held = shown.get("IamInstanceProfile")
    return str(held["Arn"]).rpartition("/")[2] if held else None


def standing(said: Any, every: Any) -> dict[str, Any]:
    """One that it was launched with; without a name where another is in its place by now."""
    for each in every:
        if each["Attachment"]["DeviceIndex"] == int(said["deviceIndex"]):
            return {**said, "networkInterfaceId": each["NetworkInterfaceId"]}
    return {**said, "networkInterfaceId": ""}


def change_instance(aws: Aws, name: str, old: State, new: Properties) -> None:
    def modify(**attributes: Any) -> None:
        aws.call("modify_instance_attribute", InstanceId=name, **attributes)

    if new.get("vpcSecurityGroupIds") and unordered(new["vpcSecurityGroupIds"]) != unordered(
        old.get("vpcSecurityGroupIds")
    ):
        modify(Groups=new["vpcSecurityGroupIds"])
    if new.get("sourceDestCheck", True) != old.get("sourceDestCheck", True):
        checked(aws, name, new.get("sourceDestCheck", True))
    if new.get("disableApiTermination", False) != old.get("disableApiTermination", False):
        modify(DisableApiTermination={"Value": new.get("disableApiTermination", False)})
    if new.get("monitoring", False) != old.get("monitoring", False):
        way = "monitor_instances" if new.get("monitoring") else "unmonitor_instances"
        aws.call(way, InstanceIds=[name])
    if new.get("iamInstanceProfile") != old.get("iamInstanceProfile"):
        change_profile(aws, name, new.get("iamInstanceProfile"))
    if (asked := metadata_asked(new)) != metadata_asked(old) and asked:
        aws.call("modify_instance_metadata_options", InstanceId=name, also=asked)
    retyped = new["instanceType"] != old.get("instanceType")
    told = new.get("userData") != old.get("userData")
    if retyped or told:
        aws.call("stop_instances", InstanceIds=[name])
        awaited(aws, name)
        if retyped:
            modify(InstanceType={"Value": new["instanceType"]})
        if told:
            modify(UserData={"Value": (new.get("userData") or "").encode()})
        aws.call("start_instances", InstanceIds=[name])
        awaited(aws, name)


def change_profile(aws: Aws, name: str, wanted: str | None) -> None:
    held = aws.one(
        "describe_iam_instance_profile_associations",
        "IamInstanceProfileAssociations",
        Filters=filters(instance_id=name),
    )
    if held is None and wanted:
        aws.call(
            "associate_iam_instance_profile", InstanceId=name, IamInstanceProfile={"Name": wanted}
        )
    elif held is not None and wanted:
        aws.call(
            "replace_iam_instance_profile_association",
            AssociationId=held["AssociationId"],
            IamInstanceProfile={"Name": wanted},
        )
    elif held is not None:
        aws.gone("disassociate_iam_instance_profile", AssociationId=held["AssociationId"])


def terminate(aws: Aws, name: str, state: State) -> None:
    aws.gone("terminate_instances", InstanceIds=[name])
    gone(lambda: found(aws, name), f"the instance {name}")


def by_one_way(inputs: Properties) -> Mapping[str, str]:
    said = [each for each in OF_AN_INTERFACE if inputs.get(each) is not None]
    if inputs.get("networkInterfaces") and said:
        return {said[0]: "an interface that the program made has it: leave it out here"}
    return {}


def started_anew(state: State, news: Properties, changed: frozenset[str]) -> frozenset[str]:
    return changed & {"userData"} if news.get("userDataReplaceOnChange") else frozenset()


NO_VOLUMES: Final = "the local AWS has no volumes: leave it out"
KINDS = (
    Kind(
        token="aws:ec2/instance:Instance",
        properties=INSTANCE,
        outputs=(
            "arn",
            "instanceState",
            "primaryNetworkInterfaceId",
            "privateDns",
            "publicDns",
            "publicIp",
        ),
        create=run_instance,
        once=True,
        after_create=started,
        read=read_instance,
        update=change_instance,
        delete=terminate,
        problems=by_one_way,
        also_replaces=started_anew,
        unsettled=dict.fromkeys(("instanceType", "userData"), ("publicIp", "publicDns")),
        refused={
            "ebsBlockDevices": NO_VOLUMES,
            "rootBlockDevice": NO_VOLUMES,
            "ephemeralBlockDevices": NO_VOLUMES,
            "launchTemplate": "give ami and instanceType",
            "primaryNetworkInterface": "give networkInterfaces",
            "securityGroups": "give vpcSecurityGroupIds",
            "userDataBase64": "give userData",
        },
    ),
)
