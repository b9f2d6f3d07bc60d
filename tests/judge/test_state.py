"""An account is exactly as planned, or what differs is said: first the cause, then what it does."""

import tempfile
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import FindingKind, judge
from bulkhead.judge.state.differing import unknown
from bulkhead.judge.state.matching import matched
from bulkhead.judge.state.roles import Compared, Parts, Reference
from bulkhead.judge.state.table import FIELDS, KINDS, UNCOMPARED
from bulkhead.network import (
    Action,
    Expectation,
    IdleTimeouts,
    Network,
    NetworkAcl,
    PublicAccess,
    Unlisted,
    Unmodelled,
)
from bulkhead.observe.dumps.dump import dump
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.judge.changes import (
    CHANGES,
    STATE,
    both,
    changed,
    entry,
    judged,
    more,
    other,
    removed,
    said_of,
    told,
)
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.estate import rule
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.topologies import documents, topology_from
from tests.support.wide import wide_networks

# Nothing is forgotten


def classes_below(kind, seen):
    """The dataclasses that the fields of a class hold."""
    for hint in get_type_hints(kind).values():
        waiting = [hint]
        while waiting:
            each = waiting.pop()
            waiting += get_args(each)
            if is_dataclass(each) and each not in seen:
                seen.add(each)
                classes_below(each, seen)


def test_every_field_of_everything_in_a_network_is_classified():
    hints = get_type_hints(Network)
    assert set(KINDS) | set(UNCOMPARED) == {each.name for each in fields(Network)}
    found = set()
    for kind in KINDS:
        (held, *_) = get_args(hints[kind])
        found.add(held)
        classes_below(held, found)
    assert set(FIELDS) == found
    for kind in found:
        assert set(FIELDS[kind]) == {each.name for each in fields(kind)}, kind


def test_every_kind_says_what_takes_one_away():
    assert {kind for kind, words in KINDS.items() if not words.removal} == {"sites"}


# As planned


@examples(1)
@given(documents() | documents(vpcs=True))
def test_what_was_planned_is_as_planned_whoever_gives_the_ids(document):
    with tempfile.TemporaryDirectory() as folder:
        network = plan(topology_from(Path(folder), document)).network
    for observed in (network, with_aws_ids(network)):
        assert said_of(network, observed) == []


@examples(1 / 2)
@given(documents() | documents(vpcs=True))
def test_what_was_planned_is_as_planned_as_aws_describes_it(document):
    with tempfile.TemporaryDirectory() as folder:
        network = plan(topology_from(Path(folder), document)).network
        files = as_files(with_aws_ids(network))
        observed = dump(write(files, Path(folder) / "dump"), topology=document["name"])
    assert said_of(network, observed) == []


@examples(1)
@given(st.one_of(networks(), wide_networks()))
def test_no_network_differs_from_itself(network):
    assert said_of(network, network) == []
    assert list(unknown(matched(network, network))) == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named_first_and_never_exactly_as_declared(planned, account, name):
    change, message = CHANGES[name]
    judgement = judged(planned, change(account))
    assert not judgement.ok
    first = judgement.findings[0]
    assert first.kind in STATE
    assert message in first.message
    assert first.why
    assert first.mend
    assert all(each.kind in STATE for each in judgement.findings), "an effect without its cause"
    assert all(each.file and each.line for each in told(judgement))


def test_of_entries_that_say_the_same_the_one_with_another_number_is_the_unplanned(
    planned, account
):
    """Whoever takes that one away has what Pulumi knows, and not what it would make anew."""

    (acl,) = (each for each in account.nacls if each.name == "web")
    copies = (replace(each, number=each.number - 99) for each in acl.entries)
    twice = replace(acl, entries=(*copies, *acl.entries))
    network = replace(
        account, nacls=tuple(twice if each is acl else each for each in account.nacls)
    )
    found = judged(planned, network).findings
    assert found
    for finding in found:
        assert not any(f"--rule-number {each.number} " in finding.mend for each in acl.entries)


