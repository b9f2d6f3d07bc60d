"""What is built from a plan is read back from the stack's state as that plan, in all its words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bulkhead.components.fabric import build
from bulkhead.judge import judge
from bulkhead.observe.pulumi.state import read_state
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.review import Version
from bulkhead.review.steps import steps
from tests.support.topologies import topology_from

WORDS = """
    name: words
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 2
    vpc-encryption: { mode: enforce, exclude: vpc-peering }
    segments: { left: { purpose: one side }, right: { purpose: the other, isolation: service } }
    sites:
      plant:
        cidrs: [192.168.10.0/24]
        gateway: { address: 203.0.113.10 }
        sockets:
          gram: { type: DGRAM, bind: "udp://*:77", connect: server.gram }
          jobs: { type: ROUTER, bind: "tcp://192.168.10.7:100-200" }
        hosts: { desk: { address: 192.168.10.9, client-ports: windows } }
    services:
      server:
        segment: left
        replicas: 2..4
        sockets:
          news: { type: DISH, bind: ["udp://*:5556", "tcp://*:5557"] }
          gram: { type: DGRAM, bind: "udp://*:6000" }
          work: { type: ROUTER, bind: ["tcp://*:51000-51999", "tcp://*:7000+replica"] }
          blocks: { type: PUB, bind: { endpoint: "tcp://*:28335", published: 29335 } }
          web: { type: REP, bind: "wss://*:8443/feed" }
      client:
        segment: right
        client-ports: windows
        sockets:
          news: { type: RADIO, connect: server.news }
          work: { type: DEALER, connect: [server.work, plant.jobs] }
          blocks: { type: SUB, connect: server.blocks }
          web: { type: REQ, connect: server.web }
      pool:
        segment: left
        replicas: 2..9
        interfaces: none
        client-ports: windows
        sockets:
          work: { type: DEALER, connect: server.work }
          own: { type: PUB, bind: "tcp://*:6100" }
      alone:
        segment: right
        runs-on: eks
        sockets: { own: { type: SUB, connect: pool.own } }
      called:
        segment: left
        runs-on: lambda
        sockets: { blocks: { type: SUB, connect: server.blocks } }
    flows:
      - { name: told, from: client, to: server, traffic: [icmp 3/4, icmp 3/5, icmp 8], why: is it }
      - { name: any, from: server, to: client, traffic: icmp, why: is it there }
      - { name: lines, from: plant, to: client, traffic: [gre, esp, ah, sctp, protocol 89], why: x }
      - { name: dns, from: client, to: plant, traffic: [udp 53, tcp 53, tcp 8000-8010], why: names }
"""

DEFAULTS = {
    "DefaultSecurityGroup": "sg-default",
    "DefaultNetworkAcl": "acl-default",
    "DefaultRouteTable": "rtb-default",
}
OF_THE_VPC = {
    "defaultSecurityGroupId": "sg-default",
    "defaultNetworkAclId": "acl-default",
    "defaultRouteTableId": "rtb-default",
}


def exported(recording):
    """The recording as `pulumi stack export` writes a stack."""
    resources = []
    for each in recording.resources:
        kind = each.type.split(":")[-1]
        found = {
            "urn": f"urn:pulumi:dev::words::{each.type}::{each.name}",
            "custom": each.custom,
            "type": each.type,
        }
        if each.custom:
            known_as = DEFAULTS.get(kind, f"{each.name}-id")
            outputs = {**each.inputs, "id": known_as, **(OF_THE_VPC if kind == "Vpc" else {})}
            found |= {"id": known_as, "inputs": each.inputs, "outputs": outputs}
        resources.append(found)
    return {"version": 3, "deployment": {"manifest": {}, "resources": resources}}


def said(network):
    """Every listener, rule and entry, by what it is of."""
    rules = {
        (group.service, rule.direction, rule.protocol, rule.ports)
        for group in network.security_groups
        for rule in group.rules
    }
    entries = {
        (acl.name, entry.number, entry.direction, entry.protocol, entry.ports, entry.cidr)
        for acl in network.nacls
        if not acl.default
        for entry in acl.entries
        if entry.number < 32767
    }
    return set(network.listeners), rules, entries


def test_every_kind_of_traffic_is_read_back_as_it_was_planned(record, tmp_path):
    planned = plan(topology_from(tmp_path, WORDS))
    state = tmp_path / "stack.json"
    state.write_text(json.dumps(exported(record(lambda: build(planned)))))
    for built, wanted in zip(said(read_state(state).network), said(planned.network), strict=True):
        assert built == wanted


@pytest.mark.parametrize("gateway", ["203.0.113.10 }", "203.0.113.10 }\n        routing: bgp"])
def test_from_the_state_of_a_stack_no_call_leads_to_the_plan_that_it_was_built_from(
    record, tmp_path, gateway
):
    planned = plan(topology_from(tmp_path, WORDS.replace("203.0.113.10 }", gateway)))
    state = tmp_path / "stack.json"
    state.write_text(json.dumps(exported(record(lambda: build(planned)))))
    network = read_state(state).network
    # An exported stack without its provider says no Region.
    (vpc,) = network.vpcs
    network = replace(network, vpcs=(replace(vpc, region=planned.network.vpcs[0].region),))
    found = steps(
        Version(label="state", network=network),
        Version(label="plan", network=planned.network, declaration=planned.declaration),
    )
    assert [str(call) for each in found.steps for call in each.calls] == []
    assert (found.unseen, found.in_doubt, found.before, found.replaced) == ((), (), (), ())
    assert {*found.stays} == {*planned.flows}


ROUTER = """
    name: words
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 2
    segments: { left: { purpose: data }, right: { purpose: control, isolation: service } }
    services:
      router:
        segment: left
        replicas: 3
        interfaces: { eth0: {}, eth1: { segment: right } }
        sockets:
          data: { type: ROUTER, bind: "tcp://eth0:9702" }
          control: { type: REP, bind: "tcp://*:9701", interface: eth1 }
      feeder: { segment: left, sockets: { out: { type: DEALER, connect: router.data } } }
      console: { segment: right, sockets: { ask: { type: REQ, connect: router.control } } }
"""


def test_several_interfaces_are_read_back_as_those_of_one_service_and_of_its_hosts(
    record, tmp_path
):
    planned = plan(topology_from(tmp_path, ROUTER))
    state = tmp_path / "stack.json"
    state.write_text(json.dumps(exported(record(lambda: build(planned)))))
    network = read_state(state).network
    for built, wanted in zip(said(network), said(planned.network), strict=True):
        assert built == wanted
    for each in (network, planned.network):
        assert {(one.name, one.interface, one.of, one.segment) for one in each.services} == {
            ("router", "", "", "left"),
            ("router.eth1", "eth1", "router", "right"),
            ("feeder", "", "", "left"),
            ("console", "", "", "right"),
        }
    hosts = {(each.name, each.service, each.host) for each in network.interfaces}
    assert hosts == {(each.name, each.service, each.host) for each in planned.network.interfaces}
    # An exported stack without its provider says no Region.
    left = judge(prove(network), planned.declaration).findings
    assert [each.about for each in left] == [("VPC", "words", "region")]
