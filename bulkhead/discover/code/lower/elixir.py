"""Elixir, whose grammar knows calls and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulkhead.discover.code.lower.flow import Flow
from bulkhead.discover.code.lower.putting import put
from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    Name,
    Opaque,
    Param,
    Scope,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode


class Elixir(Flow):
    """Reads `def`, `=`, `|>` and attributes as what they mean."""

    def elixir_call(self, node: SgNode) -> Expr:
        line, target = self._line(node), self._field(node, "target")
        named = self._named(node)
        args = next((each for each in named if each.kind() == "arguments"), None)
        body = next((each for each in named if each.kind() == "do_block"), None)
        word = target.text() if target is not None else ""
        if word == "defmodule" and body is not None and args is not None:
            scope = Scope("class", args.text(), self.file, line, self.scope)
            before = self._enter(scope)
            self._all(body.children())
            self.scope, self.blocks = before
            return Opaque("", line)
        if word in ("def", "defp") and args is not None:
            return self._elixir_function(args, body, line)
        if target is None:
            return self._opaque(node)
        called = self.expr(target)
        given, by_name = self._arguments(args, called) if args is not None else ((), ())
        made = self._made(CallExpr(called, given, by_name, line))
        if body is not None:
            self._all(body.children())
        return made

    def _elixir_function(self, args: SgNode, body: SgNode | None, line: int) -> Expr:
        head = self._named(args)[0]
        if head.kind() == "binary_operator" and (left := self._field(head, "left")) is not None:
            head = left
        name = self._field(head, "target")
        scope = Scope(
            "function",
            name.text() if name is not None else head.text(),
            self.file,
            line,
            self.scope,
        )
        before = self._enter(scope)
        holder = next((each for each in self._named(head) if each.kind() == "arguments"), None)
        for each in self._named(holder) if holder is not None else ():
            left, right = self._field(each, "left"), self._field(each, "right")
            if each.kind() == "binary_operator" and left is not None and right is not None:
                scope.params.append(Param(left.text(), self.expr(right)))
            else:
                scope.params.append(Param(each.text()))
        last: Expr | None = None
        for each in self._named(body) if body is not None else ():
            last = self.expr(each)
        if body is None and (keywords := self._named(args)[-1]).kind() == "keywords":
            last = self.expr(self._named(self._named(keywords)[-1])[-1])  # def port, do: 5556
        if last is not None:
            scope.returns.append(last)
        self.scope, self.blocks = before
        return Opaque("", line)

    def elixir_binary_operator(self, node: SgNode) -> Expr:
        operator, left, right = (node.field(each) for each in ("operator", "left", "right"))
        sign = operator.text() if operator is not None else ""
        if left is None or right is None or sign not in ("=", "|>", "\\\\"):
            return self._binary(node)
        return self._elixir_operator(sign, left, right, self._line(node))

    def _elixir_operator(self, sign: str, left: SgNode, right: SgNode, line: int) -> Expr:
        if sign == "|>":
            one, other = self.expr(left), self.expr(right)
            if isinstance(other, CallExpr):
                piped = CallExpr(other.of, (one, *other.args), other.named, line)
                if other in self.scope.calls:
                    self.scope.calls.remove(other)
                return self._made(piped)
            return other
        value = self.expr(right)
        target = self._pattern([left]) if left.kind() not in ("tuple", "list") else None
        if target is None:
            names = [each for each in self._named(left) if each.kind() == "identifier"]
            for each in names:
                self._put(Name(each.text(), line, self.blocks), value)
        else:
            self._put(target, value)
        return value

    def at_unary_operator(self, node: SgNode) -> Expr:
        """`@endpoint "…"` gives a module its attribute, `@endpoint` is its value."""
        operand, line = self._field(node, "operand"), self._line(node)
        if operand is None or not node.text().startswith("@"):
            return self._inner(node)
        if operand.kind() == "call":
            target = self._field(operand, "target")
            args = next((each for each in self._named(operand) if each.kind() == "arguments"), None)
            if target is not None and args is not None and self._named(args):
                value = self.expr(self._named(args)[-1])
                put(self.scope, Name(f"@{target.text()}", line), value, ())
            return self._opaque(node)
        return Name(f"@{operand.text()}", line)
