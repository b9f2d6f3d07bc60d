"""A proof and a drill as entries: that something is open is no fault until somebody says so."""

from dataclasses import replace

import pytest

from bulkhead.agree import Comparison, Disagreement, Drilled, tabulate
from bulkhead.audit import Outcome
from bulkhead.doubt import Doubts, Opinion
from bulkhead.judge import judge
from bulkhead.network import Declaration, Verdict
from bulkhead.prove import prove
from bulkhead.prove.overview import overview
from bulkhead.report.sheets.drill import drill
from bulkhead.report.sheets.prove import prove as as_sheet
from bulkhead.twin import Drill, Measurement, Party, PartyKind
from tests.support.shop import shop, with_rule, without_entry

NETWORK, FLOWS = shop()
DECLARED = Declaration(topology="shop", flows=tuple(FLOWS))
LOST = without_entry(NETWORK, "acl-back", "out 200 allow tcp 32768-60999 10.0.1.0/24")
UNKNOWN = with_rule(NETWORK, "sg-store", "in tcp 5556 10.0.0.0/8 ?")


def proof(network, doubts=None):
    return as_sheet("x", network, tabulate(prove(network), None), doubts)


@pytest.mark.parametrize("network", [NETWORK, LOST, UNKNOWN])
def test_a_proof_has_no_fault(network):
    sheet = proof(network)
    assert sheet.ok
    assert not any(each.fault for each in sheet.every)


def test_each_open_pair_is_told_and_what_cannot_be_told_is_no_pass():
    assert {each.outcome for each in proof(NETWORK).entries} == {Outcome.PASS}
    assert {each.kind.id for each in proof(LOST).of(Outcome.FAIL)} == {"pair-half-open"}
    (unsure, *_) = proof(UNKNOWN).of(Outcome.NOT_DECIDED)
    assert unsure.kind.id == "pair-undetermined"
    assert "cannot be told" in proof(UNKNOWN).verdict


def test_a_pair_of_which_replicas_differ_is_no_pass():
    some = with_rule(NETWORK, "sg-store", "in tcp 5556 sg-idle")
    some = with_rule(some, "sg-idle", "out tcp 5556 sg-store")
    (partly,) = proof(some).of(Outcome.FAIL)
    assert (partly.kind.id, partly.fault) == ("pair-partly", False)


def test_of_what_no_table_can_hold_the_internet_and_the_unsure_are_told():
    sheet = as_sheet("x", UNKNOWN, overview(prove(UNKNOWN)))
    assert {each.kind.id for each in sheet.entries} == {"pair-undetermined"}


def test_an_opinion_that_was_not_heard_confirms_nothing():
    heard = Opinion(
        name="z3", questions=1, cells=1, seconds=0.1, contradictions=(), exhaustive=True
    )
    assert _doubted(heard) == [Outcome.PASS]
    assert _doubted(replace(heard, left_out="no time")) == [Outcome.NOT_DECIDED]


def _doubted(opinion):
    sheet = proof(NETWORK, Doubts(opinions=(opinion,)))
    return [each.outcome for each in sheet.entries if each.kind.id == "proof-contradicted"]


def drilled(comparison, *, required=False):
    reach = prove(NETWORK)
    answer = Drilled(
        comparison=comparison,
        judgement=judge(reach, DECLARED),
        matrix=tabulate(reach, DECLARED, comparison),
        required=required,
    )
    return drill("x", "the plan", NETWORK, answer, DECLARED)


@pytest.mark.parametrize(
    ("required", "outcome"), [(False, Outcome.NOT_DECIDED), (True, Outcome.FAIL)]
)
def test_no_drill_is_no_pass_and_a_fault_where_one_was_required(required, outcome):
    sheet = drilled(Comparison(reason="no namespaces"), required=required)
    assert sheet.ok is not required
    (missed,) = [each for each in sheet.entries if each.kind.id == "not-drilled"]
    assert missed.outcome is outcome
    assert {each.kind.id for each in sheet.of(Outcome.PASS)} >= {"flow-missing"}
    assert "drill-contradicts" not in {each.kind.id for each in sheet.entries}


def test_a_measurement_that_contradicts_the_proof_is_told_first():
    web, store = (
        Party(kind=PartyKind.INTERFACE, id=each.id, name=each.name, address=each.address)
        for each in NETWORK.interfaces
        if each.name in ("web-0", "store-0")
    )
    measured = Measurement(source=web, target=store, port=22, allowed=True, evidence="a banner")
    found = Drill(measurements=(measured,), seconds=0.1)
    wrong = Disagreement(measurement=measured, proved=Verdict.DENIED)
    sheet = drilled(Comparison(drill=found, disagreements=(wrong,)))
    assert not sheet.ok
    assert sheet.entries[0].kind.id == "drill-contradicts"
    assert sheet.entries[0].fault
