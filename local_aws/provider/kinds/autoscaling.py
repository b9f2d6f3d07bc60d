"""aws.autoscaling.Group: instances of a launch template, in subnets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State, unordered
from local_aws.provider.waiting import gone
from local_aws.wire import Properties

_SERVICE: Final = "autoscaling"
_MEMBERS: Final = {"id": "LaunchTemplateId", "name": "LaunchTemplateName", "version": "Version"}


def by_key(value: Any) -> Any:
    """Tags, in whatever order they are said."""
    if not isinstance(value, list):
        return value
    return sorted(
        (str(each.get("key")), str(each.get("value")), bool(each.get("propagateAtLaunch")))
        for each in value
    )


def template(value: Any) -> Any:
    """A version that is not said is the default one."""
    if not isinstance(value, Mapping):
        return value
    named = "id" if value.get("id") else "name"
    return value.get(named), str(value.get("version") or "$Default")


GROUP = (
    Property("name", replaces=True),
    Property("minSize", "MinSize", required=True),
    Property("maxSize", "MaxSize", required=True),
    Property("desiredCapacity", "DesiredCapacity", computed=True),
    Property("vpcZoneIdentifiers", required=True, canonical=unordered),
    Property("launchTemplate", required=True, canonical=template),
    Property("healthCheckType", "HealthCheckType", computed=True),
    Property("healthCheckGracePeriod", "HealthCheckGracePeriod", default=300),
    Property("protectFromScaleIn", "NewInstancesProtectedFromScaleIn", default=False),
    Property("targetGroupArns", computed=True, canonical=unordered),
    Property("tags", canonical=by_key),
    Property("forceDelete", default=False),
    Property("waitForCapacityTimeout", default="10m"),
)


def said_of(inputs: Properties) -> dict[str, Any]:
    """What both calls take."""
    held = inputs["launchTemplate"]
    return {
        **{str(each.member): inputs.get(each.name) for each in GROUP if each.member},
        "VPCZoneIdentifier": ",".join(inputs["vpcZoneIdentifiers"]),
        "LaunchTemplate": {
            member: held[key] for key, member in _MEMBERS.items() if held.get(key) is not None
        },
    }


def tags_said(inputs: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [
        {
            "ResourceId": name,
            "ResourceType": "auto-scaling-group",
            "Key": each["key"],
            "Value": each["value"],
            "PropagateAtLaunch": each["propagateAtLaunch"],
        }
        for each in inputs.get("tags") or ()
    ]


def create_group(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["name"])
    aws.call(
        "create_auto_scaling_group",
        service=_SERVICE,
        AutoScalingGroupName=name,
        TargetGroupARNs=inputs.get("targetGroupArns") or None,
        Tags=tags_said(inputs, name) or None,
        **said_of(inputs),
    )
    return name


def find_group(aws: Aws, name: str) -> Answer | None:
    found = aws.listed(
        "describe_auto_scaling_groups",
        "AutoScalingGroups",
        service=_SERVICE,
        AutoScalingGroupNames=[name],
    )
    return found[0] if found else None


def read_group(aws: Aws, name: str, state: State) -> State | None:
    shown = find_group(aws, name)
    if shown is None:
        return None
    held = shown["LaunchTemplate"]
    said = state.get("launchTemplate") or {"id": "", "version": ""}
    return {
        "name": shown["AutoScalingGroupName"],
        **{each.name: shown.shown(str(each.member)) for each in GROUP if each.member is not None},
        "vpcZoneIdentifiers": [each for each in shown["VPCZoneIdentifier"].split(",") if each],
        "targetGroupArns": list(shown.get("TargetGroupARNs") or ()),
        "launchTemplate": {key: held[_MEMBERS[key]] for key in said if key in _MEMBERS},
        "tags": [
            {
                "key": each["Key"],
                "value": each["Value"],
                "propagateAtLaunch": each["PropagateAtLaunch"],
            }
            for each in listed(shown, "Tags")
        ]
        or None,
        "arn": shown["AutoScalingGroupARN"],
        "predictedCapacity": 0,
        "warmPoolSize": 0,
    }


def change_group(aws: Aws, name: str, old: State, new: Properties) -> None:
    aws.call(
        "update_auto_scaling_group", service=_SERVICE, AutoScalingGroupName=name, **said_of(new)
    )
    before, after = (set(each.get("targetGroupArns") or ()) for each in (old, new))
    if new.get("targetGroupArns") is not None:
        for operation, arns in (
            ("detach_load_balancer_target_groups", before - after),
            ("attach_load_balancer_target_groups", after - before),
        ):
            if arns:
                aws.call(
                    operation,
                    service=_SERVICE,
                    AutoScalingGroupName=name,
                    TargetGroupARNs=sorted(arns),
                )
    wanted = {each["Key"] for each in tags_said(new, name)}
    if lost := [each for each in tags_said(old, name) if each["Key"] not in wanted]:
        aws.call("delete_tags", service=_SERVICE, Tags=lost)
    if said := tags_said(new, name):
        aws.call("create_or_update_tags", service=_SERVICE, Tags=said)


def delete_group(aws: Aws, name: str, state: State) -> None:
    """As Terraform does: it is emptied first, unless the program says to take it as it is."""
    if find_group(aws, name) is None:
        return
    force = bool(state.get("forceDelete"))
    if not force:
        aws.call(
            "update_auto_scaling_group",
            service=_SERVICE,
            AutoScalingGroupName=name,
            MinSize=0,
            MaxSize=0,
            DesiredCapacity=0,
        )
        gone(lambda: held_by(aws, name), f"an instance of {name}")
    aws.call(
        "delete_auto_scaling_group",
        service=_SERVICE,
        AutoScalingGroupName=name,
        ForceDelete=force,
    )


def held_by(aws: Aws, name: str) -> Answer | None:
    shown = find_group(aws, name)
    return next(iter(listed(shown, "Instances")), None)


KINDS = (
    Kind(
        token="aws:autoscaling/group:Group",
        properties=GROUP,
        outputs=("arn", "predictedCapacity", "warmPoolSize"),
        create=create_group,
        read=read_group,
        update=change_group,
        delete=delete_group,
        taggable=False,
        find=lambda aws, inputs: inputs.get("name"),
        autonamed="name",
        refused={
            "availabilityZones": "give vpcZoneIdentifiers",
            "launchConfiguration": "give launchTemplate",
            "mixedInstancesPolicy": "give launchTemplate",
            "namePrefix": "give name, or nothing",
        },
    ),
)
