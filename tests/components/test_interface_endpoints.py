"""Other services of AWS stand in a segment of their own, and are read back as planned."""

from __future__ import annotations

import json
import re

import pytest

from bulkhead.components.fabric import build
from bulkhead.judge import judge
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
      runner: { segment: left, needs: [ssm, sts] }
      reader: { segment: right, needs: sts, client-ports: windows }
      idle: { segment: right }
"""


@pytest.fixture
def planned(tmp_path):
    return plan(topology_from(tmp_path, NEEDS))


@pytest.fixture
def recording(record, planned):
    return record(lambda: build(planned))


def test_each_endpoint_has_a_group_of_its_own_and_an_address_in_each_zone(recording, planned):
    endpoints = {each.inputs["serviceName"]: each.inputs for each in recording.of("VpcEndpoint")}
    assert set(endpoints) == {
        f"com.amazonaws.eu-west-1.{each}" for each in ("ssm", "ssmmessages", "ec2messages", "sts")
    }
    sts = endpoints["com.amazonaws.eu-west-1.sts"]
    assert sts["privateDnsEnabled"] is True
    assert sts["securityGroupIds"] == ["words-AWS-sts-group-id"]
    places = {each["subnetId"]: each["ipv4"] for each in sts["subnetConfigurations"]}
    assert places == {
        f"words-AWS-{zone}-id": str(each.address)
        for zone, each in zip(
            ("eu-west-1a", "eu-west-1b"), planned.network.interfaces_of("AWS sts"), strict=True
        )
    }
    assert sorted(places) == sorted(sts["subnetIds"])


def test_no_interface_is_made_where_aws_makes_it(recording):
    made = recording.of("NetworkInterface")
    assert len(made) == 3
    assert not [each.name for each in made if "AWS" in each.name]


def test_only_who_shows_a_token_gets_keys_without_being_of_the_account(recording):
    (sts,) = (
        json.loads(each.inputs["policy"])["Statement"]
        for each in recording.of("VpcEndpoint")
        if each.inputs["serviceName"].endswith(".sts")
    )
    own, unsigned = sts
    assert own["Condition"] == {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}
    assert all(each.startswith("sts:AssumeRoleWith") for each in unsigned["Action"])


def test_what_stands_is_as_declared(planned, recording, tmp_path):
    state = exported(recording)
    for each in state["deployment"]["resources"]:
        if each["type"] == "aws:ec2/vpc:Vpc" and each["custom"]:
            each["outputs"]["arn"] = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"
    file = tmp_path / "stack.json"
    file.write_text(re.sub(r"words-AWS-(\w+)-endpoint-id", r"vpce-\1", json.dumps(state)))
    network = read_state(file).network
    found = judge(prove(network), planned.declaration)
    assert [*map(str, found.findings)] == []
    assert not network.unlisted_runners
