"""Forks and loops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.classes import Classes
from bulkhead.discover.code.lower.declarators import identifier
from bulkhead.discover.code.lower.putting import typed
from bulkhead.discover.code.tree import (
    Each,
    Either,
    Expr,
    Guard,
    Many,
    Name,
    Opaque,
    Scope,
)
from bulkhead.discover.code.words import words

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_ASKS: Final = words(
    "if_statement if_expression if unless elseif_statement elseif elsif else_if_clause"
)
_SAME: Final = frozenset({"==", "===", "is"})
_OTHER: Final = frozenset({"!=", "!==", "~=", "<>"})
_ENDS: Final = re.compile(
    r"(?:return|break|continue|panic!|unreachable!|todo!|unimplemented!)\b|bail!"
)
"""How an arm begins that gives no value."""
_PATH: Final = re.compile(r"\s*[A-Z](?:\w|::)*\s*|\s*\w+::(?:\w|::)+\s*")
_PATTERN: Final = re.compile(r"(?:Ok|Some)\s*\(\s*(?:mut\s+|ref\s+)*(\w+)\s*\)")


class Flow(Classes):
    """Reads what runs only sometimes, or for each element."""

    def _fork(self, node: SgNode) -> Expr:
        kind = node.kind()
        before, here, held = self.blocks, node.range().start.index, self.guards
        values: list[Expr] = []
        condition = self._field(node, "condition") if kind in _ASKS else None
        guard: Guard | None = None
        first = {
            each.range().start.index
            for each in (condition, self._field(node, "initializer"))
            if each is not None
        }
        self.loops += kind in kinds.LOOPS
        if kind in kinds.LOOPS:
            self._loop(node)
        for branch, each in enumerate(node.children()):
            if each.is_named():
                self.blocks = (
                    (*before, (here, branch))
                    if each.kind() not in ("parenthesized_expression", *kinds.NAMES)
                    and each.range().start.index not in first  # what is set there is set in all
                    else before
                )
                values.append(self.expr(each))
                if guard is not None and each.kind() not in kinds.IGNORED:
                    self.guards = (*held, (self.scope, guard.otherwise()))
                elif (
                    condition is not None
                    and each.range().start.index == condition.range().start.index
                ):
                    guard = self._asked(each, values[-1])
                    guard = guard.otherwise() if kind == "unless" else guard
                    self.guards = (*held, (self.scope, guard))
        self.blocks, self.guards = before, held
        self.loops -= kind in kinds.LOOPS
        line = self._line(node)
        if kind in ("if_expression", "if", "when_expression", "match_expression", "case") and (
            self.language in kinds.IMPLICIT_RETURN
        ):
            return Either(tuple(values[1:]), line) if len(values) > 1 else self._opaque(node)
        if kind in ("else_clause", "else", "match_arm", "when_entry", "when", "case_clause"):
            return values[-1] if values else self._opaque(node)
        return Opaque(self._source(node), line, tuple(values))

    def at_preproc_ifdef(self, node: SgNode) -> Expr:
        """`#ifdef DEBUG … #else … #endif` in a function: either may be what is compiled."""
        if self.scope.kind != "function":
            return Opaque(self._source(node), self._line(node), self._all(node.children()))
        before, here = self.blocks, node.range().start.index
        other = node.field("alternative")
        for each in node.children():
            if each.is_named():
                second = other is not None and each.range().start == other.range().start
                self.blocks = (*before, (here, int(second)))
                self.expr(each)
        self.blocks = before
        return self._opaque(node)

    at_preproc_if = at_preproc_elif = at_preproc_ifdef

    def _asked(self, node: SgNode, asked: Expr) -> Guard:
        """What holds where a condition is true."""
        while node.kind() in ("parenthesized_expression", "condition_clause"):
            inner = self._named(node)
            if len(inner) != 1:
                return Guard(asked)
            node = inner[0]
        if isinstance(asked, Opaque) and len(asked.inside) == 1:
            if node.text()[:1] == "!" or node.text()[:4] == "not ":
                return self._asked(self._named(node)[-1], asked.inside[0]).otherwise()
            return Guard(asked.inside[0])
        if isinstance(asked, Opaque) and len(asked.inside) == 2:
            signs = {each.text() for each in node.children() if not each.is_named()}
            if signs & (_SAME | _OTHER):
                return Guard(asked.inside[0], (asked.inside[1],), holds=not signs & _OTHER)
        return Guard(asked)

    def rust_match_expression(self, node: SgNode) -> Expr:
        """`match ctx.socket(kind) { Ok(s) => s, Err(e) => return … }`: what its arms give."""
        asked, body = self._field(node, "value"), self._field(node, "body")
        if asked is None or body is None:
            return self._fork(node)
        before, here, held = self.blocks, node.range().start.index, self.guards
        over, given = self.expr(asked), list[Expr]()
        for branch, arm in enumerate(self._named(body)):
            pattern, value = self._field(arm, "pattern"), self._field(arm, "value")
            if pattern is None or value is None:
                continue
            self.blocks = (*before, (here, branch))
            line = self._line(pattern)
            if inside := _PATTERN.fullmatch(pattern.text().strip()):
                self._put(Name(inside[1], line), over)
            one_of = tuple(
                typed(each, line) for each in pattern.text().split("|") if _PATH.fullmatch(each)
            )
            if len(one_of) == pattern.text().count("|") + 1:
                self.guards = (*held, (self.scope, Guard(over, one_of)))
            said = self.expr(value)
            if not _ENDS.match(value.text().lstrip("{ \n")):
                given.append(said)
            self.guards = held
        self.blocks = before
        return Either(tuple(given), self._line(node)) if given else self._opaque(node)

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
