"""A crowded network comes out whole: like services as one, and NACLs no stricter than fits."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from bulkhead.cli.discover.writing import accepts
from bulkhead.ends import EndpointKind
from bulkhead.intent.load import topology_of
from bulkhead.network import Direction, PortRange, Verdict
from bulkhead.network.traffic import merge, without
from bulkhead.plan.demand import rules_wanted
from bulkhead.plan.wiring import Wiring
from bulkhead.present import present_topology
from bulkhead.present.alike import together
from bulkhead.present.fitting import MOST_TRIES, fitting
from bulkhead.present.opening import openings
from bulkhead.present.parties import parties_of
from bulkhead.present.room import ROOM, RuleRoom, with_room
from bulkhead.problems import Problem
from bulkhead.prove import prove
from bulkhead.prove.sets.by_port import bits_of
from tests.present.test_present import planned, presented
from tests.support.estate import OPEN, Estate
from tests.support.examples import examples


def estate(hosts, groups, subnets, *, acls=None, rules, refs=(), alone=(), block=24):
    """Hosts in turn in subnets and groups; each group with these rules, and what `refs`
    say of groups and `alone` of single hosts."""
    built = Estate(cidr="10.0.0.0/16")
    for index in range(subnets):
        built.acl(f"acl{index}", *(acls or OPEN))
        built.subnet(f"net{index}", f"10.0.{index}.0/{block}", acl=f"acl{index}")
    own = {index: list(rules) for index in range(groups)}
    for group, port, peer in refs:
        own[group].append(f"in tcp {port} team{peer}")
    for group, port, host in alone:
        own[group].append(f"in tcp {port} 10.0.{host % subnets}.{10 + host}/32")
    for index, several in own.items():
        built.group(f"team{index}", *dict.fromkeys(several), "out all 0.0.0.0/0")
    for index in range(hosts):
        at = index % subnets
        built.host(f"h{index}", f"net{at}", f"10.0.{at}.{10 + index}", f"team{index % groups}")
    return built.build()


def open_cells(reach, interfaces):
    """By client, server and protocol the ports that are allowed between these."""
    ends = {each.id: each for each in reach.endpoints if each.kind is EndpointKind.INTERFACE}
    several = [(each.name, ends[each.id]) for each in interfaces]
    found = defaultdict(list)
    for (one, client), (other, server) in product(several, several):
        if one != other:
            for cell in reach.between(client, server):
                if cell.verdict is Verdict.ALLOWED:
                    found[one, other, cell.protocol].append(cell.ports)
    return {between: merge(ports) for between, ports in found.items()}


def held(found, before):
    """What is open between interfaces now, and what a plan of the text opens."""
    after = planned(found.text)
    names = {}
    for each in found.services:
        there = sorted(one.name for one in after.interfaces_of(each.name))
        names |= dict(zip(there, sorted(each.interfaces), strict=True))
    opened = open_cells(prove(after), [each for each in after.interfaces if each.name in names])
    return (
        open_cells(prove(before), before.interfaces),
        {(names[one], names[other], protocol): of for (one, other, protocol), of in opened.items()},
    )


EVERYBODY = tuple(f"in tcp {port} 10.0.0.0/16" for port in range(1001, 1081, 2))
GUARDED = (
    "in 90 deny udp 1 0.0.0.0/0",
    "in 100 allow all 10.0.0.0/8",
    "out 100 allow all 10.0.0.0/8",
)


def test_services_that_nothing_tells_apart_are_one_where_groups_have_no_room_for_each():
    """Nine groups that let the same in from the whole VPC: 320 rules each, and 300 fit."""
    before = estate(9, 9, 1, rules=EVERYBODY, refs=[(7, 5556, 8)])
    found = presented(before)
    assert not found.comments
    assert not accepts(found.text)
    assert sorted(len(each.alike) for each in found.services) == [0, 0, 7]
    assert "one for these, which exchange the same with everybody: team0" in found.text
    for index in range(9):
        assert f"h{index}" in found.text
    then, now = held(found, before)
    assert then == now


def test_names_that_somebody_gave_stay_apart_and_what_has_no_room_is_told_with_the_quota():
    built = Estate(cidr="10.0.0.0/16")
    built.acl("acl", *OPEN)
    built.subnet("net", "10.0.0.0/20", acl="acl")
    for index in range(9):
        built.group(f"team{index}", *EVERYBODY, "out all 0.0.0.0/0")
        built.host(f"h{index}", "net", f"10.0.1.{10 + index}", f"team{index}", service=f"s{index}")
    found = presented(built.build())
    assert not any(each.alike for each in found.services)
    assert not accepts(found.text)
    assert found.comments
    for each in found.comments:
        assert " needs 320 " in each.why
        assert f"and {ROOM} fit" in each.why
        assert "quotas: {" in each.why
    rules = RuleRoom.of(one for flow in found.flows for one in flow.openings).counts
    assert max(rules.values()) == ROOM


def test_exact_entries_that_do_not_fit_are_widened_before_anything_is_left_out():
    before = estate(
        24,
        24,
        2,
        rules=("in tcp 22 10.0.0.0/16",),
        refs=[(index % 24, 2000 + 7 * index, (index + 1) % 24) for index in range(48)],
        acls=GUARDED,
    )
    found = presented(before)
    assert "nacl-overflow: widen" in found.text
    assert "isolation: none" not in found.text
    assert not found.comments
    assert not accepts(found.text)
    then, now = held(found, before)
    assert then == now


@pytest.mark.parametrize("acls", [OPEN, GUARDED])
def test_no_network_acl_is_laid_open_that_denies_something_today(acls):
    refs = [(index % 2, 2000 + 7 * index, (index + 1) % 2) for index in range(60)]
    before = estate(2, 2, 2, rules=(), refs=refs, acls=acls)

    def narrow(text):
        said = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
        much = "nacl-overflow: widen" in text and "".join(said).count("tcp ") > 30
        return [Problem("", 0, "the NACL is not widened", "")] if much else accepts(text)

    found = present_topology(prove(before), before.vpcs[0], source="test", accepts=narrow)
    assert not narrow(found.text)
    then, now = held(found, before)
    if acls is OPEN:
        assert "isolation: none" in found.text
        assert now == then
        assert not found.comments
    else:
        assert "isolation: none" not in found.text
        assert found.comments
        assert all("no room: " in each.why and "NACL" in each.why for each in found.comments)
        assert now
        for between, ports in now.items():
            assert not [each for one in ports for each in without(one, then[between])]


@st.composite
def crowds(draw):
    groups = draw(st.integers(2, 6))
    refs = draw(
        st.lists(
            st.tuples(
                st.integers(0, groups - 1),
                st.sampled_from([80, 81, 5556]),
                st.integers(0, groups - 1),
            ),
            max_size=8,
        )
    )
    rules = draw(st.sampled_from([(), EVERYBODY[:1], ("in icmp:8 10.0.0.0/16",)]))
    hosts = draw(st.integers(groups, 3 * groups))
    of_one = st.tuples(
        st.integers(0, groups - 1), st.sampled_from([81, 6379]), st.integers(0, hosts - 1)
    )
    alone = draw(st.lists(of_one, max_size=3))
    return estate(hosts, groups, draw(st.integers(1, 2)), rules=rules, refs=refs, alone=alone)


def by_end(several):
    """What is said of each end with each other, however they are put together."""
    return {
        (client, server, each.protocol, each.ports, each.passes)
        for each in several
        for client in bits_of(each.client.ends)
        for server in bits_of(each.server.ends)
        if client != server
    }


@examples(5)
@given(before=crowds())
def test_services_that_are_made_one_exchange_what_each_of_them_did(before):
    reach = prove(before)
    found = parties_of(reach, before.vpcs[0])
    several = list(openings(reach, found.every))
    segment_of = {each.name: each.segment for each in found.services}
    now = together(found.every, [(each, "") for each in several], segment_of)
    assert by_end(now.of(several)) == by_end(several)
    assert together(now.parties, [(each, "") for each in now.of(several)], segment_of).parties == (
        now.parties
    )


@examples(1)
@given(before=crowds())
def test_what_is_planned_anew_opens_between_interfaces_what_was_open(before):
    """Also what a rule lets a single address of a group do."""
    found = presented(before)
    note(found.text)
    then, now = held(found, before)
    assert then == now


def test_copies_that_a_rule_for_one_address_tells_apart_are_two_services():
    before = estate(6, 2, 1, rules=("in tcp 22 10.0.0.0/16",), alone=[(1, 6379, 2)])
    found = presented(before)
    assert {(each.name, each.interfaces) for each in found.services} == {
        ("team0", ("h0", "h4")),
        ("team0-b", ("h2",)),
        ("team1", ("h1", "h3", "h5")),
    }
    assert not found.comments
    (flow,) = [each for each in found.flows if each.traffic == ("tcp 6379",)]
    assert flow.clients == ("team0-b",)
    assert "apart from others there: rules for some addresses allow not all the same" in found.text


def test_nobody_is_called_as_a_copy_of_another():
    """`team0-2` would be the second host of team0."""
    before = estate(4, 1, 2, rules=("in tcp 22 10.0.0.0/16",), acls=OPEN)
    found = presented(before)
    assert {each.name for each in found.services} == {"team0", "team0-b"}
    assert not topology_of("topology.yaml", found.text.encode()).warnings


def test_of_three_alike_and_one_that_asks_more_three_are_one():
    before = estate(4, 4, 1, rules=("in tcp 22 10.0.0.0/16",), refs=[(0, 5556, 3)])
    reach = prove(before)
    found = parties_of(reach, before.vpcs[0])
    several = [(each, "") for each in openings(reach, found.every)]
    now = together(found.every, several, {each.name: each.segment for each in found.services})
    assert sorted(len(each.service.alike) for each in now.parties if each.service) == [0, 0, 2]


@examples(1)
@given(before=crowds())
def test_the_rules_that_are_computed_are_those_that_a_plan_counts(before):
    found = presented(before)
    topology = topology_of("topology.yaml", found.text.encode())
    counted = {
        of: each.count for of, each in rules_wanted(topology, Wiring(topology).meetings).items()
    }
    mine = RuleRoom.of(one for flow in found.flows for one in flow.openings).counts
    for name in topology.services:
        for direction in Direction:
            assert mine.get((name, direction), 0) == counted[name, direction]


def test_what_had_no_room_alone_has_some_where_it_joins_two_runs():
    """Ports 1, 3, 5, … of one client fill the groups; those between make fewer rules of them."""
    before = estate(2, 2, 1, rules=(), refs=[(0, 5556, 1)])
    (flow,) = presented(before).flows
    (one,) = flow.openings
    ports = [PortRange(at, at) for at in (*range(1, 2 * ROOM + 20, 2), *range(2, 40, 2))]
    kept, refused = with_room([one.at(each) for each in ports])
    assert not refused
    assert len(kept) == len(ports)


def test_after_so_many_tries_the_rest_is_refused_with_what_it_was_part_of():
    """Every other one is refused: no two go together, and so it takes a try for each."""
    asked = []

    def refuses(some):
        asked.append(some)
        odd = [each for each in some if each % 2]
        return [Problem("", 0, f"{odd[0]} is odd", "")] if odd else []

    kept, refused = fitting(range(200), refuses)
    assert len(asked) == MOST_TRIES
    assert sorted([*kept, *(each for each, _ in refused)]) == list(range(200))
    assert not any(each % 2 for each in kept)
    assert all("is odd" in why for _, why in refused)


def test_a_service_of_more_copies_than_a_topology_has_words_for_is_two():
    before = estate(230, 1, 1, rules=("in tcp 5556 team0",))
    found = presented(before)
    assert sorted(int(each.replicas) for each in found.services) == [30, 200]
