"""A rehearsal as several verbs ask for one: recorded traffic through a planned network."""

from __future__ import annotations

from collections.abc import Sequence

from bulkhead.cli.options import read, within
from bulkhead.network import Provenance
from bulkhead.prove import prove
from bulkhead.prove.finer import telling_apart
from bulkhead.rehearse import Rehearsal, rehearse
from bulkhead.report.console import progress
from bulkhead.sources import Source, TopologySource, held
from bulkhead.sources.flow_logs import seen_in


def rehearsed(
    planned: TopologySource, logs: Sequence[str], on: str | None
) -> tuple[Rehearsal, tuple[Provenance, ...]]:
    """What the planned network would have done, and what that was told from.

    `on` is where the traffic was recorded: of an account all of it, as ends may be anywhere.
    """
    return rehearsed_in(planned, logs, read(on, within(None, None, None)) if on else None)


def rehearsed_in(
    planned: TopologySource, logs: Sequence[str], here: Source | None
) -> tuple[Rehearsal, tuple[Provenance, ...]]:
    """The same, where the network in which it was recorded is at hand."""
    if here is not None:
        planned = held(planned, here)
    names = here.network if here else planned.network
    with progress("reading flow logs") as say:
        seen = seen_in(logs, names, progress=say)
        say("proving the planned network")
        reach = telling_apart(prove(planned.network), planned.plan.declaration)
        say("sending what was recorded")
        found = rehearse(
            seen,
            reach,
            planned.plan.topology,
            here=here.network if here else None,
            existing=planned.plan.existing,
        )
    made_from = (planned.provenance, *((here.provenance,) if here else ()))
    return found, made_from