NO_CHANGES = {
    "a rule made anew, and described otherwise": changed(
        "security_groups",
        "db",
        rules=lambda each: tuple(replace(one, id="sgr-9", description="x") for one in each.rules),
    ),
    "rules in another order": changed(
        "security_groups", "front", rules=lambda each: each.rules[::-1]
    ),
    "a number that decides nothing": changed(
        "nacls",
        "data",
        entries=lambda each: (replace(each.entries[0], number=7), *each.entries[1:]),
    ),
    "an instance at a planned interface": changed("interfaces", "db-1", instance="i-1"),
    "an interface made anew": changed("interfaces", "db-1", id="eni-x"),
    "public access blocked for the whole account": changed(
        "subnets", "web-eu-west-1a", public_access=PublicAccess.BLOCKED
    ),
    "sockets in words": lambda network: replace(network, listeners=()),
}


@pytest.mark.parametrize("name", NO_CHANGES)
def test_what_decides_no_packet_is_no_difference(planned, account, name):
    assert judged(planned, NO_CHANGES[name](account)).ok


def test_a_name_tag_decides_nothing(planned, account):
    for kind, name in (
        ("subnets", "web-eu-west-1a"),
        ("nacls", "web"),
        ("route_tables", "web"),
        ("interfaces", "front-1"),
        ("security_groups", "front"),
        ("security_groups", "default"),
        ("nacls", "default"),
        ("route_tables", "main"),
        ("customer_gateways", "plant"),
        ("vpn_connections", "plant"),
        ("vpn_gateways", "shop"),
        ("vpcs", "shop"),
    ):
        renamed = changed(kind, name, name="called otherwise")(account)
        assert judged(planned, renamed).ok, kind


def test_what_was_not_observed_is_said_as_not_known(planned, account):
    dark = changed("vpn_connections", "plant", tunnels=())(account)
    judgement = judged(planned, dark)
    assert judgement.ok
    assert judgement.unknown == ("the tunnel of VPN connection plant (vpn-vpn/plant)",)
    gone = removed("vpn_connections", "plant")(account)
    (found, *_) = judged(planned, replace(gone, unobserved=("vpn_connections",))).findings
    assert FindingKind.LACKING not in {found.kind}


@pytest.mark.parametrize(("answer", "kind"), [("nacl", "nacls"), ("route_table", "route_tables")])
def test_what_stands_for_what_was_not_observed_is_in_no_plan_and_no_difference(
    planned, account, answer, kind
):
    subnet, stand_in = account.subnets[0], f"{account.subnets[0].id}/unknown"
    like = getattr(account, kind)[0]
    empty = {"entries": ()} if kind == "nacls" else {"routes": (), "main": False}
    unseen = Unmodelled(kind=answer, id=stand_in, scope=stand_in, why="not shown", unseen=True)
    dark = replace(
        account,
        subnets=(replace(subnet, **{answer: stand_in}), *account.subnets[1:]),
        unmodelled=(unseen,),
        **{
            kind: (
                *getattr(account, kind),
                replace(like, id=stand_in, name=stand_in, **empty),
            )
        },
    )
    judgement = judged(planned, dark)
    assert not [
        each.message
        for each in judgement.findings
        if each.kind in STATE and "unknown" in each.message
    ]
    assert any(subnet.name in each for each in judgement.unknown)


def test_what_a_tunnel_may_carry_is_no_difference_of_tables_groups_or_nacls(
    planned, account, tmp_path
):
    tunnel = {"VpcEndpointId": "vpce-0123456789abcdef0", "VpcEndpointType": "Tunnel"}
    files = as_files(account)
    before = said_of(planned.network, dump(write(files, tmp_path / "before")))
    found = {**tunnel, "VpcId": account.vpcs[0].id, "State": "available"}
    files["VpcEndpoints.json"] = {"VpcEndpoints": [found]}
    observed = dump(write(files, tmp_path / "after"))
    assert any(not each.certain for table in observed.route_tables for each in table.routes)
    assert said_of(planned.network, observed) == before == []


