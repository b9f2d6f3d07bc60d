"""Operators, choices, elements, and lists and mappings that are written out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.calls import Calls
from bulkhead.discover.code.lower.putting import class_of, put, unquoted
from bulkhead.discover.code.tree import (
    CallExpr,
    Either,
    Expr,
    Index,
    Join,
    Many,
    MemberExpr,
    Name,
    Opaque,
    Pairs,
    TextExpr,
    dotted,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_JOINS: Final = frozenset({"+", "..", "<>", ".", "++", "&"})
_FALLBACKS: Final = frozenset({"||", "??", "or", "?:"})
_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_MANNER: Final = re.compile(
    r"(?:std\.)?(?:hex|dec|fixed|endl|setw\(\)|setfill\(\)|setprecision\(\))"
)
"""What is put into a stream of C++ and says how, not what."""


class Operators(Calls):
    """Reads what makes one value of several."""

    def _binary(self, node: SgNode) -> Expr:  # noqa: PLR0911 - a case a form
        kind = node.kind()
        line = self._line(node)
        left, right = self._field(node, "left"), self._field(node, "right")
        operator = self._field(node, "operator")
        sign = operator.text() if operator is not None else ""
        named = self._named(node)
        if left is None or right is None:
            if len(named) < 2:
                return self._opaque(node)
            left, right = named[0], named[-1]
            sign = next((each.text() for each in node.children() if not each.is_named()), "")
        if self.language in ("scala", "kotlin") and _WORD.fullmatch(sign):
            return self._made(
                CallExpr(MemberExpr(self.expr(left), sign, line), (self.expr(right),), (), line)
            )
        one, other = self.expr(left), self.expr(right)
        if sign == "+" and any(
            isinstance(each, Opaque) and "<<" in each.text for each in (one, other)
        ):
            return Opaque(self._source(node), line, (one, other))  # `high<<8 + low`
        if sign in _JOINS:
            return Join((one, other), line)
        if sign in _FALLBACKS or kind == "elvis_expression":
            return Either((one, other), line, fallback=True)
        if sign == "%":
            return CallExpr(Name("%", line), (one, other), (), line)
        if sign == "<<" and self.language in ("c", "cpp", "ruby"):
            return self._shifted(one, other, line)
        return Opaque(self._source(node), line, (one, other))

    def _shifted(self, one: Expr, other: Expr, line: int) -> Expr:
        """`ss << "tcp://" << host`: a stream of C++ holds what went into it; a list of Ruby too."""
        so_far = one.parts if isinstance(one, Join) else (one,)
        joined = Join((*so_far, other), line)
        target = so_far[0]
        if isinstance(target, Name | MemberExpr):
            if self.language in ("c", "cpp"):
                self._streamed(target, joined, line, on=isinstance(one, Join))
            else:
                self._put(target, Many((other,), line), more=True)
        return joined

    def _streamed(self, target: Name | MemberExpr, joined: Join, line: int, *, on: bool) -> None:
        """What one more piece puts behind what a stream holds; in a loop nobody knows how often.
        `on`: of the statement whose pieces before were read already."""
        if not isinstance(target, Name) or "stream" not in self.scope.types.get(target.name, ""):
            self._put(target, Join(joined.parts[1:], line))
            return
        held = self.scope.names[target.name]
        where, at, before = self.streams.get(target.name, (None, 0, ()))
        if on and where is self.scope:
            del held[at:]
        else:
            at, before = len(held), (held[-1].value,) if where is self.scope and held else ()
        self.streams[target.name] = (self.scope, at, before)
        pieces = tuple(each for each in joined.parts[1:] if not _MANNER.fullmatch(dotted(each)))
        if self.loops:
            put(self.scope, target, Join((*before, Opaque("…", line)), line), ())
        elif pieces:
            self._put(target, Join((*before, *pieces), line))

    def _choice(self, node: SgNode) -> Expr:
        line = self._line(node)
        condition = self._field(node, "condition")
        asked = self.expr(condition) if condition is not None else None
        yes, no = self._field(node, "consequence", "body"), self._field(node, "alternative")
        if no is None:
            return Opaque(self._source(node), line, self._all(node.children()))
        if yes is None and asked is not None:  # `a ?: b` of PHP
            return Either((asked, self.expr(no)), line, fallback=True)
        given = self.expr(yes) if yes is not None else self._opaque(node)
        return Either((given, self.expr(no)), line)

    def _index(self, node: SgNode) -> Expr:
        named, line = self._named(node), self._line(node)
        if not named:
            return self._opaque(node)
        of = self._field(
            node, "argument", "object", "operand", "array", "expression", "table", "target"
        )
        key = self._field(node, "index", "subscript", "field", "key", "indices")
        of = of if of is not None else named[0]
        key = key if key is not None else (named[1] if len(named) > 1 else None)
        return Index(
            self.expr(of),
            self._inner(key)
            if key is not None
            and key.kind()
            in ("bracketed_argument_list", "subscript_argument_list", "indexing_suffix")
            else self.expr(key)
            if key is not None
            else TextExpr("", line),
            line,
        )

    def _list(self, node: SgNode) -> Expr:
        kind = node.kind()
        line = self._line(node)
        inner = self._named(node)
        if kind in ("array_creation_expression", "implicit_array_creation_expression"):
            holder = next((each for each in inner if each.kind() in kinds.LISTS), None)
            if holder is not None:
                return self._list(holder)
        if inner and all(
            each.kind()
            in ("pair", "initializer_pair", "array_element_initializer", "assignment_expression")
            and len(self._named(each)) > 1
            for each in inner
        ):
            return self.at_object(node)
        items = tuple(
            self._inner(each) if each.kind() == "array_element_initializer" else self.expr(each)
            for each in inner
        )
        if kind == "expression_list" and len(items) == 1:
            return items[0]
        return Many(items, line)

    def at_object(self, node: SgNode) -> Expr:
        """A mapping that is written out: of JS, Ruby, PHP, Lua, a struct of C."""
        items: list[tuple[Expr, Expr]] = []
        loose: list[Expr] = []
        for each in self._named(node):
            line = self._line(each)
            key = self._field(each, "key", "name", "field", "designator", "left")
            value = self._field(each, "value", "right")
            named = self._named(each)
            if each.kind() in ("shorthand_property_identifier", "shorthand_field_initializer"):
                items.append((TextExpr(each.text(), line), Name(each.text(), line, self.blocks)))
                continue
            if key is None and value is None and len(named) == 2:
                key, value = named
            if key is None and value is not None and len(named) > 1:
                key = named[0]
            if key is not None and value is not None:
                said = (
                    self.expr(key)
                    if key.kind() in kinds.STRINGS
                    else TextExpr(unquoted(key.text().strip(" :.[]")), line)
                )
                items.append((said, self.expr(value)))
            else:
                loose.append(self.expr(value if value is not None else each))
        if loose and not items:
            return Many(tuple(loose), self._line(node))
        items += [(TextExpr(str(at), self._line(node)), each) for at, each in enumerate(loose)]
        return Pairs(tuple(items), self._line(node))

    at_hash = at_table_constructor = at_map = at_object

    def at_field(self, node: SgNode) -> Expr:
        return self._inner(node)

    def at_composite_literal(self, node: SgNode) -> Expr:
        type_, body = self._field(node, "type"), self._field(node, "body")
        line = self._line(node)
        if body is None or type_ is None:
            return self._opaque(node)
        keyed = [each for each in self._named(body) if each.kind() == "keyed_element"]
        if not keyed:
            return Many(self._all(body.children()), line)
        items = []
        for each in keyed:
            pair = self._named(each)
            if len(pair) == 2:
                key = pair[0].text()
                items.append((TextExpr(unquoted(key), line), self.expr(pair[1])))
        named = "" if type_.kind() in ("map_type", "slice_type") else type_.text().lstrip("*")
        made = Pairs(tuple(items), line, of=named)
        self._construct(made)
        return made

    def at_struct_expression(self, node: SgNode) -> Expr:
        name, body, line = self._field(node, "name"), self._field(node, "body"), self._line(node)
        pairs = self.at_object(body) if body is not None else None
        items = pairs.items if isinstance(pairs, Pairs) else ()
        of = name.text() if name is not None else ""
        if of == "Self" and (around := self.scope.within("class")) is not None:
            of = around.name
        made = Pairs(items, line, of=of)
        self._construct(made)
        return made

    def _construct(self, made: Pairs) -> None:
        """`&S{ep: e}` gives the fields of S their values, as a constructor does."""
        if not made.of:
            return
        module = self.scope.within("module") or self.scope
        holder = class_of(module, made.of.rpartition(".")[2], self.file, made.line)
        for key, value in made.items:
            if isinstance(key, TextExpr):
                holder.fields[key.value].append((value, self.scope))
