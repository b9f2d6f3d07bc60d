"""S3 and DynamoDB are reached from where a service needs them, and are read back as planned."""

from __future__ import annotations

import json
import re

import pytest

from bulkhead.components import GatewayEndpoint
from bulkhead.components.fabric import build
from bulkhead.judge import judge
from bulkhead.network import GatewayEndpoint as PlannedEndpoint
from bulkhead.observe.pulumi.state import read_state
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.components.test_read_back import exported
from tests.support.topologies import topology_from

NEEDS = """
    name: words
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 2
    segments: { left: { purpose: one side }, right: { purpose: the other, isolation: service } }
    services:
      writer: { segment: left, needs: [s3, dynamodb] }
      reader: { segment: right, needs: s3, client-ports: windows }
      idle: { segment: right }
"""
REAL = ["52.218.0.0/17", "3.5.64.0/21"]


@pytest.fixture
def planned(tmp_path):
    return plan(topology_from(tmp_path, NEEDS))


@pytest.fixture
def recording(record, planned):
    return record(lambda: build(planned))


def test_a_route_is_put_into_the_tables_of_those_alone_who_need_it(recording):
    ways = {
        (each.inputs["vpcEndpointId"], each.inputs["routeTableId"])
        for each in recording.of("VpcEndpointRouteTableAssociation")
    }
    assert ways == {
        ("words-s3-endpoint-id", "words-left-routes-id"),
        ("words-s3-endpoint-id", "words-right.reader-routes-id"),
        ("words-dynamodb-endpoint-id", "words-left-routes-id"),
    }


def test_a_rule_names_the_list_of_aws_and_no_address(recording):
    rules = {each.name: each.inputs for each in recording.of("SecurityGroupEgressRule")}
    assert set(rules) == {
        "words-writer-egress-tcp-443-list-s3",
        "words-writer-egress-tcp-443-list-dynamodb",
        "words-reader-egress-tcp-443-list-s3",
    }
    rule = rules["words-reader-egress-tcp-443-list-s3"]
    assert rule["prefixListId"] == "pl-words-s3-endpoint"
    assert "cidrIpv4" not in rule


def test_an_endpoint_is_for_whoever_acts_for_this_account(recording):
    policies = {
        each.inputs["serviceName"]: json.loads(each.inputs["policy"])["Statement"]
        for each in recording.of("VpcEndpoint")
    }
    (dynamodb,) = policies["com.amazonaws.eu-west-1.dynamodb"]
    own, public = policies["com.amazonaws.eu-west-1.s3"]
    assert dynamodb == own
    assert own["Condition"] == {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}
    assert public["Action"] == "s3:GetObject"
    assert all(each.endswith("/*") for each in public["Resource"])


@pytest.mark.parametrize("real", [REAL, ["192.0.2.0/24"]])
def test_what_stands_is_as_declared_wherever_aws_has_its_services_today(
    planned, recording, tmp_path, real
):
    state = exported(recording)
    for each in state["deployment"]["resources"]:
        kind, said = each["type"].rpartition(":")[2], each.get("inputs", {})
        if kind == "Vpc" and each["custom"]:
            each["outputs"]["arn"] = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"
        elif kind == "VpcEndpoint":
            blocks = real if said["serviceName"].endswith("s3") else ["52.94.24.0/23"]
            name = each["urn"].rpartition("::")[2]
            each["outputs"] |= {"prefixListId": f"pl-{name}", "cidrBlocks": blocks}
    file = tmp_path / "stack.json"
    file.write_text(re.sub(r"words-(\w+)-endpoint-id", r"vpce-\1", json.dumps(state)))
    found = judge(prove(read_state(file).network), planned.declaration)
    assert [*map(str, found.findings)] == []


def test_a_component_by_itself_says_the_list_that_rules_name(record):
    made = {}

    def program():
        endpoint = PlannedEndpoint(
            id="vpce/s3", name="x-s3", vpc="vpc/x", service="com.amazonaws.eu-west-1.s3"
        )
        arn = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"
        made["one"] = GatewayEndpoint("s3", "x", endpoint=endpoint, vpc_id="vpc-1", vpc_arn=arn)

    recording = record(program)
    (endpoint,) = recording.of("VpcEndpoint")
    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
