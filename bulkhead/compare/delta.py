"""What a comparison says: flows that opened, closed or broke, why, and what that cuts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.labels import Label
from bulkhead.explain.hops import Layer
from bulkhead.explain.rules import Rule
from bulkhead.network import PortRange, Verdict
from bulkhead.network.traffic import traffic


class ChangeKind(StrEnum):
    OPENED = "opened"
    """Requests arrive that did not."""
    CLOSED = "closed"
    """Requests arrived, and no longer do."""
    HALF_BROKEN = "half-broken"
    """It worked; now requests arrive and replies are lost."""
    MENDED = "mended"
    """Replies were lost; now they return."""
    UNDETERMINED = "undetermined"
    """It was known; now it depends on something that is not."""
    KNOWN = "known"
    """It was undetermined; now it is known."""


def kind_of(before: Verdict, after: Verdict) -> ChangeKind:
    """What people call the step from one verdict to another."""
    if after is Verdict.UNDETERMINED:
        return ChangeKind.UNDETERMINED
    if before is Verdict.UNDETERMINED:
        return ChangeKind.KNOWN
    if before is Verdict.DENIED:
        return ChangeKind.OPENED
    if after is Verdict.DENIED:
        return ChangeKind.CLOSED
    return ChangeKind.HALF_BROKEN if after is Verdict.HALF_OPEN else ChangeKind.MENDED


class CauseKind(StrEnum):
    GONE = "gone"
    NEW = "new"
    CHANGED = "changed"
    """Says something else now: other ports, another peer, another target."""
    HELD = "held"
    """The rules are the same; an end holds other security groups."""
    OTHERWISE = "decides"
    """No single rule came or went: order, path or a thing behind the rule is another."""
    END = "end"
    """An end itself is new or gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One rule (or end) that is responsible, by what it says: ids and numbers may differ.

    `holder` is the id of what holds the rule, or of the end, and `written` the rule itself:
    in the first network of what is `gone`, else in the second.
    """

    kind: CauseKind
    layer: Layer | None
    component: str
    rule: str
    was: str = ""
    reply: bool = False
    holder: str = field(default="", compare=False)
    written: Rule | None = field(default=None, compare=False)

    @property
    def gone(self) -> bool:
        """Whether the rule, or the end, is of the first network alone."""
        return self.kind is CauseKind.GONE or (self.kind is CauseKind.END and self.rule == "gone")

    def __str__(self) -> str:
        where = f"{self.layer} of {self.component}" if self.layer else self.component
        where = f"reply: {where}" if self.reply else where
        match self.kind:
            case CauseKind.END:
                return f"{self.component} is {self.rule}"
            case CauseKind.CHANGED:
                return f"{where}: {self.was} is now {self.rule}"
            case CauseKind.HELD:
                return f"{self.component} {self.rule}"
            case CauseKind.OTHERWISE:
                return f"{where} decides otherwise: {self.rule}"
            case _:
                return f"{where}, {self.kind}: {self.rule}"


class Fate(StrEnum):
    """What becomes of connections that are open at that moment."""

    CUT = "cut"
    """Their packets are dropped at once."""
    LIVES_ON = "lives on"
    """They stay until nobody has used them for the idle time-out."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """`seconds`: the idle time-out of what lives on."""

    fate: Fate
    why: str
    seconds: int | None = None

    def __str__(self) -> str:
        if self.fate is Fate.UNKNOWN:
            return f"established connections: {self.why}"
        verb = "are cut at once" if self.fate is Fate.CUT else "live on"
        return f"established connections {verb}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of a delta. `protocol` None means all traffic.

    `hosts` of `of_hosts` pairs of ends between these two differ this way.
    `socket` names the listener if the ports are exactly its own; `exposed` those
    among wider ports. `example` is one such pair by names, `example_ids` by the ids of its
    interfaces, subnets or sites, for several may have one name. `lost` are client ports
    without a reply, where half-open.
    """

    kind: ChangeKind
    source: Label
    destination: Label
    socket: str | None
    exposed: tuple[str, ...]
    protocol: int | None
    ports: tuple[PortRange, ...]
    before: Verdict
    after: Verdict
    hosts: int
    of_hosts: int
    example: tuple[str, str]
    example_ids: tuple[str, str]
    causes: tuple[Cause, ...] = ()
    effect: Effect | None = None
    lost: tuple[PortRange, ...] = ()

    @property
    def to(self) -> str:
        return self.socket or self.destination.name

    @property
    def traffic(self) -> str:
        return traffic(self.protocol, self.ports)

    @property
    def past_groups(self) -> bool:
        """Whether an end is no host that is known: then NACLs and routes alone decided."""
        unknown = (EndpointKind.STRANGER, EndpointKind.ELSEWHERE)
        return self.source.kind in unknown or self.destination.kind in unknown

    def __str__(self) -> str:
        return f"{self.source.name} -> {self.to} {self.traffic}: {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """Everything that differs; `unchanged` counts open flows that do not.

    `appeared` and `vanished` are the names of interfaces, subnets and sites that
    only one of the networks has. `unmodelled` counts what each side leaves open.
    `by_place`: too many differ for a line each, so the sides are whole subnets or VPCs.
    """

    changes: tuple[Change, ...]
    unchanged: int
    by_place: bool = False
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    unmodelled: tuple[int, int] = (0, 0)

    @property
    def same(self) -> bool:
        return not self.changes

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        return Counter(each.kind for each in self.changes)

    @property
    def living_on(self) -> tuple[Change, ...]:
        """What was cut for new connections while those that are open stay, until they are idle."""
        return tuple(
            each for each in self.changes if each.effect and each.effect.fate is Fate.LIVES_ON
        )

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        return tuple(each for each in self.changes if each.kind is kind)
