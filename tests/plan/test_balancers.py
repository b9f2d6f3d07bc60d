"""Sockets behind a Network Load Balancer: it and nobody else gets to the copies."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.intent import Topology
from bulkhead.judge import FindingKind, judge
from bulkhead.ledger import ledger
from bulkhead.network import GroupPeer, InterfaceKind, Verdict
from bulkhead.network.service_addresses import with_addresses_of
from bulkhead.onsite import onsite
from bulkhead.plan import Plan, plan
from bulkhead.problems import InputError
from bulkhead.prove import prove
from bulkhead.review.steps import steps
from bulkhead.review.version import Version
from bulkhead.settings import settings
from tests.support.examples import ONE_FOLDER, examples
from tests.support.topologies import HEAD, topology_from

CURVE = {"mechanism": "CURVE", "zap": True}
WORD = {"why": "partners ask", "owner": "sales"}
SITE = {"cidrs": ["192.168.10.0/24"], "gateway": {"address": "203.0.113.10"}}
WITHIN, PUBLIC = "NLB-broker", "public-NLB-broker"


def document(**more: Any) -> dict[str, Any]:
    """A broker behind one for those within and one for a partner; a watch that meets each copy."""
    return {
        **HEAD,
        "segments": {"front": {"purpose": "asks"}, "core": {"purpose": "answers"}},
        "sites": {
            "plant": {**SITE, "sockets": {"ask": {"type": "DEALER", "connect": "broker.requests"}}}
        },
        "peers": {
            "partner": {
                "addresses": ["198.51.100.0/28"],
                "sockets": {"ask": {"type": "REQ", "connect": "broker.quotes", **CURVE}},
            }
        },
        "services": {
            "broker": {
                "segment": "core",
                "replicas": 3,
                "sockets": {
                    "requests": {"type": "ROUTER", "bind": "tcp://*:5560", "via": "nlb"},
                    "quotes": {
                        "type": "REP",
                        "bind": "tcp://*:5561",
                        "exposure": {**WORD, "via": "nlb"},
                        **CURVE,
                    },
                    "health": {"type": "PUB", "bind": "tcp://*:5562"},
                },
            },
            "client": {
                "segment": "front",
                "replicas": 4,
                "sockets": {"ask": {"type": "DEALER", "connect": "broker.requests"}},
            },
            "watch": {
                "segment": "front",
                "sockets": {"in": {"type": "SUB", "connect": "broker.health"}},
            },
        },
        "tests": [
            {"from": "client", "accept": ["broker.requests"], "deny": ["broker.quotes"]},
            {"from": "partner", "accept": ["broker.quotes"], "deny": ["broker.requests"]},
            {"from": "internet", "deny": ["*"]},
        ],
        **more,
    }


@pytest.fixture
def topology(tmp_path) -> Topology:
    return topology_from(tmp_path, document())


@pytest.fixture
def made(topology) -> Plan:
    return plan(topology)


def opened(made: Plan) -> set[tuple[str, str]]:
    return {(each.client, each.server.name) for each in made.flows}


def test_a_connection_is_two_and_exactly_those_are_open(made):
    assert opened(made) == {
        ("client", "NLB-broker.requests"),
        ("plant", "NLB-broker.requests"),
        ("NLB-broker", "broker.requests"),
        ("partner", "public-NLB-broker.quotes"),
        ("public-NLB-broker", "broker.quotes"),
        ("watch", "broker.health"),
    }
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]


def test_it_speaks_to_copies_as_its_clients_do(made):
    spoken = {
        (each.client, each.client_type) for each in made.flows if each.client in (WITHIN, PUBLIC)
    }
    assert spoken == {(WITHIN, "DEALER"), (PUBLIC, "REQ")}


def test_copies_let_in_the_group_of_the_load_balancer_and_no_client_of_it(made):
    ingress = {
        (str(each.ports), each.peer.group if isinstance(each.peer, GroupPeer) else each.peer)
        for each in made.network.security_group["sg/broker"].rules
        if each.direction == "ingress"
    }
    assert ingress == {("5560", f"sg/{WITHIN}"), ("5561", f"sg/{PUBLIC}"), ("5562", "sg/watch")}


def test_network_acls_name_its_block_and_none_of_its_clients(made):
    network = made.network
    core = [each for each in network.nacl["acl/core"].entries if each.direction == "ingress"]
    named = {str(each.cidr) for each in core if each.ports.first in (5560, 5561)}
    homes = {
        str(network.subnet_of(each).cidr.supernet(new_prefix=22))
        for each in network.interfaces
        if each.kind is InterfaceKind.LOAD_BALANCER
    }
    assert named == homes


def test_each_stands_in_every_zone_behind_a_network_acl_of_its_own(made):
    network = made.network
    for name in (WITHIN, PUBLIC):
        own = network.interfaces_of(name)
        assert [network.subnet_of(each).zone for each in own] == ["eu-west-1a", "eu-west-1b"]
        (home,) = {network.subnet_of(each).nacl for each in own}
        beside = {
            each.service for each in network.interfaces if network.subnet_of(each).nacl == home
        }
        assert beside == {name}
        assert bool([each for each in own if each.public_address]) is (name == PUBLIC)
    assert not [each for each in network.interfaces_of("broker") if each.public_address]


def test_it_listens_at_the_ports_of_its_sockets_and_passes_on_to_all_copies(made):
    found = {each.name: each for each in made.network.load_balancers}
    assert set(found) == {WITHIN, PUBLIC}
    for name, port in ((WITHIN, 5560), (PUBLIC, 5561)):
        (listener,) = found[name].listeners
        assert listener.port == port
        assert {each for each, _ in listener.targets} == {f"eni/broker-{n}" for n in (1, 2, 3)}
        assert {at for _, at in listener.targets} == {port}
        assert (listener.keeps_client_address, listener.tcp_idle) == (False, 350)


def test_who_is_denied_a_socket_is_denied_the_load_balancer_before_it(made):
    denied = {(each.client, each.server.name) for each in made.expectations if not each.accept}
    assert ("client", "public-NLB-broker.quotes") in denied
    assert ("internet", "NLB-broker.requests") in denied
    accepted = {(each.client, each.server.name) for each in made.expectations if each.accept}
    assert accepted == {
        ("client", "NLB-broker.requests"),
        ("partner", "public-NLB-broker.quotes"),
    }


def test_a_client_is_told_one_address_that_in_its_zone_first(topology, made):
    for copy, zone in ((1, "eu-west-1a"), (2, "eu-west-1b")):
        (socket,) = settings(topology, made, "client", copy).sockets
        (reached,) = socket.connect
        (near,) = [
            each.address
            for each in made.network.interfaces_of(WITHIN)
            if made.network.subnet_of(each).zone == zone
        ]
        assert reached.endpoint == f"tcp://{near}:5560"
        assert len(reached.also) == 1
    (watch,) = settings(topology, made, "watch").sockets
    assert len(watch.connect) == 3


def test_with_names_hosts_ask_for_one_and_sites_have_addresses(tmp_path):
    topology = topology_from(tmp_path, document(dns="desk.internal"))
    made = plan(topology)
    (client,) = settings(topology, made, "client").sockets
    assert [each.endpoint for each in client.connect] == ["tcp://nlb.broker.desk.internal:5560"]
    (plant,) = settings(topology, made, "plant").sockets
    assert "desk.internal" not in str(plant.connect)
    assert made.zone and "public" not in str(made.zone.records)


def test_a_socket_behind_one_is_kept_alive_by_what_that_remembers(topology, made):
    sockets = {each.name: each for each in settings(topology, made, "broker").sockets}
    requests = sockets["requests"]
    assert requests.profile.silence and requests.profile.silence.seconds == 350
    assert "NLB-broker" in requests.profile.silence.because


def test_the_ledger_and_the_far_end_of_a_site_speak_of_it(topology, made):
    kept = ledger(topology, made, prove(made.network))
    assert {"client", "NLB-broker"} <= {
        end
        for each in kept.boundaries
        for one in each.flows
        for end in (one.flow.client, one.flow.server.owner)
    }
    assert all(one.verdict is Verdict.ALLOWED for each in kept.boundaries for one in each.flows)
    (passage,) = onsite(topology, made, "plant").passages
    own = made.network.interfaces_of(WITHIN)
    assert passage.beyond == tuple(IPv4Network(each.address) for each in own)


def test_renaming_the_service_keeps_what_stands_before_it(tmp_path):
    before = plan(topology_from(tmp_path, document()))
    after = document()
    after["services"]["hub"] = {**after["services"].pop("broker"), "was": "broker"}
    text = json.dumps(after).replace("broker.", "hub.")
    renamed = plan(topology_from(tmp_path, text), before.lock)
    old = {each.address for each in before.network.interfaces_of(WITHIN)}
    assert {each.address for each in renamed.network.interfaces_of("NLB-hub")} == old
    assert renamed.former["service", "NLB-hub"] == (WITHIN,)


def test_where_aws_puts_one_for_the_internet_is_no_difference(made):
    """It chooses the private addresses, and gives public ones."""
    found = replace(
        made.network,
        interfaces=tuple(
            replace(
                each,
                address=each.address + 40,
                public_address=IPv4Address("203.0.113.77"),
            )
            if each.service == PUBLIC
            else each
            for each in made.network.interfaces
        ),
    )
    held = with_addresses_of(made.network, found)
    assert held.interfaces == found.interfaces
    planned = replace(made.declaration, planned=held)
    assert judge(prove(found), planned).ok


def test_a_listener_a_target_or_an_attribute_that_was_changed_is_a_finding(made):
    within, public = sorted(made.network.load_balancers, key=lambda each: each.name)
    (port,) = within.listeners
    changes = {
        "holds a listener that no plan has: listener tcp 22": (
            *within.listeners,
            replace(port, port=22),
        ),
        "does not pass on to broker-1 at 5560": (replace(port, targets=port.targets[1:]),),
        "passes on to client-1 (eni/client-1) at 22, which no plan has": (
            replace(port, targets=(*port.targets, ("eni/client-1", 22))),
        ),
        "keeping of the client's address yes, planned no": (
            replace(port, keeps_client_address=True),
        ),
        "idle timeout of tcp 60, planned 350": (replace(port, tcp_idle=60),),
        "passing on to other zones no, planned yes": (replace(port, crosses_zones=False),),
    }
    for said, listeners in changes.items():
        changed = replace(
            made.network, load_balancers=(replace(within, listeners=listeners), public)
        )
        judged = judge(prove(changed), made.declaration)
        assert len(judged.findings) == 1, [str(each) for each in judged.findings]
        (finding,) = judged.findings
        assert said in finding.message.replace("client-1 (client-1)", "client-1 (eni/client-1)")
        assert finding.kind in (FindingKind.DIFFERS, FindingKind.UNPLANNED)


def test_attributes_that_nobody_asked_for_are_no_difference_and_not_known(made):
    unread = replace(
        made.network,
        load_balancers=tuple(
            replace(
                each,
                listeners=tuple(
                    replace(one, tcp_idle=None, crosses_zones=None) for one in each.listeners
                ),
            )
            for each in made.network.load_balancers
        ),
    )
    judged = judge(prove(unread), made.declaration)
    assert judged.findings == ()
    assert "listener of load balancer" in str(judged)


def test_without_its_listener_the_flow_is_missing(made):
    """What a load balancer takes in its listeners say, whatever groups do."""
    deaf = replace(
        made.network,
        load_balancers=tuple(replace(each, listeners=()) for each in made.network.load_balancers),
    )
    judged = judge(prove(deaf), made.declaration)
    assert not judged.ok
    assert "plant.ask -> NLB-broker.requests" in str(judged.findings)


def test_another_copy_is_one_more_target_and_breaks_nothing(tmp_path):
    before = plan(topology_from(tmp_path, document()))
    more = document()
    more["services"]["broker"]["replicas"] = 4
    after = plan(topology_from(tmp_path, more), before.lock)
    found = steps(version(before), version(after))
    assert not found.broken
    calls = [str(call) for step in found.steps for call in step.calls]
    assert calls[0].startswith("create interface broker-4")
    assert [each for each in calls if each.startswith("update listener")] == calls[1:]


def test_another_zone_replaces_it_and_says_what_that_breaks(tmp_path):
    before = plan(topology_from(tmp_path, document()))
    after = plan(topology_from(tmp_path, document(zones=3)), before.lock)
    found = steps(version(before), version(after))
    assert {each.client for each in found.broken} >= {"client", "plant"}
    calls = [str(call) for step in found.steps for call in step.calls]
    assert [
        each for each in calls if " load balancer" in each and not each.startswith("update")
    ] == [
        f"{act} load balancer {name}"
        if not port
        else f"create listener of load balancer {name}: tcp {port}"
        for name, at in ((PUBLIC, 5561), (WITHIN, 5560))
        for act, port in (("delete", 0), ("create", 0), ("", at))
    ]


def version(made: Plan) -> Version:
    return Version(label=made.topology, network=made.network, declaration=made.declaration)


def test_too_many_listeners_are_refused_with_the_number_that_fits(tmp_path):
    many = document()
    many["services"]["broker"]["sockets"] = {
        f"s{n}": {"type": "REP", "bind": f"tcp://*:{6000 + n}", "via": "nlb"} for n in range(51)
    }
    many["services"]["client"]["sockets"] = {
        "ask": {"type": "REQ", "connect": [f"broker.s{n}" for n in range(51)]}
    }
    for key in ("sites", "peers", "tests"):
        del many[key]
    del many["services"]["watch"]
    with pytest.raises(InputError, match="would have 51 listeners, and 50 fit"):
        plan(topology_from(tmp_path, many))


@examples(1 / 3, ONE_FOLDER)
@given(
    copies=st.integers(1, 3),
    via=st.sets(st.sampled_from(["a", "b", "c"])),
    public=st.booleans(),
    isolated=st.sampled_from(["segment", "service", "none"]),
    clients=st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3, unique=True),
)
def test_whatever_is_behind_one_exactly_the_declared_flows_are_open(
    tmp_path, copies, via, public, isolated, clients
):
    text = document()
    del text["tests"]
    ports = {"a": 5560, "b": 5561, "c": 5562}
    sockets = {
        name: {"type": "REP", "bind": f"tcp://*:{port}", **({"via": "nlb"} if met else {})}
        for name, port in ports.items()
        for met in (name in via and name in clients,)
    }
    word = {**WORD, **({"via": "nlb"} if public else {})}
    sockets["quotes"] = {"type": "REP", "bind": "tcp://*:5599", "exposure": word, **CURVE}
    text["segments"]["core"]["isolation"] = isolated
    text["services"] = {
        "broker": {"segment": "core", "replicas": copies, "sockets": sockets},
        "client": {
            "segment": "front",
            "sockets": {"ask": {"type": "REQ", "connect": [f"broker.{each}" for each in clients]}},
        },
        "other": {"segment": "core", "replicas": 2},
    }
    del text["sites"]
    made = plan(topology_from(tmp_path, text))
    reach = prove(made.network)
    judged = judge(reach, made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]
    behind = [ports[each] for each in clients if each in via]
    for one in reach.endpoints:
        for other in reach.endpoints:
            if one.service == "client" and other.service == "broker":
                for port in behind:
                    assert reach.verdict(one, other, 6, port) is Verdict.DENIED
