"""Several VPCs of one topology, built: joined by peering, closed to one another but for what is
declared, and read back as planned."""

import json

import pytest

pytestmark = pytest.mark.integration

DESKS = """
name: desks
region: eu-west-1
zones: 1
dns: desks.internal
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


def test_a_drill_of_it_finds_each_connection_as_proved(checkout):
    drilled = checkout.bulkhead("drill", "aws", "--for", checkout.topology, "--json")
    document = json.loads(drilled.out)
    if document["reason"]:
        pytest.skip(document["reason"])
    assert drilled.code == 0, drilled.said
    measured = {(each["from"], each["to"]): each["measured"] for each in document["matrix"]}
    assert measured["momentum", "ticker.ticks"] == "allowed"
    assert measured["limits", "ticker.ticks"] == "denied"


def test_what_somebody_opens_across_by_api_is_found_with_what_it_opens(checkout):
    ticker = checkout.tagged(
        "describe_security_groups", "SecurityGroups", bulkhead__service="ticker"
    )
    limits = checkout.tagged(
        "describe_security_groups", "SecurityGroups", bulkhead__service="limits"
    )
    opened = {
        "IpProtocol": "tcp",
        "FromPort": 5556,
        "ToPort": 5556,
        "UserIdGroupPairs": [{"GroupId": limits["GroupId"]}],
    }
    checkout.ec2.authorize_security_group_ingress(GroupId=ticker["GroupId"], IpPermissions=[opened])
    found, _ = judged(checkout)
    assert any("limits" in each for each in found), found
    assert checkout.stack("up").code == 0
    # No engine knows of it, and it was never in a state: the call that takes it away is told.
    checkout.ec2.revoke_security_group_ingress(GroupId=ticker["GroupId"], IpPermissions=[opened])
    assert judged(checkout) == ([], [])


def test_a_flow_that_goes_takes_its_routes_with_it_and_a_join_that_goes_the_rest(checkout):
    checkout.edit("      market: { type: SUB, connect: ticker.ticks }\n", "")
    checkout.edit("  - { from: momentum, accept: ticker.ticks }\n", "")
    assert checkout.stack("up").code == 0
    assert judged(checkout) == ([], [])
    tables = checkout.ec2.describe_route_tables()["RouteTables"]
    assert not any("VpcPeeringConnectionId" in one for each in tables for one in each["Routes"])
    checkout.edit("joins:\n  - peering: [desk, core]\n", "")
    assert checkout.stack("up").code == 0
    assert judged(checkout) == ([], [])
    peerings = checkout.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    assert not [each for each in peerings if each["Status"]["Code"] == "active"]
