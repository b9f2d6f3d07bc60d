"""Smells as entries."""

from dataclasses import replace

from bulkhead.audit import Outcome
from bulkhead.lint import NOTES, Severity, SmellKind, lint
from bulkhead.network import Origin, Origins, Unmodelled
from bulkhead.report.sheets.lint import KINDS
from bulkhead.report.sheets.lint import lint as as_sheet
from tests.support.estate import Estate
from tests.support.respelt import renamed


def old(vpc="old"):
    estate = Estate(vpc=vpc)
    estate.acl("acl", "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
    estate.igw("igw")
    estate.table("table", "0.0.0.0/0 igw")
    estate.subnet("a", "10.0.1.0/24", acl="acl", table="table")
    estate.group("group", "in tcp 22 0.0.0.0/0", "in tcp 22 0.0.0.0/0")
    estate.host("host", "a", "10.0.1.9", "group", public="203.0.113.9")
    return estate.build()


def asked(network, **more):
    return as_sheet("dump.json", network, lint(network), **more)


def identities(sheet):
    return sorted((each.kind.id, each.fingerprint) for each in sheet.every)


def test_every_kind_of_smell_is_a_kind_of_entry():
    assert set(KINDS) == set(SmellKind)
    assert len({each.id for each in KINDS.values()}) == len(SmellKind)


def test_a_smell_has_its_own_severity_remedy_and_line():
    network = old()
    line = Origin(file="main.ts", line=12, urn="urn:pulumi:x")
    sheet = asked(network, origins=Origins(things={"group": line}))
    assert not sheet.ok
    first = sheet.entries[0]
    assert (first.kind, first.grade) == (KINDS[SmellKind.OPEN], Severity.HIGH)
    assert first.origin == line
    assert first.remedy


def test_a_kind_of_which_nothing_was_found_passes_unless_not_all_was_looked_at():
    network = old()
    (whole,) = {each.outcome for each in _nowhere(asked(network))}
    assert whole is Outcome.PASS
    doubt = Unmodelled(kind="route", id="rtb-9", scope="rtb-9", why="it is not understood")
    partly = _nowhere(asked(replace(network, unmodelled=(doubt,))))
    assert {each.outcome for each in partly} == {Outcome.NOT_DECIDED}
    assert {each.why for each in partly} == {"Not all was looked at: it is not understood"}
    found = lint(network)
    narrowed = as_sheet("dump.json", network, found.at_least(Severity.HIGH))
    assert {each.outcome for each in _nowhere(narrowed)} == {Outcome.NOT_DECIDED}
    assert {each.kind.id for each in _nowhere(narrowed)}.isdisjoint(
        KINDS[each].id for each in NOTES
    )


def test_a_smell_is_the_same_one_when_aws_makes_up_other_ids():
    one, other = (asked(renamed(old(), mark)) for mark in ("x-", "y-"))
    assert len(one.of(Outcome.FAIL)) > 3
    assert identities(one) == identities(other)
    assert len({each.fingerprint for each in one.every}) == len(one.every)


def test_a_smell_of_a_thing_that_nobody_named_is_known_by_what_it_is():
    def unnamed(mark):
        network = renamed(old(), mark)
        return replace(
            network,
            nacls=tuple(replace(each, name=each.id) for each in network.nacls),
            route_tables=tuple(replace(each, name=each.id) for each in network.route_tables),
            subnets=tuple(replace(each, name=each.id) for each in network.subnets),
            vpcs=tuple(replace(each, name=each.id) for each in network.vpcs),
        )

    assert identities(asked(unnamed("x-"))) == identities(asked(unnamed("y-")))


def _nowhere(sheet):
    return [each for each in sheet.entries if each.identity == ("all of it",)]
