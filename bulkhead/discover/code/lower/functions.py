"""Functions, their parameters and what they return."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.declarations import Declarations
from bulkhead.discover.code.lower.declarators import identifier
from bulkhead.discover.code.lower.putting import put, spelt
from bulkhead.discover.code.tree import (
    CallExpr,
    Either,
    Expr,
    Lambda,
    Many,
    MemberExpr,
    Name,
    Opaque,
    Param,
    Scope,
)
from bulkhead.discover.code.words import words

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_PLAIN: Final = words(
    "function_definition function_declaration method_declaration function_item method "
    "method_definition constructor_declaration"
)
"""Functions that are statements: all others are values."""


class Functions(Declarations):
    """Reads functions."""

    def _function(self, node: SgNode) -> Expr:  # noqa: PLR0912 - a case a form
        kind = node.kind()
        if kind == "function" and not self._named(node):
            return self._opaque(node)
        line = self._line(node)
        declarator = self._field(node, "declarator")
        holder = declarator
        while holder is not None and holder.kind() in (
            "pointer_declarator",
            "reference_declarator",
            "parenthesized_declarator",
        ):
            holder = next(
                (
                    each
                    for each in self._named(holder)
                    if "declarator" in each.kind() or each.kind() in kinds.NAMES
                ),
                None,
            )
        name_node = (
            self._field(holder, "declarator") if holder is not None else self._field(node, "name")
        )
        if name_node is None and kind in ("function_declaration", "local_function_declaration"):
            name_node = next(
                (each for each in self._named(node) if each.kind() == "simple_identifier"), None
            )
        name = spelt(name_node.text()) if name_node is not None else ""
        owner, _, short = name.rpartition(".")
        scope = Scope(
            "function", short, self.file, line, self.scope, owner=owner.rpartition(".")[2]
        )
        scope.receiver = "this"
        parameters = self._field(holder if holder is not None else node, "parameters", "parameter")
        if parameters is None:
            parameters = next(
                (each for each in self._named(node) if "parameters" in each.kind()), None
            )
        if (receiver := self._field(node, "receiver")) is not None:
            inner = self._named(receiver)
            found = re.match(r"\(?\s*(\w+)?\s*\*?\s*(\w+)", receiver.text())
            if inner and found and found[1]:
                scope.receiver, scope.owner = found[1], found[2]
        before = self._enter(scope)
        if parameters is not None:
            self._parameters(parameters)
        elif kind == "arrow_function" and self._named(node)[0].kind() == "identifier":
            scope.params.append(Param(self._named(node)[0].text()))
        for each in self._named(node):
            if each.kind() == "field_initializer_list":
                self._initialised(each)
        if (generics := self._field(node, "type_parameters")) is not None:
            types = [identifier(each) for each in self._named(generics)]
            scope.generics = [each for each in types if each is not None]
        self._body(node, kind)
        self.scope, self.blocks = before
        if kind not in (
            "function_definition",
            "function_declaration",
            "method_declaration",
            "function_item",
            "method",
            "method_definition",
            "constructor_declaration",
        ):
            return Lambda(scope, line)
        if name_node is None:
            return Lambda(scope, line)
        return Opaque("", line)

    def at_field_declaration(self, node: SgNode) -> Expr:
        self._prototypes(node)
        return super().at_field_declaration(node)

    def at_declaration(self, node: SgNode) -> Expr:
        self._prototypes(node)
        return super().at_declaration(node)

    def _prototypes(self, node: SgNode) -> None:
        """`Client(std::string host = "localhost", int port = 5556);` says what is not given."""
        if self.language != "cpp" or self.scope.kind == "function":
            return
        for each in node.field_children("declarator"):
            parameters = self._field(each, "parameters")
            if each.kind() == "function_declarator" and parameters and "=" in parameters.text():
                outside = self.scope
                self.scope = Scope(
                    "function", identifier(each) or "", self.file, self._line(node), outside
                )
                self._parameters(parameters)
                outside.prototypes.append(self.scope)
                self.scope = outside

    def _parameters(self, node: SgNode) -> None:  # noqa: PLR0912 - a case a form
        """Each with its default, and of constructors of Scala, Kotlin, TypeScript the field."""
        nodes = self._named(node)
        if node.kind() in kinds.NAMES:
            nodes = [node]
        for at, each in enumerate(nodes):
            kind = each.kind()
            if kind in ("variadic_parameter", "self_parameter") or (
                node.kind() == "function_value_parameters" and kind not in ("parameter",)
            ):
                continue
            value = self._field(each, "default_value", "value")
            name_nodes = list(each.field_children("name")) or [
                found
                for found in [self._field(each, "pattern", "declarator", "name", "left")]
                if found is not None
            ]
            if not name_nodes:
                inner = [part for part in self._named(each) if part.kind() in kinds.NAMES]
                name_nodes = inner[:1] or [each]
            if (
                value is None
                and kind in ("parameter", "class_parameter")
                and self.language in ("csharp", "kotlin")
            ):
                tail = self._named(each)[-1:]
                if (
                    tail
                    and len(self._named(each)) > 1
                    and tail[0].kind()
                    not in (
                        *kinds.NAMES,
                        "user_type",
                        "nullable_type",
                        "function_type",
                        "generic_name",
                        "array_type",
                        "nullable_type",
                    )
                ):
                    value = tail[0]
            if (
                kind == "parameter"
                and self.language == "kotlin"
                and value is None
                and at + 1 < len(nodes)
                and nodes[at + 1].kind() != "parameter"
            ):
                value = nodes[at + 1]
            default = self.expr(value) if value is not None else None
            type_ = self._field(each, "type")
            if self.language == "kotlin" and type_ is None:
                type_ = next(
                    (
                        part
                        for part in self._named(each)
                        if part.kind() in ("user_type", "nullable_type")
                    ),
                    None,
                )
            written = type_.text().lstrip(": ") if type_ is not None else ""
            for name_node in name_nodes:
                if name_node.kind() == "object_pattern":
                    self._pattern_parameter(name_node)
                    continue
                if name_node.kind() == "assignment_pattern":
                    right = self._field(name_node, "right")
                    default = self.expr(right) if right is not None else None
                name = identifier(self._field(name_node, "left") or name_node)
                if name is None:
                    continue
                self.scope.params.append(Param(name, default, written))
                if written:
                    self.scope.types[name] = written
                text = each.text()
                if re.match(r"(private|public|protected|readonly|override)\b", text) or (
                    kind == "class_parameter" and self.scope.kind == "function"
                ):
                    around = self.scope.parent.within("class") if self.scope.parent else None
                    if around is not None:
                        around.fields[name].append((Name(name, self._line(each)), self.scope))

    def _pattern_parameter(self, node: SgNode) -> None:
        for each in self._named(node):
            left, right = self._field(each, "left"), self._field(each, "right")
            name = left if left is not None else each
            self.scope.params.append(
                Param(name.text(), self.expr(right) if right is not None else None)
            )

    def _initialised(self, node: SgNode) -> None:
        """`Server(int p) : sock_(ctx, ZMQ_REP), port_{p}` of C++."""
        for each in self._named(node):
            named, line = self._named(each), self._line(each)
            if len(named) < 2:
                continue
            field = spelt(named[0].text()).rpartition(".")[2]
            args, by_name = self._arguments(named[1], Name(field, line))
            call = self._made(CallExpr(Name(f"field {field}", line), args, by_name, line, new=True))
            value: Expr = args[0] if len(args) == 1 else call
            put(
                self.scope,
                MemberExpr(Name("this", line), field, line),
                Either((call, value), line) if len(args) == 1 else call,
                (),
            )

    def _body(self, node: SgNode, kind: str) -> None:
        body = self._field(node, "body")
        if body is None:
            named = self._named(node)
            body = (
                named[-1]
                if named
                and (
                    named[-1].kind() in kinds.BLOCKS
                    or named[-1].kind()
                    in (
                        "function_body",
                        "arrow_expression_clause",
                        "statements",
                        "body_statement",
                        "do_block",
                    )
                )
                else None
            )
        if body is None and kind == "lambda_literal":
            body = node
        if body is None:
            for each in self._named(node):
                if each.kind() == "stab_clause":
                    self._stab(each)
            return
        if body.kind() in kinds.BLOCKS or body.kind() in (
            "function_body",
            "body_statement",
            "statement_list",
            "statements",
            "lambda_literal",
            "arrow_expression_clause",
        ):
            last: Expr | None = None
            for each in self._flat(body):
                last = self.expr(each)
            single = body.kind() == "arrow_expression_clause" or (
                body.kind() == "function_body" and body.text()[:1] == "="
            )
            if (
                last is not None
                and (self.language in kinds.IMPLICIT_RETURN or single)
                and not (isinstance(last, Opaque) and last.text.endswith(";"))
            ):
                self.scope.returns.append(last)
        else:
            self.scope.returns.append(self.expr(body))

    def _stab(self, node: SgNode) -> None:
        left, right = self._field(node, "left"), self._field(node, "right")
        if left is not None:
            self.scope.params += [Param(each.text()) for each in self._named(left)]
        for each in self._named(right) if right is not None else ():
            self.expr(each)

    def _flat(self, node: SgNode) -> list[SgNode]:
        return [
            inner
            for each in self._named(node)
            for inner in (
                self._flat(each)
                if each.kind() in ("statement_list", "statements")
                or (node.kind() == "function_body" and each.kind() in kinds.BLOCKS)
                else [each]
            )
        ]

    def _return(self, node: SgNode) -> Expr:
        values = self._all(each for each in self._named(node))
        if values and (node.kind() != "jump_expression" or node.text().startswith("return")):
            value = values[0] if len(values) == 1 else Many(values, self._line(node))
            around = self.scope.within("function")
            (around or self.scope).returns.append(value)
        return Opaque(self._source(node), self._line(node), values)
