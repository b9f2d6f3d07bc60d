"""Names, numbers and strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.nodes import Nodes
from bulkhead.discover.code.lower.putting import unquoted
from bulkhead.discover.code.tree import (
    Expr,
    Join,
    MemberExpr,
    Name,
    TextExpr,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_ESCAPED: Final = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\'": "'", "\\\\": "\\", "\\/": "/"}
_SELVES: Final = frozenset({"rust", "ruby", "php", "lua"})
"""Languages in which `self` is the object: elsewhere it is a name like others."""
_NUMBER: Final = re.compile(r"[0-9][0-9_']*")


class ReadLeaves(Nodes):
    """Reads what has nothing inside, and strings with what is put into them."""

    def _name(self, node: SgNode) -> Expr:
        kind = node.kind()
        text, line = node.text(), self._line(node)
        if kind in ("atom", "simple_symbol", "hash_key_symbol"):
            return TextExpr(text.strip(":\"'"), line)
        text = text.lstrip("$")
        if (
            text == "this"
            or (text == "self" and self.language in _SELVES)
            or (text == "static" and self.language == "php")
        ):
            return Name("this", line, self.blocks)
        return Name(text, line, self.blocks)

    def _this(self, node: SgNode) -> Expr:
        return Name("this", self._line(node), self.blocks)

    def _number(self, node: SgNode) -> Expr:
        digits = _NUMBER.match(node.text())
        return TextExpr(
            re.sub(r"[_']", "", digits[0]) if digits else node.text(), self._line(node), True
        )

    def at_variable_name(self, node: SgNode) -> Expr:
        return Name(node.text().lstrip("$"), self._line(node), self.blocks)

    def at_instance_variable(self, node: SgNode) -> Expr:
        line = self._line(node)
        return MemberExpr(Name("this", line, self.blocks), node.text().lstrip("@"), line)

    at_class_variable = at_instance_variable

    def _string(self, node: SgNode) -> Expr:
        kind = node.kind()
        line, text = self._line(node), node.text()
        if kind == "interpolated_string_expression" and self.language == "scala":
            return self._gaps(node)
        if kind in ("concatenated_string", "chained_string"):
            return Join(self._all(node.children()), line)
        parts: list[Expr] = []
        for each in node.children():
            inner = each.kind()
            if inner in kinds.CONTENT:
                parts.append(TextExpr(each.text(), line))
            elif inner in kinds.ESCAPES:
                parts.append(TextExpr(_ESCAPED.get(each.text(), each.text()), line))
            elif each.is_named() and inner not in kinds.MARKS_OF_STRINGS:
                holds = ("interpol" in inner or "subst" in inner) and inner not in kinds.NAMES
                parts.append(self._inner(each) if holds else self.expr(each))
        if not parts:
            return TextExpr(unquoted(text), line)
        return (
            parts[0]
            if len(parts) == 1 and isinstance(parts[0], TextExpr)
            else Join(tuple(parts), line)
        )

    def _gaps(self, node: SgNode) -> Expr:
        """A string whose literal parts are no nodes: what stands between those that are."""
        line = self._line(node)
        parts: list[Expr] = []
        text = node.text()
        inner = list(node.find_all(kind="interpolation"))
        start, at = text.find('"'), node.range().start.index
        body_end = text.rfind('"')
        quotes = 3 if text[start : start + 3] == '"""' else 1
        place = start + quotes
        end = body_end - quotes + 1
        for each in inner:
            where = each.range()
            parts.append(TextExpr(text[place : where.start.index - at], line))
            parts.append(self._inner(each))
            place = where.end.index - at
        parts.append(TextExpr(text[place:end], line))
        return Join(tuple(parts), line)

    def at_interpolation(self, node: SgNode) -> Expr:
        return self._inner(node)

    at_template_substitution = at_interpolated_expression = at_interpolation
