"""What gives a name its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.declarators import identifier
from bulkhead.discover.code.lower.operators import Operators
from bulkhead.discover.code.lower.putting import put_behind
from bulkhead.discover.code.tree import (
    Expr,
    Lambda,
    Many,
    MemberExpr,
    Name,
    Opaque,
    Pairs,
    Scope,
    TextExpr,
    dotted,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode
_IMPLICIT: Final = frozenset({"java", "kotlin", "scala", "csharp", "cpp"})
"""Languages in which a method names a field of its object without `this`."""


class Assignments(Operators):
    """Reads assignments, of one name or of several at once."""

    def _assignment(self, node: SgNode) -> Expr:
        left, right = self._field(node, "left"), self._field(node, "right")
        named, line = self._named(node), self._line(node)
        if left is None or right is None:
            if len(named) < 2:
                return Opaque(self._source(node), line, self._all(node.children()))
            left, right = named[0], named[-1]
        sign = self._field(node, "operator")
        text = (
            sign.text()
            if sign is not None
            else next(
                (
                    each.text()
                    for each in node.children()
                    if each.text() in ("+=", "<<=", ".=", "||=", "..=")
                ),
                "=",
            )
        )
        value = self.expr(right)
        if left.kind() in kinds.LISTS:
            targets = tuple(self._target(each) for each in self._named(left))
            target: Expr = targets[0] if len(targets) == 1 else Many(targets, line)
            if (
                len(targets) == 1
                and isinstance(value, Many)
                and len(value.items) == 1
                and right.kind() in ("expression_list",)
            ):
                value = value.items[0]
        else:
            target = self._target(left)
        if text in ("+=", ".=", "..=") and isinstance(target, Name | MemberExpr):
            put_behind(self.scope, target, value, self.blocks, line)
            return value
        if isinstance(value, Lambda) and ".prototype." in (path := dotted(target)):
            value.scope.owner = path.partition(".")[0]
        self._put(target, value)
        return value

    def _target(self, node: SgNode) -> Expr:
        """What is assigned to; a name that no function declares is a field of the class around."""
        if node.kind() not in kinds.NAMES:
            return self.expr(node)
        name = self._name(node)
        if self.language not in _IMPLICIT or not isinstance(name, Name):
            return name
        scope: Scope | None = self.scope
        in_class = False
        while scope is not None and scope.kind == "function":
            declared = {each.name for each in scope.params}
            if name.name in scope.names or name.name in scope.types or name.name in declared:
                return name
            in_class = bool(scope.owner) or (
                scope.parent is not None and scope.parent.kind == "class"
            )
            scope = scope.parent
        return MemberExpr(Name("this", name.line), name.name, name.line) if in_class else name

    def _pattern(self, nodes: list[SgNode]) -> Expr:
        line = self._line(nodes[0])
        if len(nodes) > 1:
            return Many(tuple(self._pattern([each]) for each in nodes), line)
        node = nodes[0]
        if node.kind() == "object_pattern":
            return Pairs(tuple(self._destructured(each) for each in self._named(node)), line)
        if node.kind() in kinds.LISTS or node.kind() in (
            "tuple_pattern",
            "parameter_list",
            "tuple_struct_pattern",
        ):
            return Many(tuple(self._pattern([each]) for each in self._named(node)), line)
        if node.kind() in kinds.MEMBERS or node.kind() in ("instance_variable",):
            return self.expr(node)
        name = identifier(node)
        return Name(name or node.text(), line, self.blocks)

    def _destructured(self, node: SgNode) -> tuple[Expr, Expr]:
        line = self._line(node)
        key, value = self._field(node, "key", "left"), self._field(node, "value")
        name = key.text() if key is not None else node.text()
        return TextExpr(name, line), Name(
            value.text() if value is not None else name, line, self.blocks
        )
