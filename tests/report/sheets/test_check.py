"""A judgement as entries: what was asked, what came out, and what makes a finding the same one."""

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulkhead.audit import Outcome
from bulkhead.judge import FindingKind, judge
from bulkhead.lint import Severity
from bulkhead.network import (
    TCP,
    Declaration,
    Expectation,
    Listener,
    Origin,
    Origins,
    PortRange,
)
from bulkhead.prove import prove
from bulkhead.report.sheets.check import KINDS, check
from tests.support.respelt import renamed
from tests.support.shop import shop, with_rule, without_rule

NETWORK, FLOWS = shop()
OPEN = ("sg-store", "in tcp 22 0.0.0.0/0")


def asked(network, *, planned=NETWORK, expectations=(), **origins):
    declaration = Declaration(
        topology="shop",
        flows=tuple(FLOWS),
        expectations=tuple(expectations),
        planned=planned,
        origins=Origins(**origins),
    )
    return check("shop", "x", network, judge(prove(network), declaration), declaration)


@st.composite
def damaged(draw):
    network = NETWORK
    for number in range(draw(st.integers(0, 3))):
        group = draw(st.sampled_from(("sg-web", "sg-store", "sg-idle")))
        way = draw(st.sampled_from(("in", "out")))
        peer = draw(st.sampled_from(("0.0.0.0/0", "10.0.1.0/24", "sg-idle", "192.168.10.0/24")))
        traffic = draw(st.sampled_from(("tcp 22", "tcp 5556", "udp 53", "tcp 1-1024")))
        network = with_rule(network, group, f"{way} {traffic} {peer}", name=f"new{number}")
    if draw(st.booleans()):
        (group,) = (each for each in network.security_groups if each.id == "sg-store")
        network = without_rule(network, "sg-store", group.rules[0].id)
    return network


def identities(sheet):
    return sorted((each.kind.id, each.fingerprint) for each in sheet.every)


@settings(max_examples=25)
@given(damaged(), st.booleans())
def test_a_finding_is_the_same_one_when_aws_makes_up_other_ids(network, against_plan):
    planned = NETWORK if against_plan else None
    one = asked(renamed(network, "x-"), planned=planned)
    other = asked(renamed(network, "y-"), planned=planned)
    assert identities(one) == identities(other)


@settings(max_examples=25)
@given(damaged(), st.booleans())
def test_no_two_findings_are_taken_for_one(network, against_plan):
    every = asked(network, planned=NETWORK if against_plan else None).every
    assert len({each.fingerprint for each in every}) == len(every)


def test_a_finding_is_the_same_one_after_another_replica():
    (first,) = (each for each in NETWORK.interfaces if each.name == "store-0")
    more = replace(first, id="store-2", name="store-2", address=IPv4Address("10.0.2.30"))
    before = with_rule(NETWORK, *OPEN)
    after = replace(before, interfaces=(*before.interfaces, more))
    assert identities(asked(before, planned=None)) == identities(asked(after, planned=None))


def test_the_cause_leads_and_what_it_does_is_under_it_and_as_bad():
    test = _test("internet", accept=False)
    wide = with_rule(NETWORK, *OPEN)
    (cause,) = asked(wide, expectations=[test]).of(Outcome.FAIL)
    assert cause.kind.id == "not-planned"
    assert {each.kind.id for each in cause.under} == {"flow-undeclared", "layer-weakened"}
    assert cause.grade is Severity.MEDIUM


def test_every_flow_and_test_and_the_whole_are_asked_and_pass_where_all_is_as_declared():
    sheet = asked(NETWORK, expectations=[_test("plant", accept=False)])
    assert sheet.ok
    assert {each.outcome for each in sheet.entries} == {Outcome.PASS}
    said = {each.kind.id: each.subject for each in sheet.entries}
    assert said == {
        "flow-missing": "plant.out -> web.feed",
        "expectation-failed": "plant -> store.orders",
        "flow-undeclared": "shop",
        "layer-weakened": "shop",
        "not-planned": "shop",
        "lacking": "shop",
        "not-as-planned": "shop",
    }


