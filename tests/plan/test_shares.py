"""A service that needs more rules than one group holds has several: what is let is the same, no
quota is exceeded, and a newcomer moves no rule that stands."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import Direction
from bulkhead.network.quotas import DEFAULTS
from bulkhead.plan.lock import lock_of, lock_text
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.plan.test_planner import changed, planned
from tests.plan.test_quotas import served
from tests.support.examples import examples
from tests.support.topologies import documents

ADVICE = re.compile(r"write quotas: \{ ([^}]+) \}")


def quotas(rules, groups=5, **more):
    return {"rules-per-group": rules, "groups-per-interface": groups, **more}


def expect_within(network, rules, groups, entries=20):
    """Counted here as AWS counts: per direction and family, a reference in both."""
    for group in network.security_groups:
        for direction in Direction:
            for version in (4, 6):
                held = [
                    each
                    for each in group.rules
                    if each.direction is direction
                    and (each.peer.kind == "group" or each.peer.cidr.version == version)
                ]
                assert len(held) <= rules
    for each in network.interfaces:
        assert len(set(each.security_groups)) == len(each.security_groups) <= groups
        assert set(each.security_groups) <= set(network.security_group)
    for acl in network.nacls:
        counts = Counter((each.direction, each.cidr.version) for each in acl.entries)
        assert all(count < entries for count in counts.values())


def where(network):
    """Rule -> the group that has it."""
    return {rule.id: group.id for group in network.security_groups for rule in group.rules}


def said_of(refused):
    """What its remedies say to write."""
    return {
        key: int(number)
        for each in refused.problems
        for written in ADVICE.findall(each.remedy)
        for key, number in re.findall(r"([a-z-]+): (\d+)", written)
    }


@given(documents(max_services=6), st.integers(1, 6), st.integers(1, 4), st.sampled_from((4, 7, 20)))
@examples(1 / 2)
def test_a_plan_is_exact_within_small_quotas_or_refused_with_those_that_are_enough(
    document, rules, groups, entries
):
    document = document | {
        "quotas": document.get("quotas", {}) | quotas(rules, groups, **{"entries-per-acl": entries})
    }
    try:
        made = planned(document)
    except InputError as refused:
        written = said_of(refused)
        assert written
        document = document | {"quotas": document["quotas"] | written}
        made = planned(document)
    have = document["quotas"]
    expect_within(
        made.network,
        have["rules-per-group"],
        have["groups-per-interface"],
        have["entries-per-acl"],
    )
    assert judge(prove(made.network), made.declaration).ok
    assert planned(document, made.lock) == made


def test_rules_of_a_hub_are_in_as_few_groups_as_hold_them_and_others_name_the_first_alone():
    network = planned(served(clients=74)).network
    first, second = (network.security_group[each] for each in ("sg/db", "sg/db+2"))
    assert [len(each.towards(Direction.INGRESS)) for each in (first, second)] == [60, 15]
    assert (second.service, second.more_of) == (None, "db")
    (db,) = network.interfaces_of("db")
    assert db.security_groups == ("sg/db", "sg/db+2")
    named = {
        each.peer.group
        for group in network.security_groups
        for each in group.rules
        if each.peer.kind == "group"
    }
    assert "sg/db" in named
    assert "sg/db+2" not in named


@given(st.integers(1, 9), st.lists(st.integers(0, 14), min_size=2, max_size=5), st.data())
@examples()
def test_whoever_comes_or_goes_moves_no_rule_that_stands(rules, sizes, data):
    """But where more than half of what a group holds came between services that were there."""
    every = [f"c{number}" for number in range(30)]
    lock, before = None, {}
    for size in sizes:
        clients = set(data.draw(st.permutations(every))[:size])
        made = planned(hub(clients) | {"quotas": quotas(rules, 16)}, lock)
        now = where(made.network)
        assert {rule: now[rule] for rule in before.keys() & now.keys()} == {
            rule: before[rule] for rule in before.keys() & now.keys()
        }
        lock = lock_of("lock", lock_text(made.lock).encode())
        lock, before = replace(lock, file=""), now


def hub(clients):
    """All of whom are there, and of them these connect to a hub."""
    document = served(clients=0)
    ask = {"ask": {"type": "REQ", "connect": "db.ask"}}
    document["services"] |= {name: {"segment": "web", "sockets": ask} for name in sorted(clients)}
    return document


def test_two_branches_that_add_clients_to_a_hub_merge():
    start = planned(hub({f"c{n}" for n in range(70)}))
    one, other = (
        planned(hub({f"c{n}" for n in range(70)} | {name}), start.lock) for name in ("x", "y")
    )
    lines = {
        line
        for each in (one, other)
        for line in lock_text(each.lock).splitlines()
        if '"group ' in line
    }
    assert len(lines) == 73
    slots = Counter(line.rpartition(":")[2] for line in lines)
    assert set(slots.values()) == {1}


def test_a_lock_says_nothing_of_groups_with_few_rules():
    assert '"group ' not in lock_text(planned(served(clients=29)).lock)
    assert '"group ' in lock_text(planned(served(clients=30)).lock)


def test_a_renamed_client_and_a_renamed_hub_keep_their_rules_where_they_are():
    document = served(clients=65)
    before = planned(document)
    services = dict(document["services"])
    services["desk"] = services.pop("web64") | {"was": "web64"}
    renamed = document | {"services": services}
    after = planned(renamed, before.lock)
    slots = before.lock.groups["db/ingress"].taken
    assert after.lock.groups["db/ingress"].taken["tcp-6000/desk"] == slots["tcp-6000/web64"]
    told = {key: slot for key, slot in slots.items() if "web64" not in key}
    assert told.items() <= after.lock.groups["db/ingress"].taken.items()


def test_a_lower_quota_moves_rules_and_is_no_mistake_in_the_lock():
    before = planned(served(clients=40))
    after = planned(served(clients=40) | {"quotas": quotas(15)}, before.lock)
    expect_within(after.network, 15, 5)
    assert len(after.network.security_group["sg/db+3"].rules) == 11


def test_in_quarantine_the_groups_are_those_that_stand_and_so_is_what_is_remembered():
    document = served(clients=65)
    before = planned(document)
    now = planned(changed(document) | {"quarantine": ["web7"]}, before.lock)
    assert {each.id for each in now.network.security_groups} == {
        each.id for each in before.network.security_groups
    }
    assert now.lock.groups == before.lock.groups
    rules = where(now.network)
    assert rules.items() < where(before.network).items()
    assert judge(prove(now.network), now.declaration).ok


def test_a_group_whose_interfaces_come_and_go_is_held_with_those_that_have_more_of_its_rules():
    document = served(clients=65)
    document["services"]["db"] |= {"interfaces": "none", "replicas": "1..4"}
    made = planned(document)
    coming = [each for each in made.network.interfaces if each.stand_in]
    assert {each.security_groups for each in coming} == {("sg/db", "sg/db+2")}
    assert judge(prove(made.network), made.declaration).ok


def test_more_than_aws_gives_an_interface_is_refused_with_the_number_and_the_remedy():
    with pytest.raises(InputError) as refused:
        planned(served(networks=100, sites=2, ports=6))
    (said,) = [each for each in refused.value.problems if each.what.startswith("service db")]
    assert said.what.startswith(
        "service db needs 1206 ingress rules; a security group holds 60, and an interface 5 of "
    )
    assert "AWS allows 1000 rules in all groups of an interface" in said.remedy
    assert DEFAULTS.rules_per_group * DEFAULTS.groups_per_interface == 300


def test_addresses_of_ipv6_share_groups_with_those_of_ipv4_and_not_with_references_to_groups():
    """A group holds as many of each family, and a reference counts as one of either."""
    document = served(clients=4)
    document["ipv6"] = "amazon"
    document["sites"] = {}
    word = {"why": "it is asked", "owner": "desk"}
    secured = {"mechanism": "CURVE", "zap": True}
    document["services"]["db"]["sockets"]["ask"] |= {"exposure": word, **secured}
    for name, each in document["services"].items():
        if name != "db":
            each["sockets"]["ask"] = {**each["sockets"]["ask"], **secured}
    of_both = [f"198.51.100.{8 * n}/32" for n in range(6)]
    of_both += [f"2a00:1450:{n:x}::/48" for n in range(6)]
    document["peers"] = {
        "readers": {
            "addresses": of_both,
            "sockets": {"ask": {"type": "REQ", "connect": "db.ask", **secured}},
        }
    }
    document["quotas"] = quotas(5, 2, **{"entries-per-acl": 40, "addresses-per-region": 20})
    made = planned(document)
    expect_within(made.network, 5, 2, entries=40)
    both = [made.network.security_group[each] for each in ("sg/db", "sg/db+2")]
    assert sum(len(each.towards(Direction.INGRESS)) for each in both) == 16
    assert planned(document, made.lock) == made
    document["services"]["late"] = document["services"]["web0"]
    document["quotas"] |= {"groups-per-interface": 3}
    later = planned(document, made.lock)
    expect_within(later.network, 5, 3, entries=40)
    before, now = where(made.network), where(later.network)
    assert {rule: now[rule] for rule in before} == before
