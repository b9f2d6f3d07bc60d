"""What tells a host that its packet is too large for the way comes in, from those who can tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.doubt import doubt
from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.lint import SmellKind, lint
from bulkhead.network import TOO_LARGE, Action, Direction, Unmodelled
from bulkhead.plan import plan
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, sending_to_a_site, topology_from

DF = "icmp type 3 code 4"
BIG = "icmpv6 type 2 code 0"


def planned(document: dict[str, Any]):
    with TemporaryDirectory() as folder:
        return plan(topology_from(Path(folder), document))


def told(made) -> dict[str, set[str]]:
    """By NACL: every entry that such a message may pass."""
    return {
        acl.name: {
            f"{each.direction} {each.says()}"
            for each in acl.entries
            if (each.protocol, each.ports) in TOO_LARGE and each.action is Action.ALLOW
        }
        for acl in made.network.nacls
        if not acl.default
    }


def between(one: int, other: int, **more: Any) -> dict[str, Any]:
    """Two services in segments of their own, whose hosts take packets of these sizes."""
    return {
        **HEAD,
        "ipv6": "amazon",
        "segments": {"left": {"purpose": "asks"}, "right": {"purpose": "answers"}},
        "services": {
            "client": {
                "segment": "left",
                "mtu": one,
                "sockets": {"ask": {"type": "REQ", "connect": "server.in"}},
            },
            "server": {
                "segment": "right",
                "mtu": other,
                "sockets": {"in": {"type": "REP", "bind": "tcp://*:5000"}},
            },
        },
        **more,
    }


def test_every_network_of_a_site_may_tell_who_talks_with_one_address_of_it_and_nobody_else():
    made = planned(sending_to_a_site(orders="tcp://192.168.10.7:6001"))
    assert told(made) == {
        "feed": {f"ingress {DF} from 192.168.1{n}.0/24" for n in (0, 1)},
        "other": set(),
    }


def test_no_group_has_a_rule_for_it_because_groups_let_it_in_for_connections_that_they_track():
    made = planned(sending_to_a_site(orders="tcp://*:6001"))
    protocols = {rule.protocol for each in made.network.security_groups for rule in each.rules}
    assert protocols == {6}


def test_between_hosts_that_take_the_same_nobody_tells_anything():
    assert told(planned(between(9001, 9001))) == {"left": set(), "right": set()}


@pytest.mark.parametrize(
    ("sizes", "told_one", "teller"), [((9001, 1500), *"lr"), ((1500, 9001), *"rl")]
)
def test_the_host_that_takes_less_tells_the_other_over_both_families_and_not_the_other_way(
    sizes, told_one, teller
):
    made = planned(between(*sizes))
    found = told(made)
    at = {"l": "left", "r": "right"}
    assert {each.split()[0] for each in found[at[told_one]]} == {"ingress"}
    assert {each.split()[0] for each in found[at[teller]]} == {"egress"}
    for each in found.values():
        assert {DF in one for one in each} == {True, False}, "each family has its own"
        assert len(each) == 2


def test_a_host_that_takes_less_than_what_comes_from_outside_tells_that_too():
    document = sending_to_a_site(orders="tcp://*:6001")
    document["services"]["orders-sender"]["mtu"] = 1400
    out = {each for each in told(planned(document))["feed"] if each.startswith("egress")}
    assert out == {f"egress {DF} to 192.168.1{n}.0/24" for n in (0, 1)}


def test_without_it_no_entry_is_there_and_the_plan_says_what_happens():
    made = planned({**sending_to_a_site(orders="tcp://*:6001"), "path-mtu-discovery": False})
    assert told(made)["feed"] == set()
    (said,) = [each for each in made.warnings if "path-mtu-discovery" in each.what]
    assert "too large for the way to exchange vanish" in said.what
    (found,) = lint(made.network).of(SmellKind.TOO_LARGE)
    assert found.name == "NACL feed"
    assert "tcp with exchange passes" in found.why
    assert "icmp type 3 code 4" in found.remedy


def test_what_is_left_open_for_it_is_said_and_nothing_else_is_open():
    made = planned(sending_to_a_site(orders="tcp://*:6001"))
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok
    assert not lint(made.network).of(SmellKind.TOO_LARGE)
    left = {
        (each.source, each.destination)
        for each in judged.residue
        if each.kind is ResidueKind.TOO_LARGE
    }
    assert left == {("exchange", "subnets behind feed")}


def wider(made, cidr=None, ports=None):
    """The same network, in which an entry for it says more than was declared."""
    acls = tuple(
        replace(
            acl,
            entries=tuple(
                replace(each, cidr=cidr or each.cidr, ports=ports or each.ports)
                if (each.protocol, each.ports) in TOO_LARGE and acl.name == "feed"
                else each
                for each in acl.entries
            ),
        )
        for acl in made.network.nacls
    )
    return replace(made.network, nacls=acls)


def test_an_entry_for_more_messages_than_that_weakens_the_layer():
    made = planned(sending_to_a_site(orders="tcp://*:6001"))
    first = TOO_LARGE[0][1].first
    opened = wider(made, ports=type(TOO_LARGE[0][1])(first - 1, first + 1))
    judged = judge(prove(opened), replace(made.declaration, planned=None))
    assert {each.kind for each in judged.findings} == {FindingKind.LAYER}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (sending_to_a_site(orders="tcp://*:6001"), "exchange cannot tell orders-sender"),
        (between(1500, 9001), "client cannot tell server"),
    ],
)
def test_whoever_can_be_told_no_more_is_missing_it(document, said):
    made = planned(document)
    for acl in made.network.nacls:
        for gone in acl.entries:
            if (gone.protocol, gone.ports) in TOO_LARGE:
                left = tuple(each for each in acl.entries if each is not gone)
                nacls = (*(each for each in made.network.nacls if each is not acl),)
                less = replace(made.network, nacls=(*nacls, replace(acl, entries=left)))
                judged = judge(prove(less), replace(made.declaration, planned=None))
                (found,) = judged.findings
                assert found.kind is FindingKind.UNTOLD
                assert found.message.startswith(f"{said} that a packet is too large for the way")


def test_where_no_room_is_left_to_name_each_network_everybody_may_tell_by_one_entry():
    document = sending_to_a_site(orders="tcp://*:6001")
    document["sites"]["exchange"]["cidrs"] = [f"172.16.{2 * each}.0/24" for each in range(12)]
    made = planned(document)
    assert told(made)["feed"] == {f"ingress {DF} from 0.0.0.0/0"}
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]


def test_where_not_even_that_fits_the_refusal_names_what_would():
    document = sending_to_a_site(orders="tcp://*:6001")
    document["sites"]["exchange"]["cidrs"] = [f"172.16.{2 * each}.0/24" for each in range(19)]
    with pytest.raises(InputError) as refused:
        planned(document)
    (said,) = refused.value.problems
    assert "needs 20 ingress entries, 19 fit" in said.what
    assert "path-mtu-discovery: false" in said.remedy
    planned({**document, "path-mtu-discovery": False})


def test_of_what_crosses_the_internet_any_router_may_tell_but_nobody_with_a_private_address():
    secured = {"mechanism": "CURVE", "zap": True}
    document = sending_to_a_site(orders="tcp://*:6001")
    document["peers"] = {
        "venue": {
            "addresses": ["198.51.100.7/32"],
            "sockets": {"fills": {"type": "PULL", "bind": "tcp://*:6005", **secured}},
        }
    }
    document["services"]["bystander"]["sockets"]["out"] = {
        "type": "PUSH",
        "connect": "venue.fills",
        "exposure": {"why": "it is traded", "owner": "desk"},
        **secured,
    }
    made = planned(document)
    assert told(made)["other"] == {f"ingress {DF} from 0.0.0.0/0"}
    entries = made.network.nacl["acl/other"].ordered(Direction.INGRESS)
    refused = [str(each.cidr) for each in entries if each.action is Action.DENY]
    assert refused == ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"]
    assert entries[-1].action is Action.ALLOW
    reach = prove(made.network)
    judged = judge(reach, made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]
    assert not lint(made.network).of(SmellKind.WIDE)
    assert doubt(made.network, reach, limit=1, packets=300).ok


def test_over_ipv6_any_router_of_the_internet_may_tell_as_well():
    secured = {"mechanism": "CURVE", "zap": True}
    document = between(9001, 9001)
    document["peers"] = {
        "venue": {
            "addresses": ["2001:db8:77::/64"],
            "sockets": {"fills": {"type": "PULL", "bind": "tcp://*:6005", **secured}},
        }
    }
    document["services"]["client"]["sockets"]["out"] = {
        "type": "PUSH",
        "connect": "venue.fills",
        "exposure": {"why": "it is traded", "owner": "desk"},
        **secured,
    }
    made = planned(document)
    assert told(made) == {"left": {f"ingress {BIG} from ::/0"}, "right": set()}
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]


@st.composite
def of_many_sizes(draw: st.DrawFn) -> dict[str, Any]:
    document = draw(documents(max_services=5))
    services = {
        name: {**each, "mtu": draw(st.sampled_from((1400, 1500, 9001)))}
        for name, each in document["services"].items()
    }
    return {**document, "services": services}


@given(of_many_sizes())
@examples()
def test_exactly_what_is_declared_is_open_whatever_sizes_hosts_take(document):
    try:
        made = planned(document)
    except InputError:
        return  # a quota
    judged = judge(prove(made.network), made.declaration)
    assert judged.ok, [str(each) for each in judged.findings]
    told_of = {each.told for each in made.too_large}
    units = {each.nacl for each in made.network.subnets}
    for unit in units - {each.id for each in made.network.nacls if each.default}:
        inside = {
            each.service
            for each in made.network.interfaces
            if made.network.subnet_of(each).nacl == unit
        }
        # What a NAT gateway hears it hands on, to whoever went out by it.
        inside = inside if any(inside) else told_of
        entries = made.network.nacl[unit].entries
        hears = any(
            (each.protocol, each.ports) in TOO_LARGE and each.direction is Direction.INGRESS
            for each in entries
        )
        assert not hears or inside & told_of, "nobody is let in to whom nothing is told"


def test_of_a_nacl_in_doubt_nobody_says_that_it_drops_anything():
    made = planned(sending_to_a_site(orders="tcp://*:6001"))
    nacls = tuple(replace(each, entries=()) for each in made.network.nacls)
    in_doubt = Unmodelled(kind="nacl", id="acl/feed", why="it was not shown", scope="acl/feed")
    less = replace(made.network, nacls=nacls, unmodelled=(in_doubt,))
    found = judge(prove(less), replace(made.declaration, planned=None)).findings
    assert FindingKind.UNTOLD not in {each.kind for each in found}
    sure = judge(prove(replace(less, unmodelled=())), replace(made.declaration, planned=None))
    assert FindingKind.UNTOLD in {each.kind for each in sure.findings}
