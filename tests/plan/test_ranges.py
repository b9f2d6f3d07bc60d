"""Neighbouring ports are one rule, one entry, one flow and one tag, however they are written."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from bulkhead.network import Direction
from bulkhead.network.tags import socket_tags
from bulkhead.plan import plan
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, topology_from


def planned(document):
    with tempfile.TemporaryDirectory() as folder:
        return plan(topology_from(Path(folder), document))


def spelt_out(document):
    """The same with each port of a range as an endpoint of its own."""

    def each_port(bind):
        where, _, ports = bind.rpartition(":")
        first, dash, last = ports.partition("-")
        if not dash:
            return [bind]
        return [f"{where}:{port}" for port in range(int(first), int(last) + 1)]

    def every_port(bind):
        several = [bind] if isinstance(bind, str) else bind
        return [port for each in several for port in each_port(each)]

    def spelt(sockets):
        return {
            name: {**each, "bind": every_port(each["bind"])} if "bind" in each else each
            for name, each in sockets.items()
        }

    return document | {
        kind: {
            name: {**each, "sockets": spelt(each["sockets"])}
            for name, each in document[kind].items()
        }
        for kind in ("services", "sites")
        if kind in document
    }


@given(documents())
@examples()
def test_a_range_plans_as_its_ports_do_one_by_one(document):
    one, other = planned(document), planned(spelt_out(document))
    assert one.network == other.network
    assert one.flows == other.flows
    assert one.lock == other.lock


def engines(*sockets, replicas=1):
    """A controller that binds these, each with an engine's socket that connects to it."""
    return {
        **HEAD,
        "segments": {"hub": {"purpose": "controllers"}, "engines": {"purpose": "engines"}},
        "services": {
            "controller": {
                "segment": "hub",
                "sockets": {
                    f"s{n}": {"type": "ROUTER", "bind": bind} for n, bind in enumerate(sockets)
                },
            },
            "engine": {
                "segment": "engines",
                "replicas": replicas,
                "sockets": {
                    f"c{n}": {"type": "DEALER", "connect": f"controller.s{n}"}
                    for n in range(len(sockets))
                },
            },
        },
    }


def rules(network, service, direction):
    (group,) = [each for each in network.security_groups if each.service == service]
    return [each.description for each in group.towards(direction)]


def requests(network, acl, direction):
    (found,) = [each for each in network.nacls if each.name == acl]
    return [each.says() for each in found.ordered(direction) if each.number < 16000]


@pytest.mark.parametrize(
    "sockets",
    [
        ["tcp://*:10101-11100"],
        [[f"tcp://*:{port}" for port in range(10101, 11101)]],
        ["tcp://*:10101-10500", "tcp://*:10501-11100"],
        [["tcp://*:10101-10500", "tcp://eth0:10601-11100"], "tcp://*:10501-10600"],
    ],
    ids=["range", "one by one", "two sockets", "between"],
)
def test_a_thousand_ports_of_one_pair_are_one_rule_and_one_entry_at_each_end(sockets):
    network = planned(engines(*sockets, replicas=3)).network
    assert rules(network, "controller", Direction.INGRESS) == ["tcp 10101-11100 from engine"]
    assert rules(network, "engine", Direction.EGRESS) == ["tcp 10101-11100 to controller"]
    assert requests(network, "hub", Direction.INGRESS) == ["tcp 10101-11100 from 10.20.0.0/22"]
    assert requests(network, "engines", Direction.EGRESS) == ["tcp 10101-11100 to 10.20.4.0/22"]


def test_what_neighbours_is_joined_for_each_client_alone():
    document = engines("tcp://*:5000-5004", "tcp://*:5005-5009")
    document["services"]["engine"]["sockets"].pop("c1")
    document["services"]["other"] = {
        "segment": "engines",
        "sockets": {"c": {"type": "DEALER", "connect": "controller.s1"}},
    }
    network = planned(document).network
    assert rules(network, "controller", Direction.INGRESS) == [
        "tcp 5000-5004 from engine",
        "tcp 5005-5009 from other",
    ]


def test_a_joined_rule_stands_where_the_first_socket_connects():
    made = planned(engines("tcp://*:5000-5004", "tcp://*:5005-5009"))
    (group,) = [each for each in made.network.security_groups if each.service == "controller"]
    (rule,) = group.rules
    first, second = (made.origins.flow(each) for each in made.flows)
    assert made.origins.of(group.id, rule) == first != second


def test_tags_do_not_grow_with_the_ports_of_a_socket():
    network = planned(engines("tcp://*:1024-65535")).network
    assert socket_tags(network.listeners) == {"bulkhead:socket:s0": "ROUTER tcp 1024-65535"}


def test_a_range_that_grows_keeps_what_others_have():
    before = planned(engines("tcp://*:5000-5004", "tcp://*:6000"))
    document = engines("tcp://*:5000-5009", "tcp://*:6000")
    with tempfile.TemporaryDirectory() as folder:
        after = plan(topology_from(Path(folder), document), before.lock)
    for one, other in zip(before.network.nacls, after.network.nacls, strict=True):
        kept = {each for each in one.entries if "5000" not in each.says()}
        assert kept <= set(other.entries)
        assert len(one.entries) == len(other.entries)