def test_what_runs_interfaces_that_no_source_lists_is_said_as_not_known(planned, account):
    runner = Unlisted(kind="aws.ecs.Service", name="svc", why="a state lists no interfaces")
    judgement = judged(planned, replace(account, unlisted=(runner, runner)))
    assert judgement.ok
    assert judgement.unknown == (
        "which interfaces aws.ecs.Service svc runs: a state lists no interfaces",
    )


@pytest.mark.parametrize(
    ("kind", "parts", "part"),
    [
        ("nacls", "entries", "network-acl-entry"),
        ("security_groups", "rules", "security-group-rule"),
        ("route_tables", "routes", "route"),
    ],
)
def test_what_could_not_be_read_of_a_thing_is_not_said_to_be_lacking(
    planned, account, kind, parts, part
):
    (thing, *_) = [each for each in getattr(account, kind) if getattr(each, parts)]
    less = changed(kind, thing.name, **{parts: getattr(thing, parts)[1:]})(account)
    assert FindingKind.LACKING in {each.kind for each in judged(planned, less).findings}
    doubt = Unmodelled(kind=part, id=thing.id, scope=thing.id, why="it cannot be read")
    judgement = judged(planned, replace(less, unmodelled=(doubt,)))
    assert FindingKind.LACKING not in {each.kind for each in judgement.findings}
    assert [what for what in judgement.unknown if thing.id in what]


@pytest.mark.parametrize("other", [lambda account: account, removed("interfaces", "front-2")])
def test_what_was_planned_and_nobody_looked_for_is_never_as_declared(planned, account, other):
    dark = replace(removed("subnets", "spare-eu-west-1b")(other(account)), unobserved=("subnets",))
    judgement = judged(planned, dark)
    assert not judgement.ok
    found = [each for each in judgement.findings if each.kind is FindingKind.UNDETERMINED]
    assert [each.message for each in found] == [
        "it is not known whether subnet spare-eu-west-1b is there"
    ]


def test_what_is_there_and_in_no_plan_is_said_though_not_all_of_its_kind_was_shown(
    planned, account
):
    change, message = CHANGES["a second VPN with the same tags"]
    partly = replace(change(account), unobserved=("vpn_connections",))
    assert message in judged(planned, partly).findings[0].message


def test_a_gateway_that_only_a_route_names_is_the_planned_one_where_none_was_shown(
    planned, account
):
    nameless = changed("vpn_gateways", "shop", name="vgw-vgw/shop")
    unseen = (removed(kind, "plant") for kind in ("vpn_connections", "customer_gateways"))
    dark = both(nameless, *unseen)(account)
    kinds = ("vpn_gateways", "vpn_connections", "customer_gateways")
    assert {each.kind for each in said_of(planned.network, dark)} > {"vpn_gateways"}
    said = said_of(planned.network, replace(dark, unobserved=kinds))
    assert {each.kind for each in said} <= {"sites"}


def test_a_connection_at_a_gateway_that_nobody_showed_is_at_none_other(planned, account):
    dark = both(removed("vpn_gateways", "shop"), changed("route_tables", "web", routes=()))(account)
    said = said_of(planned.network, dark)
    assert "vpn_connections" in {each.kind for each in said}
    said = said_of(planned.network, replace(dark, unobserved=("vpn_gateways",)))
    assert {each.kind for each in said} == {"route_tables"}


@pytest.mark.parametrize(
    "change",
    [lambda account: account, changed("nacls", "spare", **more("entries", entry(5)))],
    ids=["as planned", "with a difference that has nothing to do with it"],
)
def test_a_test_of_the_topology_that_the_plan_itself_fails_is_told(planned, account, change):
    (flow,) = [each for each in planned.declaration.flows if each.server.name == "db.ask"]
    denied = Expectation(client=flow.client, server=flow.server, accept=False, file="x", line=1)
    declaration = replace(planned.declaration, expectations=(denied,))
    judgement = judge(prove(change(account)), declaration)
    assert not judgement.ok
    assert judgement.findings[-1].kind is FindingKind.EXPECTATION


