"""Two stacks of one topology in one account: each is as declared, beside the other.

The device at a site has one address, and AWS has one customer gateway for it, so the two
share that.
"""

import re

import pytest

from tests.integration.conftest import make_checkout

pytestmark = pytest.mark.integration

SHOP = """
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
segments: { front: { purpose: takes orders } }
sites:
  partner:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets: { orders: { type: PUSH, connect: till.in } }
services:
  till: { segment: front, sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
"""


@pytest.fixture
def checkout(tmp_path):
    made = make_checkout(tmp_path)
    made.topology.with_suffix(".lock.json").unlink()
    made.topology.write_text(SHOP)
    settings = (made.root / "Pulumi.dev.yaml").read_text()
    (made.root / "Pulumi.prod.yaml").write_text(settings)
    yield made
    made.stop()


def devices(checkout):
    every = checkout.ec2.describe_customer_gateways()["CustomerGateways"]
    return [each for each in every if each["State"] == "available"]


def only_unchanged(ran):
    return " unchanged" in ran.out and not re.search(r"\d (created|updated|deleted)", ran.out)


def test_two_stacks_that_share_the_device_of_a_site_leave_each_other_alone(checkout):
    for stack in ("dev", "prod"):
        ran = checkout.stack("up", "--stack", stack)
        assert ran.code == 0, ran.said
        assert " created" in ran.out
    assert len(devices(checkout)) == 1
    for stack in ("prod", "dev"):
        again = checkout.stack("up", "--stack", stack)
        assert again.code == 0, again.said
        assert only_unchanged(again)
    first = checkout.stack("down", "--stack", "dev")
    assert first.code == 0, first.said
    left = checkout.stack("up", "--stack", "prod")
    assert left.code == 0, left.said
    assert only_unchanged(left)
    last = checkout.stack("down", "--stack", "prod")
    assert last.code == 0, last.said
