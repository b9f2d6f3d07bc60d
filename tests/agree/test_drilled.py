"""The answer of a drill is no for every reason there is, and says the worst of them."""

from dataclasses import dataclass

import pytest

from bulkhead.agree import Comparison, Disagreement, Drilled, FlowMatrix, Outcome
from bulkhead.twin import Drill

MEASURED = Comparison(agreed=3, drill=Drill(measurements=(), seconds=0.1))
CONTRADICTED = Comparison(
    disagreements=(Disagreement(measurement=None, proved=None),),
    drill=Drill(measurements=(), seconds=0.1),
)
IMPOSSIBLE = Comparison(reason="no namespaces here")
NOTHING = FlowMatrix(senders=(), sockets=(), pairs={}, drilled=False)


@dataclass
class Judged:
    ok: bool


YES, NO, UNDECLARED = Judged(ok=True), Judged(ok=False), None


def drilled(comparison, judgement, *, required=False):
    return Drilled(comparison=comparison, judgement=judgement, matrix=NOTHING, required=required)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    ("comparison", "judgement", "outcome"),
    [
        (MEASURED, YES, Outcome.AS_DECLARED),
        (MEASURED, UNDECLARED, Outcome.AS_PROVED),
        (MEASURED, NO, Outcome.NOT_AS_DECLARED),
        (IMPOSSIBLE, NO, Outcome.NOT_AS_DECLARED),
        (CONTRADICTED, YES, Outcome.NOT_AS_PROVED),
        (CONTRADICTED, NO, Outcome.NOT_AS_PROVED),
        (CONTRADICTED, UNDECLARED, Outcome.NOT_AS_PROVED),
    ],
)
def test_it_is_yes_only_where_nothing_that_was_asked_is_otherwise(
    comparison, judgement, outcome, required
):
    answer = drilled(comparison, judgement, required=required)
    assert answer.outcome is outcome
    assert answer.ok is (outcome in (Outcome.AS_DECLARED, Outcome.AS_PROVED))


@pytest.mark.parametrize("judgement", [YES, UNDECLARED])
def test_where_no_drill_can_run_it_is_yes_unless_one_was_required(judgement):
    assert drilled(IMPOSSIBLE, judgement).ok
    answer = drilled(IMPOSSIBLE, judgement, required=True)
    assert not answer.ok
    assert answer.outcome is Outcome.DRILL_MISSED


def test_a_network_as_declared_that_could_not_be_drilled_is_still_as_declared():
    assert drilled(IMPOSSIBLE, YES).outcome is Outcome.AS_DECLARED
    assert drilled(IMPOSSIBLE, UNDECLARED).outcome is Outcome.NOT_DRILLED
