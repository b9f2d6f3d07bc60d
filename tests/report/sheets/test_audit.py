"""An audit as entries: controls, and what checks say of each resource."""

from dataclasses import replace
from datetime import date

from bulkhead.audit import ALL_CONTROLS, Evidence, Outcome, Suppression, audit
from bulkhead.network import Origin, Origins
from bulkhead.report.sheets.audit import audit as as_sheet
from tests.report.sheets.test_lint import old
from tests.support.respelt import renamed


def asked(network, suppressions=(), *, ok=True, origins=None):
    evidence = Evidence(network=network, today=date(2026, 11, 30), origins=origins or Origins())
    found = audit(evidence, ALL_CONTROLS, suppressions=suppressions)
    return found, as_sheet("x", found, evidence, ok=ok)


def test_every_control_is_a_test_of_its_own_and_what_its_checks_decide_no_alert():
    found, sheet = asked(old())
    said = {each.subject: each for each in sheet.entries if each.kind.id.startswith("control-")}
    assert {each.control.name: each.outcome for each in found.assessed} == {
        name: each.outcome for name, each in said.items()
    }
    for each in found.assessed:
        entry = said[each.control.name]
        assert entry.kind.sums_up is not bool(each.needs)
        assert entry.fault is (each.outcome is Outcome.FAIL)


def test_a_finding_is_told_once_with_all_its_controls_and_where_it_is_written():
    line = Origin(file="main.ts", line=12)
    _, sheet = asked(old(), origins=Origins(things={"group": line}))
    told = [each for each in sheet.of(Outcome.FAIL) if each.kind.id == "group-admin-ports-ipv4"]
    (finding,) = told
    assert len(finding.kind.controls) > 1
    assert finding.origin == line
    assert finding.remedy


def test_what_somebody_answers_for_is_shown_as_that_and_fails_nothing():
    excuse = Suppression(
        check="group-port-22",
        control="",
        resource="*",
        reason="until the move",
        owner="ops",
        expires=date(2026, 12, 31),
        file="s.yaml",
        line=2,
    )
    _, sheet = asked(old(), [excuse])
    (finding,) = [each for each in sheet.of(Outcome.SUPPRESSED) if not each.kind.sums_up]
    assert finding.kind.id == "group-port-22"
    assert "until the move" in finding.why
    _, late = asked(old(), [replace(excuse, expires=date(2026, 11, 1))])
    assert any(each.kind.id == "group-port-22" for each in late.of(Outcome.FAIL))
    assert any("has expired" in each for each in late.notes)


def test_the_answer_is_no_where_somebody_asks_for_all_to_be_decided():
    assert not asked(old(), ok=False)[1].ok


def test_a_finding_is_the_same_one_when_aws_makes_up_other_ids():
    one, other = (asked(renamed(old(), mark))[1] for mark in ("x-", "y-"))
    assert sorted(each.fingerprint for each in one.every) == sorted(
        each.fingerprint for each in other.every
    )
    assert len({each.fingerprint for each in one.every}) == len(one.every)