def test_a_flow_that_fails_is_the_entry_that_passes_when_it_is_mended():
    broken = without_rule(NETWORK, "sg-store", _first_rule("sg-store"))
    (failed,) = _about(asked(broken, planned=None), "flow-missing", Outcome.FAIL)
    passed = _about(asked(NETWORK, planned=None), "flow-missing", Outcome.PASS)
    assert failed.fingerprint in {each.fingerprint for each in passed}


def test_nothing_passes_beside_what_may_be_open():
    (host,) = (each for each in NETWORK.interfaces if each.name == "idle-0")
    others = [each for each in NETWORK.interfaces if each != host]
    forwards = replace(NETWORK, interfaces=(*others, replace(host, source_dest_check=False)))
    sheet = asked(forwards, planned=None)
    assert not sheet.ok
    (entry,) = sheet.of(Outcome.NOT_DECIDED)
    assert entry.kind is KINDS[FindingKind.UNDETERMINED]
    assert {each.kind.id for each in sheet.of(Outcome.PASS)} == {"flow-missing"}


def test_a_finding_lies_where_its_end_is_written_else_at_the_topology():
    wide = with_rule(NETWORK, *OPEN)
    line = {number: Origin(file="shop.yaml", line=number) for number in (1, 7)}

    def lines(**origins):
        return {each.origin.line for each in asked(wide, planned=None, **origins).of(Outcome.FAIL)}

    assert lines(whole=line[1], owners={"store": line[7]}) == {7}
    assert lines(whole=line[1]) == {1}


def test_a_finding_of_a_topology_that_nobody_wrote_down_lies_at_its_rule():
    wide = with_rule(NETWORK, *OPEN)
    rule = wide.security_group["sg-store"].rules[-1]
    declaration = Declaration(topology="shop", flows=tuple(FLOWS))
    judged = judge(prove(wide), declaration)
    urn = Origin(urn="urn:pulumi:dev::shop::aws:vpc/securityGroupIngressRule::open")
    origins = Origins(rules={"sg-store": {rule: urn}}.get)
    found = check("shop", "x", wide, judged, declaration, origins=origins)
    assert {each.origin for each in found.of(Outcome.FAIL)} == {urn}


def test_a_failed_test_lies_on_its_own_line():
    test = _test("plant", accept=True)
    (failed,) = _about(asked(NETWORK, expectations=[test]), "expectation-failed", Outcome.FAIL)
    assert failed.origin == Origin(file="shop.yaml", line=40)


def test_a_test_is_known_by_its_name_whether_or_not_it_holds():
    about = Listener(owner="store", socket="", type="", protocol=TCP, ports=PortRange(22, 22))
    for denied, outcome in (("plant", Outcome.PASS), ("web", Outcome.FAIL)):
        tests = [
            replace(_test(denied, accept=False), name="no orders", why="because"),
            replace(_test(denied, accept=False), server=about),
        ]
        sheet = asked(NETWORK, expectations=tests)
        named = _about(sheet, "expectation-failed", outcome)[0]
        assert named.identity[:2] == ("no orders", denied)
    assert "(because)" in named.why
    assert any("security group ingress of" in each for each in named.evidence)
    (other,) = _about(sheet, "expectation-failed", Outcome.PASS)
    assert other.identity == ("web", "store", "tcp 22")


@pytest.mark.parametrize(("unknown", "outcome"), [((), None), (("the NACLs",), "not decided")])
def test_what_nobody_observed_is_not_decided_and_no_pass(unknown, outcome):
    declaration = Declaration(topology="shop", flows=tuple(FLOWS), planned=NETWORK)
    judged = replace(judge(prove(NETWORK), declaration), unknown=unknown)
    sheet = check("shop", "x", NETWORK, judged, declaration)
    assert [str(each.outcome) for each in sheet.of(Outcome.NOT_DECIDED)] == [outcome] * len(unknown)
    assert any(each.kind.id == "lacking" for each in sheet.of(Outcome.PASS)) is not bool(unknown)


def _test(client, *, accept):
    return Expectation(
        client=client, server=FLOWS[0].server, accept=accept, file="shop.yaml", line=40
    )


def _about(sheet, kind, outcome):
    return [each for each in sheet.every if each.kind.id == kind and each.outcome is outcome]


def _first_rule(group):
    return NETWORK.security_group[group].rules[0].id
