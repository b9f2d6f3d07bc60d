"""Flow logs: of what, to where, in which format, and each once."""

from __future__ import annotations

import re
from typing import Any, Final

from moto.ec2.models.flow_logs import FlowLogs
from moto.ec2.utils import add_tag_specification, random_flow_log_id
from moto.s3.models import s3_backends

from local_aws.strict.rules import Request, Result, answers, invalid, refusal

DEFAULT_FORMAT: Final = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport}"
    " ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)
FIELDS: Final = [
    "version",
    "account-id",
    "interface-id",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log-status",
    "vpc-id",
    "subnet-id",
    "instance-id",
    "tcp-flags",
    "type",
    "pkt-srcaddr",
    "pkt-dstaddr",
    "region",
    "az-id",
    "sublocation-type",
    "sublocation-id",
    "pkt-src-aws-service",
    "pkt-dst-aws-service",
    "flow-direction",
    "traffic-path",
    "ecs-cluster-arn",
    "ecs-cluster-name",
    "ecs-container-instance-arn",
    "ecs-container-instance-id",
    "ecs-container-id",
    "ecs-second-container-id",
    "ecs-service-name",
    "ecs-task-definition-arn",
    "ecs-task-arn",
    "ecs-task-id",
    "reject-reason",
    "resource-id",
    "encryption-status",
]
"""https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html"""
TRAFFIC: Final = ("ACCEPT", "REJECT", "ALL")
_LOG: Any = FlowLogs  # whose methods for CloudFormation are missing


@answers("CreateFlowLogs")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html"""
    params, cloud = request.params, request.cloud
    if params.get("TrafficType") not in TRAFFIC:
        raise invalid(f"Invalid value '{params.get('TrafficType')}' for trafficType.")
    interval = int(params.get("MaxAggregationInterval") or 600)
    if interval not in (60, 600):
        raise refusal("InvalidParameter", "Invalid Flow Log Max Aggregation Interval")
    check_format(params.get("LogFormat"))
    kind = params.get("LogDestinationType") or "cloud-watch-logs"
    group, destination, missing = where(cloud, kind, params)
    made, unsuccessful = [], []
    for resource in params.get("ResourceIds") or []:
        exists(cloud, str(params.get("ResourceType")), resource)
        error = missing
        for other in cloud.flow_logs.values():
            if (other.resource_id, other.log_destination) == (resource, destination):
                error = {
                    "Code": "FlowLogAlreadyExists",
                    "Message": "There is an existing Flow Log with the same configuration and log"
                    " destination.",
                }
        if error:
            unsuccessful.append({"ResourceId": resource, "Error": error})
            continue
        log = _LOG(
            cloud,
            random_flow_log_id(),
            resource,
            params["TrafficType"],
            destination,
            group,
            params.get("DeliverLogsPermissionArn"),
            interval,
            kind,
            params.get("LogFormat") or DEFAULT_FORMAT,
        )
        log.add_tags(add_tag_specification(params.get("TagSpecifications") or []))
        if kind == "s3":
            said = params.get("DestinationOptions") or {}
            log.destination_options = {
                "FileFormat": said.get("FileFormat", "plain-text"),
                "HiveCompatiblePartitions": bool(said.get("HiveCompatiblePartitions", False)),
                "PerHourPartition": bool(said.get("PerHourPartition", False)),
            }
        cloud.flow_logs[log.id] = log
        made.append(log.id)
    return {"FlowLogIds": made, "Unsuccessful": unsuccessful}


def check_format(text: str | None) -> None:
    fields = re.findall(r"\$\{([^}]*)\}", text or "")
    unknown = [each for each in fields if each not in FIELDS]
    if unknown or (text and not fields):
        raise refusal("InvalidParameter", f"Unknown fields provided: {', '.join(unknown) or text}")


def exists(cloud: Any, kind: str, name: str) -> None:
    if kind == "VPC":
        cloud.get_vpc(name)
    elif kind == "Subnet":
        cloud.get_subnet(name)
    elif kind == "NetworkInterface":
        cloud.get_network_interface(name)
    elif kind == "RegionalNatGateway":
        gateway = cloud.nat_gateways.get(name)
        if gateway is None or gateway.availability_mode != "regional":
            raise refusal("NatGatewayNotFound", f"The Nat Gateway {name} was not found")
    else:
        raise refusal("UnsupportedOperation", f"The local AWS has no flow logs of a {kind}.")


def where(
    cloud: Any, kind: str, params: dict[str, Any]
) -> tuple[str | None, str, dict[str, str] | None]:
    """The group's name, the destination's ARN, and what is wrong with it if it is not there."""
    destination, group = params.get("LogDestination"), params.get("LogGroupName")
    if bool(destination) == bool(group):
        raise refusal("InvalidParameter", "Give exactly one of LogDestination and LogGroupName.")
    if kind == "cloud-watch-logs":
        if not params.get("DeliverLogsPermissionArn"):
            raise refusal(
                "InvalidParameter",
                "DeliverLogsPermissionArn can't be empty if LogDestinationType is"
                " cloud-watch-logs.",
            )
        if destination:
            group = str(destination).removesuffix(":*").rpartition(":log-group:")[2]
        prefix = f"arn:aws:logs:{cloud.region_name}:{cloud.account_id}:log-group:"
        return group, prefix + str(group), None  # AWS makes a group that is not there
    if kind != "s3":
        raise refusal("UnsupportedOperation", f"The local AWS has no flow logs to {kind}.")
    if not destination:
        raise refusal("InvalidParameter", "A flow log to S3 needs LogDestination.")
    bucket = str(destination).partition(":::")[2].partition("/")[0]
    if bucket in s3_backends[cloud.account_id]["aws"].buckets:
        return None, str(destination), None
    return (
        None,
        str(destination),
        {
            "Code": "400",
            "Message": f"LogDestination: {bucket} does not exist",
        },
    )
