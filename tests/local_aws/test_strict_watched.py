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


def enforcing(ec2, vpc: str, **excluded: str) -> dict[str, str]:
    made = ec2.create_vpc_encryption_control(VpcId=vpc)["VpcEncryptionControl"]
    name = {"VpcEncryptionControlId": made["VpcEncryptionControlId"]}
    ec2.modify_vpc_encryption_control(**name, Mode="enforce", **excluded)
    return name


def test_what_does_not_encrypt_is_kept_out_of_a_vpc_that_enforces_it(ec2, vpc, refused) -> None:
    name = enforcing(ec2, vpc)
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    sites = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    kept_out = [
        (ec2.attach_internet_gateway, {"InternetGatewayId": internet, "VpcId": vpc}),
        (ec2.attach_vpn_gateway, {"VpnGatewayId": sites, "VpcId": vpc}),
        (ec2.create_egress_only_internet_gateway, {"VpcId": vpc}),
    ]
    for call, asked in kept_out:
        assert refused(call, **asked) == "OperationNotPermitted"
    both = {"InternetGatewayExclusion": "enable", "VirtualPrivateGatewayExclusion": "enable"}
    ec2.modify_vpc_encryption_control(**name, Mode="enforce", **both)
    for call, asked in kept_out[:2]:
        call(**asked)


def test_an_exclusion_stays_while_what_it_is_for_is_there(ec2, vpc, refused) -> None:
    name = enforcing(ec2, vpc, InternetGatewayExclusion="enable")
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    attached = {"InternetGatewayId": internet, "VpcId": vpc}
    ec2.attach_internet_gateway(**attached)
    modify = ec2.modify_vpc_encryption_control
    back = {**name, "Mode": "enforce", "InternetGatewayExclusion": "disable"}
    assert refused(modify, **back) == "OperationNotPermitted"
    ec2.detach_internet_gateway(**attached)
    modify(**back)


def test_hosts_that_send_in_clear_block_enforcement_and_are_named(ec2, vpc, refused) -> None:
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    once = {"ImageId": image, "SubnetId": subnet, "MinCount": 1, "MaxCount": 1}
    (old,) = ec2.run_instances(**once, InstanceType="t3.micro")["Instances"]
    made = ec2.create_vpc_encryption_control(VpcId=vpc)["VpcEncryptionControl"]
    name = {"VpcEncryptionControlId": made["VpcEncryptionControlId"]}
    enforce = {**name, "Mode": "enforce"}
    assert refused(ec2.modify_vpc_encryption_control, **enforce) == "OperationNotPermitted"
    told = ec2.get_vpc_resources_blocking_encryption_enforcement(VpcId=vpc)
    (one,) = told["NonCompliantResources"]
    assert (one["Id"], one["IsExcludable"]) == (old["InstanceId"], False)
    ec2.terminate_instances(InstanceIds=[old["InstanceId"]])
    ec2.modify_vpc_encryption_control(**enforce)
    assert refused(ec2.run_instances, **once, InstanceType="t3.micro") == "OperationNotPermitted"
    ec2.run_instances(**once, InstanceType="m7i.large")
