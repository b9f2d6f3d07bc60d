"""A service with several network interfaces: each has filters and addresses of its own."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from bulkhead.ends import listeners, resolve
from bulkhead.ends.hosts import one_host
from bulkhead.judge import judge
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    GroupRule,
    Verdict,
)
from bulkhead.plan import plan
from bulkhead.prove import Question, ask, prove
from bulkhead.settings import as_variables, settings
from tests.support.topologies import HEAD, topology_from

ROUTER = {
    **HEAD,
    "segments": {
        "feed": {"purpose": "data", "owner": "feed team"},
        "control": {"purpose": "control plane", "owner": "ops", "isolation": "service"},
    },
    "services": {
        "router": {
            "segment": "feed",
            "replicas": 3,
            "interfaces": {"eth0": {}, "eth1": {"segment": "control", "purpose": "its control"}},
            "sockets": {
                "data": {"type": "ROUTER", "bind": "tcp://eth0:9702"},
                "control": {"type": "REP", "bind": "tcp://*:9701", "interface": "eth1"},
                "both": {"type": "PUB", "bind": ["tcp://eth0:7000", "tcp://eth1:7000"]},
                "out": {"type": "PUSH", "connect": "console.in", "interface": "eth1"},
            },
        },
        "feeder": {
            "segment": "feed",
            "sockets": {
                "out": {"type": "DEALER", "connect": "router.data"},
                "news": {"type": "SUB", "connect": "router.both"},
            },
        },
        "console": {
            "segment": "control",
            "sockets": {
                "ask": {"type": "REQ", "connect": "router.control"},
                "in": {"type": "PULL", "bind": "tcp://*:9800"},
            },
        },
    },
    "tests": [
        {"from": "router", "accept": ["console.in"], "deny": ["*"]},
        {"from": "console", "accept": ["router.control"], "deny": ["router.data", "router.eth0"]},
        {"from": "feeder", "accept": ["router.data", "router.both"], "deny": ["router.eth1:9701"]},
    ],
}


@pytest.fixture(scope="module")
def topology(tmp_path_factory):
    return topology_from(tmp_path_factory.mktemp("router"), ROUTER)


@pytest.fixture(scope="module")
def planned(topology):
    return plan(topology)


def with_one(folder):
    """The same service before it had its second interface: what is at that is at a `console`."""
    before = copy.deepcopy(ROUTER)
    router, console = before["services"]["router"], before["services"]["console"]
    del router["interfaces"], router["sockets"]["control"], router["sockets"]["out"]
    del console["sockets"]["ask"]
    router["sockets"]["both"]["bind"] = "tcp://eth0:7000"
    del before["tests"]
    return plan(topology_from(folder, before))


def pairs(planned, verdict=None):
    """Who reaches which socket."""
    return {
        (str(each.source.service), str(each.destination.service), each.ports.first)
        for each in prove(planned).cells()
        if each.verdict is Verdict.ALLOWED
        if each.source.service and each.destination.service
    }


DECLARED = {
    ("feeder", "router", 9702),
    ("feeder", "router", 7000),
    ("feeder", "router.eth1", 7000),
    ("console", "router.eth1", 9701),
    ("router.eth1", "console", 9800),
}


def test_each_interface_opens_its_own_flows_and_nothing_else(planned):
    assert judge(prove(planned.network), planned.declaration).findings == ()
    assert pairs(planned.network) == DECLARED


def test_each_layer_alone_keeps_data_and_control_plane_apart(planned):
    """With either layer wide open, the other still lets nobody of one plane into the other."""
    crossing = {("feeder", "router.eth1", 9701), ("console", "router", 9702)}
    network = planned.network
    anything = [
        GroupRule(
            id=f"all/{way}",
            direction=way,
            protocol=ANY_PROTOCOL,
            ports=ALL_PORTS,
            peer=CidrPeer(network.vpcs[0].cidrs[0]),
        )
        for way in Direction
    ]
    open_groups = replace(
        network,
        security_groups=tuple(
            replace(each, rules=tuple(anything)) for each in network.security_groups
        ),
    )
    everything = [
        AclEntry(
            number=1,
            direction=way,
            action=Action.ALLOW,
            protocol=ANY_PROTOCOL,
            ports=ALL_PORTS,
            cidr=network.vpcs[0].cidrs[0],
        )
        for way in Direction
    ]
    open_acls = replace(
        network, nacls=tuple(replace(each, entries=tuple(everything)) for each in network.nacls)
    )
    assert pairs(open_acls) == DECLARED
    assert not crossing & pairs(open_groups)


def test_another_interface_moves_nothing_of_what_stands(planned, tmp_path):
    before = with_one(tmp_path)
    after = plan(topology_from(tmp_path, ROUTER), before.lock)
    for one in before.network.interfaces:
        other = after.network.interface[one.id]
        assert replace(other, host="") == one
    first = before.network.security_group["sg/router"]
    assert set(first.rules) == set(after.network.security_group["sg/router"].rules)
    assert first.name == after.network.security_group["sg/router"].name
    assert {"sg/router.eth1"} == {each.id for each in after.network.security_groups} - {
        each.id for each in before.network.security_groups
    }
    assert {each.nacl for each in after.network.subnets if each.segment == "control"} == {
        "acl/control.router.eth1",
        "acl/control.console",
    }


def test_a_service_that_is_called_otherwise_keeps_all_its_interfaces(planned, tmp_path):
    renamed = copy.deepcopy(ROUTER)
    renamed["services"]["hub"] = {**renamed["services"].pop("router"), "was": "router"}
    for socket in ("out", "news"):
        client = renamed["services"]["feeder"]["sockets"][socket]
        client["connect"] = client["connect"].replace("router", "hub")
    renamed["services"]["console"]["sockets"]["ask"]["connect"] = "hub.control"
    del renamed["tests"]
    after = plan(topology_from(tmp_path, renamed), planned.lock)
    at = {each.name.replace("hub", "router"): each.address for each in after.network.interfaces}
    assert at == {each.name: each.address for each in planned.network.interfaces}
    assert {each.host for each in after.network.interfaces} == {"", "hub-1", "hub-2", "hub-3"}
    assert after.former["service", "hub.eth1"] == ("router.eth1",)
    assert after.former["segment", "control.hub.eth1"] == ("control.router.eth1",)


@pytest.mark.parametrize("zones", [1, 2, 3])
def test_all_interfaces_of_a_copy_are_in_one_zone(tmp_path, zones):
    """Also of copies that came later, when other zones were there."""
    first = plan(topology_from(tmp_path, {**ROUTER, "zones": zones}))
    more = copy.deepcopy({**ROUTER, "zones": 3})
    more["services"]["router"]["replicas"] = "2..7"
    for made in (first, plan(topology_from(tmp_path, more), first.lock)):
        of_copy = {}
        for each in made.network.interfaces:
            if each.host:
                zone = made.network.subnet_of(each).zone
                of_copy.setdefault(each.host, []).append((each.service, zone))
        assert len(of_copy) in (3, 7)
        for found in of_copy.values():
            assert {name for name, _ in found} == {"router", "router.eth1"}
            assert len({zone for _, zone in found}) == 1


def test_each_says_its_own_owner_purpose_and_line(topology, planned):
    said = planned.said
    assert said["service", "router"].owner == "feed team"
    assert (said["service", "router.eth1"].owner, said["service", "router.eth1"].purpose) == (
        "ops",
        "its control",
    )
    lines = topology.file, [topology.place_of("services", "router", "interfaces", "eth1").line]
    (joined,) = [each.setup["interfaces"] for each in planned.words if each.name == "router"]
    assert joined == "eth0 in feed, eth1 in control"  # which a review tells where it is another
    at = planned.origins.named("router.eth1")
    assert (at.file, [at.line]) == lines
    assert planned.origins.named("router.eth1.control") == planned.origins.named("router.control")


def test_a_name_that_people_say_means_the_whole_host(planned):
    network = planned.network
    assert {each.service for each in resolve(network, "router")} == {"router", "router.eth1"}
    assert {each.service for each in resolve(network, "router.eth1")} == {"router.eth1"}
    assert {each.service for each in resolve(network, "router.both")} == {"router", "router.eth1"}
    assert {each.owner for each in listeners(network, "router.control")} == {"router.eth1"}
    with pytest.raises(LookupError, match=r"router\.control"):
        listeners(network, "router.contrl")


def test_who_gets_into_one_interface_goes_on_from_all_of_its_host(planned):
    """Nobody of the data plane reaches the console but by a router that is somebody's."""
    reach = prove(planned.network)
    far = ask(reach, Question(from_="feeder", hops="all"))
    found = {each.end.service: each.hops for each in far.reached if each.end.service}
    assert found == {"router": 1, "router.eth1": 1, "console": 2}


