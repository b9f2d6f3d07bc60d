"""Advice holds for whatever the source did not list: each random network is one way it may be.

A part of a network is hidden, as a partial dump, a state or another account hides it; lint sees
what is left, and its advice is taken in the whole network.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bulkhead.lint
from bulkhead.compare import compare
from bulkhead.ends.partition import partition
from bulkhead.explain.explain import explain
from bulkhead.lint import REMOVABLE, Removal, Smell, SmellKind, lint
from bulkhead.network import Network, Unlisted
from bulkhead.network.without import without
from bulkhead.prove import prove
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.hidden import hidden, more_in
from tests.support.messy import networks
from tests.support.shop import shop, with_rule
from tests.support.wide import wide_networks

PORTS = (0, 1, 79, 80, 81, 1024, 32768, 40000, 50000, 65535)


def taken(whole: Network, smells: list[Smell]) -> Network:
    """The network after everybody did what lint says."""
    gone = {(each.component, rule) for each in smells for rule in each.rules}
    groups = {each.component for each in smells if each.kind is SmellKind.UNATTACHED}
    for group in whole.security_groups:
        for rule in group.rules:
            if group.id in groups or (rule.peer.kind == "group" and rule.peer.group in groups):
                gone.add((group.id, rule))
    return without(whole, gone)


def advised(network: Network) -> list[Smell]:
    return [each for each in lint(network) if each.removal]


def same_for(whole: Network, smells: list[Smell], data: st.DataObject) -> None:
    """By proof over all packets, and by walking some of them."""
    after = taken(whole, smells)
    assert compare(whole, after).changes == ()
    ends = partition(whole, (after,)).endpoints
    for _ in range(4):
        source, to = data.draw(st.sampled_from(ends)), data.draw(st.sampled_from(ends))
        protocol, port = data.draw(st.sampled_from((6, 17))), data.draw(st.sampled_from(PORTS))
        if source.version == to.version and (source.kind, source.id) != (to.kind, to.id):
            was = explain(whole, source, to, protocol, port)
            now = explain(after, source, to, protocol, port)
            assert (was.verdict, was.lost) == (now.verdict, now.lost)


@examples(shrink=False)
@given(network=networks(), data=st.data())
def test_what_lint_advises_changes_nothing_whatever_was_hidden_from_it(network, data):
    smells = advised(data.draw(hidden(network)))
    if smells:
        same_for(network, smells, data)


@examples(1 / 2, shrink=False)
@given(network=wide_networks(), data=st.data())
def test_nor_behind_gateways_of_every_kind(network, data):
    smells = advised(data.draw(hidden(network)))
    if smells:
        same_for(network, smells, data)


@examples(1 / 2)
@given(network=networks(), data=st.data())
def test_no_group_is_called_unattached_that_somebody_hidden_holds(network, data):
    named = {each.component for each in advised(data.draw(hidden(network))) if not each.rules}
    held = {group for each in network.interfaces for group in each.security_groups}
    assert not named & held
    assert not named & {each.nacl for each in network.subnets}
    assert not named & {each.route_table for each in network.subnets}


def test_nothing_can_be_called_removable_without_a_proof():
    for kind in REMOVABLE:
        with pytest.raises(ValueError, match="nothing proves it"):
            Smell(kind=kind, component="sg", name="sg", why="")


def test_only_the_room_that_proves_makes_a_proof():
    assert Removal.__module__ == "bulkhead.lint.smell"
    rooms = Path(bulkhead.lint.__file__).parent.parent.rglob("*.py")
    makers = {each.name for each in rooms if re.search(r"\bRemoval\(", each.read_text())}
    assert makers == {"removal.py"}


# One by one


def unlisted(network: Network, *several: Unlisted) -> Network:
    return replace(network, unlisted=several)


def kinds(network: Network, component: str) -> set[SmellKind]:
    return {each.kind for each in lint(network) if each.component == component}


def spare() -> Network:
    """The shop with a group that nobody holds, and a rule that refers to it."""
    network = shop()[0]
    group = replace(network.security_group["sg-idle"], id="sg-spare", name="sg-spare")
    network = replace(network, security_groups=(*network.security_groups, group))
    return with_rule(network, "sg-store", "in tcp 22 sg-spare")


def test_where_all_interfaces_are_listed_an_unheld_group_is_unattached():
    assert kinds(spare(), "sg-spare") == {SmellKind.UNATTACHED}
    (found,) = [each for each in lint(spare()) if each.component == "sg-spare"]
    assert "launch template" in found.remedy, "what is not running now may ask for it later"


def test_where_more_interfaces_may_be_there_nobody_can_tell():
    (vpc,) = shop()[0].vpc
    network = unlisted(spare(), more_in(vpc))
    assert kinds(network, "sg-spare") == {SmellKind.UNSURE}
    assert SmellKind.UNUSED not in kinds(network, "sg-store")


def test_a_group_that_something_unlisted_holds_is_in_use():
    holder = Unlisted(kind="lambda", name="f", why="no list", security_groups=("sg-spare",))
    assert kinds(unlisted(spare(), holder), "sg-spare") == set()


def test_a_rule_for_a_group_that_something_unlisted_holds_is_in_use():
    holder = Unlisted(
        kind="Functions",
        name="f",
        why="a list of functions",
        field="security_groups",
        security_groups=("sg-spare",),
        runs=False,
    )
    assert SmellKind.UNUSED in kinds(spare(), "sg-store")
    assert SmellKind.UNUSED not in kinds(unlisted(spare(), holder), "sg-store")
    (rule,) = [each for each in lint(spare()) if each.kind is SmellKind.UNUSED]
    assert rule.remedy.startswith("unless a launch template")


def test_the_table_of_a_regional_nat_gateway_is_in_use():
    built = Estate()
    built.igw()
    built.table("own", "0.0.0.0/0 igw")
    built.subnet("a", "10.0.1.0/24")
    free = built.build()
    assert kinds(free, "own") == {SmellKind.UNATTACHED}
    assert kinds(replace(free, unobserved=("nat_gateways",)), "own") == {SmellKind.UNSURE}
    built.regional("nat", "own", ("eu-west-1a 203.0.113.9",))
    assert kinds(built.build(), "own") == set()


def test_a_stale_rule_is_a_fault_that_nobody_is_told_to_remove():
    network = with_rule(shop()[0], "sg-store", "in tcp 22 sg-far")
    (found,) = [each for each in lint(network) if each.kind is SmellKind.STALE]
    assert found.fault
    assert (found.removal, found.remedy) == (None, "name the group that took its place")


def test_a_rule_that_others_of_its_own_group_cover_can_go_whoever_else_holds_it():
    network = with_rule(shop()[0], "sg-store", "in tcp 5556 10.0.1.0/25")
    network = with_rule(network, "sg-store", "in tcp 5550-5560 10.0.1.0/24", name="wide")
    (vpc,) = network.vpc
    found = kinds(unlisted(network, more_in(vpc)), "sg-store")
    assert SmellKind.REDUNDANT in found


def test_a_rule_that_another_group_covers_stays_where_somebody_may_hold_the_one_alone():
    built = Estate()
    built.subnet("a", "10.0.1.0/24")
    built.group("base", "in tcp 80 10.0.1.0/24")
    built.group("web", "in tcp 80 10.0.0.0/16", "out tcp 80 10.0.1.0/24")
    built.host("one", "a", "10.0.1.10", "web", "base")
    built.host("two", "a", "10.0.1.11", "web")
    network = built.build()
    assert SmellKind.REDUNDANT in kinds(network, "base")
    assert SmellKind.REDUNDANT not in kinds(unlisted(network, more_in("vpc")), "base")


def test_a_rule_for_everybody_is_not_redundant_beside_narrower_ones():
    """Its connections may be untracked, and would time out by the others."""
    network = with_rule(shop()[0], "sg-store", "in tcp 22 0.0.0.0/0")
    for half in ("0.0.0.0/1", "128.0.0.0/1"):
        network = with_rule(network, "sg-store", f"in tcp 22 {half}", name=half)
    idle = [each for each in lint(network) if each.kind is SmellKind.REDUNDANT]
    assert sorted(each.rules[0].peer.cidr.prefixlen for each in idle) == [1, 1]


@pytest.mark.parametrize("kind", ["peerings", "vpn_connections", "transit_attachments", "subnets"])
def test_what_may_bring_packets_from_elsewhere_and_was_not_asked_about_keeps_rules(kind):
    built = Estate()
    built.acl("acl", "in 1 allow all 10.0.0.0/16", "out 1 allow all 10.0.0.0/16")
    built.acl("acl-in", "in 1 allow tcp 22 10.77.0.0/16")
    built.subnet("a", "10.0.1.0/24", acl="acl")
    built.subnet("b", "10.0.2.0/24", acl="acl-in")
    built.group("web", "in tcp 22 10.77.0.0/16")
    built.host("h", "a", "10.0.1.10", "web")
    network = built.build()
    assert SmellKind.UNUSED in kinds(network, "web") & kinds(network, "acl-in")
    network = replace(network, unobserved=(kind,))
    assert SmellKind.UNUSED not in kinds(network, "web") | kinds(network, "acl-in")


def test_a_group_that_may_be_elsewhere_is_not_called_stale():
    network = with_rule(shop()[0], "sg-store", "in tcp 22 sg-far")
    assert SmellKind.STALE in kinds(network, "sg-store")
    far = Unlisted(
        kind="security-group",
        name="sg-far",
        why="another account",
        field="security_groups",
        security_groups=("sg-far",),
    )
    assert SmellKind.STALE not in kinds(unlisted(network, far), "sg-store")
    dark = replace(network, unobserved=("security_groups",))
    assert SmellKind.STALE not in kinds(dark, "sg-store")


def test_a_network_proves_the_same_whatever_it_does_not_list():
    network = shop()[0]
    (vpc,) = network.vpc
    assert [*prove(network).cells()] == [*prove(unlisted(network, more_in(vpc))).cells()]
