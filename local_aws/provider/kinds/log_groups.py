"""aws.cloudwatch.LogGroup."""

from __future__ import annotations

from collections.abc import Mapping

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.table import Kind, Property, State
from local_aws.wire import Properties

DAYS = (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
        2922, 3288, 3653)  # fmt: skip
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
Zero is Terraform's word for ever."""
GROUP = (
    Property("name", replaces=True),
    Property("retentionInDays", default=0),
    Property("skipDestroy", default=False),
    Property("logGroupClass", replaces=True, computed=True),
)


def find_group(aws: Aws, name: str) -> Answer | None:
    """The question is for all whose name begins so."""
    found = aws.listed("describe_log_groups", "logGroups", service="logs", logGroupNamePrefix=name)
    return next((each for each in found if each["logGroupName"] == name), None)


def create_group(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["name"])
    aws.call(
        "create_log_group",
        service="logs",
        logGroupName=name,
        logGroupClass=inputs.get("logGroupClass"),
        tags=dict(tags) or None,
    )
    return name


def keep_for(aws: Aws, name: str, inputs: Properties) -> None:
    days = inputs.get("retentionInDays") or 0
    if days:
        aws.call("put_retention_policy", service="logs", logGroupName=name, retentionInDays=days)
    else:
        aws.gone("delete_retention_policy", service="logs", logGroupName=name)


def group_arn(aws: Aws, name: str) -> str:
    return f"arn:aws:logs:{aws.region}:{aws.account}:log-group:{name}"


def read_group(aws: Aws, name: str, state: State) -> State | None:
    shown = find_group(aws, name)
    if shown is None:
        return None
    arn = group_arn(aws, name)
    tags = aws.call("list_tags_for_resource", service="logs", resourceArn=arn)
    return {
        "name": name,
        "retentionInDays": shown.get("retentionInDays") or 0,
        "logGroupClass": shown.shown("logGroupClass"),
        "arn": arn,
        "tags": dict(tags.get("tags", {})),
    }


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    arn = group_arn(aws, name)
    if removed:
        aws.call("untag_resource", service="logs", resourceArn=arn, tagKeys=removed)
    if changed:
        aws.call("tag_resource", service="logs", resourceArn=arn, tags=dict(changed))


def delete_group(aws: Aws, name: str, state: State) -> None:
    if not state.get("skipDestroy"):
        aws.gone("delete_log_group", service="logs", logGroupName=name)


def days_that_there_are(inputs: Properties) -> Mapping[str, str]:
    days = inputs.get("retentionInDays")
    if days is None or not str(days).isdecimal() or int(days) in DAYS:
        return {}
    return {"retentionInDays": f"give one of {', '.join(map(str, DAYS))}"}


KINDS = (
    Kind(
        token="aws:cloudwatch/logGroup:LogGroup",
        properties=GROUP,
        outputs=("arn",),
        create=create_group,
        after_create=keep_for,
        read=read_group,
        update=lambda aws, name, old, new: keep_for(aws, name, new),
        delete=delete_group,
        find=lambda aws, inputs: inputs.get("name"),
        retag=retag,
        autonamed="name",
        problems=days_that_there_are,
        refused={
            "deletionProtectionEnabled": "it deletes what a program deletes",
            "kmsKeyId": "it has no keys",
            "namePrefix": "give name, or nothing",
        },
    ),
)
