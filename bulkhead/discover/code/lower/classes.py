"""Classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.functions import Functions
from bulkhead.discover.code.lower.putting import class_of, spelt
from bulkhead.discover.code.tree import (
    Expr,
    Opaque,
    Scope,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_WORD: Final = re.compile(r"[A-Za-z_][\w.:]*")


class Classes(Functions):
    """Reads classes, with what they go on from."""

    def _class(self, node: SgNode) -> Expr:
        kind = node.kind()
        line = self._line(node)
        name_node = self._field(node, "name", "type")
        if name_node is None:
            name_node = next(
                (each for each in self._named(node) if each.kind() in kinds.NAMES), None
            )
        body = self._field(node, "body")
        if body is None:
            body = next(
                (
                    each
                    for each in self._named(node)
                    if each.kind()
                    in (
                        "class_body",
                        "declaration_list",
                        "template_body",
                        "enum_class_body",
                        "field_declaration_list",
                    )
                ),
                None,
            )
        name = spelt(name_node.text()) if name_node is not None else ""
        if body is None and kind not in ("class_declaration", "class_definition"):
            return self._opaque(node)
        if kind == "companion_object" and body is not None:  # of Kotlin: it is asked by its class
            return Opaque("", line, self._all(body.children()))
        scope = Scope("class", name.rpartition(".")[2], self.file, line, self.scope)
        before = self._enter(scope)
        for each in self._named(node):
            if each.kind() in kinds.HERITAGE:
                scope.bases += [
                    found.rpartition(":")[2].rpartition(".")[2]
                    for found in _WORD.findall(re.sub(r"<[^>]*>|\([^)]*\)", "", each.text()))
                ]
                continue
            if each.kind() in ("primary_constructor", "class_parameters"):
                maker = Scope("function", scope.name, self.file, line, scope, receiver="this")
                scope.scopes.append(maker)
                inside, self.scope = self.scope, maker
                self._parameters(each)
                self.scope = inside
        if body is not None:
            self._all(body.children())
        self.scope, self.blocks = before
        return Opaque("", line)

    def at_type_spec(self, node: SgNode) -> Expr:
        name, type_ = self._field(node, "name"), self._field(node, "type")
        if name is None or type_ is None or type_.kind() != "struct_type":
            return self._opaque(node)
        scope = class_of(
            self.scope.within("module") or self.scope, name.text(), self.file, self._line(node)
        )
        inside, self.scope = self.scope, scope
        self._all(type_.children())
        self.scope = inside
        return self._opaque(node)
