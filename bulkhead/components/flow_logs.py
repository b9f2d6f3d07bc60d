"""Flow logs of a VPC: what every interface sends, gets and is refused, written down."""

from __future__ import annotations

import json
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.network import FlowLogging

_PURPOSE: Final = "records of all traffic"
_WRITES: Final = (
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
)
"""docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, but for CreateLogGroup: the
group is there."""


class FlowLogs(Component):
    """A flow log, and where it goes to CloudWatch the log group and the role that writes there.

    Produces: aws.ec2.FlowLog; for CloudWatch also aws.cloudwatch.LogGroup, aws.iam.Role and
    RolePolicy. The role writes to that group alone, for flow logs of this account and Region alone.
    """

    flow_log_id: pulumi.Output[str]
    """Id of the flow log."""
    log_group_name: pulumi.Output[str] | None
    """The log group in CloudWatch; None where records go to a bucket."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        logging: FlowLogging,
        vpc_id: pulumi.Input[str],
        vpc_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`vpc_arn` says which account, Region and partition of AWS it is."""
        super().__init__(name, topology, opts)
        self.log_group_name = None
        if logging.to == "cloudwatch":
            group = aws.cloudwatch.LogGroup(
                self.key("group"),
                retention_in_days=logging.retention,
                tags=self.word_tags(f"{logging.name} flow logs", purpose=_PURPOSE),
                opts=self.child(),
            )
            self.log_group_name = group.name
            where, written = self._to(group, pulumi.Output.from_input(vpc_arn))
        else:
            where, written = {"log_destination": _bucket(logging.bucket, vpc_arn)}, []
        log = aws.ec2.FlowLog(
            self.key("log"),
            vpc_id=vpc_id,
            traffic_type=logging.traffic,
            log_destination_type="s3" if logging.to == "s3" else "cloud-watch-logs",
            log_format=" ".join(f"${{{each}}}" for each in logging.fields),
            max_aggregation_interval=logging.interval,
            **where,
            tags=self.word_tags(logging.name, purpose=_PURPOSE),
            # AWS takes no second one of the same traffic to the same place, and changes none
            # (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html).
            opts=self.child(after=written, delete_before_replace=True),
        )
        self.flow_log_id = log.id
        self.register_outputs({"flowLogId": self.flow_log_id, "logGroupName": self.log_group_name})

    def _to(
        self, group: aws.cloudwatch.LogGroup, vpc_arn: pulumi.Output[str]
    ) -> tuple[dict[str, Any], list[pulumi.Resource]]:
        role = aws.iam.Role(
            self.key("writer"),
            assume_role_policy=vpc_arn.apply(_taken_by_flow_logs),
            tags=self.word_tags(self.name, purpose="writes flow logs"),
            opts=self.child(),
        )
        policy = aws.iam.RolePolicy(
            self.key("writer-policy"),
            role=role.id,
            policy=group.arn.apply(_writes_to),
            opts=self.child(),
        )
        return {"iam_role_arn": role.arn, "log_destination": group.arn}, [policy]


def _bucket(bucket: str, vpc_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    arn = pulumi.Output.from_input(vpc_arn)
    return arn.apply(lambda vpc: f"arn:{vpc.split(':')[1]}:s3:::{bucket}")


def _taken_by_flow_logs(vpc_arn: str) -> str:
    """Who may take the role: no one but flow logs of this account
    (docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, the confused deputy)."""
    *_, account, _ = vpc_arn.split(":")
    flow_logs = vpc_arn.rpartition(":")[0] + ":vpc-flow-log/*"
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": account},
                        "ArnLike": {"aws:SourceArn": flow_logs},
                    },
                }
            ],
        }
    )


def _writes_to(group_arn: str) -> str:
    arn = group_arn.removesuffix(":*")
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": [*_WRITES], "Resource": [arn, f"{arn}:*"]}],
        }
    )
