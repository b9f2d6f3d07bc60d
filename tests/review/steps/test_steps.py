"""The steps of a change: every call in order, and nothing lost in between without a word."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.intent.load import topology_of
from bulkhead.judge import judge
from bulkhead.network import Declaration, Direction, Flow, Network
from bulkhead.plan import Lock, Plan, plan
from bulkhead.problems import InputError
from bulkhead.prove import prove
from bulkhead.review import Version
from bulkhead.review.called import as_called_now
from bulkhead.review.steps import Act, ApiCall, ChangeSteps, calls_between, steps
from bulkhead.review.steps.held import Facts
from bulkhead.review.steps.parts import NO_CALLS
from bulkhead.review.steps.staying import staying
from tests.support.changes import changes
from tests.support.examples import examples
from tests.support.topologies import HEAD


def planned(document: dict[str, Any], lock: Lock | None = None) -> Plan:
    text = yaml.safe_dump(document, sort_keys=False).encode()
    return plan(topology_of("topology.yaml", text), lock)


def version(made: Plan) -> Version:
    return Version(
        label="", network=made.network, origins=made.origins, declaration=made.declaration
    )


def between(before: dict[str, Any], after: dict[str, Any]) -> tuple[Plan, Plan, ChangeSteps]:
    old = planned(before)
    new = planned(after, old.lock)
    return old, new, steps(version(old), version(new))


def content(network: Network) -> dict[str, Any]:
    """What stands, in whatever order, and whatever people call a rule."""

    def said(parts: Any) -> Any:
        return frozenset(replace(each, id="", description="") for each in parts)

    return {
        "nacls": {each.id: frozenset(each.entries) for each in network.nacls},
        "tables": {each.id: frozenset(each.routes) for each in network.route_tables},
        "groups": {each.id: said(each.rules) for each in network.security_groups},
        "subnets": {each.id: (each.cidr, each.nacl, each.route_table) for each in network.subnets},
        "interfaces": {
            each.id: (each.address, each.subnet, each.security_groups) for each in network.present
        },
        "connections": {each.id: frozenset(each.routes) for each in network.vpn_connections},
    }


def after(network: Network, *calls: ApiCall) -> Network:
    for each in calls:
        network = each.edit(network)
    return network


def near_its_quota(
    change: tuple[dict[str, Any], dict[str, Any]], room: int | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same, in an account where NACLs have so little room beside what either side needs."""
    if room is None:
        return change
    old = planned(change[0])
    needed = 2 + max(
        len(acl.ordered(way))
        for made in (old, planned(change[1], old.lock))
        for acl in made.network.nacls
        for way in Direction
    )
    quotas = {"quotas": {"entries-per-acl": min(needed + room, 40)}}
    return {**change[0], **quotas}, {**change[1], **quotas}


@examples(1 / 5)
@given(changes(), st.sampled_from((None, None, 0, 1, 2)))
def test_every_call_is_told_and_no_flow_that_stays_is_broken_but_where_it_is_said(change, room):
    try:
        old, new, found = between(*near_its_quota(change, room))
    except InputError:
        assume(False)
    if found.refused:
        return
    called = as_called_now(version(old), version(new))
    every = [call for step in found.steps for call in step.calls]
    assert content(after(called.network, *every)) == content(new.network)
    assert found.nobodys == ()
    assert found.collisions == ()
    if found.replaced or renumbered(every) or (found.full and not found.in_two):
        return
    if found.moved:
        assert broken_after_denials_went(found) == ()
    else:
        assert found.broken == ()


def broken_after_denials_went(found: ChangeSteps) -> tuple[Flow, ...]:
    """Whoever is at another address is answered once those entries are gone that deny all private
    addresses but a few, where what lets replies in is for the whole world from then on."""
    denied = [
        at
        for at, step in enumerate(found.steps)
        for each in step.calls
        if each.act is Act.DELETE and each.kind == "NACL entry" and ": deny " in each.what
    ]
    before, until = min(each.until for each in found.moved) - 1, max(denied, default=-1)
    return tuple(
        flow
        for at, step in enumerate(found.steps)
        if not before <= at < until
        for flow in step.broken
    )


