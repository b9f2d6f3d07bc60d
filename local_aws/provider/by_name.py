"""Functions that show one thing which the program names: its output are those of its resource."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from local_aws.provider.answers import Answer, NotShown, listed
from local_aws.provider.aws import Aws
from local_aws.provider.kinds import KINDS
from local_aws.provider.lookups import Arguments, conditions, the_one
from local_aws.provider.refusals import Refused
from local_aws.provider.table import tags_of
from local_aws.wire import Properties

Lookup = Callable[[Aws, Arguments], Properties]


def as_resource(aws: Aws, token: str, name: str, what: str) -> Properties:
    """What is shown of a resource of this id."""
    state = KINDS[token].read(aws, name, {})
    if state is None:
        raise Refused("", f"no matching {what} found: {name}")
    return {key: value for key, value in state.items() if not isinstance(value, NotShown)}


@dataclass(frozen=True)
class Named:
    """One that is read by the name in an argument."""

    token: str
    argument: str
    what: str
    more: Callable[[Aws, str, Properties], Properties] = lambda aws, name, live: {}

    def __call__(self, aws: Aws, arguments: Arguments) -> Properties:
        name = str(arguments.get(self.argument) or "")
        if not name:
            raise Refused("", f"give {self.argument}")
        live = as_resource(aws, self.token, name, self.what)
        return {**arguments, **live, "id": name, **self.more(aws, name, live)}


def in_region(aws: Aws, name: str, live: Properties) -> Properties:
    return {"region": aws.region}


def its_role(aws: Aws, name: str, live: Properties) -> Properties:
    role = live.get("role")
    if not role:
        return {"roleArn": "", "roleId": "", "roleName": ""}
    held = as_resource(aws, "aws:iam/role:Role", str(role), "IAM Role")
    return {"roleArn": held["arn"], "roleId": held["uniqueId"], "roleName": role}


def get_policy(aws: Aws, arguments: Arguments) -> Properties:
    """By its ARN, or by its name: AWS's own policies, too."""
    arn, name = arguments.get("arn"), arguments.get("name")
    if bool(arn) == bool(name):
        raise Refused("", "give exactly one of arn and name")
    if not arn:
        every: list[Answer] = []
        marker: dict[str, Any] = {}
        while True:
            answer = aws.call("list_policies", service="iam", **marker)
            every += listed(answer, "Policies")
            if not answer.get("IsTruncated"):
                break
            marker = {"Marker": answer["Marker"]}
        arn = the_one([each for each in every if each["PolicyName"] == name], "IAM Policy")["Arn"]
    live = as_resource(aws, "aws:iam/policy:Policy", str(arn), "IAM Policy")
    return {**arguments, **live, "id": arn}


def get_zone(aws: Aws, arguments: Arguments) -> Properties:
    """By its id, or by its name, public unless the program says otherwise or names a VPC."""
    name, of_vpc = str(arguments.get("name") or "").rstrip("."), arguments.get("vpcId")
    private = bool(arguments.get("privateZone") or of_vpc)
    wanted: str | None = arguments.get("zoneId")
    if bool(wanted) == bool(name):
        raise Refused("", "give exactly one of zoneId and name")
    if wanted is None:
        every = aws.listed("list_hosted_zones", "HostedZones", service="route53")
        fitting = []
        for each in every:
            key = str(each["Id"]).rpartition("/")[2]
            if each["Name"].rstrip(".") != name or bool(each["Config"]["PrivateZone"]) != private:
                continue
            vpcs = listed(aws.call("get_hosted_zone", service="route53", Id=key), "VPCs")
            if not of_vpc or of_vpc in [one["VPCId"] for one in vpcs]:
                fitting.append(Answer({"Id": key}, "ListHostedZones"))
        wanted = str(the_one(fitting, "Route 53 Hosted Zone")["Id"])
    live = as_resource(aws, "aws:route53/zone:Zone", wanted, "Route 53 Hosted Zone")
    said = {**arguments, **live, "id": wanted, "privateZone": bool(live.get("vpcs"))}
    return {**said, "vpcId": of_vpc or ""}


