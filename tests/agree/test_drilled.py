"""The answer of a drill is no for every reason there is, and says the worst of them."""

from dataclasses import dataclass

import pytest

from bulkhead.agree import Comparison, Conclusion, Disagreement, Drilled, FlowMatrix
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
    ("comparison", "judgement", "conclusion"),
    [
        (MEASURED, YES, Conclusion.AS_DECLARED),
        (MEASURED, UNDECLARED, Conclusion.AS_PROVED),
        (MEASURED, NO, Conclusion.NOT_AS_DECLARED),
        (IMPOSSIBLE, NO, Conclusion.NOT_AS_DECLARED),
        (CONTRADICTED, YES, Conclusion.NOT_AS_PROVED),
        (CONTRADICTED, NO, Conclusion.NOT_AS_PROVED),
        (CONTRADICTED, UNDECLARED, Conclusion.NOT_AS_PROVED),
    ],
)
def test_it_is_yes_only_where_nothing_that_was_asked_is_otherwise(
    comparison, judgement, conclusion, required
):
    answer = drilled(comparison, judgement, required=required)
    assert answer.conclusion is conclusion
    assert answer.ok is (conclusion in (Conclusion.AS_DECLARED, Conclusion.AS_PROVED))


@pytest.mark.parametrize("judgement", [YES, UNDECLARED])
def test_where_no_drill_can_run_it_is_yes_unless_one_was_required(judgement):
    assert drilled(IMPOSSIBLE, judgement).ok
    answer = drilled(IMPOSSIBLE, judgement, required=True)
    assert not answer.ok
    assert answer.conclusion is Conclusion.DRILL_MISSED


def test_a_network_as_declared_that_could_not_be_drilled_is_still_as_declared():
    assert drilled(IMPOSSIBLE, YES).conclusion is Conclusion.AS_DECLARED
    assert drilled(IMPOSSIBLE, UNDECLARED).conclusion is Conclusion.NOT_DRILLED