def test_everything_in_a_network_is_made_by_calls_or_by_none():
    things = {each.name for each in fields(Network)} - NO_CALLS
    for name in things:
        (of, _) = get_args(get_type_hints(Network)[name])
        assert "id" in {each.name for each in fields(of)}, f"no call is known to make {name}"


def renumbered(calls: list[ApiCall]) -> bool:
    """Whether an entry is deleted before its like is made: two of one name cannot be."""
    said = {(each.of, each.what.partition(": ")[2]) for each in calls if each.act is Act.CREATE}
    first = next((at for at, each in enumerate(calls) if each.act is Act.DELETE), len(calls))
    last = max((at for at, each in enumerate(calls) if each.act is Act.CREATE), default=0)
    gone = [each for each in calls[first:last] if each.act is Act.DELETE]
    return any((each.of, each.what.partition(": ")[2]) in said for each in gone)


@examples(1 / 10)
@given(changes(most=2, services=4), st.randoms(use_true_random=False))
def test_whatever_order_the_engine_takes_of_those_that_depend_on_nothing_holds_as_well(
    change, random
):
    try:
        old, new, found = between(*change)
    except InputError:
        assume(False)
    assume(found.loses_nothing and found.calls > 1)
    called = as_called_now(version(old), version(new))
    calls = calls_between(called.network, new.network)
    assert called.declaration is not None
    flows = dict.fromkeys((*called.declaration.flows, *new.flows))
    stay = staying(called.declaration.flows, new.flows)
    facts = Facts(called.network, new.network)
    state = replace(
        called.network,
        services=tuple(
            {each.name: each for each in (*called.network.services, *new.network.services)}.values()
        ),
        listeners=tuple(dict.fromkeys((*called.network.listeners, *new.network.listeners))),
    )
    if called.network.sites != new.network.sites:
        return
    for several in (calls.first, calls.last):
        for each in shuffled(several, random):
            state = each.edit(state)
            reach = prove(facts.whoever_comes(state))
            judged = judge(reach, Declaration(topology="x", flows=tuple(flows)))
            wrong = {str(each.kind) for each in judged.findings} - {"missing", "layer weakened"}
            assert wrong == set(), f"{each}: {judged.findings}"
            kept = judge(reach, Declaration(topology="x", flows=stay))
            missing = [each for each in kept.findings if each.kind == "missing"]
            assert not missing, f"{each}: {missing}"


def shuffled(calls: tuple[ApiCall, ...], random: Any) -> list[ApiCall]:
    """Rules and entries in another order, but for those that deny: all else waits for something."""
    free = [at for at, each in enumerate(calls) if each.grows is not None and is_free(each)]
    order = free[:]
    random.shuffle(order)
    found = list(calls)
    for place, taken in zip(free, order, strict=True):
        found[place] = calls[taken]
    return found


def is_free(call: ApiCall) -> bool:
    return call.kind in ("NACL entry", "rule of security group")


SHOP: dict[str, Any] = {
    **HEAD,
    "segments": {"feed": {"purpose": "prices"}, "desk": {"purpose": "people"}},
    "services": {
        "ticker": {
            "segment": "feed",
            "replicas": 2,
            "sockets": {"ticks": {"type": "PUB", "bind": "tcp://*:5556"}},
        },
        "other": {
            "segment": "feed",
            "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5600"}},
        },
        "reader": {
            "segment": "desk",
            "sockets": {
                "ticks": {"type": "SUB", "connect": "ticker.ticks"},
                "out": {"type": "PUSH", "connect": "other.in"},
            },
        },
    },
}


def with_services(**more: Any) -> dict[str, Any]:
    return {**SHOP, "services": {**SHOP["services"], **more}}


def test_isolation_makes_new_interfaces_before_the_old_ones_go_and_says_so():
    feed = {"purpose": "prices", "isolation": "service"}
    *_, found = between(SHOP, {**SHOP, "segments": {**SHOP["segments"], "feed": feed}})
    assert found.broken == ()
    assert found.nobodys == ()
    assert found.collisions == ()
    assert not found.loses_nothing
    assert {each.name for each in found.moved} == {"ticker-1", "ticker-2", "other-1"}
    assert all(each.since < each.until for each in found.moved)


