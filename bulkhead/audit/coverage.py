"""How much an audit is worth: what was read, what is modelled, what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bulkhead.audit.check import Evidence, Outcome
from bulkhead.network import DUMP_FILE
from bulkhead.network.inventory import CallAnswer
from bulkhead.prove.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`calls` that were put to AWS, or looked for in a dump, and the answers that lack;
    things that are not modelled; pairs of ends, and those of which nobody can tell; controls,
    and those that are decided.
    """

    regions: tuple[str, ...]
    calls: int
    unanswered: tuple[CallAnswer, ...]
    things: int
    unmodelled: int
    pairs: int
    undetermined: int
    controls: int
    decided: int


def coverage(evidence: Evidence, outcomes: Mapping[Outcome, int]) -> Coverage:
    """Of what an audit was made of, and of what it decided."""
    network = evidence.network
    answers = evidence.inventory.answers
    pairs, undetermined = _pairs(evidence.reach)
    return Coverage(
        regions=tuple(sorted({each.region for each in network.vpcs})),
        calls=len(answers),
        unanswered=tuple(each for each in answers if each.why),
        things=len(network.things),
        unmodelled=sum(each.kind != DUMP_FILE for each in network.unmodelled),
        pairs=pairs,
        undetermined=undetermined,
        controls=sum(outcomes.values()),
        decided=sum(outcomes.values()) - outcomes.get(Outcome.NOT_DECIDED, 0),
    )


def _pairs(reach: Reach) -> tuple[int, int]:
    """How many pairs of ends there are, and of how many something is undetermined."""
    every = undetermined = 0
    for index in range(len(reach.endpoints)):
        senders = reach.senders(index)
        doubtful = 0
        if reach.possibly is not reach.surely:
            for protocol in reach.protocols:
                for piece in reach.masks(index, protocol).pieces():
                    doubtful |= piece.undetermined
        every += senders.bit_count()
        undetermined += (doubtful & senders).bit_count()
    return every, undetermined
