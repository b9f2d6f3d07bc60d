"""Which part of a source was asked about, and what was left out for it: said, never silent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A thing that a source holds and that was not asked about. What is in it is left out too.

    `kind` is 'vpc', 'vpn-gateway', …; `name` is its id where nobody named it; `why` in words.
    """

    kind: str
    id: str
    name: str
    why: str

    def __str__(self) -> str:
        called = "" if self.name == self.id else f" ({self.name})"
        return f"{self.kind} {self.id}{called}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The part of a source that was read: some of its VPCs, by topology, stack or name.

    `vpcs` are the ids of those that were asked about, and `neighbours` of those that are
    observed because the former exchange packets with them. `others` are the ids of subnets that
    others have in a VPC of which the topology has a part: observed for the same reason. `missed`
    are the names that were asked about and that no VPC has.
    """

    topology: str | None = None
    stack: str | None = None
    vpcs: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    missed: tuple[str, ...] = ()
