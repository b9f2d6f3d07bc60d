"""Whether the segmentation was tested with real packets, and how long ago."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.lint import Severity

_DAYS: Final = {12: 366, 6: 184}
"""The longest that so many months can be."""


def _tested(evidence: Evidence, *, months: int) -> Iterator[Checked]:
    drill = evidence.drill
    if drill is None:
        yield undecided(
            "",
            "segmentation test",
            "no record of a test was given",
            "bulkhead drill SOURCE --for TOPOLOGY --json > drill.json, then --drill drill.json",
        )
        return
    said = (
        f"of {drill.day}, by bulkhead {drill.version}: {drill.connections} connections with real "
        f"sockets in a twin of {drill.source}",
        *(f"limit: {each}" for each in drill.limits),
        *([] if evidence.stands else ["limit: of what is planned, and not of what stands there"]),
    )
    old = (evidence.today - drill.day).days
    if drill.problem:
        yield undecided(drill.file, "segmentation test", drill.problem, *said)
    elif not drill.agreed:
        yield fails(
            drill.file,
            "segmentation test",
            "what was measured is not what was proved",
            "find out which of the two is wrong before relying on either",
            *drill.disagreements,
            *said,
        )
    elif old > _DAYS[months]:
        yield undecided(
            drill.file,
            "segmentation test",
            f"the test is {old} days old, and {months} months is what counts: drill again",
            *said,
        )
    else:
        yield passes(drill.file, "segmentation test", f"tested {old} days ago, as proved", *said)


def _check(months: int) -> Check:
    return Check(
        id=f"segmentation-tested-{months}-months",
        title=f"Segmentation was tested within {months} months",
        severity=Severity.MEDIUM,
        risk="What was never tried may not hold.",
        remedy="Drill it: bulkhead drill SOURCE --for TOPOLOGY --json.",
        run=partial(_tested, months=months),
    )


TESTED: Final = (_check(12), _check(6))
