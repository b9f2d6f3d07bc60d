"""The answer of a drill: one value, from which its words and its exit code follow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Generic, Protocol, TypeVar

from bulkhead.agree.comparison import Comparison, Fit
from bulkhead.agree.table import FlowMatrix


class Judged(Protocol):
    """What a judge says. Which judge, nobody here knows."""

    @property
    def ok(self) -> bool: ...


J = TypeVar("J", bound=Judged)


class Conclusion(Enum):
    """What a drill comes to, the worst first."""

    NOT_AS_PROVED = auto()
    """The twin contradicts the proof: one of the two is wrong."""
    NOT_AS_DECLARED = auto()
    DRILL_MISSED = auto()
    """A drill was required, and none could run."""
    AS_DECLARED = auto()
    AS_PROVED = auto()
    """Nothing was declared; what was measured is what was proved."""
    NOT_DRILLED = auto()
    """Nothing was declared, and no drill could run or had to."""


_YES: Final = (Conclusion.AS_DECLARED, Conclusion.AS_PROVED, Conclusion.NOT_DRILLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilled(Generic[J]):
    """What was measured, held against the proof, and what was proved, against a declaration.

    `judgement` is None where nothing was declared. With `required`, an answer
    without a drill is no.
    """

    comparison: Comparison
    judgement: J | None
    matrix: FlowMatrix
    required: bool = False

    @property
    def conclusion(self) -> Conclusion:
        fit = self.comparison.fit
        if fit is Fit.NOT_AS_PROVED:
            return Conclusion.NOT_AS_PROVED
        if self.judgement and not self.judgement.ok:
            return Conclusion.NOT_AS_DECLARED
        if fit is Fit.NOT_DRILLED and self.required:
            return Conclusion.DRILL_MISSED
        if self.judgement:
            return Conclusion.AS_DECLARED
        return Conclusion.NOT_DRILLED if fit is Fit.NOT_DRILLED else Conclusion.AS_PROVED

    @property
    def ok(self) -> bool:
        return self.conclusion in _YES
