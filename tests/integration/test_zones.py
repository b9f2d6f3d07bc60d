"""A stack that goes from the names of its zones to their ids, and keeps what stands."""

import json

import pytest

pytestmark = pytest.mark.integration

SHOP = """
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 2
flow-logs: { to: none, why: nothing runs here }
segments: { front: { purpose: takes orders } }
services:
  till:
    segment: front
    replicas: 2
    sockets:
      out:
        type: REQ
        connect: broker.in
        mechanism: CURVE
        exposure: { why: orders go out, owner: sales }
peers:
  broker:
    addresses: [192.0.2.10/32]
    sockets: { in: { type: REP, bind: "tcp://192.0.2.10:7100", mechanism: CURVE } }
"""
WRONG = "zones: { euw1-az1: { was: eu-west-1a }, euw1-az3: { was: eu-west-1b } }"
RIGHT = "zones: { euw1-az3: { was: eu-west-1a }, euw1-az1: { was: eu-west-1b } }"


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.bring_up(SHOP)
    return checkout


def test_names_become_ids_and_nothing_is_replaced(checkout):
    zones = {
        each["ZoneId"]: each["ZoneName"]
        for each in checkout.ec2.describe_availability_zones()["AvailabilityZones"]
    }
    assert zones["euw1-az3"] == "eu-west-1a"
    before = {each["SubnetId"] for each in checkout.ec2.describe_subnets()["Subnets"]}
    checkout.edit("zones: 2", WRONG)
    refused = checkout.pulumi("preview", "--stack", "dev")
    assert refused.code != 0
    assert "euw1-az1 was eu-west-1b in this account" in refused.said
    checkout.edit(WRONG, RIGHT)
    preview = checkout.pulumi("preview", "--stack", "dev", "--json")
    steps = {each["op"] for each in json.loads(preview.out)["steps"]}
    assert steps <= {"same", "update", "read"}, preview.said
    ran = checkout.pulumi("up", "--yes", "--skip-preview", "--refresh")
    assert ran.code == 0, ran.said
    assert {each["SubnetId"] for each in checkout.ec2.describe_subnets()["Subnets"]} == before
    state = checkout.root / "state.json"
    assert checkout.pulumi("stack", "export", "--stack", "dev", "--file", str(state)).code == 0
    for source in ("aws", state):
        checked = checkout.bulkhead("check", checkout.topology, "--on", source)
        assert checked.code == 0, checked.said
        assert checked.out.splitlines()[-1].startswith("AS DECLARED")
    checkout.edit(RIGHT, "zones: [euw1-az3, euw1-az1]")
    again = checkout.stack("up")
    assert again.code == 0, again.said
    assert " unchanged" in again.out
    assert "created" not in again.out


def test_a_stack_by_ids_is_made_anew_and_judged_by_what_the_account_calls_them(checkout):
    down = checkout.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev")
    assert down.code == 0, down.said
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    checked = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert checked.code == 0, checked.said
