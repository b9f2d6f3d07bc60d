"""From what checks say to how a control is: nothing passes by silence."""

import dataclasses
from datetime import date

import pytest

from bulkhead import audit as auditing
from bulkhead.audit import (
    ALL_CHECKS,
    ALL_CONTROLS,
    Control,
    Evidence,
    Framework,
    Outcome,
    Suppression,
    audit,
)
from bulkhead.network.inventory import CallAnswer, FlowLog, Inventory, Listed, NotRead
from tests.support.estate import Estate

TODAY = date(2026, 11, 30)


def control(*checks, **more):
    return Control(framework=Framework.CIS, version="", id="1", requires="", checks=checks, **more)


def evidence(*rules, **more):
    """One group with some rules, held by one host."""
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("web", *rules)
    estate.host("h1", "a", "10.0.1.10", "web")
    return Evidence(network=estate.build(), today=TODAY, **more)


def outcome(of, *controls, **more):
    (found,) = audit(of, controls, **more).assessed
    return found.outcome


SSH, RDP = "in tcp 22 0.0.0.0/0", "in tcp 3389 0.0.0.0/0"


class TestOneControl:
    def test_fails_if_one_of_its_checks_does(self):
        asked = control("group-port-22", "group-port-3389", "flow-logs-on")
        assert outcome(evidence(RDP), asked) is Outcome.FAIL

    def test_is_not_decided_if_one_of_its_checks_is_not(self):
        asked = control("group-port-22", "flow-logs-on")
        assert outcome(evidence(), asked) is Outcome.NOT_DECIDED

    def test_passes_if_all_were_decided_and_one_has_something_to_pass(self):
        asked = control("group-port-22", "peering-routes-narrow")
        assert outcome(evidence(), asked) is Outcome.PASS

    def test_does_not_apply_where_there_is_nothing_of_the_kind(self):
        assert outcome(evidence(), control("peering-routes-narrow")) is Outcome.NOT_APPLICABLE

    def test_never_passes_where_it_asks_for_what_nobody_here_knows(self):
        asked = control("group-port-22", outside="an alarm")
        assert outcome(evidence(), asked) is Outcome.NOT_DECIDED
        assert outcome(evidence(SSH), asked) is Outcome.FAIL

    def test_of_what_stands_there_never_passes_by_a_plan(self):
        asked = control("group-port-22", live=True)
        assert outcome(evidence(), asked) is Outcome.NOT_DECIDED
        assert outcome(evidence(stands=True), asked) is Outcome.PASS


def excuse(**how):
    given = {
        "check": "group-port-22",
        "control": "",
        "resource": "w*",
        "reason": "a honeypot",
        "owner": "security",
        "expires": TODAY,
        "file": "x.yaml",
        "line": 2,
    }
    return Suppression(**{**given, **how})


class TestSuppressed:
    def suppressed(self, *suppressions, rules=(SSH,), asked=("group-port-22",)):
        return audit(evidence(*rules), [control(*asked)], suppressions=suppressions)

    def test_is_shown_as_that_and_neither_fails_nor_passes(self):
        found = self.suppressed(excuse())
        assert found.assessed[0].outcome is Outcome.SUPPRESSED
        assert found.ok
        assert found.counts()[Outcome.PASS] == 0

    def test_counts_on_its_last_day_and_not_on_the_next(self):
        assert self.suppressed(excuse(expires=TODAY)).ok
        found = self.suppressed(excuse(expires=date(2026, 11, 29)))
        assert not found.ok
        assert len(found.expired) == 1

    @pytest.mark.parametrize("how", [{"resource": "other"}, {"check": "group-port-3389"}])
    def test_is_nothing_that_it_does_not_speak_of(self, how):
        assert not self.suppressed(excuse(**how)).ok

    def test_by_a_control_is_that_control_alone(self):
        two = (control("group-port-22"), dataclasses.replace(control("group-port-22"), id="2"))
        found = audit(evidence(SSH), two, suppressions=[excuse(check="", control="cis 1")])
        assert [each.outcome for each in found.assessed] == [Outcome.SUPPRESSED, Outcome.FAIL]

    def test_by_a_control_is_found_however_its_letters_are_written(self):
        part = dataclasses.replace(control("group-port-22"), id="7(b)")
        excused = excuse(check="", control="CIS 7(b)")
        assert audit(evidence(SSH), [part], suppressions=[excused]).ok

    def test_that_has_expired_is_not_told_where_another_has_taken_over(self):
        old, new = excuse(expires=date(2026, 1, 1)), excuse(expires=date(2027, 1, 1), line=9)
        found = audit(evidence(SSH), [control("group-port-22")], suppressions=[old, new])
        assert found.ok
        assert (found.expired, found.unmatched) == ((), ())

    def test_takes_brackets_for_themselves(self):
        assert not self.suppressed(excuse(resource="[sw]*")).ok

    def test_what_matches_nothing_is_said_unless_nobody_asked_for_what_it_is_about(self):
        assert len(self.suppressed(excuse(), rules=()).unmatched) == 1
        assert self.suppressed(excuse(check="flow-logs-on"), rules=()).unmatched == ()

    def test_does_not_hide_what_is_not_decided(self):
        found = self.suppressed(excuse(check="flow-logs-on"), rules=(), asked=("flow-logs-on",))
        assert found.assessed[0].outcome is Outcome.NOT_DECIDED


class TestCoverage:
    def test_tells_what_was_read_what_is_modelled_and_what_is_decided(self):
        denied = CallAnswer(call="ec2:DescribeFlowLogs", region="eu-west-1", why="denied")
        read = Inventory(answers=(CallAnswer(call="ec2:DescribeVpcs", region="eu-west-1"), denied))
        found = audit(
            evidence(inventory=read), [control("group-port-22"), control("flow-logs-on")]
        ).coverage
        assert (found.calls, found.unanswered) == (2, (denied,))
        assert (found.controls, found.decided) == (2, 1)
        assert found.undetermined == 0 < found.pairs

    def test_cells_of_which_nobody_can_tell_are_counted(self):
        found = audit(evidence("in tcp 22 10.0.0.0/8 ?"), [control("group-port-22")]).coverage
        assert found.undetermined > 0


def test_every_control_is_decided_by_checks_that_exist_or_says_what_would():
    named = {check for each in ALL_CONTROLS for check in each.checks}
    assert named <= {each.id for each in ALL_CHECKS}
    assert all(each.checks or each.outside for each in ALL_CONTROLS)


def test_no_two_controls_have_one_name():
    assert len({each.name for each in ALL_CONTROLS}) == len(ALL_CONTROLS)


def test_a_finding_is_told_once_with_all_controls_that_it_is_a_part_of():
    found = audit(evidence(SSH), auditing.of([Framework.CIS, Framework.FSBP]))
    failing = {check: assessed for (check, _), assessed in found.findings(Outcome.FAIL).items()}
    assert [each.control.name for each in failing["group-admin-ports-ipv4"]] == [
        "CIS 6.3",
        "FSBP EC2.53",
    ]


def test_a_denied_call_leaves_open_what_it_would_tell_and_names_it():
    log = FlowLog(id="fl-1", resource="vpc", traffic="ALL")
    unread = NotRead(why="denied", region="us-east-1", call="ec2:DescribeFlowLogs")
    read = Inventory(flow_logs=Listed((log,), (unread,)))
    (found,) = audit(evidence(inventory=read), [control("flow-logs-on")]).assessed
    assert found.outcome is Outcome.NOT_DECIDED
    (why,) = found.of(Outcome.NOT_DECIDED)
    assert why.checked.evidence == ("ec2:DescribeFlowLogs would tell",)
