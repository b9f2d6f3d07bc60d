"""What would open a cell, and what alone keeps it open: both seen to work."""

from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bulkhead.ends import resolve
from bulkhead.ends.partition import partition
from bulkhead.explain import Code, Layer, explain
from bulkhead.explain.remedy import pillars, remedy, without
from bulkhead.network import Verdict
from bulkhead.report.edits import words
from tests.support.estate import ANYWHERE, Estate, rule
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.wide import wide_networks


def ask(network, source, destination, port=5556, protocol=6):
    (one, *_), (other, *_) = resolve(network, source), resolve(network, destination)
    return explain(network, one, other, protocol, port)


def opened(estate, source, destination, **traffic):
    """The texts of the changes, after seeing that they open it."""
    network = estate.build()
    said = ask(network, source, destination, **traffic)
    found = remedy(network, said)
    assert found.opens, found.obstacles
    for change in found.changes:
        network = change.apply(network)
    assert ask(network, source, destination, **traffic).verdict is Verdict.ALLOWED
    return list(map(words, found.changes))


def pair(acl_b="open"):
    estate = Estate()
    estate.acl("deaf", "in 100 deny tcp 5556 0.0.0.0/0", "in 200 allow all 0.0.0.0/0")
    estate.subnet("a", "10.0.1.0/24")
    estate.subnet("b", "10.0.2.0/24", acl=acl_b)
    estate.group("client", "out all 0.0.0.0/0")
    estate.group("server", "out all 0.0.0.0/0")
    estate.host("c", "a", "10.0.1.10", "client")
    estate.host("s", "b", "10.0.2.10", "server")
    return estate


def test_a_missing_rule_is_named_with_the_group_it_should_name():
    assert opened(pair(), "c", "s") == ["add to server: ingress tcp 5556 from client"]


def test_every_layer_that_blocks_gets_its_change_both_ways():
    assert opened(pair(acl_b="deaf"), "c", "s") == [
        "add to deaf: ingress 99: allow tcp 5556 from 10.0.1.10/32",
        "add to server: ingress tcp 5556 from client",
        "add to deaf: egress 100: allow tcp 32768-60999 to 10.0.1.10/32",
    ]


def test_a_half_open_flow_needs_only_the_way_back():
    estate = pair(acl_b="mute")
    estate.acl("mute", "in 100 allow all 0.0.0.0/0")
    estate.host("open", "b", "10.0.2.11", "all")
    estate.group("all", *ANYWHERE)
    assert opened(estate, "c", "open") == [
        "add to mute: egress 100: allow tcp 32768-60999 to 10.0.1.10/32"
    ]


def test_a_missing_route_is_led_to_what_is_there():
    estate = Estate("one", "10.0.0.0/16")
    estate.vpc("two", "10.1.0.0/16")
    estate.table("here")
    estate.table("there", vpc="two")
    estate.subnet("a", "10.0.1.0/24", table="here")
    estate.subnet("b", "10.1.1.0/24", table="there", vpc="two")
    estate.pcx("pcx", "one", "two")
    assert opened(estate, "a", "b") == [
        "in route table here: 10.1.0.0/16 -> pcx",
        "in route table there: 10.0.0.0/16 -> pcx",
    ]


def test_a_firewall_gets_a_rule_of_its_own():
    estate = Estate()
    estate.table("through", "10.0.2.0/24 fwe")
    estate.table("back", "10.0.1.0/24 fwe")
    estate.subnet("a", "10.0.1.0/24", table="through")
    estate.subnet("b", "10.0.2.0/24", table="back")
    estate.subnet("inspect", "10.0.9.0/28")
    estate.firewall("fw", {"fwe": "inspect"}, default="drop")
    assert opened(estate, "a", "b") == [
        "add first to the stateful rules of fw: pass 10.0.1.0/24 -> 10.0.2.0/24 ports 5556"
    ]


def test_an_entry_gets_a_number_that_somebody_can_write():
    estate = pair(acl_b="full")
    estate.acl("full", "in 32766 allow tcp 22 0.0.0.0/0", "out 32760 allow all 0.0.0.0/0")
    assert opened(estate, "c", "s") == [
        "add to full: ingress 32765: allow tcp 5556 from 10.0.1.10/32",
        "add to server: ingress tcp 5556 from client",
    ]


def test_where_no_rule_helps_the_obstacles_are_named():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    network = estate.build()
    found = remedy(network, ask(network, "a", "internet"))
    assert (found.opens, found.changes) == (False, ())
    assert found.obstacles[0].code is Code.NO_ROUTE_TO_DESTINATION


def test_what_is_allowed_or_undetermined_needs_no_remedy():
    network = pair().build()
    assert remedy(network, ask(network, "any host in a", "any host in b")) is None


