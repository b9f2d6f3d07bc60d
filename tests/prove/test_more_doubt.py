"""What nobody knows is never decided: not by a doubt, nor by something else that is known."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.ends import EndpointKind
from bulkhead.explain import explain
from bulkhead.network import TCP, Unmodelled, Verdict
from bulkhead.prove import prove
from bulkhead.prove.sets.by_port import side_by_side
from tests.support.estate import Estate, endpoint
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.refused import is_refused
from tests.support.wide import wide_networks

A, H, D, U = Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.DENIED, Verdict.UNDETERMINED


def assert_nothing_more_is_decided(before, after, what):
    """Of two proofs with the same ends: what the second decides, the first decided alike."""
    # A route of a transit gateway may be the only sign of a network behind a site.
    differing = set(before.endpoints) ^ set(after.endpoints)
    assume(not any(each.kind is EndpointKind.SITE for each in differing))
    assert before.endpoints == after.endpoints
    for index, end in enumerate(before.endpoints):
        for each in before.protocols:
            was, now = before.masks(index, each), after.masks(index, each)
            steps = (
                *(was.allowed, was.half_open, was.undetermined),
                *(now.allowed, now.half_open, now.undetermined),
            )
            for ports, (open_, half, unsure, opened, halved, left) in side_by_side(steps):
                decided = opened & ~open_ | halved & ~half
                lost = (open_ | half | unsure) & ~(opened | halved | left) | unsure & ~left
                wrong = (decided | lost) & ~before.same_host(index)
                assert not wrong, f"{what}: to {end}, protocol {each}, {ports}: {wrong:b}"


@examples(1 / 2, shrink=False)
@given(st.data(), st.one_of(networks(), wide_networks()), st.sampled_from((None, None, 6, 1)))
def test_another_doubt_decides_nothing_and_changes_no_verdict_for_another(data, network, protocol):
    scopes = {each.id for each in network.things} | {each.name for each in network.sites}
    scopes |= {endpoint for each in network.firewalls for endpoint, _ in each.endpoints}
    scope = data.draw(st.sampled_from([*sorted(scopes), "nowhere"]))
    doubt = Unmodelled(kind="thing", id="x", scope=scope, why="", protocol=protocol)
    after = replace(network, unmodelled=(*network.unmodelled, doubt))
    assert_nothing_more_is_decided(prove(network), prove(after), doubt)


@examples(1 / 2, shrink=False)
@given(st.data(), st.one_of(networks(), wide_networks()))
def test_a_rule_an_entry_or_a_route_that_may_not_be_there_decides_nothing(data, network):
    several = {
        "security_groups": "rules",
        "nacls": "entries",
        "route_tables": "routes",
        "transit_route_tables": "routes",
    }
    places = [
        (kind, thing, index)
        for kind, parts in several.items()
        for thing in getattr(network, kind)
        for index, part in enumerate(getattr(thing, parts))
        if part.certain and not is_refused(network, thing, part)
    ]
    assume(places)
    kind, thing, index = data.draw(st.sampled_from(places))
    parts = list(getattr(thing, several[kind]))
    parts[index] = replace(parts[index], certain=False)
    less = replace(thing, **{several[kind]: tuple(parts)})
    things = tuple(less if each is thing else each for each in getattr(network, kind))
    after = replace(network, **{kind: things})
    assert_nothing_more_is_decided(prove(network), prove(after), parts[index])


@examples(1 / 2, shrink=False)
@given(st.data(), st.one_of(networks(), wide_networks()))
def test_what_is_not_there_any_more_though_something_names_it_decides_nothing(data, network):
    ids = {each.id for each in network.things}
    # A route may be the only sign of a gateway that was not observed.
    signs = {
        each.id
        for each in network.route_tables
        if any(route.target_id not in ids for route in each.routes)
    }
    named = {
        *(("nacls", each.nacl) for each in network.subnets),
        *(("route_tables", each.route_table) for each in network.subnets),
        *(
            ("security_groups", held)
            for each in network.interfaces
            for held in each.security_groups
        ),
        *(("transit_route_tables", each.table or "") for each in network.transit_attachments),
        *(("transit_gateways", each.gateway) for each in network.transit_attachments),
    }
    there = sorted(
        (kind, each.id)
        for kind in {kind for kind, _ in named}
        for each in getattr(network, kind)
        if (kind, each.id) in named and each.id not in signs
    )
    assume(there)
    kind, gone = data.draw(st.sampled_from(there))
    after = replace(
        network, **{kind: tuple(each for each in getattr(network, kind) if each.id != gone)}
    )
    assert_nothing_more_is_decided(
        prove(network), prove(after, cuts=(network,)), f"{kind} without {gone}"
    )


def unseen(*rules, groups=("server",), entries=(), by="tgw"):
    """A server in a VPC that something joins to what was not observed."""
    made = Estate()
    ends = ("in 900 allow all 0.0.0.0/0", "out 900 allow all 0.0.0.0/0")
    made.acl("acl-s", *(entries or ends))
    made.table("led", f"192.168.0.0/16 {by}")
    made.subnet("s", "10.0.1.0/24", acl="acl-s", table="led")
    made.subnet("door", "10.0.9.0/28", table="led")
    made.group("server", *rules)
    made.group("client", "out all 0.0.0.0/0")
    made.host("h", "s", "10.0.1.10", *groups)
    made.host("x", "door", "10.0.9.10", "client")
    if by == "tgw":
        made.attach("att", "vpc", "door")
    if by == "vgw":
        made.vgw()
        made.unmodelled("vgw")
    if by == "pcx-gone":
        made.pcx("pcx-gone", "vpc", "stranger", cidrs="192.168.0.0/16")
    return made


def both(made, source, port, protocol=TCP):
    """What the proof and the walk say alike, of a packet to the server."""
    network = made.build()
    reach = prove(network)
    one, other = endpoint(reach, source), endpoint(reach, "h")
    said = explain(network, one, other, protocol, port)
    assert said.verdict is reach.verdict(one, other, protocol, port)
    return said


ELSEWHERE = "elsewhere (192.168.0.0/16)"
DOORS = pytest.mark.parametrize("by", ["tgw", "vgw", "pcx-gone", "odd"])


@DOORS
def test_a_closed_receiver_stays_closed_whoever_sends_from_the_unseen(by):
    said = both(unseen(by=by), ELSEWHERE, 22)
    assert said.verdict is D
    assert any("no ingress rule" in str(hop) for hop in said.blocking)


@DOORS
def test_a_port_that_no_rule_names_stays_closed_whoever_sends_from_the_unseen(by):
    made = unseen("in tcp 443 192.168.0.0/16", "in udp 22 0.0.0.0/0", by=by)
    assert [both(made, ELSEWHERE, port).verdict for port in (22, 443)] == [D, U]


def test_what_comes_from_the_unseen_may_have_any_address():
    """A NAT device there, or an appliance, sends as itself."""
    made = unseen("in tcp 443 10.0.9.0/28")
    assert both(made, ELSEWHERE, 443).verdict is U


def test_nobody_who_is_unseen_holds_a_group_that_is_seen():
    made = unseen("in tcp 443 client", "in tcp 444 sg-of-another-account")
    assert [both(made, ELSEWHERE, port).verdict for port in (443, 444)] == [D, U]


def test_a_group_of_something_that_hands_packets_on_may_be_that_of_what_comes():
    made = unseen("in tcp 443 appliance")
    made.group("appliance", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    made.host("box", "door", "10.0.9.11", "appliance", check=False)
    assert both(made, ELSEWHERE, 443).verdict is U


@pytest.mark.parametrize("groups", [(), ("gone",), ("server", "gone")])
def test_a_receiver_whose_groups_are_not_known_is_not_closed(groups):
    assert both(unseen(groups=groups), ELSEWHERE, 22).verdict is U


def test_a_group_in_doubt_does_not_close_what_it_is_held_by():
    made = unseen()
    made.unmodelled("server")
    assert both(made, ELSEWHERE, 22).verdict is U


def test_a_nacl_that_denies_every_source_closes_its_subnet_to_the_unseen():
    entries = ("in 10 deny tcp 22 0.0.0.0/1", "in 20 deny tcp 22 128.0.0.0/1")
    entries += ("in 30 allow all 0.0.0.0/0", "out 30 allow all 0.0.0.0/0")
    made = unseen("in all 0.0.0.0/0", entries=entries)
    assert [both(made, ELSEWHERE, port).verdict for port in (22, 23)] == [D, U]


def test_no_nacl_is_asked_where_something_in_the_subnet_hands_packets_on():
    """Within a subnet there is none."""
    made = unseen("in all 0.0.0.0/0", entries=("out 30 allow all 0.0.0.0/0",))
    assert both(made, ELSEWHERE, 22).verdict is D
    made.host("box", "s", "10.0.1.11", "client", check=False)
    assert both(made, ELSEWHERE, 22).verdict is U


def test_a_load_balancer_takes_from_the_unseen_only_what_it_listens_to():
    made = unseen(by="vgw")
    made.host("lb-1", "s", "10.0.1.20", kind="load-balancer")
    made.balancer("lb", ("lb-1",), "tcp 443")
    network = made.build()
    reach = prove(network)
    ends = endpoint(reach, ELSEWHERE), endpoint(reach, "lb-1")
    assert [reach.verdict(*ends, TCP, port) for port in (22, 443)] == [D, U]
    assert [explain(network, *ends, TCP, port).verdict for port in (22, 443)] == [D, U]


def test_what_a_host_sends_by_a_box_that_nobody_knows_meets_the_receivers_groups():
    made = unseen("in tcp 443 10.0.0.0/8")
    made.table("boxed", "10.0.1.0/24 odd")
    made.subnet("far", "10.0.5.0/24", table="boxed")
    made.host("y", "far", "10.0.5.10", "client")
    assert [both(made, "y", port).verdict for port in (22, 443)] == [D, U]


def test_an_end_in_doubt_may_send_as_anybody_and_may_hold_any_group():
    made = unseen("in tcp 443 172.16.0.0/12", "in tcp 444 other", "in tcp 445 client")
    made.group("other")
    assert [both(made, "x", port).verdict for port in (443, 444, 445, 446)] == [D, D, A, D]
    made.unmodelled("x")
    assert [both(made, "x", port).verdict for port in (443, 444, 445, 446)] == [U, U, U, D]


def test_a_reference_to_any_group_may_mean_an_end_in_doubt():
    made = unseen("in all 0.0.0.0/0")
    made.group("choosy", "out all other")
    made.group("other")
    made.host("z", "door", "10.0.9.12", "choosy")
    assert both(made, "z", 443).verdict is D
    made.unmodelled("h")
    assert both(made, "z", 443).verdict is U


def test_the_sender_is_held_to_what_its_own_groups_say_to_an_end_in_doubt():
    made = unseen("in all 0.0.0.0/0")
    made.group("narrow", "out tcp 443 10.0.1.10/32")
    made.host("z", "door", "10.0.9.12", "narrow")
    made.unmodelled("h")
    assert [both(made, "z", port).verdict for port in (22, 443)] == [D, U]
