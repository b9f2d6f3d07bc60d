"""A load balancer stands where it is planned, and is read back as planned."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from bulkhead.components.fabric import build
from bulkhead.judge import judge
from bulkhead.network.service_addresses import with_addresses_of
from bulkhead.observe.pulumi.state import read_state
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.components.test_read_back import exported
from tests.support.topologies import topology_from

BEHIND = """
    name: desk
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 2
    segments: { left: { purpose: asks }, right: { purpose: answers } }
    services:
      broker:
        segment: right
        replicas: 2
        sockets:
          requests: { type: REP, bind: "tcp://*:5560", via: nlb }
          more: { type: REP, bind: "tcp://*:5561", via: nlb }
      client:
        segment: left
        sockets: { s: { type: REQ, connect: [broker.requests, broker.more] } }
"""
PUBLIC = """
    peers:
      partner:
        addresses: [198.51.100.7/32]
        sockets: { ask: { type: REQ, connect: broker.quotes, mechanism: CURVE } }
    services:
      broker:
        segment: right
        sockets:
          quotes:
            type: REP
            bind: "tcp://*:5562"
            mechanism: CURVE
            exposure: { why: they ask, owner: sales, via: nlb }
"""


@pytest.fixture
def planned(tmp_path):
    return plan(topology_from(tmp_path, BEHIND))


@pytest.fixture
def recording(record, planned):
    return record(lambda: build(planned))


def test_within_the_vpc_it_has_the_planned_addresses_and_its_own_group(recording, planned):
    (made,) = recording.of("LoadBalancer")
    assert made.inputs["internal"] is True
    assert made.inputs["securityGroups"] == ["desk-NLB-broker-group-id"]
    assert [each["privateIpv4Address"] for each in made.inputs["subnetMappings"]] == [
        str(each.address) for each in planned.network.interfaces_of("NLB-broker")
    ]
    assert not recording.of("Eip")
    assert not [each for each in recording.of("NetworkInterface") if "NLB" in each.name]


def test_names_are_as_short_as_aws_takes_them_and_each_is_another(recording):
    named = [
        each.inputs["name"]
        for kind in ("LoadBalancer", "TargetGroup")
        for each in recording.of(kind)
    ]
    assert len(set(named)) == 3
    for each in named:
        assert re.fullmatch("[A-Za-z0-9]([A-Za-z0-9-]{0,30})[A-Za-z0-9]", each)
        assert not each.startswith("internal-")


def test_each_port_is_a_listener_with_every_copy_behind_it(recording):
    listening = {each.inputs["port"]: each.inputs for each in recording.of("Listener")}
    assert set(listening) == {5560, 5561}
    assert {each["tcpIdleTimeoutSeconds"] for each in listening.values()} == {350}
    groups = recording.of("TargetGroup")
    assert {each.inputs["preserveClientIp"] for each in groups} == {"false"}
    assert {each.inputs["healthCheck"]["port"] for each in groups} == {"traffic-port"}
    assert sorted(
        (each.inputs["targetId"], each.inputs["port"])
        for each in recording.of("TargetGroupAttachment")
    ) == [(address, port) for address in ("10.20.4.4", "10.20.5.4") for port in (5560, 5561)]


def test_for_peers_it_has_an_elastic_ip_address_in_each_zone_and_the_copies_have_none(
    record, tmp_path
):
    made = plan(topology_from(tmp_path, BEHIND.partition("    services:")[0] + PUBLIC))
    recording = record(lambda: build(made))
    (balancer,) = recording.of("LoadBalancer")
    assert balancer.inputs["internal"] is False
    told = {each["allocationId"] for each in balancer.inputs["subnetMappings"]}
    assert len(told) == len(recording.of("Eip")) == 2
    assert not any("privateIpv4Address" in each for each in balancer.inputs["subnetMappings"])
    assert not any(each.inputs.get("networkInterface") for each in recording.of("Eip"))


def stack_of(recording):
    state = exported(recording)
    for each in state["deployment"]["resources"]:
        if each["type"] == "aws:ec2/vpc:Vpc" and each["custom"]:
            each["outputs"]["arn"] = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"
    return state


def read_back(recording, tmp_path):
    state = stack_of(recording)
    file = tmp_path / "stack.json"
    file.write_text(json.dumps(state))
    return read_state(file).network


def test_what_stands_is_as_declared(planned, recording, tmp_path):
    network = read_back(recording, tmp_path)
    assert judge(prove(network), planned.declaration).findings == ()
    assert not network.unlisted_runners


def test_a_target_that_a_state_lacks_is_told(planned, recording, tmp_path):
    state = stack_of(recording)
    resources = state["deployment"]["resources"]
    gone = next(each for each in resources if each["type"].endswith(":TargetGroupAttachment"))
    resources.remove(gone)
    file = tmp_path / "stack.json"
    file.write_text(json.dumps(state))
    (finding,) = judge(prove(read_state(file).network), planned.declaration).findings
    assert "does not pass on to broker-" in finding.message


def test_where_aws_put_one_for_peers_no_state_tells_and_none_has_to(record, tmp_path):
    made = plan(topology_from(tmp_path, BEHIND.partition("    services:")[0] + PUBLIC))
    state = stack_of(record(lambda: build(made)))
    for number, each in enumerate(state["deployment"]["resources"]):
        if each["type"] == "aws:ec2/eip:Eip":
            each["outputs"]["publicIp"] = str(IPv4Address("203.0.113.1") + number)
    file = tmp_path / "stack.json"
    file.write_text(json.dumps(state))
    network = read_state(file).network
    held = replace(made.declaration, planned=with_addresses_of(made.network, network))
    assert [*map(str, judge(prove(network), held).findings)] == []
