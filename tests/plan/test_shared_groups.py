"""Many clients of one service share a group that its rule names: exactly what is declared, each
layer alone, whatever their sockets, segments and isolation; and nothing that stands is shut out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import Direction
from bulkhead.plan.lock import lock_of, lock_text
from bulkhead.problems import InputError
from bulkhead.prove import prove
from bulkhead.review.steps import steps
from bulkhead.review.version import Version
from tests.plan.test_planner import planned
from tests.plan.test_shares import expect_within, quotas, said_of
from tests.support.examples import examples
from tests.support.topologies import HEAD

SEGMENTS = {
    "data": {"purpose": "-"},
    "web": {"purpose": "-"},
    "apart": {"purpose": "-", "isolation": "service"},
    "open": {"purpose": "-", "isolation": "none"},
}
PORTS = {"a": 6000, "b": 7000}


def fleet(clients, *, hubs=("hub",), rules=4, groups=3, **more):
    """Hubs with two sockets; by client what it connects to ('hub.a')."""
    sockets = {name: {"type": "ROUTER", "bind": f"tcp://*:{port}"} for name, port in PORTS.items()}
    return {
        **HEAD,
        "segments": SEGMENTS,
        "services": {
            **{name: {"segment": "data", "sockets": sockets} for name in hubs},
            **{name: one(wanted) for name, wanted in clients.items()},
        },
        "quotas": quotas(rules, groups, **{"entries-per-acl": 40}),
        **more,
    }


def one(wanted, segment="web", **more):
    ask = {f"ask{at}": {"type": "DEALER", "connect": each} for at, each in enumerate(wanted)}
    return {"segment": segment, "sockets": ask, **more}


def many(count, wanted=("hub.a",)):
    return {f"c{number}": wanted for number in range(count)}


@st.composite
def fleets(draw):
    """Several hubs, clients of some of their sockets in any segment, some of them hubs as well."""
    hubs = ["hub", "more", "most"][: draw(st.integers(1, 3))]
    doors = [f"{hub}.{name}" for hub in hubs for name in PORTS]
    count = draw(st.integers(3, 9))
    clients = {}
    for number in range(count):
        wanted = draw(st.lists(st.sampled_from(doors), min_size=1, max_size=3, unique=True))
        more = draw(
            st.sampled_from([{}, {}, {"replicas": 2}, {"interfaces": "none", "replicas": "1..3"}])
        )
        clients[f"c{number}"] = one(wanted, draw(st.sampled_from([*SEGMENTS])), **more)
    document = fleet({}, hubs=hubs, rules=draw(st.integers(1, 4)), groups=draw(st.integers(1, 4)))
    document["services"] |= clients
    if draw(st.booleans()):
        meets = draw(st.sampled_from(hubs))
        hub = document["services"][hubs[0]]
        hub["sockets"] = hub["sockets"] | {"ask": {"type": "DEALER", "connect": f"{meets}.a"}}
        hub["replicas"] = 2
    if draw(st.booleans()):
        document["sites"] = {
            "venue": {
                "cidrs": ["192.168.10.0/24", "192.168.12.0/24"],
                "gateway": {"address": "203.0.113.10", "asn": 65010},
                "sockets": {"ask": {"type": "DEALER", "connect": "hub.a"}},
            }
        }
    return document


def let_by_groups(network):
    """Who may connect to whom at which of these ports, by groups alone: read off the rules here."""

    def admits(one, other, direction, port):
        return any(
            rule.direction is direction
            and rule.protocol == 6
            and port in rule.ports
            and (
                rule.peer.group in other.security_groups
                if rule.peer.kind == "group"
                else other.address in rule.peer.cidr
            )
            for group in one.security_groups
            for rule in network.security_group[group].rules
        )

    return {
        (client.service, server.service, port)
        for client in network.interfaces
        for server in network.interfaces
        if client.id != server.id
        for port in PORTS.values()
        if admits(client, server, Direction.EGRESS, port)
        and admits(server, client, Direction.INGRESS, port)
    }


def declared(made):
    inside = {each.name for each in made.network.services}
    return {
        (each.client, each.server.owner, each.server.ports.first)
        for each in made.flows
        if each.client in inside and each.server.owner in inside
    }


def shared_in(network):
    return [each for each in network.security_groups if each.named_by]


@given(fleets())
@examples(2)
def test_a_plan_lets_exactly_what_is_declared_within_its_quotas_or_says_which_would_do(document):
    try:
        made = planned(document)
    except InputError as refused:
        written = said_of(refused)
        assume(written)  # else its NACLs do not fit
        document = document | {"quotas": document["quotas"] | written}
        made = planned(document)
    have = document["quotas"]
    expect_within(made.network, have["rules-per-group"], have["groups-per-interface"], 40)
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, judged.findings
    assert let_by_groups(made.network) == declared(made)
    assert all(not each.rules for each in shared_in(made.network))
    assert planned(document, lock_of("lock", lock_text(made.lock).encode())) == made


def test_a_hub_of_four_hundred_is_planned_with_a_rule_for_all_of_them():
    document = fleet(many(400), rules=60, groups=5, cidr="10.20.0.0/16", zones=2)
    made = planned(document)
    (group,) = shared_in(made.network)
    assert (group.name, group.named_by) == ("hub+clients-tcp-6000", "hub")
    assert len(made.network.interfaces_with(group.id)) == 400
    hub = made.network.security_group["sg/hub"]
    assert [each.description for each in hub.rules] == ["tcp 6000 from its clients"]
    assert let_by_groups(made.network) == declared(made)


def test_a_publisher_that_connects_to_its_five_hundred_subscribers_has_one_rule():
    waits = {"in": {"type": "SUB", "bind": "tcp://*:6000"}}
    names = [f"s{number}" for number in range(500)]
    document = fleet({}, hubs=(), rules=60, groups=5, zones=3)
    document["services"] = {
        "pub": {
            "segment": "data",
            "sockets": {"out": {"type": "PUB", "connect": [f"{each}.in" for each in names]}},
        },
        **{name: {"segment": "web", "sockets": waits} for name in names},
    }
    made = planned(document)
    (group,) = shared_in(made.network)
    assert group.name == "pub+servers-tcp-6000"
    assert len(made.network.security_group["sg/pub"].rules) == 1
    assert let_by_groups(made.network) == declared(made)


def test_nothing_is_shared_where_rules_fit_without():
    assert not shared_in(planned(fleet(many(12))).network)
    assert shared_in(planned(fleet(many(13))).network)


def test_who_needs_one_of_two_sockets_is_let_to_that_alone():
    document = fleet({**many(12, ("hub.a", "hub.b")), "only": ("hub.a",), "too": ("hub.a",)})
    made = planned(document)
    assert let_by_groups(made.network) == declared(made)
    assert judge(prove(made.network), made.declaration).ok


# Whoever comes or goes


def version(made, label):
    return Version(label=label, network=made.network, declaration=made.declaration)


def change(before, after):
    return steps(version(before, "before"), version(after, "after"))


@pytest.mark.parametrize("before", [10, 11, 12])
@pytest.mark.parametrize("more", [1, 2, 5])
def test_no_flow_is_shut_while_a_service_comes_to_name_a_shared_group(before, more):
    stands = planned(fleet(many(before)))
    made = planned(fleet(many(before + more)), stands.lock)
    told = change(stands, made)
    assert told.loses_nothing, (told.full, told.broken, told.nobodys)
    assert judge(prove(made.network), made.declaration).ok


def test_one_client_more_changes_its_own_rules_and_interface_alone():
    stands = planned(fleet(many(20)))
    made = planned(fleet(many(21)), stands.lock)
    before, after = (
        {(g.id, rule.id) for g in each.network.security_groups for rule in g.rules}
        for each in (stands, made)
    )
    assert before < after
    assert {group for group, _ in after - before} == {"sg/c20"}
    told = {each.id: each for each in made.network.interfaces}
    assert all(told[each.id] == each for each in stands.network.interfaces)


def test_who_shares_goes_on_when_others_leave_and_the_others_fit_without():
    stands = planned(fleet(many(20)))
    fewer = planned(fleet(many(3)), stands.lock)
    (group,) = shared_in(fewer.network)
    assert {each.service for each in fewer.network.interfaces_with(group.id)} == {"c0", "c1", "c2"}
    assert not shared_in(planned(fleet({"c99": ("hub.b",)}), fewer.lock).network)


@given(st.lists(st.sets(st.integers(0, 24), min_size=1), min_size=2, max_size=4), st.data())
@examples(1 / 2)
def test_any_growth_loses_nothing_and_stays_exact(rounds, data):
    lock, stands = None, None
    groups = data.draw(st.integers(2, 4))
    for clients in rounds:
        wanted = {f"c{each}": ("hub.a",) for each in sorted(clients)}
        made = planned(fleet(wanted, groups=groups), lock)
        assert let_by_groups(made.network) == declared(made)
        if stands is not None:
            told = change(stands, made)
            assert not told.broken
            assert not told.nobodys
        stands = made
        lock = replace(lock_of("lock", lock_text(made.lock).encode()), file="")


# Names, branches, quarantine, and a lock by hand


def test_a_renamed_hub_and_a_renamed_client_keep_who_shares():
    stands = planned(fleet(many(20)))
    renamed = fleet({**many(19), "desk": ("hub.a",)})
    renamed["services"]["desk"]["was"] = "c19"
    made = planned(renamed, stands.lock)
    assert "desk" in next(iter(made.lock.shared.values()))
    text = {f"c{number}": ("core.a",) for number in range(20)}
    moved = fleet(text, hubs=("core",))
    moved["services"]["core"]["was"] = "hub"
    made = planned(moved, stands.lock)
    (group,) = shared_in(made.network)
    assert group.name == "core+clients-tcp-6000"
    assert {each for several in made.lock.shared.values() for each in several} == {*many(20)}


def test_two_branches_that_add_clients_merge():
    stands = planned(fleet(many(20)))
    one_side, other = (
        planned(fleet({**many(20), name: ("hub.a",)}), stands.lock) for name in ("x", "y")
    )
    facts = {
        line.rstrip(",")
        for each in (one_side, other)
        for line in lock_text(each.lock).splitlines()
        if line.startswith("  ")
    }
    text = "{\n" + ",\n".join(sorted(facts)) + "\n}"
    document = fleet({**many(20), "x": ("hub.a",), "y": ("hub.a",)})
    merged = planned(document, lock_of("lock", text.encode()))
    assert {"x", "y"} < next(iter(merged.lock.shared.values()))


@pytest.mark.parametrize("who", ["c3", "hub"])
def test_in_quarantine_it_is_cut_off_and_undone_nothing_is_left_of_that(who):
    document = fleet(many(20))
    stands = planned(document)
    cut = planned(document | {"quarantine": [who]}, stands.lock)
    assert judge(prove(cut.network), cut.declaration).ok
    assert let_by_groups(cut.network) == declared(cut)
    assert (cut.lock.groups, cut.lock.shared) == (stands.lock.groups, stands.lock.shared)
    assert {each.id for each in cut.network.security_groups} == {
        each.id for each in stands.network.security_groups
    }
    assert planned(document, cut.lock).network == stands.network


def test_the_responder_of_a_hub_that_is_cut_off_is_let_alone():
    document = fleet(many(20))
    lines = [{"service": "hub", "responder": "c7"}]
    cut = planned(document | {"quarantine": lines}, planned(document).lock)
    assert let_by_groups(cut.network) == declared(cut) == {("c7", "hub", 6000)}
    assert judge(prove(cut.network), cut.declaration).ok


@pytest.mark.parametrize(
    "line",
    [
        '"shared hub/ingress/tcp-6000": true',
        '"shared hub/ingress/tcp-6000/no": 4',
        '"shared hub/sideways/tcp-6000/c1": true',
        '"shared hub/ingress/tcp-x/c1": true',
        '"shared hub/ingress/tcp-99999/c1": true',
    ],
)
def test_a_line_that_says_of_nobody_what_he_shares_is_told(line):
    text = lock_text(planned(fleet(many(20))).lock)
    with pytest.raises(InputError) as told:
        lock_of("my.lock.json", text.replace("{\n", "{\n  " + line + ",\n", 1).encode())
    (problem,) = told.value.problems
    assert problem.line == 2
    assert "what he shares" in problem.what


def test_a_line_about_somebody_who_is_not_there_any_more_is_nothing():
    made = planned(fleet(many(20)))
    text = lock_text(made.lock).replace(
        "{\n", '{\n  "shared hub/ingress/tcp-6000/gone": true,\n', 1
    )
    assert planned(fleet(many(20)), lock_of("l", text.encode())) == made


# What does not fit even so


def test_refused_is_what_no_sharing_helps_with_the_least_quota_that_would_do():
    wide = fleet(many(2), rules=4, groups=2)
    wide["sites"] = {
        "venue": {
            "cidrs": [f"192.168.{each}.0/30" for each in range(0, 30, 3)],
            "gateway": {"address": "203.0.113.10", "asn": 65010},
            "sockets": {"ask": {"type": "DEALER", "connect": "hub.a"}},
        }
    }
    with pytest.raises(InputError) as refused:
        planned(wide)
    (said,) = [each for each in refused.value.problems if each.what.startswith("service hub")]
    assert said.what.startswith(
        "service hub needs 12 ingress rules, 11 with groups that others share for it; a security "
        "group holds 4, and an interface 2 of them"
    )
    assert said_of(refused.value)["rules-per-group"] == 6
    held = Counter(
        len(each.security_groups)
        for each in planned(
            wide | {"quotas": wide["quotas"] | {"rules-per-group": 6}}
        ).network.interfaces
    )
    assert set(held) == {1, 2}
