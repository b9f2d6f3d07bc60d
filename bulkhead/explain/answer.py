"""All that can be said about one packet: its way, what would open it, what it rests on.

An explanation is cheap. A remedy and pillars send the packet again and again,
through a network that is changed a little each time: who asks about thousands
of packets asks for explanations alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.explain.conditions import Conditions, conditions
from bulkhead.explain.hops import Explanation
from bulkhead.explain.remedy import Pillar, Remedy, pillars, remedy
from bulkhead.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An explanation, and what follows from it.

    `remedy` where the cell is denied or half-open, `pillars` where it is allowed,
    `conditions` where at least its requests arrive.
    """

    explanation: Explanation
    remedy: Remedy | None
    pillars: tuple[Pillar, ...]
    conditions: Conditions | None


def answer(network: Network, said: Explanation) -> Answer:
    """Everything about a packet that was explained in this network."""
    return Answer(
        explanation=said,
        remedy=remedy(network, said),
        pillars=pillars(network, said),
        conditions=conditions(network, said),
    )
