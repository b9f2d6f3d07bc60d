"""aws.ec2.VpcBlockPublicAccessOptions and its exclusions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, tag_list, tags_of
from local_aws.provider.waiting import gone, settled
from local_aws.wire import Properties

OPTIONS = (Property("internetGatewayBlockMode", required=True),)
UNDER_WAY = ("create-in-progress", "update-in-progress", "delete-in-progress")


def find_options(aws: Aws) -> Answer:
    answer = aws.call("describe_vpc_block_public_access_options")
    found: Answer = answer["VpcBlockPublicAccessOptions"]
    return found


def set_mode(aws: Aws, mode: str) -> None:
    aws.call("modify_vpc_block_public_access_options", InternetGatewayBlockMode=mode)
    settled(lambda: find_options(aws), "the change of Block Public Access", UNDER_WAY)


def set_options(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    set_mode(aws, str(inputs["internetGatewayBlockMode"]))
    return aws.region


def read_options(aws: Aws, name: str, state: State) -> State | None:
    """There is always one a Region; with the mode `off` it is as if there was none."""
    shown = find_options(aws)
    mode = shown["InternetGatewayBlockMode"]
    if mode == "off" and state.get("internetGatewayBlockMode") != "off":
        return None
    return {
        "internetGatewayBlockMode": mode,
        "awsAccountId": shown.get("AwsAccountId"),
        "awsRegion": shown.get("AwsRegion"),
    }


EXCLUSION = (
    Property("internetGatewayExclusionMode", required=True),
    Property("subnetId", replaces=True),
    Property("vpcId", replaces=True),
)


def create_exclusion(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    arguments: dict[str, Any] = {}
    if tags:
        kind = "vpc-block-public-access-exclusion"
        arguments["TagSpecifications"] = [{"ResourceType": kind, "Tags": tag_list(tags)}]
    answer = aws.call(
        "create_vpc_block_public_access_exclusion",
        InternetGatewayExclusionMode=inputs["internetGatewayExclusionMode"],
        SubnetId=inputs.get("subnetId"),
        VpcId=inputs.get("vpcId"),
        **arguments,
    )
    name = str(answer["VpcBlockPublicAccessExclusion"]["ExclusionId"])
    settled(lambda: find_exclusion(aws, name), f"the creation of {name}", UNDER_WAY)
    return name


def find_exclusion(aws: Aws, name: str) -> Answer | None:
    return aws.one(
        "describe_vpc_block_public_access_exclusions",
        "VpcBlockPublicAccessExclusions",
        ExclusionIds=[name],
    )


def read_exclusion(aws: Aws, name: str, state: State) -> State | None:
    shown = find_exclusion(aws, name)
    if shown is None:
        return None
    arn = str(shown["ResourceArn"])
    of = arn.rpartition("/")[2]
    return {
        "internetGatewayExclusionMode": shown["InternetGatewayExclusionMode"],
        "subnetId": of if of.startswith("subnet-") else None,
        "vpcId": of if of.startswith("vpc-") else None,
        "resourceArn": arn,
        "tags": tags_of(shown),
    }


def change_exclusion(aws: Aws, name: str, old: State, new: Properties) -> None:
    mode = new["internetGatewayExclusionMode"]
    if mode != old.get("internetGatewayExclusionMode"):
        aws.call(
            "modify_vpc_block_public_access_exclusion",
            ExclusionId=name,
            InternetGatewayExclusionMode=mode,
        )
        settled(lambda: find_exclusion(aws, name), f"the change of {name}", UNDER_WAY)


def delete_exclusion(aws: Aws, name: str, state: State) -> None:
    aws.gone("delete_vpc_block_public_access_exclusion", ExclusionId=name)
    gone(lambda: find_exclusion(aws, name), name)


def of_one_thing(inputs: Properties) -> Mapping[str, str]:
    if bool(inputs.get("vpcId")) == bool(inputs.get("subnetId")):
        return {"vpcId": "give exactly one of vpcId and subnetId"}
    return {}


def turn_off(aws: Aws, name: str, state: State) -> None:
    set_mode(aws, "off")


def change_options(aws: Aws, name: str, old: State, new: Properties) -> None:
    set_mode(aws, str(new["internetGatewayBlockMode"]))


KINDS = (
    Kind(
        token="aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
        properties=OPTIONS,
        outputs=("awsAccountId", "awsRegion"),
        create=set_options,
        read=read_options,
        update=change_options,
        delete=turn_off,
        find=lambda aws, inputs: aws.region,
        taggable=False,
    ),
    Kind(
        token="aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
        properties=EXCLUSION,
        outputs=("resourceArn",),
        create=create_exclusion,
        read=read_exclusion,
        update=change_exclusion,
        delete=delete_exclusion,
        problems=of_one_thing,
    ),
)
