"""Forks and loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.classes import Classes
from bulkhead.discover.code.lower.declarators import identifier
from bulkhead.discover.code.tree import (
    Each,
    Either,
    Expr,
    Many,
    Name,
    Opaque,
    Scope,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode


class Flow(Classes):
    """Reads what runs only sometimes, or for each element."""

    def _fork(self, node: SgNode) -> Expr:
        kind = node.kind()
        before, here = self.blocks, node.range().start.index
        values: list[Expr] = []
        if kind in kinds.LOOPS:
            self._loop(node)
        for branch, each in enumerate(node.children()):
            if each.is_named():
                self.blocks = (
                    (*before, (here, branch))
                    if each.kind() not in ("parenthesized_expression", *kinds.NAMES)
                    else before
                )
                values.append(self.expr(each))
        self.blocks = before
        line = self._line(node)
        if kind in ("if_expression", "if", "when_expression", "match_expression", "case") and (
            self.language in kinds.IMPLICIT_RETURN
        ):
            return Either(tuple(values[1:]), line) if len(values) > 1 else self._opaque(node)
        if kind in ("else_clause", "else", "match_arm", "when_entry", "when", "case_clause"):
            return values[-1] if values else self._opaque(node)
        return Opaque(self._source(node), line, tuple(values))

    def _loop(self, node: SgNode) -> None:
        """The variable of a loop is each element of what is gone through."""
        left, right = (
            self._field(node, "left", "name", "declarator", "pattern"),
            self._field(node, "right", "value"),
        )
        named = self._named(node)
        if node.kind() == "foreach_statement" and left is None and len(named) > 2:
            right, left = named[0], named[1]
        if node.kind() == "for_statement" and self.language == "kotlin" and len(named) > 1:
            left, right = named[0], named[1]
        if left is None or right is None or right.kind() in kinds.BLOCKS:
            return
        quiet = type(self)(
            self.language, self.file
        )  # its calls are read again with the loop itself
        quiet.blocks = self.blocks
        quiet.scope = Scope("function", "", self.file, 0)
        over = Each(quiet.expr(right), self._line(node))
        for each in (
            [left]
            if left.kind() not in kinds.LISTS and left.kind() != "pair"
            else self._named(left)
        ):
            if (name := identifier(each)) is not None:
                self._put(Name(name, self._line(node)), over)

    def at_range_clause(self, node: SgNode) -> Expr:
        self._loop(node)
        return Opaque("", self._line(node), self._all(each for each in self._named(node)[-1:]))

    def at_for_generic_clause(self, node: SgNode) -> Expr:
        named = self._named(node)
        values = self._all(named[1:])
        for each in self._named(named[0]) if named else ():
            for value in values:
                inner = value.items[0] if isinstance(value, Many) and value.items else value
                self._put(Name(each.text(), self._line(node)), Each(inner, self._line(node)))
        return Opaque("", self._line(node), values)

    def _block(self, node: SgNode) -> Expr:
        before, here = self.blocks, node.range().start.index
        self.blocks = (*before, (here, 0))
        values = [self.expr(each) for each in self._flat(node)]
        self.blocks = before
        if values and self.language in kinds.IMPLICIT_RETURN:
            return values[-1]
        return Opaque(self._source(node), self._line(node), tuple(values))
