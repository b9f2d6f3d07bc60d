"""Peers that a prefix list has: planned by what it held, and by nothing that came later."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import FindingKind, judge
from bulkhead.ledger import ledger
from bulkhead.network import TCP, CidrPeer, PrefixList
from bulkhead.plan import Plan, plan
from bulkhead.plan.lock import Lock, lock_of, lock_text
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.topologies import HEAD, topology_from

LIST = "pl-0123abcd"
CURVE = {"mechanism": "CURVE", "zap": True}
WORD = {"why": "it is traded", "owner": "desk"}
HELD = ("198.51.100.0/25", "198.51.100.128/25", "203.0.113.64/26")


def document(*, bind: str = "tcp://*:6001", **more: Any) -> dict[str, Any]:
    """A router that connects to a venue, which is where a list says."""
    return {
        **HEAD,
        "segments": {"edge": {"purpose": "meets them"}},
        "peers": {
            "venue": {
                "prefix-list": LIST,
                "sockets": {"orders": {"type": "PULL", "bind": bind, **CURVE}},
            },
        },
        "services": {
            "router": {
                "segment": "edge",
                "sockets": {
                    "out": {
                        "type": "PUSH",
                        "connect": "venue.orders",
                        "exposure": WORD,
                        **CURVE,
                    }
                },
            },
        },
        **more,
    }


def held(*cidrs: str) -> dict[str, tuple[Any, ...]]:
    return {LIST: tuple(map(ip_network, cidrs))}


def planned(tmp_path, cidrs=HELD, **more) -> Plan:
    topology = topology_from(tmp_path, document(**more))
    return plan(topology, Lock(topology=topology.name, first=True, lists=held(*cidrs)))


def named(plan):
    """Whom rules, entries and routes name of the internet."""
    network = plan.network
    groups = {
        str(rule.peer.cidr)
        for each in network.security_groups
        for rule in each.rules
        if isinstance(rule.peer, CidrPeer)
    }
    entries = {str(one.cidr) for acl in network.nacls for one in acl.entries if one.protocol == TCP}
    routes = {
        str(route.destination)
        for table in network.route_tables
        if table.name == "edge"
        for route in table.routes
    }
    return groups, entries, routes - {"10.20.0.0/16"}


def test_rules_entries_and_routes_name_what_the_list_held_in_as_few_networks_as_can_be(tmp_path):
    made = planned(tmp_path)
    wanted = {"198.51.100.0/24", "203.0.113.64/26"}
    assert named(made) == (wanted, wanted, wanted)
    assert judge(prove(made.network), made.declaration).findings == ()
    assert made.network.prefix_lists == (PrefixList(prefix_list=LIST, cidrs=held(*HELD)[LIST]),)


def test_the_plan_is_the_one_of_the_same_addresses_written_down(tmp_path):
    by_list = planned(tmp_path)
    peers = document()["peers"]
    peers["venue"]["addresses"] = ["198.51.100.0/24", "203.0.113.64/26"]
    del peers["venue"]["prefix-list"]
    (tmp_path / "other").mkdir()
    by_hand = plan(topology_from(tmp_path / "other", document(peers=peers)))
    assert named(by_list) == named(by_hand)
    assert by_list.network.security_groups == by_hand.network.security_groups
    assert by_list.network.nacls == by_hand.network.nacls
    assert by_list.network.route_tables == by_hand.network.route_tables


def test_the_lock_has_a_network_of_a_list_a_line_and_keeps_no_list_that_nobody_names(tmp_path):
    made = planned(tmp_path)
    text = lock_text(made.lock)
    assert f'  "list {LIST}": true,\n  "list {LIST} 198.51.100.0/25": true,\n' in text
    assert lock_of("lock", text.encode()).lists == held(*HELD)
    again = plan(topology_from(tmp_path, document()), made.lock)
    assert again.network == made.network
    gone = document(peers={}, services={"router": {"segment": "edge", "sockets": {}}})
    assert plan(topology_from(tmp_path, gone), made.lock).lock.lists == {}


@pytest.mark.parametrize(
    ("cidrs", "more", "said"),
    [
        (None, {}, [f"what {LIST} holds is not known"]),
        ([], {}, [f"{LIST} holds nothing"]),
        (["2001:db8::/32"], {}, ["peers of IPv6 are planned by addresses: alone"]),
        (["0.0.0.0/0"], {}, ["which is everybody"]),
        (["10.1.0.0/16", "10.20.4.0/24"], {}, ["10.1.0.0/16, which is not public", "of the VPC"]),
        (
            HELD,
            {"bind": "tcp://203.0.113.1:6001"},
            [f"venue.orders binds 203.0.113.1, which is not in {LIST}"],
        ),
    ],
)
def test_a_list_in_which_no_peer_can_be_is_refused_at_the_line_that_names_it(
    tmp_path, cidrs, more, said
):
    topology = topology_from(tmp_path, document(**more))
    lists = {} if cidrs is None else held(*cidrs)
    with pytest.raises(InputError) as refused:
        plan(topology, Lock(topology=topology.name, first=True, lists=lists))
    told = [str(each) for each in refused.value.problems]
    assert all(any(each in line for line in told) for each in said), told
    assert all(each.line for each in refused.value.problems)


def test_two_peers_in_one_list_are_told_apart_by_nothing(tmp_path):
    peers = {**document()["peers"], "other": {"prefix-list": LIST}}
    with pytest.raises(InputError, match="peer venue overlaps 198"):
        planned(tmp_path, peers=peers)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("list pl-0123abcd 198.51.100.0/33", True),
        ("list pl-0123abcd 198.51.100.0/24", False),
        ("list com.amazonaws.s3", True),
        ("list pl-0123abcd 198.51.100.0/24 203.0.113.0/24", True),
        ("list ", True),
    ],
)
def test_a_line_of_a_lock_that_says_nothing_of_a_list_is_named(line, value):
    text = json.dumps({line: value, "topology": "demo", "version": 2}, indent=2)
    with pytest.raises(InputError, match="says nothing of a prefix list") as refused:
        lock_of("a.lock.json", text.encode())
    assert refused.value.problems[0].line == 2


def judged(made: Plan, *now: str):
    there = replace(
        made.network, prefix_lists=(PrefixList(prefix_list=LIST, cidrs=held(*now)[LIST]),)
    )
    return judge(prove(there), made.declaration)


def test_what_came_into_the_list_and_what_left_it_is_a_finding_where_it_is_named(tmp_path):
    made = planned(tmp_path)
    (found,) = judged(made, "198.51.100.0/24", "192.0.2.0/24").findings
    assert found.kind is FindingKind.DIFFERS
    assert found.message == (
        f"prefix list {LIST} of peer venue holds 192.0.2.0/24, of which the plan knows nothing and "
        "no longer holds 203.0.113.64/26, which the plan lets through"
    )
    assert found.line == made.origins.things[LIST].line > 1


def test_how_a_list_is_cut_into_networks_changes_nothing(tmp_path):
    made = planned(tmp_path)
    assert judged(made, "203.0.113.64/27", "203.0.113.96/27", "198.51.100.0/24").findings == ()


def test_what_a_list_holds_that_nobody_asked_about_is_not_taken_for_the_same(tmp_path):
    made = planned(tmp_path)
    unseen = judge(prove(replace(made.network, prefix_lists=())), made.declaration)
    assert unseen.findings == ()
    assert any(LIST in each for each in unseen.unknown)


def test_the_ledger_has_the_addresses_and_the_list_that_they_are_from(tmp_path):
    made = planned(tmp_path)
    found = ledger(topology_from(tmp_path, document()), made, prove(made.network))
    (venue,) = found.topology.peers.values()
    assert (venue.prefix_list, len(venue.cidrs)) == (LIST, 2)


BLOCK = st.builds(
    lambda at, length: ip_network((at >> 32 - length << 32 - length, length)),
    st.integers(0xC6336400, 0xC63364FF),  # 198.51.100.0/24
    st.integers(26, 32),
)


@examples(10)
@given(st.lists(BLOCK, max_size=6), st.lists(BLOCK, max_size=6))
def test_what_is_said_of_a_list_is_what_its_single_addresses_say(before, now):
    def addresses(cidrs):
        return {each for cidr in cidrs for each in cidr}

    def of(cidrs):
        return PrefixList(prefix_list=LIST, cidrs=tuple(cidrs))

    said = of(before).become(of(now))
    assert ("plan knows nothing" in said) == bool(addresses(now) - addresses(before))
    assert ("no longer holds" in said) == bool(addresses(before) - addresses(now))