def test_a_copy_more_breaks_nothing_while_those_that_were_there_move():
    ticker = {**SHOP["services"]["ticker"], "replicas": 3}
    feed = {"purpose": "prices", "isolation": "service"}
    other = {**SHOP["services"]["other"], "sockets": dict(SHOP["services"]["other"]["sockets"])}
    other["sockets"]["ticks"] = {"type": "SUB", "connect": "ticker.ticks"}
    before = with_services(other=other)
    after_it = with_services(other=other, ticker=ticker)
    after_it = {**after_it, "segments": {**SHOP["segments"], "feed": feed}}
    for one, two in ((before, after_it), (after_it, before)):
        *_, found = between(one, two)
        assert found.moved
        assert found.broken == ()


def test_copies_that_come_and_go_have_to_leave_a_segment_before_anything_of_it_goes():
    coming = {"segment": "feed", "replicas": "2..7", "runs-on": "asg", "needs": ["s3"]}
    segments = {**SHOP["segments"], "new": {"purpose": "where it goes"}}
    before = {**with_services(fleet=coming), "segments": segments}
    after = {**with_services(fleet={**coming, "segment": "new"}), "segments": segments}
    *_, found = between(before, after)
    (left,) = found.left_behind
    assert left.service == "fleet"
    assert {each.rpartition("-eu-")[0] for each in left.subnets} == {"feed"}
    assert {each.rpartition("-eu-")[0] for each in left.to} == {"new"}
    assert found.steps[left.gone - 1].calls[0].act is Act.DELETE
    assert all(
        call.act is not Act.DELETE for each in found.steps[: left.gone - 1] for call in each.calls
    )
    assert not found.loses_nothing


def test_copies_that_come_and_go_have_to_leave_a_zone_that_goes():
    coming = {"segment": "feed", "replicas": "2..7", "runs-on": "asg"}
    two = {**with_services(fleet=coming), "zones": 2}
    *_, found = between(two, {**two, "zones": 1})
    assert [each.subnets for each in found.left_behind] == [("feed-eu-west-1b",)]
    *_, found = between({**two, "zones": 1}, two)
    assert found.left_behind == ()


def test_what_is_opened_and_closed_is_told_at_the_call_that_does_it():
    port = {"segment": "feed", "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5601"}}}
    *_, found = between(SHOP, with_services(other=port))
    assert found.loses_nothing
    (opening,) = [each for each in found.steps if each.opens]
    (closing,) = [each for each in found.steps if each.closes]
    assert [str(each) for each in opening.opens] == ["reader.out -> other.in (tcp 5601)"]
    assert [str(each) for each in closing.closes] == ["reader.out -> other.in (tcp 5600)"]
    assert found.steps.index(opening) < found.steps.index(closing)
    acts = [each.calls[0].act for each in found.steps]
    assert acts == sorted(acts, key=lambda act: act is Act.DELETE)


OTHER_PORT: dict[str, Any] = {
    "segment": "feed",
    "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5700"}},
}
NO_OTHER_NACL = {"acls-per-vpc": 3}
"""Room for those of two segments and the VPC's own."""


def test_a_nacl_at_its_quota_gives_place_to_another_that_no_flow_notices():
    full = {**SHOP, "quotas": {"entries-per-acl": 3}}
    old, new, found = between(full, {**with_services(other=OTHER_PORT), "quotas": full["quotas"]})
    assert found.loses_nothing
    seen = steps(Version(label="account", network=old.network), version(new))
    assert (seen.loses_nothing, seen.calls) == (True, found.calls)
    every = [str(call) for step in found.steps for call in step.calls]
    for name in ("feed", "desk"):
        made, gone = every.index(f"create NACL {name}.2"), every.index(f"delete NACL {name}")
        moved = [at for at, each in enumerate(every) if each.endswith(f": to {name}.2")]
        last_new = max(at for at, each in enumerate(every) if f"create NACL entry {name}.2" in each)
        assert made < last_new < min(moved) <= max(moved) < gone


