"""Whatever is referred to may be given itself: the same is meant as by its text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from ipaddress import IPv4Address, IPv4Network

from bulkhead.intent import SocketType
from bulkhead.topology import (
    Flow,
    Gateway,
    Proxy,
    Segment,
    Service,
    Site,
    SiteHost,
    Socket,
    Test,
    Topology,
)

feed = Segment("feed", purpose="prices")
into = Socket("in", type="XSUB", bind="tcp://*:5561")
out = Socket("out", type="XPUB", bind="tcp://*:5562")
broker = Service("broker", segment=feed, sockets=[into, out], proxy=Proxy(front=into, back=out))
desk = Service(
    "proxy",
    segment=feed,
    replicas=2,
    sockets=[
        Socket("front", type=SocketType.SUB, connect=[out], until=date(2999, 1, 31)),
        Socket("metrics", type="TCP", bind="tcp://*:9100"),
    ],
)
plant = Site(
    "plant",
    cidrs=[IPv4Network("192.168.10.0/24")],
    gateway=Gateway(address=IPv4Address("203.0.113.10")),
    sockets=[Socket("prices", type="PUB", connect=into)],
)


def loaded(**more):
    said = {
        "region": "eu-west-1",
        "cidr": IPv4Network("10.20.0.0/16"),
        "zones": (zone for zone in ("eu-west-1a", "eu-west-1b")),
        "segments": [feed],
        "services": [broker, desk],
        "sites": [plant],
    }
    return Topology("demo", **{**said, **more}).load()


def test_sockets_segments_and_addresses_are_given_themselves():
    found = loaded()
    assert [str(each) for each in found.connections] == [
        "plant.prices -> broker.in",
        "proxy.front -> broker.out",
    ]
    assert {each.segment for each in found.services.values()} == {"feed"}
    assert found.services["broker"].proxy.front == "in"
    assert found.sockets["proxy.front"].until == date(2999, 1, 31)
    assert found.zones == ("eu-west-1a", "eu-west-1b")


def test_a_test_is_about_services_sites_segments_and_sockets():
    themselves = [
        Test(from_=plant, accept=into, deny=[out, desk]),
        Test(from_=feed, deny=[desk]),
        Test(from_=desk.sockets[0], accept=[out]),
    ]
    by_text = [
        Test(from_="plant", accept="broker.in", deny=["broker.out", "proxy"]),
        Test(from_="segment:feed", deny=["proxy"]),
        Test(from_="proxy.front", accept=["broker.out"]),
    ]
    assert spoken(loaded(tests=themselves).tests) == spoken(loaded(tests=by_text).tests)


def spoken(tests):
    return [each.model_copy(update={"line": 0}) for each in tests]


def test_a_flow_is_between_services_sites_and_all_of_a_segment():
    (one, other) = loaded(
        flows=[
            Flow("ssh", from_=plant, to=[feed], traffic="tcp 22", why="operators log in"),
        ]
    ).flows
    assert {(each.client, each.server, each.name) for each in (one, other)} == {
        ("plant", "broker", "ssh"),
        ("plant", "proxy", "ssh"),
    }


def test_a_host_of_a_site_is_where_a_socket_is_and_whom_a_flow_means():
    bloomberg = SiteHost("bloomberg", address=IPv4Address("192.168.20.5"))
    prices = Socket("prices", type="PUB", connect=into, host=bloomberg)
    exchange = Site(
        "exchange",
        cidrs=["192.168.20.0/24"],
        gateway=Gateway(address="203.0.113.11"),
        hosts=[bloomberg],
        sockets=[prices],
    )
    ssh = Flow("ssh", from_=[bloomberg], to=broker, traffic="tcp 22", why="operators log in")
    by_text = replace(ssh, from_="exchange/bloomberg", to="broker")
    (one,), (other,) = (loaded(sites=[exchange], flows=[each]).flows for each in (ssh, by_text))
    assert one == other
    at = loaded(sites=[exchange]).sockets["exchange.prices"].at
    assert at == IPv4Network("192.168.20.5/32")


def test_a_network_of_a_site_is_where_a_socket_waits_and_whom_flows_and_tests_mean():
    epics = SiteHost("epics", cidr=IPv4Network("192.168.20.64/26"), vlan=12)
    readings = Socket("readings", type="PULL", bind="tcp://*:5064", host=epics)
    hutch = Site(
        "hutch",
        cidrs=["192.168.20.0/24"],
        gateway=Gateway(address="203.0.113.11"),
        hosts=[epics],
        sockets=[readings],
    )
    ssh = Flow("ssh", from_=broker, to=[epics], traffic="tcp 22", why="operators log in")
    asked = Test(from_=broker, deny=[epics])
    found = loaded(sites=[hutch], flows=[ssh], tests=[asked])
    assert found.sockets["hutch.readings"].at == found.flows[0].server_at == epics.cidr
    assert [str(each) for each in found.tests[0].deny] == ["hutch.readings", "hutch.ssh"]


def test_a_socket_may_be_of_several_services_where_nothing_refers_to_it():
    metrics = Socket("metrics", type="TCP", bind="tcp://*:9100")
    several = [Service(f"p{n}", segment=feed, sockets=[metrics]) for n in range(3)]
    scraper = Socket("scrape", type="TCP", connect="*.metrics")
    found = Topology(
        "demo",
        region="eu-west-1",
        cidr="10.20.0.0/16",
        zones=1,
        segments=[feed],
        services=[*several, Service("scraper", segment=feed, sockets=[scraper])],
    ).load()
    assert len(found.connections) == 3