def get_instance(aws: Aws, arguments: Arguments) -> Properties:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html"""
    said = {"filters": arguments.get("filters"), "tags": arguments.get("instanceTags")}
    which = [arguments["instanceId"]] if arguments.get("instanceId") else None
    wanted = conditions(said, {})
    found = [
        each
        for reservation in aws.listed(
            "describe_instances", "Reservations", InstanceIds=which, Filters=wanted
        )
        for each in listed(reservation, "Instances")
        if each["State"]["Name"] != "terminated"
    ]
    shown = the_one(found, "EC2 Instance")
    name = str(shown["InstanceId"])
    live = as_resource(aws, "aws:ec2/instance:Instance", name, "EC2 Instance")
    data = live.pop("userData", None)
    return {
        **arguments,
        **live,
        "metadataOptions": several(live.get("metadataOptions")),
        **({"userData": data} if arguments.get("getUserData") else {}),
        "id": name,
        "instanceId": name,
        "instanceTags": arguments.get("instanceTags") or {},
        "networkInterfaceId": live.get("primaryNetworkInterfaceId"),
        "region": aws.region,
    }


def get_key_pair(aws: Aws, arguments: Arguments) -> Properties:
    name, key = arguments.get("keyName"), arguments.get("keyPairId")
    found = aws.listed(
        "describe_key_pairs",
        "KeyPairs",
        KeyNames=[name] if name else None,
        KeyPairIds=[key] if key else None,
        Filters=conditions(arguments, {}),
        IncludePublicKey=True,
    )
    shown = the_one(found, "EC2 Key Pair")
    public = shown.get("PublicKey") if arguments.get("includePublicKey") else None
    return {
        **arguments,
        "id": shown["KeyPairId"],
        "arn": aws.arn("key-pair", shown["KeyPairId"]),
        "createTime": str(shown.get("CreateTime") or ""),
        "fingerprint": shown.get("KeyFingerprint") or "",
        "keyName": shown["KeyName"],
        "keyPairId": shown["KeyPairId"],
        "keyType": shown.get("KeyType") or "",
        "publicKey": public or "",
        "region": aws.region,
        "tags": tags_of(shown),
    }


def get_elastic_ip(aws: Aws, arguments: Arguments) -> Properties:
    names = {"id": "allocation-id", "publicIp": "public-ip"}
    shown = the_one(
        aws.listed("describe_addresses", "Addresses", Filters=conditions(arguments, names)),
        "EC2 EIP",
    )
    name = str(shown["AllocationId"])
    live = as_resource(aws, "aws:ec2/eip:Eip", name, "EC2 EIP")
    held = {"instanceId": live["instance"], "networkInterfaceId": live["networkInterface"]}
    return {**arguments, **live, **held, "id": name, "region": aws.region}


def get_launch_template(aws: Aws, arguments: Arguments) -> Properties:
    names = {"name": "launch-template-name"}
    found = aws.listed(
        "describe_launch_templates",
        "LaunchTemplates",
        LaunchTemplateIds=[arguments["id"]] if arguments.get("id") else None,
        Filters=conditions(arguments, names),
    )
    name = str(the_one(found, "EC2 Launch Template")["LaunchTemplateId"])
    live = as_resource(aws, "aws:ec2/launchTemplate:LaunchTemplate", name, "EC2 Launch Template")
    profile, watched = live.pop("iamInstanceProfile", None), live.pop("monitoring", None)
    return {
        **arguments,
        **live,
        "iamInstanceProfiles": several(profile),
        "metadataOptions": several(live.get("metadataOptions")),
        "monitorings": several(watched),
        "id": name,
        "region": aws.region,
    }


def several(held: Any) -> list[Any]:
    """What a resource has once, a function shows as a list."""
    return [held] if held else []


def get_availability_zone(aws: Aws, arguments: Arguments) -> Properties:
    names = {"name": "zone-name", "zoneId": "zone-id", "state": "state"}
    found = aws.listed(
        "describe_availability_zones", "AvailabilityZones", Filters=conditions(arguments, names)
    )
    shown = the_one(found, "EC2 Availability Zone")
    return {
        **arguments,
        "id": shown["ZoneName"],
        "name": shown["ZoneName"],
        "nameSuffix": shown["ZoneName"].removeprefix(aws.region),
        "groupName": shown.get("GroupName") or aws.region,
        "groupLongName": shown.get("GroupLongName") or "",
        "networkBorderGroup": shown.get("NetworkBorderGroup") or aws.region,
        "optInStatus": shown.get("OptInStatus") or "opt-in-not-required",
        "parentZoneId": "",
        "parentZoneName": "",
        "region": aws.region,
        "state": shown["State"],
        "zoneId": shown["ZoneId"],
        "zoneType": shown.get("ZoneType") or "availability-zone",
    }


_IMAGES: Final[Mapping[str, str]] = {
    r"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-(?:default|6\.1)-(x86_64|arm64)": (
        "al2023-ami-2023.*-{}"
    ),
    r"/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-(x86_64-gp2|x86_64-ebs|arm64-gp2)": (
        "amzn2-ami-hvm-*-{}"
    ),
    r"/aws/service/canonical/ubuntu/server/(?:22\.04|jammy)/stable/current/(amd64)/.*/ami-id": (
        "ubuntu/images/*jammy*-{}-server-*"
    ),
    r"/aws/service/canonical/ubuntu/server/(?:24\.04|noble)/stable/current/(amd64|arm64)/.*/ami-id"
    "": "ubuntu/images/*noble*-{}-server-*",
}
"""Public parameters that name images which there are here:
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html"""


def get_parameter(aws: Aws, arguments: Arguments) -> Properties:
    name = str(arguments.get("name") or "")
    found = [(re.fullmatch(said, name), images) for said, images in _IMAGES.items()]
    matched = next(((each[1], images) for each, images in found if each), None)
    if matched is None:
        raise Refused(
            "ParameterNotFound",
            f"the local AWS has no parameter {name}: of Systems Manager it has those alone that"
            " name an image of Amazon Linux or Ubuntu",
        )
    part, images = matched
    every = aws.listed("describe_images", "Images")
    named = [each for each in every if fnmatch.fnmatchcase(each["Name"], images.format(part))]
    value = max(named, key=lambda each: str(each["Name"]))["ImageId"]
    return {
        "withDecryption": True,
        **arguments,
        "id": name,
        "arn": f"arn:aws:ssm:{aws.region}::parameter{name}",
        "insecureValue": value,
        "name": name,
        "region": aws.region,
        "type": "String",
        "value": value,
        "version": 1,
    }


BY_NAME: dict[str, Lookup] = {
    "aws:ec2/getElasticIp:getElasticIp": get_elastic_ip,
    "aws:ec2/getInstance:getInstance": get_instance,
    "aws:ec2/getKeyPair:getKeyPair": get_key_pair,
    "aws:ec2/getLaunchTemplate:getLaunchTemplate": get_launch_template,
    "aws:iam/getInstanceProfile:getInstanceProfile": Named(
        "aws:iam/instanceProfile:InstanceProfile", "name", "IAM Instance Profile", its_role
    ),
    "aws:iam/getPolicy:getPolicy": get_policy,
    "aws:iam/getRole:getRole": Named("aws:iam/role:Role", "name", "IAM Role"),
    "aws:index/getAvailabilityZone:getAvailabilityZone": get_availability_zone,
    "aws:route53/getZone:getZone": get_zone,
    "aws:s3/getBucket:getBucket": Named("aws:s3/bucket:Bucket", "bucket", "S3 Bucket", in_region),
    "aws:ssm/getParameter:getParameter": get_parameter,
}
