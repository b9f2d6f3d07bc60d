"""No advice to remove a rule is given that a proof does not bear out."""

from dataclasses import replace
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.compare import compare
from bulkhead.lint import IDLE, SmellKind, lint
from bulkhead.lint.groups import idle_rules
from bulkhead.lint.removal import Suspect, borne_out
from bulkhead.network.without import without
from bulkhead.prove import prove, reprove
from bulkhead.prove.reprove import unchanged
from tests.support import messy
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.shop import shop, with_entry, with_rule


def suspect(component, *rules):
    return Suspect(kind=SmellKind.REDUNDANT, component=component, name="", rules=rules, why="")


def of(network, component):
    """Its rules, entries or routes."""
    held = {
        **{each.id: each.rules for each in network.security_groups},
        **{each.id: each.entries for each in network.nacls},
        **{each.id: each.routes for each in network.route_tables},
    }
    return held[component]


def test_what_is_needed_is_not_called_removable_whatever_is_said_of_it():
    network = shop()[0]
    reach = prove(network)
    for component in ("sg-web", "sg-store", "acl-front", "acl-back", "vpn"):
        for rule in of(network, component):
            assert borne_out(reach, [suspect(component, rule)]) == [], rule


def test_among_false_advice_the_right_one_is_still_given():
    network = with_rule(shop()[0], "sg-store", "in tcp 5550-5560 sg-web")
    network = with_entry(network, "acl-back", "in 150 deny tcp 5556 10.0.1.0/25")
    needed = suspect("sg-web", of(network, "sg-web")[0])
    narrow = suspect("sg-store", of(network, "sg-store")[0])
    shadowed = suspect("acl-back", of(network, "acl-back")[-1])
    assert borne_out(prove(network), [needed, narrow, shadowed]) == [narrow, shadowed]


def test_of_two_that_cover_each_other_one_stays():
    network = with_rule(shop()[0], "sg-store", "in tcp 5556 sg-web")
    both = [suspect("sg-store", each) for each in of(network, "sg-store")]
    assert borne_out(prove(network), both) == both[:1]


@examples(1 / 2)
@given(messy.networks(), st.data())
def test_as_many_go_at_once_as_would_one_after_the_other(network, data):
    rules = [(group.id, rule) for group in network.security_groups for rule in group.rules]
    chosen = data.draw(st.lists(st.sampled_from(rules), unique=True)) if rules else []
    reach, gone = prove(network), []
    for each in chosen:
        if unchanged(reach, reprove(reach, without(network, (*gone, each)))):
            gone.append(each)
    found = borne_out(reach, [suspect(*each) for each in chosen])
    assert [(each.component, *each.rules) for each in found] == gone


def test_a_rule_that_is_written_twice_is_one():
    network = with_rule(shop()[0], "sg-store", "in tcp 80 10.0.1.0/24")
    doubled = tuple(
        replace(each, rules=(*each.rules, *each.rules)) for each in network.security_groups
    )
    twice = replace(network, security_groups=doubled)
    assert [*idle_rules(twice)] == [*idle_rules(network)]


def test_a_deny_and_an_allow_that_need_each_other_gone_are_held_apart():
    """Without the first entry the second comes into its own: only both together are idle."""
    network = with_entry(shop()[0], "acl-back", "in 10 allow tcp 5556 10.0.1.0/25")
    network = with_entry(network, "acl-back", "in 20 deny tcp 5556 10.0.1.0/25")
    allow, deny = (suspect("acl-back", each) for each in of(network, "acl-back")[-2:])
    assert borne_out(prove(network), [allow, deny]) == [deny]


def test_a_route_is_removable_only_where_no_address_takes_it():
    """The second leads to the same gateway, but the first is what takes the packets."""
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.10.0/24")
    estate.table("t", "192.168.10.0/24 vgw", "192.168.0.0/16 vgw", "192.168.10.0/24 vgw list")
    estate.subnet("a", "10.0.1.0/24", table="t")
    network = estate.build()
    taken, _, idle = (suspect("t", each) for each in of(network, "t"))
    assert borne_out(prove(network), [taken, idle]) == [idle]


@pytest.mark.parametrize(
    ("module", "name", "answer"),
    [
        ("acls", "_needless", True),
        ("routes", "_never_wins", "so it says"),
        ("groups", "_Packets.cover", True),
        ("uses", "_is_used", False),
    ],
)
def test_a_fault_of_lint_itself_becomes_no_advice(monkeypatch, module, name, answer):
    network = with_rule(shop()[0], "sg-store", "in tcp 22 sg-idle")
    idle = {each.component for each in lint(network) if each.kind in IDLE}
    holder = import_module(f"bulkhead.lint.{module}")
    *classes, last = name.split(".")
    for each in classes:
        holder = getattr(holder, each)
    monkeypatch.setattr(holder, last, lambda *_: answer)
    found = [each for each in lint(network) if each.kind in IDLE]
    gone = {(each.component, rule) for each in found for rule in each.rules}
    assert compare(network, without(network, gone)).changes == ()
    assert {each.component for each in found} >= idle
