"""What lint says about one rule, or one thing that holds rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bulkhead.explain import Hop, RuleRef
from bulkhead.explain.rules import Rule
from bulkhead.network import Route


class SmellKind(StrEnum):
    SHADOWED = "shadowed"
    """NACL entries before it decide whatever it speaks of."""
    REDUNDANT = "redundant"
    """Without it the other rules say the same."""
    UNUSED = "unused"
    """No packet that it speaks of can come this far."""
    STALE = "stale"
    """Refers to a security group that is not there."""
    UNATTACHED = "unattached"
    """A group, NACL or route table that nothing uses."""
    UNREACHABLE = "unreachable"
    """A route that never wins."""
    BLACKHOLE = "blackhole"
    """A route whose target is gone: it swallows packets."""
    WIDE = "wide open"
    """A NACL entry that lets all addresses in, or out to all."""
    REPLY_BLOCKED = "reply blocked"
    """Requests arrive and their replies are dropped: half-open by construction."""
    RESIDUE = "residue"
    """Reply ports that statelessness leaves open: no fault, and good to know."""


NOTES = frozenset({SmellKind.RESIDUE})
"""What is no fault."""

IDLE = frozenset({SmellKind.SHADOWED, SmellKind.REDUNDANT, SmellKind.UNUSED, SmellKind.UNREACHABLE})
"""Rules of which any, or all at once, can go without changing the fate of one packet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smell:
    """One thing that does nothing, hides something, or is wide open.

    `component` is the id of the group, NACL or route table, `name` what people
    call it; `rules` are those of it that are meant, none where it is the thing
    itself. `by` are the rules that make it so, or the layers that do.
    """

    kind: SmellKind
    component: str
    name: str
    rules: tuple[Rule, ...] = ()
    why: str
    remedy: str
    by: tuple[RuleRef | Hop, ...] = ()

    @property
    def fault(self) -> bool:
        return self.kind not in NOTES

    @property
    def rule(self) -> str:
        """Its rules as written; '' where there is none."""
        return "; ".join(map(said, self.rules))

    def __str__(self) -> str:
        what = f"{self.name}: {self.rule}" if self.rule else self.name
        return f"{self.kind}: {what}: {self.why}"


@dataclass(frozen=True, slots=True)
class Smells:
    """All that was found in a network, kind by kind."""

    found: tuple[Smell, ...]

    def __iter__(self) -> Iterator[Smell]:
        return iter(self.found)

    @property
    def clean(self) -> bool:
        """Whether nothing of it is a fault."""
        return not self.faults

    @property
    def faults(self) -> tuple[Smell, ...]:
        return tuple(each for each in self.found if each.fault)

    @property
    def idle(self) -> tuple[Smell, ...]:
        """What can go without changing the fate of one packet."""
        return tuple(each for each in self.found if each.kind in IDLE)

    def of(self, kind: SmellKind) -> tuple[Smell, ...]:
        return tuple(each for each in self.found if each.kind is kind)


def said(rule: Rule) -> str:
    """A rule as written; a route told from a static one that says the same."""
    match rule:
        case Route(propagated=True):
            return f"{rule} (propagated)"
        case Route(prefix_list=str(listed)):
            return f"{rule} (of {listed})"
        case _:
            return str(rule)
