"""aws.cloudwatch.MetricAlarm and Dashboard."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.documents import policy
from local_aws.provider.table import Kind, Property, State, tag_list, unordered
from local_aws.wire import Properties

ALARM = (
    Property("name", "AlarmName", replaces=True),
    Property("alarmDescription", "AlarmDescription"),
    Property("actionsEnabled", "ActionsEnabled", default=True),
    Property("alarmActions", "AlarmActions", canonical=unordered),
    Property("okActions", "OKActions", canonical=unordered),
    Property("insufficientDataActions", "InsufficientDataActions", canonical=unordered),
    Property("namespace", "Namespace", required=True),
    Property("metricName", "MetricName", required=True),
    Property("dimensions"),
    Property("statistic", "Statistic", required=True),
    Property("period", "Period", required=True),
    Property("evaluationPeriods", "EvaluationPeriods", required=True),
    Property("datapointsToAlarm", "DatapointsToAlarm", computed=True),
    Property("comparisonOperator", "ComparisonOperator", required=True),
    Property("threshold", "Threshold", required=True),
    Property("treatMissingData", "TreatMissingData", default="missing"),
)
LISTS = ("alarmActions", "okActions", "insufficientDataActions")
ALWAYS = frozenset(
    {each.name for each in ALARM if each.required and each.member} | {"actionsEnabled", *LISTS}
)
"""What every answer shows of an alarm."""


def alarm_arguments(inputs: Properties) -> dict[str, Any]:
    arguments = {
        each.member: inputs[each.name]
        for each in ALARM
        if each.member and inputs.get(each.name) is not None
    }
    dimensions = inputs.get("dimensions") or {}
    arguments["Dimensions"] = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    return arguments


def create_alarm(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    aws.call(
        "put_metric_alarm",
        service="cloudwatch",
        **alarm_arguments(inputs),
        Tags=tag_list(tags) or None,
    )
    return str(inputs["name"])


def find_alarm(aws: Aws, name: str) -> Answer | None:
    found = aws.listed("describe_alarms", "MetricAlarms", service="cloudwatch", AlarmNames=[name])
    return next((each for each in found if each["AlarmName"] == name), None)


def read_alarm(aws: Aws, name: str, state: State) -> State | None:
    shown = find_alarm(aws, name)
    if shown is None:
        return None
    live: State = {each.name: shown.get(each.member) for each in ALARM if each.member}
    live |= {each.name: shown.shown(str(each.member)) for each in ALARM if each.name in ALWAYS}
    for each in LISTS:
        live[each] = live[each] or None
    dimensions = shown.shown("Dimensions")
    whole = isinstance(dimensions, list)
    live["dimensions"] = (
        {each["Name"]: each["Value"] for each in dimensions} or None if whole else dimensions
    )
    live["name"] = name
    if state.get("treatMissingData", "missing") != "missing":
        live["treatMissingData"] = shown.shown("TreatMissingData")
    else:  # an alarm of which nobody said it shows nothing
        live["treatMissingData"] = shown.get("TreatMissingData") or "missing"
    arn = shown["AlarmArn"]
    tags = aws.call("list_tags_for_resource", service="cloudwatch", ResourceARN=arn)
    live["arn"] = arn
    live["tags"] = {each["Key"]: each["Value"] for each in tags.get("Tags", [])}
    return live


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    arn = f"arn:aws:cloudwatch:{aws.region}:{aws.account}:alarm:{name}"
    if removed:
        aws.call("untag_resource", service="cloudwatch", ResourceARN=arn, TagKeys=removed)
    if changed:
        aws.call("tag_resource", service="cloudwatch", ResourceARN=arn, Tags=tag_list(changed))


def change_alarm(aws: Aws, name: str, old: State, new: Properties) -> None:
    aws.call("put_metric_alarm", service="cloudwatch", **alarm_arguments(new))


DASHBOARD = (
    Property("dashboardName", required=True, replaces=True),
    Property("dashboardBody", required=True, canonical=policy),
)


def put_dashboard(aws: Aws, inputs: Properties) -> str:
    body = inputs["dashboardBody"]
    text = body if isinstance(body, str) else json.dumps(body)
    name = str(inputs["dashboardName"])
    aws.call("put_dashboard", service="cloudwatch", DashboardName=name, DashboardBody=text)
    return name


def read_dashboard(aws: Aws, name: str, state: State) -> State | None:
    shown = aws.whole("get_dashboard", service="cloudwatch", DashboardName=name)
    if shown is None:
        return None
    return {
        "dashboardName": name,
        "dashboardBody": shown.shown("DashboardBody"),
        "dashboardArn": shown["DashboardArn"],
    }


def change_dashboard(aws: Aws, name: str, old: State, new: Properties) -> None:
    put_dashboard(aws, new)


KINDS = (
    Kind(
        token="aws:cloudwatch/metricAlarm:MetricAlarm",
        properties=ALARM,
        outputs=("arn",),
        create=create_alarm,
        read=read_alarm,
        update=change_alarm,
        delete=lambda aws, name, state: aws.gone(
            "delete_alarms", service="cloudwatch", AlarmNames=[name]
        ),
        find=lambda aws, inputs: inputs.get("name"),
        retag=retag,
        autonamed="name",
    ),
    Kind(
        token="aws:cloudwatch/dashboard:Dashboard",
        properties=DASHBOARD,
        outputs=("dashboardArn",),
        create=lambda aws, inputs, tags: put_dashboard(aws, inputs),
        read=read_dashboard,
        update=change_dashboard,
        delete=lambda aws, name, state: aws.gone(
            "delete_dashboards", service="cloudwatch", DashboardNames=[name]
        ),
        find=lambda aws, inputs: inputs.get("dashboardName"),
        taggable=False,
    ),
)
