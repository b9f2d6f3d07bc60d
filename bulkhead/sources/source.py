"""A Network, and all that is known of how it was come by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulkhead.network import Flow, Network, Origins, Provenance, Replaced
from bulkhead.network.inventory import Inventory

if TYPE_CHECKING:
    from bulkhead.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A Network, what it was read from and when, and the plan if it was planned here.

    `origins`: where everything in it is written, as far as the source knows. `notes`: what
    people should know of how it was read, and no network shows: a stale lock, say. `replaced`:
    what a preview says that it replaces; None where no engine was asked. `inventory` is what
    no packet depends on, where somebody asked for it. `stands`: whether AWS itself said all
    of it, and not who planned or made it.
    """

    label: str
    network: Network
    plan: Plan | None = None
    origins: Origins = field(default_factory=Origins, compare=False, repr=False)
    provenance: Provenance = field(compare=False, repr=False)
    notes: tuple[str, ...] = ()
    replaced: tuple[Replaced, ...] | None = None
    inventory: Inventory = field(default_factory=Inventory, compare=False, repr=False)
    stands: bool = False

    @property
    def flows(self) -> tuple[Flow, ...]:
        """The declared ones, of a network that was planned here."""
        return self.plan.flows if self.plan else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopologySource(Source):
    """A topology: what it plans is known, and what it declares."""

    plan: Plan
