"""A review as entries: what makes a condition hold fails, and the rest is a note."""

from dataclasses import replace

import pytest

from bulkhead.audit import Outcome
from bulkhead.lint import Severity
from bulkhead.network import Declaration, Origin, Origins
from bulkhead.report.sheets.review import CONDITIONS
from bulkhead.report.sheets.review import review as as_sheet
from bulkhead.review import DEFAULT, FailOn, Version, failing, review
from tests.support.respelt import renamed
from tests.support.shop import shop, with_entry, with_rule, without_entry

NETWORK, FLOWS = shop()
DECLARED = Declaration(topology="shop", flows=tuple(FLOWS), planned=NETWORK)
LOST = without_entry(NETWORK, "acl-back", "out 200 allow tcp 32768-60999 10.0.1.0/24")
IDLE = with_rule(
    with_rule(NETWORK, "sg-store", "in tcp 22 sg-idle"), "sg-idle", "out tcp 22 sg-store"
)
FROM_PLANT = with_rule(NETWORK, "sg-web", "in tcp 22 192.168.10.0/24")
FROM_PLANT = with_entry(FROM_PLANT, "acl-front", "in 110 allow tcp 22 192.168.10.0/24")
ALL_CONDITIONS = tuple(FailOn)


def asked(head, conditions=DEFAULT, *, declared=False, base=NETWORK):
    whole = Origins(whole=Origin(file="shop.yaml", line=1))
    sides = (
        Version(label="a", network=base, declaration=DECLARED if declared else None),
        Version(label="b", network=head, origins=whole),
    )
    found = review(*sides)
    return found, as_sheet(found, sides, conditions)


@pytest.mark.parametrize("head", [NETWORK, LOST, IDLE, FROM_PLANT], ids=range(4))
@pytest.mark.parametrize("conditions", [DEFAULT, ALL_CONDITIONS, ()], ids=["usual", "all", "none"])
@pytest.mark.parametrize("declared", [True, False])
def test_something_fails_where_a_condition_holds_and_nothing_where_none_does(
    head, conditions, declared
):
    found, sheet = asked(head, conditions, declared=declared)
    held = failing(found, conditions)
    assert sheet.ok is not bool(held)
    said = {each.kind for each in sheet.of(Outcome.FAIL) if each.kind.sums_up}
    assert said == {CONDITIONS[each] for each in held}
    told = [each for each in sheet.every if not each.kind.sums_up]
    undecided = any(each.outcome is Outcome.NOT_DECIDED for each in told)
    assert any(each.fault for each in told) or (undecided and held) or not held
    assert held or not any(each.fault for each in told)
    assert len({each.fingerprint for each in sheet.every}) == len(sheet.every)
    assert all(each.origin for each in sheet.entries)


def test_what_an_untrusted_site_reaches_is_the_worst():
    _, sheet = asked(FROM_PLANT)
    (entry,) = [each for each in sheet.of(Outcome.FAIL) if each.subject == "plant -> web"]
    assert (entry.kind.id, entry.grade) == ("flow-opened", Severity.HIGH)


def test_what_stands_beside_a_host_that_a_site_reaches_is_a_note_and_what_was_asked_comes_last():
    found, sheet = asked(FROM_PLANT)
    assert found.shadows
    beside = [each for each in sheet.entries if each.subject.startswith("plant -> any host")]
    assert {each.grade for each in beside} == {Severity.NOTE}
    told = [each.kind.sums_up for each in sheet.entries]
    assert told == sorted(told)


def test_that_a_flow_opens_is_a_note_until_somebody_asks():
    for conditions, grade in ((DEFAULT, Severity.NOTE), ((FailOn.OPENED,), Severity.MEDIUM)):
        _, sheet = asked(IDLE, conditions)
        (entry,) = [each for each in sheet.entries if each.subject == "idle -> store"]
        assert entry.grade is grade


def test_a_flow_that_a_difference_from_the_plan_opens_is_told_under_it_alone():
    _, sheet = asked(IDLE, declared=True)
    assert {each.kind.id for each in sheet.of(Outcome.FAIL) if not each.kind.sums_up} == {
        "not-planned"
    }
    assert "flow-undeclared" in {each.kind.id for each in sheet.every}


def test_nothing_changes_is_a_pass():
    found, sheet = asked(NETWORK)
    assert found.nothing
    assert {each.outcome for each in sheet.entries} == {Outcome.PASS}


def test_a_change_is_the_same_one_when_aws_makes_up_other_ids():
    one, other = (asked(renamed(LOST, mark), declared=True)[1] for mark in ("x-", "y-"))
    assert [each.fingerprint for each in one.every] == [each.fingerprint for each in other.every]
    assert replace(one.entries[0], copy=2).fingerprint != one.entries[0].fingerprint
