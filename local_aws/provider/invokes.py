"""The functions of the provider: aws.get_availability_zones and its like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.provider.aws import Aws
from local_aws.provider.by_name import BY_NAME
from local_aws.provider.found_again import FOUND_AGAIN
from local_aws.provider.lookups import LOOKUPS
from local_aws.provider.policy_documents import get_policy_document
from local_aws.wire import Properties


def get_availability_zones(aws: Aws, arguments: Mapping[str, Any]) -> Properties:
    wanted = [
        {"Name": each["name"], "Values": each["values"]} for each in arguments.get("filters", [])
    ]
    if arguments.get("state"):
        wanted.append({"Name": "state", "Values": [arguments["state"]]})
    shown = aws.listed("describe_availability_zones", "AvailabilityZones", Filters=wanted or None)
    zones = sorted(
        (
            zone
            for zone in shown
            if zone["ZoneName"] not in arguments.get("excludeNames", [])
            and zone["ZoneId"] not in arguments.get("excludeZoneIds", [])
        ),
        key=lambda zone: str(zone["ZoneName"]),
    )
    return {
        **arguments,
        "id": aws.region,
        "region": aws.region,
        "names": [zone["ZoneName"] for zone in zones],
        "zoneIds": [zone["ZoneId"] for zone in zones],
        "groupNames": sorted({zone.get("GroupName", aws.region) for zone in zones}),
    }


def get_caller_identity(aws: Aws, arguments: Mapping[str, Any]) -> Properties:
    answer = aws.call("get_caller_identity", service="sts")
    account = str(answer["Account"])
    return {"id": account, "accountId": account, "arn": answer["Arn"], "userId": answer["UserId"]}


def get_region(aws: Aws, arguments: Mapping[str, Any]) -> Properties:
    return {
        "id": aws.region,
        "name": aws.region,
        "region": aws.region,
        "description": aws.region,
        "endpoint": f"ec2.{aws.region}.amazonaws.com",
    }


def get_partition(aws: Aws, arguments: Mapping[str, Any]) -> Properties:
    return {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    }


INVOKES: dict[str, Callable[[Aws, Mapping[str, Any]], Properties]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": get_availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:iam/getPolicyDocument:getPolicyDocument": get_policy_document,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:index/getRegion:getRegion": get_region,
    **LOOKUPS,
    **FOUND_AGAIN,
    **BY_NAME,
}
