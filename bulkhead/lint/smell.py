"""What lint says about one rule, or one thing that holds rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bulkhead.explain import Hop, RuleRef
from bulkhead.explain.rules import Rule
from bulkhead.network import Route


class SmellKind(StrEnum):
    OPEN = "open to the world"
    """Rules of a group that let in all, or most, public addresses."""
    STALE = "stale"
    """Refers to a security group that is gone."""
    BLACKHOLE = "blackhole"
    """A route whose target is gone: it swallows packets."""
    REPLY_BLOCKED = "reply blocked"
    """Requests arrive and their replies are dropped: half-open by construction."""
    TOO_LARGE = "large packets lost"
    """A NACL drops what tells a host that its packet is too large for the way."""
    WIDE = "wide open"
    """NACL entries that let all addresses in, or out to all."""
    EGRESS = "wide egress"
    """Rules of a group that let everything out to all, or most, public addresses."""
    PRIVATE = "wide private range"
    """A rule of a group for a whole private range, most of which is nowhere here."""
    SHADOWED = "shadowed"
    """NACL entries before it decide whatever it speaks of."""
    REDUNDANT = "redundant"
    """Without it the other rules say the same."""
    UNUSED = "unused"
    """No packet that it speaks of can come this far."""
    UNREACHABLE = "unreachable"
    """A route that never wins."""
    UNATTACHED = "unattached"
    """A group, NACL or route table that nothing uses."""
    UNSURE = "cannot tell"
    """Looks as if nothing needed it, and the source does not list all that might."""
    RESIDUE = "residue"
    """Reply ports that statelessness leaves open: no fault, and good to know."""


class Severity(StrEnum):
    """How bad it is, worst first. A note is no fault."""

    HIGH = "high"
    """Anybody on the internet gets in: proved."""
    MEDIUM = "medium"
    """Packets are lost, or anybody may get in: what decides it is not known."""
    LOW = "low"
    """Nothing happens today: it stands there for the next mistake."""
    NOTE = "note"

    def reaches(self, least: Severity) -> bool:
        """Whether it is at least as bad."""
        order = tuple(Severity)
        return order.index(self) <= order.index(least)


_USUAL: Final = {
    SmellKind.STALE: Severity.LOW,
    SmellKind.BLACKHOLE: Severity.MEDIUM,
    SmellKind.REPLY_BLOCKED: Severity.MEDIUM,
    SmellKind.UNSURE: Severity.NOTE,
    SmellKind.RESIDUE: Severity.NOTE,
}
"""Of a kind whose findings are all alike; of any other LOW, unless the finding says otherwise."""

NOTES = frozenset({SmellKind.UNSURE, SmellKind.RESIDUE})
"""Kinds that are never a fault."""

IDLE = frozenset({SmellKind.SHADOWED, SmellKind.REDUNDANT, SmellKind.UNUSED, SmellKind.UNREACHABLE})
"""Rules of which any, or all at once, can go without changing the fate of one packet."""

REMOVABLE = IDLE | {SmellKind.UNATTACHED}
"""Kinds that say that something can go: none of them without a `Removal`."""


@dataclass(frozen=True, slots=True)
class Removal:
    """That something can go has been proved. Made by `bulkhead.lint.removal` alone.

    `by_text`: its own component says so, whatever else may be there. Otherwise it holds for
    everything that is here, and the source lists everything that matters.
    """

    by_text: bool
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Smell:
    """One thing that does nothing, hides something, or is wide open.

    `component` is the id of the group, NACL or route table, `name` what people
    call it; `rules` are those of it that are meant, none where it is the thing
    itself. `by` are the rules that make it so, or the layers that do. Without a `removal`
    it advises nobody to remove anything as if nothing changed.
    """

    kind: SmellKind
    component: str
    name: str
    rules: tuple[Rule, ...] = ()
    why: str
    advice: str = ""
    by: tuple[RuleRef | Hop, ...] = ()
    removal: Removal | None = None
    grave: Severity | None = None
    """Where it is not the usual one of its kind."""

    def __post_init__(self) -> None:
        if self.kind in REMOVABLE and self.removal is None:
            raise ValueError(f"{self.kind} says that something can go, and nothing proves it")

    @property
    def severity(self) -> Severity:
        return self.grave or _USUAL.get(self.kind, Severity.LOW)

    @property
    def fault(self) -> bool:
        return self.severity is not Severity.NOTE

    @property
    def remedy(self) -> str:
        """What to do."""
        return self.removal.remedy if self.removal else self.advice

    @property
    def rule(self) -> str:
        """Its rules as written; '' where there is none."""
        return "; ".join(map(said, self.rules))

    def __str__(self) -> str:
        what = f"{self.name}: {self.rule}" if self.rule else self.name
        return f"{self.kind}: {what}: {self.why}"


@dataclass(frozen=True, slots=True)
class Smells:
    """All that was found in a network, the worst first. `left_out`: what was not asked about."""

    found: tuple[Smell, ...]
    left_out: tuple[str, ...] = ()

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

    def at_least(self, severity: Severity) -> Smells:
        """What is as bad as that, or worse, with a word on what is left out."""
        out = [each for each in self.found if not each.severity.reaches(severity)]
        return Smells(
            tuple(each for each in self.found if each.severity.reaches(severity)),
            (*self.left_out, *([_counted(out)] if out else ())),
        )

    def graded(self, severity: Severity) -> tuple[Smell, ...]:
        return tuple(each for each in self.found if each.severity is severity)


def _counted(smells: Iterable[Smell]) -> str:
    """'2 low, 1 note'."""
    graded = Counter(each.severity for each in smells)
    return ", ".join(
        f"{graded[each]} {each}{'s' if each is Severity.NOTE and graded[each] > 1 else ''}"
        for each in Severity
        if graded[each]
    )


def said(rule: Rule) -> str:
    """A rule as written; a route told from a static one that says the same."""
    match rule:
        case Route(propagated=True):
            return f"{rule} (propagated)"
        case Route(prefix_list=str(listed)):
            return f"{rule} (of {listed})"
        case _:
            return str(rule)