def test_a_rule_that_carries_a_flow_alone_is_named_and_one_that_is_not_alone_is_not():
    estate = pair()
    estate.group("twice", "in tcp 5556 client", "in tcp 5550-5560 10.0.0.0/16")
    estate.host("s2", "b", "10.0.2.12", "twice")
    network = estate.build()
    alone = pillars(network, ask(network, "c", "s2"))
    assert [(each.rule.component, each.rule.text, each.then) for each in alone] == [
        ("client", "client-0: all to 0.0.0.0/0", Verdict.DENIED),
        ("open", "egress 100: allow all to 0.0.0.0/0", Verdict.DENIED),
        ("open", "ingress 100: allow all from 0.0.0.0/0", Verdict.DENIED),
    ]


def test_an_entry_that_only_the_reply_needs_leaves_the_flow_half_open_without_it():
    estate = pair(acl_b="narrow")
    estate.acl("narrow", "in 100 allow all 0.0.0.0/0", "out 100 allow tcp 1024-65535 10.0.0.0/8")
    network = estate.build()
    alone = pillars(network, ask(network, "any host in a", "any host in b"))
    assert [(each.rule.component, each.rule.text, each.then) for each in alone if each.reply] == [
        ("narrow", "egress 100: allow tcp 1024-65535 to 10.0.0.0/8", Verdict.HALF_OPEN),
        ("open", "ingress 100: allow all from 0.0.0.0/0", Verdict.HALF_OPEN),
    ]


def test_a_rule_that_two_groups_have_in_common_carries_nothing_alone():
    estate = pair()
    estate.host("s2", "b", "10.0.2.12", "server", "more")
    estate.group("more")
    shared = rule("shared", "in tcp 5556 client")
    network = estate.build()
    groups = tuple(
        replace(each, rules=(shared,)) if each.id in ("server", "more") else each
        for each in network.security_groups
    )
    network = replace(network, security_groups=groups)
    alone = pillars(network, ask(network, "c", "s2"))
    assert alone
    assert shared not in {each.rule.rule for each in alone}


def test_a_static_route_that_a_propagated_one_stands_in_for_carries_nothing_alone():
    estate = Estate()
    estate.table("out", "192.168.0.0/16 vgw", "192.168.0.0/16 vgw propagated")
    estate.subnet("a", "10.0.1.0/24", table="out")
    estate.vgw()
    estate.site("plant", "192.168.0.0/16")
    network = estate.build()
    alone = pillars(network, ask(network, "a", "plant"))
    assert alone
    assert not [each for each in alone if each.layer is Layer.ROUTE]


def some_cells(network, chosen, count=12):
    ends = [end for end in partition(network).endpoints if end.address.version == 4]
    for _ in range(count if len(ends) > 1 else 0):
        one, other = chosen.sample(ends, 2)
        if (one.kind, one.id) != (other.kind, other.id):
            yield one, other, chosen.choice((6, 6, 17, 1)), chosen.choice((80, 5556))


@examples(1 / 2, HealthCheck.filter_too_much)
@given(st.one_of(networks(), wide_networks()), st.randoms())
def test_what_is_said_to_open_a_cell_opens_it_and_nothing_of_it_is_superfluous(network, chosen):
    for one, other, protocol, port in some_cells(network, chosen):
        found = remedy(network, explain(network, one, other, protocol, port))
        if found is None or not found.opens:
            continue
        assert found.changes
        for left_out in [None, *found.changes]:
            changed = network
            for change in found.changes:
                changed = change.apply(changed) if change is not left_out else changed
            verdict = explain(changed, one, other, protocol, port).verdict
            assert (verdict is Verdict.ALLOWED) is (left_out is None), str(left_out)


@examples(1 / 4, HealthCheck.filter_too_much)
@given(st.one_of(networks(), wide_networks()), st.randoms())
def test_what_carries_a_cell_alone_closes_it_and_no_other_rule_on_its_way_does(network, chosen):
    for one, other, protocol, port in some_cells(network, chosen):
        said = explain(network, one, other, protocol, port)
        named = {each.rule for each in pillars(network, said)}
        if said.verdict is not Verdict.ALLOWED:
            assert named == set()
            continue
        for hop in (*said.request, *said.reply):
            for ref in hop.rules:
                change = without(hop, ref)
                if change is not None:
                    then = explain(change.apply(network), one, other, protocol, port).verdict
                    assert (then is not Verdict.ALLOWED) is (ref in named)


def test_between_public_ipv6_addresses_of_two_vpcs_their_internet_gateways_lead():
    estate = Estate(cidr="10.0.0.0/16 2a05:d018:1::/56")
    estate.vpc("other", "10.1.0.0/16 2a05:d018:2::/56")
    estate.table("far", vpc="other")
    estate.igw("igw")
    estate.igw("igw-b", "other")
    estate.subnet("a", "2a05:d018:1:1::/64")
    estate.subnet("b", "2a05:d018:2:1::/64", vpc="other", table="far")
    estate.group("any", *ANYWHERE)
    estate.host("c", "a", "2a05:d018:1:1::a", "any")
    estate.host("s", "b", "2a05:d018:2:1::b", "any")
    assert opened(estate, "c", "s") == [
        "in route table main: 2a05:d018:2:1::/64 -> igw",
        "in route table far: 2a05:d018:1:1::/64 -> igw-b",
    ]
