"""What an expression may be when the program runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeAlias

from bulkhead.discover.code.parts import KnownPart, OpenKind, OpenPart, Parts, joined
from bulkhead.discover.code.tree import CallExpr, Expr, Many, Pairs, Scope

MOST_VALUES: Final = 16
"""Of one expression: more is said as the first ones."""
_LONGEST_TRAIL: Final = 6


@dataclass(frozen=True, slots=True)
class SaidText:
    """A text or a number, with the steps by which it was come by."""

    parts: Parts
    trail: tuple[str, ...] = ()

    @property
    def known(self) -> str | None:
        if all(isinstance(each, KnownPart) for each in self.parts):
            return "".join(each.text for each in self.parts if isinstance(each, KnownPart))
        return None

    @property
    def number(self) -> bool:
        return bool(self.parts) and all(
            isinstance(each, KnownPart) and each.number for each in self.parts
        )

    @property
    def unresolved(self) -> bool:
        """Whether nothing at all is known of it."""
        return len(self.parts) == 1 and (
            isinstance(self.parts[0], OpenPart) and self.parts[0].kind is OpenKind.UNRESOLVED
        )

    def by(self, *steps: str) -> SaidText:
        trail = tuple(dict.fromkeys((*self.trail, *steps)))[:_LONGEST_TRAIL]
        return SaidText(self.parts, trail)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The socket that a call makes. The same call is the same one."""

    call: CallExpr
    scope: Scope


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the program, or the class itself."""

    cls: Scope
    given: CallFrame | None = None
    """What its constructor was given, where one call is known that made it."""


@dataclass(frozen=True, slots=True)
class Code:
    """A function of the program."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Module:
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class CallFrame:
    """What the parameters of one call are."""

    bound: Mapping[str, tuple[Expr, Scope, CallFrame | None]]
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """A list or a mapping that is written out somewhere."""

    expr: Many | Pairs
    scope: Scope
    frame: CallFrame | None


Value: TypeAlias = SaidText | Made | Instance | Code | Module | Bundle


def known(text: str, *, number: bool = False) -> SaidText:
    """A text that is written."""
    return SaidText((KnownPart(text, number),))


def open_(name: str, kind: OpenKind, source: str, default: str | None = None) -> SaidText:
    """A text that only the running program knows."""
    return SaidText((OpenPart(name, kind, source, default),))


def unresolved(text: str) -> SaidText:
    """A text that cannot be told by reading; `text` is how the code says it."""
    return open_(text, OpenKind.UNRESOLVED, text)


def distinct(values: Iterable[Value]) -> list[Value]:
    """Each once, in order, and not too many."""
    found: dict[object, Value] = {}
    for each in values:
        key: object = (
            each.parts
            if isinstance(each, SaidText)
            else (
                id(each.call)
                if isinstance(each, Made)
                else (id(each.expr), id(each.frame))
                if isinstance(each, Bundle)
                else (id(each.cls), id(each.given))
                if isinstance(each, Instance)
                else id(each.scope)
            )
        )
        found.setdefault(key, each)
        if len(found) >= MOST_VALUES:
            break
    return list(found.values())


def texts(values: Iterable[Value]) -> list[SaidText]:
    """Those values that are texts."""
    return [each for each in values if isinstance(each, SaidText)]


def concatenated(pieces: Iterable[list[SaidText]]) -> list[SaidText]:
    """Every text that comes of putting one of each one behind the other."""
    found: list[SaidText] = []
    for combination in product(*pieces):
        parts = joined(tuple(part for each in combination for part in each.parts))
        found.append(SaidText(parts).by(*(step for each in combination for step in each.trail)))
        if len(found) >= MOST_VALUES:
            break
    return found
