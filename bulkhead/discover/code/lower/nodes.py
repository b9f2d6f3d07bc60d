"""The state of a reading, and which method reads which kind of node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.effects import effects, guarded
from bulkhead.discover.code.lower.putting import put
from bulkhead.discover.code.tree import (
    Blocks,
    CallExpr,
    Expr,
    Guard,
    Name,
    Opaque,
    Scope,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_LONGEST: Final = 120

_KINDS: Final = (
    (kinds.NAMES, "_name"),
    (kinds.STRINGS, "_string"),
    (kinds.CALLS, "_call"),
    (kinds.MEMBERS, "_member"),
    (kinds.NUMBERS, "_number"),
    (kinds.IGNORED, "_opaque"),
    (kinds.THIS, "_this"),
    (kinds.NEWS, "_new"),
    (kinds.BINARIES, "_binary"),
    (kinds.ASSIGNMENTS, "_assignment"),
    (kinds.DECLARATIONS, "_declared"),
    (kinds.FUNCTIONS, "_function"),
    (kinds.CLASSES, "_class"),
    (kinds.RETURNS, "_return"),
    (kinds.CHOICES, "_choice"),
    (kinds.INDEXES, "_index"),
    (kinds.LISTS, "_list"),
)
HANDLERS: Final = {
    **dict.fromkeys(kinds.FORKS, "_fork"),
    **dict.fromkeys(kinds.BLOCKS, "_block"),
    **{kind: name for every, name in reversed(_KINDS) for kind in every},
}
"""By kind, the method that reads it; where several would, the first of the list."""


class Nodes:
    """Reads what every kind of node has; the classes that go on from it read the kinds."""

    def __init__(self, language: str, file: str) -> None:
        self.language = language
        self.file = file
        self.scope = Scope("module", "", file, 1)
        self.blocks: Blocks = ()
        self.guards: tuple[tuple[Scope, Guard], ...] = ()
        self.declared = ""
        self.over: Expr = Name("", 0)
        self.loops = 0
        """How many loops are around."""
        self.streams: dict[str, tuple[Scope | None, int, tuple[Expr, ...]]] = {}
        """By the name of a stream: in which function something was last put into it, how many
        values it had before that, and what it held."""

    def module(self, root: SgNode) -> Scope:
        self._all(root.children())
        return self.scope

    def expr(self, node: SgNode) -> Expr:
        """What a node is; what has no form is opaque, with all that is in it."""
        kind = node.kind()
        for name in (f"{self.language}_{kind}", HANDLERS.get(kind, ""), f"at_{kind}"):
            if name and (handler := getattr(self, name, None)) is not None:
                found: Expr = handler(node)
                return found
        if kind in kinds.IGNORED:
            return self._opaque(node)
        if kind in kinds.TRANSPARENT:
            return self._inner(node)
        return Opaque(self._source(node), self._line(node), self._all(node.children()))

    def _all(self, nodes: Iterable[SgNode]) -> tuple[Expr, ...]:
        return tuple(self.expr(each) for each in nodes if each.is_named())

    def _opaque(self, node: SgNode) -> Opaque:
        return Opaque(self._source(node), self._line(node))

    @staticmethod
    def _line(node: SgNode) -> int:
        return node.range().start.line + 1

    @staticmethod
    def _source(node: SgNode) -> str:
        return " ".join(node.text()[:_LONGEST].split())

    @staticmethod
    def _field(node: SgNode, *names: str) -> SgNode | None:
        for name in names:
            if (found := node.field(name)) is not None:
                return found
        return None

    @staticmethod
    def _named(node: SgNode) -> list[SgNode]:
        return [
            each for each in node.children() if each.is_named() and each.kind() not in kinds.IGNORED
        ]

    def _inner(self, node: SgNode) -> Expr:
        """Of what stands around a value the value: the last in it that is no mark."""
        every = [
            self.expr(each)
            for each in self._named(node)
            if each.kind() not in kinds.MARKS_OF_STRINGS
        ]
        if not every:
            return self._opaque(node)
        if node.kind() == "unary_expression" and node.text()[:1] in "-!~":
            return Opaque(self._source(node), self._line(node), tuple(every))
        return (
            every[0]
            if node.kind()
            in (
                "as_expression",
                "satisfies_expression",
                "type_cast_expression",
                "non_null_expression",
                "expression_list",
            )
            else every[-1]
        )

    def _put(self, target: Expr, value: Expr, *, more: bool = False) -> None:
        put(self.scope, target, value, self.blocks, more=more)

    def _made(self, call: CallExpr) -> CallExpr:
        self.scope.calls.append(call)
        guarded(call, self.scope, self.guards)
        effects(call, self.scope, self.blocks)
        return call

    def _enter(self, scope: Scope) -> tuple[Scope, Blocks]:
        before = self.scope, self.blocks
        self.scope.scopes.append(scope)
        self.scope, self.blocks = scope, ()
        return before