@pytest.mark.parametrize("kind", ["vpn_connections", "security_groups", "nacls", "route_tables"])
def test_of_two_that_are_called_alike_the_one_that_differs_is_the_unplanned(planned, account, kind):
    (own, *_) = [each for each in getattr(account, kind) if each.name in ("plant", "web", "db")]
    parts = {"vpn_connections": "routes", "security_groups": "rules", "nacls": "entries"}
    copy = replace(own, id="x", **{parts.get(kind, "routes"): ()})
    for things in ((copy, *getattr(account, kind)), (*getattr(account, kind), copy)):
        found = said_of(planned.network, replace(account, **{kind: things}))
        assert [each.observed.id for each in found if each.planned is None] == ["x"]
        assert all(each.planned is None for each in found)


@pytest.mark.parametrize(("tcp", "differs"), [(432000, False), (60, True), (None, False)])
def test_time_outs_as_aws_has_them_are_no_difference(planned, account, tcp, differs):
    change = changed("interfaces", "db-1", idle=IdleTimeouts(tcp_established=tcp))
    assert judged(planned, change(account)).ok is not differs


def test_the_order_of_entries_is_a_difference_only_where_it_decides():
    def nacl(*entries):
        return Network(nacls=(NetworkAcl(id="acl", name="acl", vpc="vpc", entries=entries),))

    allow, deny = entry(100), entry(200, action=Action.DENY)
    first, last = replace(deny, number=50), replace(allow, number=300)
    assert said_of(nacl(allow), nacl(last)) == []
    assert said_of(nacl(allow, deny), nacl(allow, first))
    assert said_of(nacl(allow, deny), nacl(deny, last))


@examples(1, shrink=False)
@given(st.data())
def test_no_change_of_anything_compared_goes_unseen(planned, account, data):
    kind = data.draw(st.sampled_from([each for each in KINDS if getattr(account, each)]))
    things = getattr(account, kind)
    place = data.draw(st.integers(0, len(things) - 1))
    thing = things[place]
    roles = FIELDS[type(thing)]
    names = [name for name, role in roles.items() if isinstance(role, Compared | Reference | Parts)]
    name = data.draw(st.sampled_from(["gone", "twice", *names]))
    if name == "gone":
        after = (*things[:place], *things[place + 1 :])
    elif name == "twice":
        after = (*things, replace(thing, **({"id": "x"} if "id" in roles else {"name": "x"})))
    else:
        value = other(getattr(thing, name), data)
        if value is None or value == roles[name].unknown:
            return
        after = (*things[:place], replace(thing, **{name: value}), *things[place + 1 :])
    assert said_of(planned.network, replace(account, **{kind: after}))


# In doubt

WIDE = rule("wide", "in tcp 8080 10.20.0.0/16")


def all_in_doubt(of):
    """Every part of a thing is only perhaps there."""

    def change(each):
        return tuple(replace(one, certain=False) for one in getattr(each, of))

    return change


@pytest.mark.parametrize(
    ("kind", "name", "of"),
    [("security_groups", "db", "rules"), ("nacls", "data", "entries")],
)
def test_a_planned_rule_that_is_only_perhaps_there_is_not_known_and_never_as_declared(
    planned, account, kind, name, of
):
    name = next(each.name for each in getattr(account, kind) if name in each.name)
    network = changed(kind, name, **{of: all_in_doubt(of)})(account)
    assert said_of(planned.network, network) == []
    ((_, thing, field),) = (
        (each.kind, each.thing.name, each.name)
        for each in unknown(matched(planned.network, network))
    )
    assert (thing, field) == (name, of)
    judgement = judged(planned, network)
    assert not judgement.ok
    assert judgement.unknown


def test_a_rule_that_nobody_planned_and_is_only_perhaps_there_is_told_as_what_it_may_admit(
    planned, account
):
    network = changed(
        "security_groups", "db", rules=lambda each: (*each.rules, replace(WIDE, certain=False))
    )(account)
    judgement = judged(planned, network)
    assert judgement.undetermined
    assert {each.kind for each in judgement.findings} == {FindingKind.UNDETERMINED}
    assert any("may admit 10.20.0.0/16" in each.message for each in judgement.findings)
