"""Several VPCs of one topology, built: joined by peering, closed to one another but for what is
declared, and read back as planned."""

import json

import pytest

pytestmark = pytest.mark.integration

DESKS = """
name: desks
region: eu-west-1
zones: 1
vpcs:
  core: { cidr: 10.0.0.0/16, purpose: what all desks use }
  desk: { cidr: 10.1.0.0/16 }
  back: { cidr: 10.2.0.0/16 }
joins:
  - peering: [desk, core]
segments:
  feed: { vpc: core, purpose: market data }
  desk: { vpc: desk, purpose: trading logic, isolation: service }
  back: { vpc: back, purpose: what nobody else sees }
services:
  ticker: { segment: feed, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
  momentum:
    segment: desk
    replicas: 2
    sockets:
      market: { type: SUB, connect: ticker.ticks }
      orders: { type: PULL, bind: "tcp://*:5570" }
  limits: { segment: desk, sockets: { out: { type: PUSH, connect: momentum.orders } } }
  ledger: { segment: back, sockets: { in: { type: PULL, bind: "tcp://*:5580" } } }
sites:
  exchange:
    vpc: core
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10 }
    sockets: { ticks: { type: SUB, connect: ticker.ticks } }
tests:
  - { from: momentum, accept: ticker.ticks }
  - { from: exchange, deny: [momentum.orders, ledger.in] }
"""


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.bring_up(DESKS)
    return checkout


def judged(checkout, on="aws"):
    checked = checkout.bulkhead("check", checkout.topology, "--on", on, "--json")
    document = json.loads(checked.out)
    assert "findings" in document, document
    return [each["message"] for each in document["findings"]], document["unknown"]


def test_it_is_as_declared_in_the_account_and_in_the_state_and_stays_so(checkout):
    state = checkout.root / "state.json"
    assert checkout.pulumi("stack", "export", "--stack", "dev", "--file", str(state)).code == 0
    assert judged(checkout) == judged(checkout, state) == ([], [])
    again = checkout.stack("up")
    assert again.code == 0, again.said
    assert "unchanged" in again.said
    assert not any(word in again.said for word in ("created", "updated", "deleted", "replaced"))
