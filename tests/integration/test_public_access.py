"""VPC Block Public Access by a topology that sets it, in a stack that stands, and then goes."""

import json

import pytest

pytestmark = pytest.mark.integration

SHOP = """
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
block-public-access: { mode: block-bidirectional, manage: true }
flow-logs: { to: none, why: nothing runs here }
segments: { front: { purpose: meets clients }, back: { purpose: settles } }
peers:
  clients:
    addresses: [203.0.113.0/28]
    sockets: { ticks: { type: SUB, connect: till.tape, mechanism: CURVE } }
  bank:
    addresses: [192.0.2.10/32]
    sockets: { in: { type: REP, bind: "tcp://192.0.2.10:7100", mechanism: CURVE, zap: true } }
services:
  till:
    segment: front
    sockets:
      tape:
        type: PUB
        bind: "tcp://*:5556"
        mechanism: CURVE
        zap: true
        exposure: { why: they read it, owner: sales }
  book:
    segment: back
    sockets:
      out: { type: REQ, connect: bank.in, mechanism: CURVE, exposure: { why: x, owner: y } }
"""
ASKED = "mode: block-bidirectional, manage: true"


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.bring_up(SHOP)
    return checkout


def mode(checkout):
    shown = checkout.ec2.describe_vpc_block_public_access_options()
    return shown["VpcBlockPublicAccessOptions"]["InternetGatewayBlockMode"]


def exclusions(checkout):
    shown = checkout.ec2.describe_vpc_block_public_access_exclusions()
    return shown["VpcBlockPublicAccessExclusions"]


def modes(checkout):
    return sorted(
        (each["ResourceArn"].split(":")[-1].split("-")[0], each["InternetGatewayExclusionMode"])
        for each in exclusions(checkout)
    )


def judged(checkout, on="aws"):
    checked = checkout.bulkhead("check", checkout.topology, "--on", on, "--json")
    return [f"{each['kind']}: {each['message']}" for each in json.loads(checked.out)["findings"]]


def up(checkout):
    ran = checkout.pulumi("up", "--yes", "--skip-preview", "--refresh", "--stack", "dev")
    assert ran.code == 0, ran.said


def test_it_stands_as_asked_and_a_second_time_changes_nothing(checkout, tmp_path):
    assert mode(checkout) == "block-bidirectional"
    assert modes(checkout) == [
        ("subnet/subnet", "allow-bidirectional"),
        ("vpc/vpc", "allow-egress"),
    ]
    again = checkout.stack("up", "--expect-no-changes")
    assert again.code == 0, again.said
    state = tmp_path / "state.json"
    assert checkout.pulumi("stack", "export", "--stack", "dev", "--file", str(state)).code == 0
    assert judged(checkout) == judged(checkout, state) == []


def test_what_somebody_turned_off_or_took_back_is_found_and_put_right(checkout):
    checkout.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="off")
    (one,) = [each for each in exclusions(checkout) if ":subnet/" in each["ResourceArn"]]
    checkout.ec2.delete_vpc_block_public_access_exclusion(ExclusionId=one["ExclusionId"])
    told = judged(checkout)
    assert told[0] == (
        "different: VPC Block Public Access in eu-west-1 is off, planned block-bidirectional"
    )
    assert [each.partition(" ")[0] for each in told[1:]] == ["lacking:"]
    up(checkout)
    assert judged(checkout) == []


def test_another_mode_needs_other_exclusions_and_one_that_no_plan_has_is_found(checkout):
    checkout.edit(ASKED, ASKED.replace("bidirectional", "ingress"))
    up(checkout)
    assert (mode(checkout), modes(checkout)) == (
        "block-ingress",
        [("subnet/subnet", "allow-bidirectional")],
    )
    vpc = checkout.ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["shop"]}])["Vpcs"][0]
    more = checkout.ec2.create_vpc_block_public_access_exclusion(
        VpcId=vpc["VpcId"], InternetGatewayExclusionMode="allow-bidirectional"
    )
    (found,) = judged(checkout)
    assert found.startswith("not planned: VPC shop is excluded from VPC Block Public Access")
    name = more["VpcBlockPublicAccessExclusion"]["ExclusionId"]
    checkout.ec2.delete_vpc_block_public_access_exclusion(ExclusionId=name)


def test_with_the_stack_it_is_turned_off_and_nothing_stays_excluded(checkout):
    gone = checkout.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev")
    assert gone.code == 0, gone.said
    assert (mode(checkout), exclusions(checkout)) == ("off", [])
