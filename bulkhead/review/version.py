"""One of the two networks under review, and what is known of it beside what it enforces."""

from __future__ import annotations

from dataclasses import dataclass, field

from bulkhead.cost import Month
from bulkhead.network import Declaration, Network, Origins, Replaced, SpokenOf


@dataclass(frozen=True, kw_only=True)
class Version:
    """BASE or HEAD.

    `declaration` and `words` (purposes, owners, reasons) where it is the plan of a topology.
    `replaced` is what an engine says it will replace on the way to here; None: it was not
    asked, and what both networks hold tells. `notes`: how it was come by, where people should
    know that (a stale lock). `month`: what it costs, where it is planned and so nothing of it
    is unknown.
    """

    label: str
    network: Network
    origins: Origins = field(default_factory=Origins, compare=False, repr=False)
    declaration: Declaration | None = None
    words: tuple[SpokenOf, ...] = ()
    replaced: tuple[Replaced, ...] | None = None
    notes: tuple[str, ...] = ()
    month: Month | None = None
