"""Several VPCs as the engine is asked for them: each closed, joined before anything names what is
in the other."""

from __future__ import annotations

import pytest

from bulkhead.components.fabric import build
from bulkhead.plan import plan
from tests.support.topologies import topology_from

DESKS = """
    name: desks
    region: eu-west-1
    zones: 1
    dns: desks.internal
    vpcs:
      core: { cidr: 10.0.0.0/16, purpose: what all use }
      desk: { cidr: [10.1.0.0/16, 10.8.0.0/16] }
    joins: [{ peering: [desk, core] }]
    segments:
      feed: { vpc: core, purpose: prices }
      strategy: { vpc: desk, purpose: trading, isolation: service }
    services:
      ticker: { segment: feed, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
      recorder: { segment: feed, sockets: { in: { type: SUB, connect: ticker.ticks } } }
      momentum: { segment: strategy, sockets: { in: { type: SUB, connect: ticker.ticks } } }
      limits: { segment: strategy, sockets: { in: { type: PULL, bind: "tcp://*:5570" } } }
    sites:
      plant:
        vpc: desk
        cidrs: [192.168.10.0/24]
        gateway: { address: 203.0.113.10 }
        sockets: { out: { type: PUSH, connect: limits.in } }
      far:
        vpc: core
        cidrs: [192.168.20.0/24]
        gateway: { address: 203.0.113.20 }
        sockets: { in: { type: SUB, connect: ticker.ticks } }
"""


@pytest.fixture
def desks(tmp_path):
    return plan(topology_from(tmp_path, DESKS))


@pytest.fixture
def recording(record, desks):
    return record(lambda: build(desks))


def test_each_vpc_is_closed_recorded_and_says_which_it_is(recording):
    made = [each for each in recording.of("Vpc") if each.custom]
    vpcs = {each.inputs["tags"]["bulkhead:vpc"]: each for each in made}
    assert {name: each.inputs["cidrBlock"] for name, each in vpcs.items()} == {
        "core": "10.0.0.0/16",
        "desk": "10.1.0.0/16",
    }
    assert vpcs["core"].inputs["tags"]["Name"] == "desks-core"
    assert vpcs["core"].inputs["tags"]["bulkhead:purpose"] == "what all use"
    ids = {f"{each.name}-id" for each in vpcs.values()}
    assert {each.inputs["vpcId"] for each in recording.of("DefaultSecurityGroup")} == ids
    logs = [each for each in recording.of("FlowLog") if each.custom]
    assert {each.inputs["vpcId"] for each in logs} == ids
    assert len(recording.of("DefaultNetworkAcl")) == len(recording.of("DefaultRouteTable")) == 2
    gateways = [each for each in recording.of("VpnGateway") if each.custom]
    assert {each.inputs["vpcId"] for each in gateways} == ids


def test_what_names_something_in_the_other_vpc_is_made_once_the_two_are_joined(recording):
    (peering,) = recording.of("VpcPeeringConnection")
    assert peering.inputs["autoAccept"] is True
    assert peering.inputs["tags"]["Name"] == "desk-core"
    waiting = {
        each.name
        for each in recording.children
        if each.type.endswith("GroupIngressRule") or each.type.endswith("GroupEgressRule")
        if any(one.endswith(f"::{peering.name}") for one in each.dependencies)
    }
    assert waiting == {
        "desks-ticker-ingress-tcp-5556-sg-momentum",
        "desks-momentum-egress-tcp-5556-sg-ticker",
    }
    routes = [each for each in recording.of("Route") if "vpcPeeringConnectionId" in each.inputs]
    assert {each.inputs["vpcPeeringConnectionId"] for each in routes} == {f"{peering.name}-id"}
    assert len(routes) == 2


def test_hosts_of_all_of_them_can_ask_for_names(recording):
    (zone,) = (each for each in recording.of("Zone") if each.custom)
    assert [each["vpcId"] for each in zone.inputs["vpcs"]] == [
        "desks-core-vpc-id",
        "desks-desk-vpc-id",
    ]


def test_of_one_vpc_nothing_is_called_or_tagged_otherwise_than_before(record, shop):
    recording = record(lambda: build(shop))
    (vpc,) = (each for each in recording.of("Vpc") if each.custom)
    assert vpc.name == "shop-vpc"
    assert "bulkhead:vpc" not in vpc.inputs["tags"]
    assert not any("eering" in each.type for each in recording.resources)