@examples(1 / 2)
@given(changes(), st.sampled_from((0, 0, 1)))
def test_at_its_quota_a_nacl_is_never_over_it_in_the_middle(change, room):
    try:
        old, new, found = between(*near_its_quota(change, room))
    except InputError:
        assume(False)
    if not old.quarantine and not new.quarantine:
        assert not [each for each in found.full if each.kind == "NACL"]


def test_a_nacl_at_its_quota_in_the_middle_is_told_with_the_update_that_makes_room():
    full = {**SHOP, "quotas": {"entries-per-acl": 3, **NO_OTHER_NACL}}
    *_, found = between(full, {**with_services(other=OTHER_PORT), "quotas": full["quotas"]})
    assert {(each.of, each.direction, each.wanted, each.holds) for each in found.full} == {
        ("feed", "ingress", 3, 2),
        ("desk", "egress", 3, 2),
    }
    assert found.in_two
    assert found.broken == ()
    assert not found.loses_nothing
    first = [call for step in found.steps if step.update == 1 for call in step.calls]
    assert {each.act for each in first} == {Act.DELETE}
    assert {each.of for each in first} == {"feed", "desk"}


def test_where_not_even_two_updates_do_it_nothing_is_promised():
    # Two neighbouring ports are one entry; apart they are two, and the one is needed until then.
    def ports(bind: list[str]) -> dict[str, Any]:
        return {"segment": "feed", "sockets": {"in": {"type": "PULL", "bind": bind}}}

    quotas = {"entries-per-acl": 4, **NO_OTHER_NACL}
    one = with_services(other=ports(["tcp://*:5600", "tcp://*:5601", "tcp://*:5602"]))
    two = with_services(other=ports(["tcp://*:5600", "tcp://*:5602"]))
    *_, found = between({**one, "quotas": quotas}, {**two, "quotas": quotas})
    assert found.full
    assert not found.in_two
    assert not found.loses_nothing


def test_another_vpc_is_refused_an_order():
    *_, found = between(SHOP, {**SHOP, "cidr": "10.30.0.0/16"})
    assert "VPC" in found.refused
    assert not found.loses_nothing


SMALL: dict[str, Any] = {
    **HEAD,
    "zones": 1,
    "segments": {"feed": {"purpose": "prices"}, "desk": {"purpose": "people"}},
    "services": {
        "store": {
            "segment": "feed",
            "sockets": {"in": {"type": "PULL", "bind": ["tcp://*:5600", "tcp://*:5601"]}},
        },
        "other": {
            "segment": "feed",
            "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5700"}},
        },
        "reader": {
            "segment": "desk",
            "sockets": {"out": {"type": "PUSH", "connect": ["store.in", "other.in"]}},
        },
    },
}


def small(**services: Any) -> dict[str, Any]:
    every = {**SMALL["services"], **services}
    return {**SMALL, "services": {name: each for name, each in every.items() if each}}


def pulling(*ports: int, segment: str = "feed") -> dict[str, Any]:
    binds = [f"tcp://*:{port}" for port in ports]
    return {"segment": segment, "sockets": {"in": {"type": "PULL", "bind": binds}}}


def pushing(*to: str, segment: str = "desk") -> dict[str, Any]:
    return {"segment": segment, "sockets": {"out": {"type": "PUSH", "connect": [*to]}}}


SMALL_CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "another port": (SMALL, small(other=pulling(5702))),
    "a range that is narrower": (SMALL, small(store=pulling(5600))),
    "a range that is wider": (SMALL, small(other=pulling(5700, 5701))),
    "a gap in a range": (
        small(store=pulling(5600, 5601, 5602, segment="desk")),
        small(store=pulling(5600, 5602, segment="desk")),
    ),
    "one that nobody connects to any more": (SMALL, small(reader=pushing("store.in"))),
    "whoever connects in another segment": (
        small(reader=pushing("store.in", segment="feed")),
        small(reader=pushing("store.in", "other.in", segment="feed")),
    ),
    "cut off": (SMALL, {**SMALL, "quarantine": ["other"]}),
    "let in again": ({**SMALL, "quarantine": ["other"]}, SMALL),
}


