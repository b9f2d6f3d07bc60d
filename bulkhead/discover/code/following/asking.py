"""How a question is asked, and where it ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Final

from bulkhead.discover.code.asked import last_word
from bulkhead.discover.code.callers import Callers
from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    MemberExpr,
    Scope,
)
from bulkhead.discover.code.values import (
    CallFrame,
    SaidText,
    Value,
    distinct,
    texts,
    unresolved,
)
from bulkhead.discover.code.world import Codebase, by_nearness

Makes = Callable[[CallExpr, Scope], bool]
"""Whether a call makes a socket."""

DEEPEST: Final = 40
MOST_STEPS: Final = 20_000
"""Of one question: a program in which everything leads to everything ends here."""
LONGEST_NAME: Final = 40
_NOWHERE: Final = 1 << 30


class Asking(ABC):
    """Values of expressions, each once, and none without an end."""

    def __init__(self, world: Codebase, makes: Makes) -> None:
        self.world = world
        self.makes = makes
        self.callers = Callers(world, self)
        self._stores: dict[int, dict[str, list[tuple[Scope, MemberExpr, Expr]]]] = {}
        self._handing: set[tuple[str, str]] = set()
        self._busy: dict[tuple[int, int], int] = {}
        self._done: dict[tuple[int, int], list[Value]] = {}
        self._kept: list[object] = []  # an id is another's once its object is gone
        self._depth = 0
        self._steps = 0
        self._cut = _NOWHERE
        """The depth of the outermost question that one inside of it was cut off by."""

    def frames(self, scope: Scope) -> list[CallFrame | None]:
        """Once for every call of the function around; once where nobody calls it."""
        return list(self.callers.frames(scope)) or [None]

    def ask(
        self, expr: Expr, scope: Scope, frames: Iterable[CallFrame | None] | None = None
    ) -> list[Value]:
        """All that an expression may be, in the calls of the function around that are meant."""
        if not self._depth:
            self._steps = 0
        found: list[Value] = []
        for frame in self.frames(scope) if frames is None else frames:
            found += self.values(expr, scope, frame)
        return distinct(found)

    def values(self, expr: Expr, scope: Scope, frame: CallFrame | None = None) -> list[Value]:
        """All that it may be, where the parameters of the function around are those of `frame`."""
        key = (id(expr), id(frame))
        if key in self._done:
            return self._done[key]
        self._steps += 1
        if key in self._busy:
            self.cut(self._busy[key])
            return []
        if self._depth > DEEPEST or self._steps > MOST_STEPS:
            self.cut(-1)
            return []
        depth, outside = self._depth, self._cut
        self._busy[key], self._cut = depth, _NOWHERE
        self._depth += 1
        try:
            found = distinct(self.form(expr, scope, frame))
        finally:
            del self._busy[key]
            self._depth = depth
            inside, self._cut = self._cut, min(outside, self._cut)
        if inside >= depth:  # nothing outside of it is missing in it
            self._done[key] = found
            self._kept.append((expr, frame))
            self._cut = outside
        return found

    @property
    def depth(self) -> int:
        """How many questions are under way."""
        return self._depth

    def cut(self, depth: int) -> None:
        """What is asked now misses what the question at this depth is still to find."""
        self._cut = min(self._cut, depth)

    @abstractmethod
    def fields(self, cls: Scope, name: str) -> list[Value]:
        """What the field of a class may be."""

    @abstractmethod
    def form(self, expr: Expr, scope: Scope, frame: CallFrame | None) -> list[Value]:
        """All that an expression of its form may be."""

    def holder(self, scope: Scope) -> Scope | None:
        """The class whose method a scope is in."""
        around: Scope | None = scope
        while around is not None:
            if around.kind == "function" and around.owner:
                found = by_nearness(self.world.class_(around.owner), around)
                return found[0] if found else None
            if around.kind == "class":
                return around
            if around.kind == "function" and around.name[:1].isupper():  # of JS, without `class`
                module = around.within("module") or around
                for each in module.scopes:
                    if each.kind == "class" and each.name == around.name and each.parent is module:
                        return each
            around = around.parent
        return None

    def said(self, expr: Expr, scope: Scope, frame: CallFrame | None) -> list[SaidText]:
        """The texts that it may be: a piece of a text that cannot be told is open, never gone."""
        found = texts(self.values(expr, scope, frame))
        return found or [unresolved(last_word(expr)[:LONGEST_NAME] or "…")]
