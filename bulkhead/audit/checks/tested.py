"""What is kept of a network beside it: a test of its segmentation, and how old; its diagram."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.audit.drilled import DrillRecord
from bulkhead.lint import Severity

_FOR: Final = "name the topology that it was built for: --for TOPOLOGY"
_DAYS: Final = {12: 366, 6: 184}
"""The longest that so many months can be."""
_MOST: Final = 3
"""Files that the evidence names."""


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
        *_inputs(drill),
        *(f"limit: {each}" for each in drill.limits),
        *([] if evidence.stands else ["limit: of what is planned, and not of what stands there"]),
    )
    old = (evidence.today - drill.day).days
    if drill.problem:
        yield undecided(drill.file, "segmentation test", drill.problem, *said)
    elif old < 0:
        what = f"the record is of {drill.day}, which is yet to come: whose clock is wrong?"
        yield undecided(drill.file, "segmentation test", what, *said)
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
    elif drill.untried:
        what = (
            f"tested {old} days ago, as proved, over IPv4 alone: of {drill.untried:,} pairs of ends"
        )
        yield undecided(
            drill.file,
            "segmentation test",
            f"{what} over IPv6 none was tried",
            "try them with hosts of your own: a twin does not speak IPv6",
            *said,
        )
    else:
        yield passes(drill.file, "segmentation test", f"tested {old} days ago, as proved", *said)


def _inputs(drill: DrillRecord) -> Iterator[str]:
    """From what it was made: the state of the network, and the files that were read."""
    if drill.network:
        yield f"input: the network of SHA-256 {drill.network}"
    for name, sha256 in drill.digests[:_MOST]:
        yield f"input: {name} of SHA-256 {sha256}"
    if len(drill.digests) > _MOST:
        yield f"input: {len(drill.digests) - _MOST} more, which the record lists"


def _diagram(evidence: Evidence) -> Iterator[Checked]:
    write = "bulkhead document TOPOLOGY, and commit what it writes"
    if evidence.declaration is None:
        yield undecided("", "diagram", "nobody said for which topology one is kept", _FOR)
    elif evidence.diagram is None:
        yield undecided("", "diagram", "none is kept beside the topology", write)
    elif evidence.diagram:
        said = "flows.md and its picture are those of the plan"
        yield passes(evidence.declaration.topology, "diagram", said)
    else:
        said = "flows.md, or its picture, is not that of the plan"
        yield fails(evidence.declaration.topology, "diagram", said, write)


def _check(months: int) -> Check:
    return Check(
        id=f"segmentation-tested-{months}-months",
        title=f"Segmentation was tested within {months} months",
        severity=Severity.MEDIUM,
        risk="What was never tried may not hold.",
        remedy="Drill it: bulkhead drill SOURCE --for TOPOLOGY --json.",
        run=partial(_tested, months=months),
    )


DIAGRAM: Final = Check(
    id="diagram-current",
    title="The diagram of the network and its flows is that of the plan",
    severity=Severity.LOW,
    risk="Who decides by a diagram that is not true decides wrong.",
    remedy="Write it anew: bulkhead document TOPOLOGY.",
    run=_diagram,
)

TESTED: Final = (_check(12), _check(6), DIAGRAM)
