"""Who shares groups: every set of quotas by which a plan can be made is found, nothing is shared
that need not be, and nobody who stands moves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, product
from math import prod

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.network import Direction, PortRange
from bulkhead.network.quotas import Quotas
from bulkhead.plan.shared_so_far import StandingRules, key_of
from bulkhead.plan.sharing import sharing
from tests.support.examples import examples

IN, OUT = Direction
RUNS = tuple((6, PortRange(port, port)) for port in (6000, 7000, 8000))


@dataclass(frozen=True)
class Demand:
    """What the rules of one service in one direction are about."""

    met: dict = field(default_factory=dict)
    others: int = 0

    @property
    def count(self):
        return self.others + sum(map(len, self.met.values()))

    def of_services(self):
        for peer, runs in self.met.items():
            yield peer, frozenset(runs)


def wanted(edges, others=()):
    """By way; an edge is a client, a server and what it needs of it."""
    names = sorted({name for client, server, _ in edges for name in (client, server)})
    ways = {way: Demand({}, dict(others).get(way, 0)) for way in product(names, Direction)}
    for client, server, runs in edges:
        ways[server, IN].met[client] = runs
        ways[client, OUT].met[server] = runs
    return ways


def quotas(rules, groups):
    return Quotas(rules_per_group=rules, groups_per_interface=groups)


def fits(ways, members, have):
    """Counted here: rules of each direction in as few groups as hold them, beside those shared."""
    shared = Counter(peer for several in members.values() for peer in several)
    for name in {name for name, _ in ways}:
        counts = []
        for direction in Direction:
            by_crowds = {each: m for each, m in members.items() if each[:2] == (name, direction)}
            left = {peer: set(runs) for peer, runs in ways[name, direction].met.items()}
            for (_, _, runs), several in by_crowds.items():
                for peer in several:
                    assert left[peer].issuperset(runs)
                    left[peer] -= set(runs)
            alone = sum(map(len, left.values())) + ways[name, direction].others
            counts.append(alone + sum(len(each[2]) for each, m in by_crowds.items() if m))
        if max(1, -(-max(counts) // have.rules_per_group)) + shared[name] > (
            have.groups_per_interface
        ):
            return False
    return True


def partitions(runs):
    """Every way to share some of what a peer needs, in one group or in several."""
    if not runs:
        return [()]
    first, *rest = runs
    found = []
    for size in range(len(rest) + 1):
        for more in combinations(rest, size):
            block = (first, *more)
            left = tuple(each for each in rest if each not in more)
            found += [(block, *others) for others in partitions(left)]
    return [*found, *partitions(tuple(rest))]


def any_fits(ways, have):
    """Whether any choice at all does."""
    items = [
        (way, peer, runs)
        for way, demand in ways.items()
        for peer, runs in demand.met.items()
        if peer != way[0]
    ]
    options = [partitions(runs) for _, _, runs in items]
    assume(prod(map(len, options)) <= 20_000)
    for chosen in product(*options):
        members = {}
        for (way, peer, _), blocks in zip(items, chosen, strict=True):
            for block in blocks:
                members.setdefault((*way, frozenset(block)), set()).add(peer)
        if fits(ways, members, have):
            return True
    return False


NAMES = st.sampled_from("abcdef")
EDGES = st.dictionaries(
    st.tuples(NAMES, NAMES),
    st.sets(st.sampled_from(RUNS[:2]), min_size=1).map(lambda runs: tuple(sorted(runs))),
    min_size=1,
    max_size=7,
).map(lambda found: [(*ends, runs) for ends, runs in sorted(found.items())])


@given(EDGES, st.integers(1, 3), st.integers(1, 4))
@examples(2)
def test_whatever_fits_by_any_choice_is_found_and_fits(edges, rules, groups):
    ways, have = wanted(edges), quotas(rules, groups)
    found = sharing(ways, have, StandingRules())
    if found.left:
        assert not any_fits(ways, have)
    else:
        assert fits(ways, found.members, have)


@given(EDGES, st.integers(1, 3), st.integers(1, 4))
@examples()
def test_nothing_is_shared_where_all_fits_without(edges, rules, groups):
    ways, have = wanted(edges), quotas(rules, groups)
    if all(each.count <= rules * groups for each in ways.values()):
        assert not sharing(ways, have, StandingRules())


def hub(clients, runs=RUNS[:1], name="hub"):
    return [(f"c{number}", name, runs) for number in clients]


def test_a_hub_of_a_thousand_has_one_rule():
    found = sharing(wanted(hub(range(1000))), Quotas(), StandingRules())
    ((crowd, members),) = found.members.items()
    assert crowd == ("hub", IN, frozenset(RUNS[:1]))
    assert len(members) == 1000
    assert found.counts["hub", IN] == 1


def test_one_that_connects_to_a_thousand_has_one_rule():
    edges = [("hub", f"s{number}", RUNS[:1]) for number in range(1000)]
    found = sharing(wanted(edges), Quotas(), StandingRules())
    assert found.counts["hub", OUT] == 1
    assert {each[:2] for each in found.members} == {("hub", OUT)}


def test_clients_that_need_the_same_of_several_sockets_share_one_group():
    edges = hub(range(200), RUNS) + hub(range(200, 400), RUNS[:1])
    found = sharing(wanted(edges), Quotas(), StandingRules())
    assert not found.left
    held = Counter(each for several in found.members.values() for each in several)
    assert set(held.values()) == {1}


@pytest.mark.parametrize("hubs", [5, 6, 8])
def test_of_more_hubs_than_an_interface_has_room_for_some_have_rules_for_each(hubs):
    edges = [each for number in range(hubs) for each in hub(range(400), name=f"hub{number}")]
    ways = wanted(edges)
    found = sharing(ways, Quotas(), StandingRules())
    assert not found.left
    assert fits(ways, found.members, Quotas())


def slots_of(edges, name="hub"):
    """As a plan without shared groups would remember them."""
    keys = [key_of(run, client) for client, _, runs in edges for run in runs]
    return {(name, IN): {key: 1000 * (at // 60) + at % 60 for at, key in enumerate(keys)}}


def test_who_stands_goes_over_no_further_than_needed():
    standing = StandingRules(slots=slots_of(hub(range(290))))
    found = sharing(wanted(hub(range(310))), Quotas(), standing)
    ((_, members),) = found.members.items()
    assert members == {f"c{number}" for number in range(290, 310)}
    assert not found.cleared


def test_where_all_groups_are_full_one_goes_with_all_whose_rules_it_has():
    standing = StandingRules(slots=slots_of(hub(range(300))))
    found = sharing(wanted(hub(range(301))), Quotas(), standing)
    ((_, members),) = found.members.items()
    assert found.cleared == {"hub": 4}
    assert members == {f"c{number}" for number in range(240, 301)}


@given(st.lists(st.sets(st.integers(0, 40)), min_size=2, max_size=6), st.integers(2, 6))
@examples(1 / 2)
def test_who_shares_goes_on_and_newcomers_join(rounds, rules):
    shared = {}
    have = quotas(rules, 3)
    for clients in rounds:
        if not clients:
            continue
        found = sharing(wanted(hub(sorted(clients))), have, StandingRules(shared=shared))
        there = set(shared.get(("hub", IN, frozenset(RUNS[:1])), ()))
        now = found.members.get(("hub", IN, frozenset(RUNS[:1])), frozenset())
        assert there & {f"c{each}" for each in clients} <= now
        assert not found.left
        shared = found.members
