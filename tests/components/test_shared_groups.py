"""A group that services share: made once, named legally, held by all of them, and in an order in
which nobody is shut out."""

from __future__ import annotations

import json
import re

import pytest

from bulkhead.components.fabric import build
from bulkhead.judge import judge
from bulkhead.observe.pulumi.state import read_state
from bulkhead.prove import prove
from tests.components.test_read_back import exported
from tests.plan.test_planner import planned
from tests.plan.test_shared_groups import fleet, many, one

A_NAME = re.compile(r"[a-zA-Z0-9 ._:/()#,@\[\]+=&;{}!$*-]{1,255}")
"""docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"""


@pytest.fixture(scope="module")
def made():
    document = fleet(many(20))
    document["services"]["cloud"] = one(("hub.a",), interfaces="none", replicas="1..3")
    return planned(document)


@pytest.fixture
def recording(record, made):
    return record(lambda: build(made))


def of_shared(recording):
    (component,) = (each for each in recording.components if each.type.endswith(":SharedGroup"))
    (group,) = (each for each in recording.children if component.name in each.parent)
    return group


def test_it_is_named_as_aws_takes_it_and_says_who_names_it(recording):
    group = of_shared(recording)
    assert A_NAME.fullmatch(f"{group.name}-0123456")
    assert group.inputs["tags"]["bulkhead:named-by"] == "hub"
    assert group.inputs["tags"]["Name"] == "hub+clients-tcp-6000"


def test_all_hold_it_and_one_rule_names_it(recording, made):
    group = of_shared(recording)
    holding = {
        each.inputs["tags"]["bulkhead:service"]
        for each in recording.of("NetworkInterface")
        if f"{group.name}-id" in each.inputs["securityGroups"]
    }
    assert holding == {*many(20)}
    naming = [
        each
        for each in recording.of("SecurityGroupIngressRule")
        if each.inputs.get("referencedSecurityGroupId") == f"{group.name}-id"
    ]
    assert len(naming) == 1
    (cloud,) = (
        each.inputs["tags"]
        for each in recording.of("SecurityGroup")
        if each.inputs["tags"].get("bulkhead:service") == "cloud"
    )
    assert cloud["bulkhead:members-hold"] == "hub+clients-tcp-6000"


def test_who_shares_comes_after_the_rule_and_the_hub_after_all_of_them(recording):
    group = of_shared(recording)
    (rule,) = (
        each.name
        for each in recording.of("SecurityGroupIngressRule")
        if each.inputs.get("referencedSecurityGroupId") == f"{group.name}-id"
    )
    interfaces = {
        each.inputs["tags"]["bulkhead:service"]: each for each in recording.of("NetworkInterface")
    }
    hub = interfaces.pop("hub")
    for each in interfaces.values():
        assert any(urn.endswith(f"::{rule}") for urn in each.dependencies)
        assert any(urn.endswith(f"::{each.name}") for urn in hub.dependencies)


def test_services_that_name_each_other_wait_for_neither(record):
    document = fleet(many(20, ("hub.a", "more.a")), hubs=("hub", "more"), rules=4, groups=5)
    for one_of_them, other in (("hub", "more"), ("more", "hub")):
        sockets = document["services"][one_of_them]["sockets"]
        ask = {"type": "DEALER", "connect": f"{other}.a"}
        document["services"][one_of_them]["sockets"] = sockets | {"ask": ask}
    made = planned(document)
    assert {each.named_by for each in made.network.security_groups if each.named_by} == {
        "hub",
        "more",
    }
    assert len(record(lambda: build(made)).of("NetworkInterface")) == 22


def test_what_the_engine_then_holds_is_read_back_as_planned(recording, made, tmp_path):
    state = tmp_path / "state.json"
    state.write_text(json.dumps(exported(recording)))
    judged = judge(prove(read_state(state).network), made.declaration)
    assert [each.message for each in judged.findings] == [
        "VPC shop (shop-vpc-id): Region unknown, planned eu-west-1"  # the recording has no provider
    ]


def test_a_topology_called_sg_has_groups_that_aws_takes(record):
    made = planned(fleet(many(20), name="sg"))
    assert all(
        not each.inputs.get("name", each.name).startswith("sg-")
        for each in record(lambda: build(made)).of("SecurityGroup")
    )
