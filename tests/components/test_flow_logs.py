"""What writes flow logs can do that, and nothing else."""

from __future__ import annotations

import json

import pytest

from bulkhead.components import FlowLogs
from bulkhead.network.flow_logs import FlowLogging

VPC = "arn:aws-cn:ec2:cn-north-1:123456789012:vpc/vpc-1"


@pytest.fixture
def made(record):
    def build(**said):
        logging = FlowLogging(id="flow-log/shop", name="shop", vpc="vpc/shop", **said)
        return record(
            lambda: FlowLogs("shop", "shop", logging=logging, vpc_id="vpc-1", vpc_arn=VPC)
        )

    return build


def test_flow_logs_of_this_account_and_region_alone_take_the_role(made):
    (role,) = made(to="cloudwatch", retention=365).of("Role")
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws-cn:ec2:cn-north-1:123456789012:vpc-flow-log/*"},
    }


def test_the_role_writes_to_its_own_log_group_and_nowhere_else(made):
    made_of = made(to="cloudwatch", retention=365)
    (policy,), (group,) = made_of.of("RolePolicy"), made_of.of("LogGroup")
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    arn = f"arn:aws:of:{group.name}"
    assert statement["Resource"] == [arn, f"{arn}:*"]
    assert all(each.startswith("logs:") and "*" not in each for each in statement["Action"])
    assert group.inputs["retentionInDays"] == 365


def test_a_flow_log_begins_when_its_role_may_write(made):
    (log,) = made(to="cloudwatch", retention=365).of("FlowLog")
    assert any(each.endswith("RolePolicy::shop-writer-policy") for each in log.dependencies)
    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["logFormat"].startswith("${version} ${account-id} ${interface-id} ")


def test_what_goes_to_a_bucket_needs_no_role(made):
    made_of = made(to="s3", bucket="acme/trading")
    (log,) = made_of.children
    assert log.inputs["logDestination"] == "arn:aws-cn:s3:::acme/trading"
    assert log.inputs["logDestinationType"] == "s3"
