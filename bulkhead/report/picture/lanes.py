"""Channel routing: which nets may run above each other in one vertical lane.

The left-edge algorithm of Hashimoto and Stevens ("Wire routing by optimizing
channel assignment within large apertures", 1971): as few lanes as there are
nets side by side at the busiest height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where a net runs, and which side it serves: 0 left, 1 right."""

    top: float
    bottom: float
    side: float


def lanes(spans: Sequence[Span], apart: float) -> tuple[int, ...]:
    """The lane of each span, counted from the left. In one lane spans are `apart`.

    Lanes that serve the left side are on the left, so that few lines cross.
    """
    bottoms: list[float] = []
    members: list[list[int]] = []
    order = sorted(range(len(spans)), key=lambda index: (spans[index].top, -spans[index].bottom))
    for index in order:
        span = spans[index]
        free = (lane for lane, bottom in enumerate(bottoms) if bottom + apart <= span.top)
        # The lane whose other spans serve the same side.
        lane = min(free, key=lambda each: abs(_side(spans, members[each]) - span.side), default=-1)
        if lane < 0:
            bottoms.append(span.bottom)
            members.append([index])
        else:
            bottoms[lane] = span.bottom
            members[lane].append(index)
    ranked = sorted(range(len(members)), key=lambda lane: (_side(spans, members[lane]), lane))
    place = {lane: rank for rank, lane in enumerate(ranked)}
    found = {index: place[lane] for lane, some in enumerate(members) for index in some}
    return tuple(found[index] for index in range(len(spans)))


def _side(spans: Sequence[Span], members: Sequence[int]) -> float:
    return sum(spans[each].side for each in members) / len(members)
