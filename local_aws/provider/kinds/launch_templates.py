"""aws.ec2.LaunchTemplate: what an autoscaling group, a node group or ECS starts hosts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, deleted_by, tag_list, tags_of, unordered
from local_aws.wire import Properties


def as_api(value: Any) -> Any:
    """Structures as the API writes them: httpTokens is HttpTokens there, and kmsKeyId KmsKeyId."""
    if isinstance(value, Mapping):
        return {
            key[:1].upper() + key[1:]: tag_list(held) if key == "tags" else as_api(held)
            for key, held in value.items()
            if held not in (None, "")
        }
    if isinstance(value, list):
        return [as_api(each) for each in value]
    return value if isinstance(value, bool) else str(value)


def as_program(value: Any) -> Any:
    """And back."""
    if isinstance(value, Mapping):
        return {
            key[:1].lower() + key[1:]: {each["Key"]: each["Value"] for each in held}
            if key == "Tags"
            else as_program(held)
            for key, held in value.items()
        }
    return [as_program(each) for each in value] if isinstance(value, list) else value


def flag(value: Any) -> Any:
    return str(value).lower()


DATA = (
    Property("imageId", "ImageId"),
    Property("instanceType", "InstanceType"),
    Property("keyName", "KeyName"),
    Property("userData", "UserData"),
    Property("vpcSecurityGroupIds", "SecurityGroupIds", canonical=unordered),
    Property("ebsOptimized", "EbsOptimized", canonical=flag),
    Property("metadataOptions", "MetadataOptions", canonical=as_api),
    Property("monitoring", "Monitoring", canonical=as_api),
    Property("iamInstanceProfile", "IamInstanceProfile", canonical=as_api),
    Property("blockDeviceMappings", "BlockDeviceMappings", canonical=as_api),
    Property("tagSpecifications", "TagSpecifications", canonical=as_api),
)
"""What a version holds, and a change of which makes another version:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html"""
HELD = ("description", *(each.name for each in DATA))
TEMPLATE = (
    Property("name", replaces=True),
    Property("description"),
    Property("updateDefaultVersion", default=False),
    *DATA,
)


def held_in(inputs: Properties) -> dict[str, Any]:
    return {
        str(each.member): as_api(inputs[each.name])
        if isinstance(inputs[each.name], (Mapping, list)) and each.canonical is as_api
        else inputs[each.name]
        for each in DATA
        if inputs.get(each.name)
    }


def create_template(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    arguments: dict[str, Any] = {}
    if tags:
        arguments["TagSpecifications"] = [
            {"ResourceType": "launch-template", "Tags": tag_list(tags)}
        ]
    answer = aws.call(
        "create_launch_template",
        LaunchTemplateName=inputs["name"],
        VersionDescription=inputs.get("description"),
        LaunchTemplateData=held_in(inputs),
        **arguments,
    )
    return str(answer["LaunchTemplate"]["LaunchTemplateId"])


def find_template(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_launch_templates", "LaunchTemplates", LaunchTemplateIds=[name])


def read_template(aws: Aws, name: str, state: State) -> State | None:
    """Its latest version: what a program says makes one."""
    shown = find_template(aws, name)
    if shown is None:
        return None
    latest = aws.one(
        "describe_launch_template_versions",
        "LaunchTemplateVersions",
        LaunchTemplateId=name,
        Versions=["$Latest"],
    )
    if latest is None:
        return None
    data = latest["LaunchTemplateData"]
    return {
        "name": shown["LaunchTemplateName"],
        "description": latest.get("VersionDescription"),
        **{
            each.name: as_program(data.get(str(each.member)))
            if each.canonical is as_api
            else data.get(str(each.member))
            for each in DATA
        },
        "updateDefaultVersion": state.get("updateDefaultVersion"),
        "arn": aws.arn("launch-template", name),
        "defaultVersion": shown["DefaultVersionNumber"],
        "latestVersion": shown["LatestVersionNumber"],
        "tags": tags_of(shown),
    }


def another_version(aws: Aws, name: str, old: State, new: Properties) -> None:
    """A version is never changed: another is made, and is the default where the program says so."""
    if any(old.get(each) != new.get(each) for each in HELD):
        aws.call(
            "create_launch_template_version",
            LaunchTemplateId=name,
            VersionDescription=new.get("description"),
            LaunchTemplateData=held_in(new),
        )
    if new.get("updateDefaultVersion"):
        shown = find_template(aws, name)
        if shown is not None:
            aws.call(
                "modify_launch_template",
                LaunchTemplateId=name,
                DefaultVersion=str(shown["LatestVersionNumber"]),
            )


KINDS = (
    Kind(
        token="aws:ec2/launchTemplate:LaunchTemplate",
        properties=TEMPLATE,
        outputs=("arn", "defaultVersion", "latestVersion"),
        create=create_template,
        read=read_template,
        update=another_version,
        delete=deleted_by("delete_launch_template", "LaunchTemplateId"),
        once=True,
        autonamed="name",
        refused={
            "defaultVersion": "give updateDefaultVersion",
            "namePrefix": "give name, or nothing",
            "networkInterfaces": "give vpcSecurityGroupIds",
        },
        unsettled=dict.fromkeys(
            (*HELD, "updateDefaultVersion"), ("latestVersion", "defaultVersion")
        ),
    ),
)
