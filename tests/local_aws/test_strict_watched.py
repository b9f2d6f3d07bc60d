"""What AWS refuses of flow logs, Block Public Access and encryption controls."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.slow
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:flows"
ROLE = "arn:aws:iam::123456789012:role/flows"


@pytest.fixture
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


def test_a_flow_log_is_of_something_to_somewhere_and_once(ec2, vpc, refused) -> None:
    create = ec2.create_flow_logs
    asked = {"ResourceType": "VPC", "ResourceIds": [vpc], "TrafficType": "ALL"}
    given = {**asked, "LogDestination": GROUP, "DeliverLogsPermissionArn": ROLE}
    for wrong in (
        {**asked, "LogDestination": GROUP},
        {**given, "MaxAggregationInterval": 61},
        {**given, "LogFormat": "${srcaddr} ${weather}"},
        {**given, "LogGroupName": "flows"},
    ):
        assert refused(create, **wrong) == "InvalidParameter"
    assert refused(create, **{**given, "ResourceIds": ["vpc-0123"]}) == "InvalidVpcID.NotFound"
    made = create(**given)
    assert made["Unsuccessful"] == []
    (again,) = create(**given)["Unsuccessful"]
    assert again["Error"]["Code"] == "FlowLogAlreadyExists"
    (log,) = ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"]
    assert (log["LogGroupName"], log["LogDestination"]) == ("flows", GROUP)
    nowhere = {**asked, "LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::none/flows"}
    (failed,) = create(**nowhere)["Unsuccessful"]
    assert "none does not exist" in failed["Error"]["Message"]


def test_public_access_is_blocked_in_a_region_less_what_is_excluded(ec2, vpc, refused) -> None:
    def mode() -> Any:
        shown = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
        return shown["InternetGatewayBlockMode"]

    assert mode() == "off"
    modify = ec2.modify_vpc_block_public_access_options
    assert refused(modify, InternetGatewayBlockMode="on") == "InvalidParameterValue"
    told = modify(InternetGatewayBlockMode="block-ingress")["VpcBlockPublicAccessOptions"]
    assert (told["State"], mode()) == ("update-in-progress", "block-ingress")
    create = ec2.create_vpc_block_public_access_exclusion
    asked = {"VpcId": vpc, "InternetGatewayExclusionMode": "allow-egress"}
    made = create(**asked)["VpcBlockPublicAccessExclusion"]
    assert made["ResourceArn"].endswith(vpc)
    assert refused(create, **asked) == "ResourceAlreadyExists"
    name = {"ExclusionId": made["ExclusionId"]}
    ec2.delete_vpc_block_public_access_exclusion(**name)
    gone = "InvalidVpcBlockPublicAccessExclusionId.NotFound"
    assert refused(ec2.delete_vpc_block_public_access_exclusion, **name) == gone


def test_encryption_is_monitored_before_it_is_enforced(ec2, vpc, refused) -> None:
    made = ec2.create_vpc_encryption_control(VpcId=vpc)["VpcEncryptionControl"]
    assert made["Mode"] == "monitor"
    assert refused(ec2.create_vpc_encryption_control, VpcId=vpc) == (
        "VpcEncryptionControlAlreadyExists"
    )
    name = {"VpcEncryptionControlId": made["VpcEncryptionControlId"]}
    modify = ec2.modify_vpc_encryption_control
    left_out = {"NatGatewayExclusion": "enable"}
    assert refused(modify, **name, Mode="monitor", **left_out) == "InvalidParameterCombination"
    modify(**name, Mode="enforce", **left_out)
    (shown,) = ec2.describe_vpc_encryption_controls(VpcIds=[vpc])["VpcEncryptionControls"]
    exclusions = {key: each["State"] for key, each in shown["ResourceExclusions"].items()}
    assert (shown["Mode"], exclusions["NatGateway"], exclusions["Lambda"]) == (
        "enforce",
        "enabled",
        "disabled",
    )
