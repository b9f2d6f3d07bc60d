"""What transports are on the wire, and at which ports others reach them, is what rules say."""

from pathlib import Path

import pytest

from bulkhead.judge import judge
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.settings import as_plain, settings
from tests.support.topologies import topology_from

WIRES = """
    name: wires
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    segments: { left: { purpose: one side }, right: { purpose: the other } }
    services:
      dish:
        segment: left
        replicas: 2
        sockets:
          news: { type: DISH, bind: ["udp://*:5556", "tcp://*:5557"] }
          gram: { type: DGRAM, bind: "udp://*:6000" }
          work: { type: ROUTER, bind: "tcp://*:7000+replica" }
          blocks: { type: PUB, bind: { endpoint: "tcp://*:28335", published: 29335 } }
          web: { type: REP, bind: "ws://*:8080/feed" }
          lines: { type: SUB, bind: "norm://7,localhost:6500+replica" }
      radio:
        segment: right
        client-ports: 40000-40999
        sockets:
          news: { type: RADIO, connect: dish.news }
          gram: { type: DGRAM, bind: "udp://*:6001", connect: dish.gram }
          work: { type: DEALER, connect: dish.work }
          blocks: { type: SUB, connect: dish.blocks }
          web: { type: REQ, connect: dish.web }
          lines: { type: PUB, connect: dish.lines }
"""


@pytest.fixture(scope="module")
def wires(tmp_path_factory: pytest.TempPathFactory):
    return topology_from(Path(tmp_path_factory.mktemp("wires")), WIRES)


@pytest.fixture(scope="module")
def planned(wires):
    return plan(wires)


def test_each_transport_is_a_flow_of_what_it_is_on_the_wire(planned):
    assert {(each.client, each.server.name, each.server.traffic) for each in planned.flows} == {
        ("radio", "dish.news", "udp 5556"),
        ("radio", "dish.news", "tcp 5557"),
        ("radio", "dish.gram", "udp 6000"),
        ("radio", "dish.work", "tcp 7000-7001"),
        ("radio", "dish.blocks", "tcp 29335"),
        ("radio", "dish.web", "tcp 8080"),
        ("dish", "radio.gram", "udp 6001"),
        ("radio", "dish.lines", "udp 6500-6501"),
        ("dish", "radio.lines", "udp 40000-40999"),
    }


def test_it_is_proved_as_declared(planned):
    judgement = judge(prove(planned.network), planned.declaration)
    assert judgement.ok, judgement.findings


def test_a_flow_back_has_the_line_of_the_connection(planned):
    for name in ("gram", "lines"):
        back = next(each for each in planned.flows if each.server.name == f"radio.{name}")
        there = next(each for each in planned.flows if each.server.name == f"dish.{name}")
        assert planned.origins.flows[back] == planned.origins.flows[there]


def test_who_sends_by_norm_is_told_of_each_peer_and_who_hears_it_of_none(wires, planned):
    def endpoints(owner, key):
        found = as_plain(settings(wires, planned, owner))["sockets"]["lines"][key]
        return [each["endpoint"] for each in found]

    one, other = (each.address for each in planned.network.interfaces if each.service == "dish")
    assert endpoints("radio", "connect") == [f"norm://{one}:6500", f"norm://{other}:6501"]
    assert endpoints("dish", "bind") == [f"norm://7,{one}:6500", f"norm://7,{other}:6501"]
    assert endpoints("dish", "connect") == endpoints("radio", "bind") == []


def test_over_norm_nobody_connects_by_a_name_that_dns_has_to_know(tmp_path):
    named = topology_from(tmp_path, WIRES.replace("zones: 1", "zones: 1\n    dns: wires.internal"))
    found = as_plain(settings(named, plan(named), "radio"))["sockets"]
    assert all("wires.internal" in each["endpoint"] for each in found["work"]["connect"])
    assert not any("wires.internal" in each["endpoint"] for each in found["lines"]["connect"])


@pytest.fixture
def ports(wires, planned):
    """At which ports a socket is bound, or connects: each copy in turn."""

    def of(owner, socket, key):
        found = as_plain(settings(wires, planned, owner))["sockets"][socket][key]
        return [each["endpoint"].rpartition(":")[2] for each in found]

    return of


def test_each_copy_binds_and_is_met_at_a_port_of_its_own(ports):
    assert ports("dish", "work", "bind") == ports("radio", "work", "connect") == ["7000", "7001"]


def test_what_is_published_is_where_others_connect(ports):
    assert set(ports("dish", "blocks", "bind")) == {"28335"}
    assert set(ports("radio", "blocks", "connect")) == {"29335"}


def test_datagrams_that_both_ends_declare_are_one_flow_each_way(tmp_path):
    text = """
        name: wires
        region: eu-west-1
        cidr: 10.20.0.0/16
        zones: 1
        segments: { left: { purpose: one side } }
        services:
          a:
            segment: left
            sockets: { raw: { type: DGRAM, bind: "udp://*:6000", connect: b.raw } }
          b:
            segment: left
            sockets: { raw: { type: DGRAM, bind: "udp://*:6001", connect: a.raw } }
          mesh:
            segment: left
            replicas: 2
            sockets: { raw: { type: DGRAM, bind: "udp://*:6002", connect: mesh.raw } }
    """
    assert sorted(map(str, plan(topology_from(tmp_path, text)).flows)) == [
        "a.raw -> b.raw (udp 6001)",
        "b.raw -> a.raw (udp 6000)",
        "mesh.raw -> mesh.raw (udp 6002)",
    ]
