"""aws.cloudwatch.LogMetricFilter, EventRule and EventTarget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, NotShown
from local_aws.provider.aws import Aws
from local_aws.provider.documents import policy
from local_aws.provider.table import Kind, Property, State, tag_list
from local_aws.wire import Properties

FILTER = (
    Property("name", replaces=True),
    Property("logGroupName", required=True, replaces=True),
    Property("pattern", required=True),
    Property("metricTransformation", required=True),
)
COUNTED = {"name": "metricName", "namespace": "metricNamespace", "value": "metricValue"}


def put_filter(aws: Aws, inputs: Properties) -> str:
    said = inputs["metricTransformation"]
    aws.call(
        "put_metric_filter",
        service="logs",
        logGroupName=inputs["logGroupName"],
        filterName=inputs["name"],
        filterPattern=inputs["pattern"],
        metricTransformations=[{member: said[name] for name, member in COUNTED.items()}],
    )
    return str(inputs["name"])


def find_filter(aws: Aws, group: str, name: str) -> Answer | None:
    asked = {"logGroupName": group, "filterNamePrefix": name}
    found = aws.listed("describe_metric_filters", "metricFilters", service="logs", **asked)
    return next((each for each in found if each["filterName"] == name), None)


def read_filter(aws: Aws, name: str, state: State) -> State | None:
    """Imported as 'GROUP:NAME', as the real provider has it."""
    group, _, alone = name.rpartition(":")
    group = group or str(state.get("logGroupName"))
    shown = find_filter(aws, group, alone)
    if shown is None:
        return None
    counted = shown.item("metricTransformations", 0)
    read: dict[str, Any] = {key: counted.shown(member) for key, member in COUNTED.items()}
    lacking = next((each for each in read.values() if isinstance(each, NotShown)), None)
    return {
        "name": alone,
        "logGroupName": group,
        "pattern": shown.shown("filterPattern"),
        "metricTransformation": lacking or read,
    }


def delete_filter(aws: Aws, name: str, state: State) -> None:
    group = state["logGroupName"]
    aws.gone("delete_metric_filter", service="logs", logGroupName=group, filterName=name)


def changed_filter(aws: Aws, name: str, old: State, new: Properties) -> None:
    put_filter(aws, new)


RULE = (
    Property("name", replaces=True),
    Property("description"),
    Property("eventPattern", required=True, canonical=policy),
)


def put_rule(aws: Aws, inputs: Properties, tags: Mapping[str, str] | None = None) -> str:
    aws.call(
        "put_rule",
        service="events",
        Name=inputs["name"],
        EventPattern=inputs["eventPattern"],
        Description=inputs.get("description"),
        Tags=tag_list(tags) if tags else None,
    )
    return str(inputs["name"])


def read_rule(aws: Aws, name: str, state: State) -> State | None:
    shown = aws.whole("describe_rule", service="events", Name=name)
    if shown is None:
        return None
    arn = shown["Arn"]
    tags = aws.call("list_tags_for_resource", service="events", ResourceARN=arn)
    return {
        "name": name,
        "description": shown.get("Description"),
        "eventPattern": shown.shown("EventPattern"),
        "arn": arn,
        "tags": {each["Key"]: each["Value"] for each in tags.get("Tags", [])},
    }


def changed_rule(aws: Aws, name: str, old: State, new: Properties) -> None:
    put_rule(aws, new)


def retag_rule(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    arn = f"arn:aws:events:{aws.region}:{aws.account}:rule/{name}"
    if removed:
        aws.call("untag_resource", service="events", ResourceARN=arn, TagKeys=removed)
    if changed:
        aws.call("tag_resource", service="events", ResourceARN=arn, Tags=tag_list(changed))


TARGET = (
    Property("rule", required=True, replaces=True),
    Property("arn", required=True),
    Property("targetId", replaces=True, computed=True),
)


def put_target(aws: Aws, inputs: Properties) -> str:
    rule, target = str(inputs["rule"]), str(inputs.get("targetId") or f"terraform-{aws.token[:26]}")
    asked = [{"Id": target, "Arn": inputs["arn"]}]
    aws.call("put_targets", service="events", Rule=rule, Targets=asked)
    return f"{rule}-{target}"


def find_target(aws: Aws, rule: str, target: str) -> Answer | None:
    try_rule = aws.whole("describe_rule", service="events", Name=rule)
    if try_rule is None:
        return None
    found = aws.listed("list_targets_by_rule", "Targets", service="events", Rule=rule)
    return next((each for each in found if each["Id"] == target), None)


def read_target(aws: Aws, name: str, state: State) -> State | None:
    """Imported as 'RULE/TARGET', as the real provider has it."""
    rule, _, target = name.partition("/")
    if not target:
        rule = str(state.get("rule"))
        target = str(state.get("targetId") or name.removeprefix(f"{rule}-"))
    shown = find_target(aws, rule, target)
    if shown is None:
        return None
    return {"rule": rule, "targetId": target, "arn": shown.shown("Arn")}


def delete_target(aws: Aws, name: str, state: State) -> None:
    rule, target = state["rule"], state["targetId"]
    aws.gone("remove_targets", service="events", Rule=rule, Ids=[target])


def changed_target(aws: Aws, name: str, old: State, new: Properties) -> None:
    put_target(aws, {**new, "targetId": old["targetId"]})


KINDS = (
    Kind(
        token="aws:cloudwatch/logMetricFilter:LogMetricFilter",
        properties=FILTER,
        outputs=(),
        create=lambda aws, inputs, tags: put_filter(aws, inputs),
        read=read_filter,
        update=changed_filter,
        delete=delete_filter,
        find=lambda aws, inputs: inputs.get("name"),
        autonamed="name",
        taggable=False,
    ),
    Kind(
        token="aws:cloudwatch/eventRule:EventRule",
        properties=RULE,
        outputs=("arn",),
        create=put_rule,
        read=read_rule,
        update=changed_rule,
        delete=lambda aws, name, state: aws.gone("delete_rule", service="events", Name=name),
        find=lambda aws, inputs: inputs.get("name"),
        retag=retag_rule,
        autonamed="name",
    ),
    Kind(
        token="aws:cloudwatch/eventTarget:EventTarget",
        properties=TARGET,
        outputs=(),
        create=lambda aws, inputs, tags: put_target(aws, inputs),
        read=read_target,
        update=changed_target,
        delete=delete_target,
        taggable=False,
    ),
)
