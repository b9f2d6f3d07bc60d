"""The answer of a drill: one value, from which its words and its exit code follow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, Protocol, TypeVar

from bulkhead.agree.comparison import Comparison, Fit
from bulkhead.agree.table import FlowMatrix


class Judged(Protocol):
    """What a judge says; who he is, is not known here."""

    @property
    def ok(self) -> bool: ...


J = TypeVar("J", bound=Judged)


class Outcome(Enum):
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
    def outcome(self) -> Outcome:
        fit = self.comparison.fit
        if fit is Fit.NOT_AS_PROVED:
            return Outcome.NOT_AS_PROVED
        if self.judgement and not self.judgement.ok:
            return Outcome.NOT_AS_DECLARED
        if fit is Fit.NOT_DRILLED and self.required:
            return Outcome.DRILL_MISSED
        if self.judgement:
            return Outcome.AS_DECLARED
        return Outcome.NOT_DRILLED if fit is Fit.NOT_DRILLED else Outcome.AS_PROVED

    @property
    def ok(self) -> bool:
        return self.outcome in (Outcome.AS_DECLARED, Outcome.AS_PROVED, Outcome.NOT_DRILLED)
