"""aws.ec2.FlowLog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused, Unsure
from local_aws.provider.table import Kind, Property, State, tag_list, tags_of
from local_aws.wire import Properties

OF = {
    "vpcId": ("VPC", "vpc-"),
    "subnetId": ("Subnet", "subnet-"),
    "eniId": ("NetworkInterface", "eni-"),
    "regionalNatGatewayId": ("RegionalNatGateway", "nat-"),
}
"""What the API calls what is logged, and how its id begins."""
FILE = {
    "fileFormat": ("FileFormat", "plain-text"),
    "hiveCompatiblePartitions": ("HiveCompatiblePartitions", False),
    "perHourPartition": ("PerHourPartition", False),
}


def options(said: Any) -> Any:
    if not isinstance(said, Mapping):
        return said
    return {name: said.get(name, default) for name, (_, default) in FILE.items()}


def group_arn(text: Any) -> Any:
    """CloudWatch Logs shows the ARN of a group with an asterisk, too."""
    return text.removesuffix(":*") if isinstance(text, str) else text


LOG = (
    *(Property(name, replaces=True) for name in OF),
    Property("destinationOptions", replaces=True, computed=True, canonical=options),
    Property("iamRoleArn", replaces=True),
    Property("logDestination", replaces=True, computed=True, canonical=group_arn),
    Property("logDestinationType", replaces=True, default="cloud-watch-logs"),
    Property("logFormat", replaces=True, computed=True),
    Property("maxAggregationInterval", replaces=True, default=600),
    Property("trafficType", replaces=True),
)


def create_log(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    of = next(name for name in OF if inputs.get(name))
    arguments: dict[str, Any] = {}
    if inputs.get("destinationOptions"):
        said = options(inputs["destinationOptions"])
        arguments["DestinationOptions"] = {member: said[name] for name, (member, _) in FILE.items()}
    if tags:
        arguments["TagSpecifications"] = [{"ResourceType": "vpc-flow-log", "Tags": tag_list(tags)}]
    answer = aws.call(
        "create_flow_logs",
        ResourceType=OF[of][0],
        ResourceIds=[inputs[of]],
        TrafficType=inputs.get("trafficType"),
        LogDestinationType=inputs.get("logDestinationType"),
        LogDestination=group_arn(inputs.get("logDestination")),
        DeliverLogsPermissionArn=inputs.get("iamRoleArn"),
        LogFormat=inputs.get("logFormat"),
        MaxAggregationInterval=inputs.get("maxAggregationInterval"),
        **arguments,
    )
    for failed in listed(answer, "Unsuccessful"):
        said = failed["Error"]
        raise Refused(str(said.get("Code", "")), str(said.get("Message", "")))
    made = answer["FlowLogIds"]
    if not made:
        raise Unsure("", "the answer has no flow log that was made")
    return str(made[0])


def find_log(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_flow_logs", "FlowLogs", FlowLogIds=[name])


def read_log(aws: Aws, name: str, state: State) -> State | None:
    shown = find_log(aws, name)
    if shown is None:
        return None
    resource = str(shown["ResourceId"])
    file = shown.get("DestinationOptions")
    return {
        **{
            prop: resource if resource.startswith(begins) else None
            for prop, (_, begins) in OF.items()
        },
        "destinationOptions": None
        if file is None
        else {prop: file[member] for prop, (member, _) in FILE.items()},
        "iamRoleArn": shown.get("DeliverLogsPermissionArn"),
        "logDestination": shown.shown("LogDestination"),
        "logDestinationType": shown.shown("LogDestinationType"),
        "logFormat": shown.shown("LogFormat"),
        "maxAggregationInterval": shown.shown("MaxAggregationInterval"),
        "trafficType": shown.get("TrafficType"),
        "arn": aws.arn("vpc-flow-log", name),
        "tags": tags_of(shown),
    }


def delete_log(aws: Aws, name: str, state: State) -> None:
    answer = aws.call("delete_flow_logs", FlowLogIds=[name]) if find_log(aws, name) else None
    for failed in listed(answer, "Unsuccessful"):
        said = failed["Error"]
        raise Refused(str(said.get("Code", "")), str(said.get("Message", "")))


def of_one_thing_to_one_place(inputs: Properties) -> Mapping[str, str]:
    found = {}
    if sum(bool(inputs.get(name)) for name in OF) != 1:
        found["vpcId"] = f"give exactly one of {', '.join(OF)}"
    kind = inputs.get("logDestinationType", "cloud-watch-logs")
    if kind not in ("cloud-watch-logs", "s3"):
        found["logDestinationType"] = f"the local AWS has no flow logs to {kind}"
    if not inputs.get("logDestination"):
        found["logDestination"] = "say where the records go"
    if kind == "s3" and inputs.get("iamRoleArn"):
        found["iamRoleArn"] = "a flow log to S3 needs no role: the bucket's policy says who may"
    if not inputs.get("trafficType"):
        found["trafficType"] = "missing required property 'trafficType'"
    return found


KINDS = (
    Kind(
        token="aws:ec2/flowLog:FlowLog",
        properties=LOG,
        outputs=("arn",),
        create=create_log,
        once=True,
        read=read_log,
        delete=delete_log,
        problems=of_one_thing_to_one_place,
        refused={
            "deliverCrossAccountRole": "it has one account",
            "tagFieldSpecifications": "its records have no tags",
            "transitGatewayAttachmentId": "its transit gateways are not logged",
            "transitGatewayId": "its transit gateways are not logged",
        },
    ),
)