@pytest.mark.parametrize("change", SMALL_CHANGES)
def test_no_order_of_all_calls_has_fewer_states_with_a_loss_than_the_one_that_is_taken(change):
    """Against every order there is: the fewest over those of a set go on from the fewest over
    each set that lacks one of its calls."""
    old, new, found = between(*SMALL_CHANGES[change])
    calls = [call for step in found.steps for call in step.calls]
    assert 1 < len(calls) <= 8
    stay = Declaration(topology="x", flows=staying(old.flows, new.flows))
    either = Declaration(topology="x", flows=tuple(dict.fromkeys((*old.flows, *new.flows))))

    def loses(done: int) -> bool:
        state = after(old.network, *(each for at, each in enumerate(calls) if done >> at & 1))
        reach = prove(state)
        missing = any(each.kind == "missing" for each in judge(reach, stay).findings)
        return missing or any(each.kind == "extra" for each in judge(reach, either).findings)

    lost = [loses(done) for done in range(1 << len(calls))]
    fewest = [0] * len(lost)
    for done in range(1, len(lost)):
        last = [done ^ 1 << at for at in range(len(calls)) if done >> at & 1]
        fewest[done] = lost[done] + min(fewest[each] for each in last)
    taken = sum(lost[(1 << at + 1) - 1] for at in range(len(calls)))
    told = sum(bool(each.broken or each.nobodys) for each in found.steps)
    assert taken == fewest[-1] == told


def market(*, exposed: bool, nat: str = "regional") -> dict[str, Any]:
    """A service that sends to a peer on the internet, and one to which another peer connects."""
    secured = {"mechanism": "CURVE", "zap": True}
    word = {"exposure": {"why": "it is traded", "owner": "desk"}} if exposed else {}
    out = {"type": "PUSH", "connect": "venue.orders" if exposed else "book.in"}
    services: dict[str, Any] = {
        "gateway": {"tape": {"type": "PUB", "bind": "tcp://*:5556", **secured, **word}},
        "router": {"out": {**out, **secured, **word}},
        "book": {
            "in": {"type": "PULL", "bind": "tcp://*:5557", **secured},
            "tape": {"type": "SUB", "connect": "gateway.tape", **secured},
        },
    }
    orders = {"type": "PULL", "bind": "tcp://*:6001", **secured}
    tape = {"type": "SUB", "connect": "gateway.tape", **secured}
    peers = {
        "venue": {"addresses": ["198.51.100.7/32"], "sockets": {"orders": orders}},
        "readers": {"addresses": ["203.0.113.0/28"], "sockets": {"tape": tape}},
    }
    return {
        **HEAD,
        "segments": {"edge": {"purpose": "x"}, "core": {"purpose": "y"}},
        "services": {
            name: {"segment": "core" if name == "book" else "edge", "sockets": sockets}
            for name, sockets in services.items()
        },
        **({"peers": peers} if exposed else {}),
        "nat": nat,
    }


@pytest.mark.parametrize("nat", ["regional", "zonal"])
@pytest.mark.parametrize("exposed", [True, False])
def test_what_comes_to_cross_the_internet_or_no_longer_does_opens_nothing_else_meanwhile(
    exposed, nat
):
    before, after = market(exposed=not exposed, nat=nat), market(exposed=exposed, nat=nat)
    _, new, told = between(before, after)
    assert not any(each.nobodys or each.broken for each in told.steps)
    crossing = {str(flow) for each in told.steps for flow in (*each.opens, *each.closes)}
    assert "readers.tape -> gateway.tape (tcp 5556)" in crossing
    assert bool(new.network.nat_gateways) is exposed


@pytest.mark.parametrize(("old", "new"), [("regional", "zonal"), ("zonal", "regional")])
def test_another_kind_of_nat_gateway_breaks_nothing_and_opens_nothing(old, new):
    _, planned, told = between(market(exposed=True, nat=old), market(exposed=True, nat=new))
    assert told.steps
    assert not any(each.nobodys or each.broken or each.opens for each in told.steps)
    assert all(bool(each.subnet) is (new == "zonal") for each in planned.network.nat_gateways)