def test_interfaces_are_of_one_host_by_its_instance_or_by_what_is_said(planned):
    network = planned.network
    attached = replace(
        network,
        interfaces=tuple(
            replace(each, host="", instance="i-1" if each.name.endswith("-1") else None)
            for each in network.interfaces
        ),
    )
    for of, hosts in ((network, 3 + 2), (attached, 1 + 4)):
        assert len(set(one_host(of).values())) == hosts


def test_programs_are_told_the_address_of_the_right_interface(topology, planned):
    at = {each.name: each.address for each in planned.network.interfaces}
    found = settings(topology, planned, "router", 2)
    sockets = {each.name: each for each in found.sockets}
    assert [each.endpoint for each in sockets["control"].bind] == [
        f"tcp://{at['router.eth1-2']}:9701"
    ]
    assert [each.endpoint for each in sockets["both"].bind] == [
        f"tcp://{at['router-2']}:7000",
        f"tcp://{at['router.eth1-2']}:7000",
    ]
    (out,) = sockets["out"].connect
    assert out.endpoint == f"tcp://eth1:0;{at['console-1']}:9800"
    variables = as_variables(found)
    assert variables["BULKHEAD_ADDRESS"] == variables["BULKHEAD_ADDRESS_ETH0"]
    assert variables["BULKHEAD_ADDRESS_ETH1"] == str(at["router.eth1-2"])
