"""Members, calls and what is made by `new`, with their arguments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.leaves import ReadLeaves
from bulkhead.discover.code.lower.putting import typed, under, unquoted
from bulkhead.discover.code.tree import (
    CallExpr,
    Each,
    Expr,
    Lambda,
    MemberExpr,
    Name,
    Opaque,
    Pairs,
    Set,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.words import words

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_ITERATES: Final = words("forEach each map foreach for_each iter each_with_index ForEach")
_MODULES: Final = frozenset({"Enum", "Stream"})
"""Of Elixir, whose first argument is what is gone through."""
_HANDS_ON: Final = frozenset({"apply", "also", "let", "run", "use", "tap", "then"})
"""Call a function with what they are called on (Kotlin, Ruby)."""
_MAKES: Final = frozenset({"make_unique", "make_shared", "make_optional", "make"})
_SELVES: Final = frozenset({"rust", "ruby", "php", "lua"})
_LONGEST: Final = 120


class Calls(ReadLeaves):
    """Reads what is called, and on what."""

    def _member(self, node: SgNode) -> Expr:
        named, line = self._named(node), self._line(node)
        of = self._field(node, *kinds.OF_MEMBERS)
        name = self._field(node, *kinds.NAMES_OF_MEMBERS)
        if name is None:
            name = named[-1] if named else None
        if name is None:
            return self._opaque(node)
        if name.kind() in ("navigation_suffix", "member_binding_expression"):
            name = (self._named(name) or [name])[-1]
        if of is None:
            of_node = named[0] if len(named) > 1 else None
            first = next(iter(node.children()), None)
            if of_node is None:
                # `this` of C# is a token, and `::a` has nothing before it
                if first is not None and first.text() == "this":
                    return MemberExpr(
                        Name("this", line, self.blocks), name.text().lstrip("$"), line
                    )
                return self.expr(name)
            of = of_node
        before = (
            Name("this", line, self.blocks)
            if of.text() in ("this", "$this") or (of.text() == "self" and self.language in _SELVES)
            else self.expr(of)
        )
        if name.kind() in kinds.MEMBERS or name.kind() in (
            "template_function",
            "template_type",
            "generic_name",
            "generic_type",
        ):
            path = self.expr(name)
            makes = re.match(r"(\w+)\s*<", name.text())
            return path if makes and makes[1] in _MAKES else under(before, path, line)
        return MemberExpr(before, name.text().lstrip("$"), line)

    def at_generic_function(self, node: SgNode) -> Expr:
        """`f::<T>` is f; which T is said with the call."""
        function = self._field(node, "function")
        return self.expr(function) if function is not None else self._inner(node)

    def at_template_function(self, node: SgNode) -> Expr:
        """`make_unique<T>` is T: what is made is one of those."""
        name = self._field(node, "name") or self._named(node)[0]
        if name.text() in _MAKES and (types := self._field(node, "arguments")) is not None:
            first = self._named(types)
            if first:
                return typed(first[0].text(), self._line(node))
        return self.expr(name)

    at_template_method = at_template_function

    def at_template_type(self, node: SgNode) -> Expr:
        return typed(node.text(), self._line(node))

    at_generic_type = at_generic_name = at_type_descriptor = at_template_type

    def _call(self, node: SgNode) -> Expr:
        kind = node.kind()
        line = self._line(node)
        named = self._named(node)
        function = self._field(node, "function", "macro")
        if kind in (
            "method_invocation",
            "member_call_expression",
            "scoped_call_expression",
            "nullsafe_member_call_expression",
        ):
            name = self._field(node, "name")
            of = self._field(node, "object", "scope")
            called: Expr = (
                MemberExpr(self.expr(of), name.text(), line)
                if of is not None and name is not None
                else Name(name.text() if name is not None else "", line, self.blocks)
            )
        elif kind == "call":
            name, of = self._field(node, "method"), self._field(node, "receiver")
            text = name.text() if name is not None else "call"
            called = (
                MemberExpr(self.expr(of), text, line)
                if of is not None
                else Name(text, line, self.blocks)
            )
        elif function is not None:
            called = self.expr(function)
        elif (name := self._field(node, "name")) is not None:
            called = self.expr(name)
        elif named:
            called = self.expr(named[0])
        else:
            return self._opaque(node)
        if kind == "macro_invocation" and isinstance(called, Name):
            called = Name(f"{called.name}!", line, self.blocks)
        if kind == "explicit_constructor_invocation":
            called = Name("super", line, self.blocks)
        args = self._field(node, "arguments")
        if args is None:
            args = next((each for each in reversed(named) if each.kind() in kinds.ARGUMENTS), None)
        given, by_name = self._arguments(args, called) if args is not None else ((), ())
        if function is not None and function.kind() == "generic_function":
            types = function.field("type_arguments")
            for at, each in enumerate(self._named(types) if types is not None else ()):
                by_name = (*by_name, (f"<{at}>", typed(each.text(), line)))
        block = self._field(node, "block")
        made = self._made(CallExpr(called, given, by_name, line))
        if block is not None:
            self._block_of(block, called)
        return made

    def _arguments(
        self, node: SgNode, called: Expr
    ) -> tuple[tuple[Expr, ...], tuple[tuple[str, Expr], ...]]:
        args: list[Expr] = []
        named: list[tuple[str, Expr]] = []
        nodes = self._named(node)
        if node.kind() == "call_suffix":
            nodes = [
                inner
                for each in nodes
                for inner in (self._named(each) if each.kind() == "value_arguments" else [each])
            ]
        if node.kind() == "token_tree":
            return self._tokens(node), ()
        for each in nodes:
            kind = each.kind()
            if kind in ("pair", "keyword_argument"):
                named += self._pairs(each)
            elif kind in ("argument", "value_argument") and (name := self._argument_name(each)):
                named.append((name, self.expr(self._named(each)[-1])))
            elif kind == "keywords":
                for pair in self._named(each):
                    named += self._pairs(pair)
            else:
                args.append(self._iterated(each, called))
                self.over = args[0]
        if len(args) == 1 and isinstance(args[0], Pairs) and not args[0].of:
            named += [
                (key.value, value) for key, value in args[0].items if isinstance(key, TextExpr)
            ]
        return tuple(args), tuple(named)

    def _argument_name(self, node: SgNode) -> str:
        name = self._field(node, "name")
        if name is not None:
            return name.text().rstrip(":")
        texts = [each.text() for each in node.children()]
        return texts[0] if len(texts) > 2 and texts[1] in ("=", ":") else ""

    def _pairs(self, node: SgNode) -> list[tuple[str, Expr]]:
        key, value = self._field(node, "key"), self._field(node, "value")
        if key is None or value is None:
            return []
        return [(unquoted(key.text().strip(": ")), self.expr(value))]

    def _tokens(self, node: SgNode) -> tuple[Expr, ...]:
        """The arguments of a macro of Rust, of which the grammar knows only the tokens."""
        groups: list[list[SgNode]] = [[]]
        for each in node.children()[1:-1]:
            if each.text() == ",":
                groups.append([])
            else:
                groups[-1].append(each)
        return tuple(self._token(each) for each in groups if each)

    def _token(self, nodes: list[SgNode]) -> Expr:
        """One argument of a macro: names, members and calls are put together again."""
        line = self._line(nodes[0])
        found: Expr | None = None
        loose: list[Expr] = []
        joined = False
        for each in nodes:
            text, kind = each.text(), each.kind()
            if text in (".", "::"):
                joined = True
            elif kind == "token_tree" and found is not None and text.startswith("("):
                found = self._made(CallExpr(found, self._tokens(each), (), line))
            elif joined and found is not None and kind in (*kinds.NAMES, "metavariable"):
                found, joined = MemberExpr(found, text, line), False
            elif each.is_named():
                if found is not None:
                    loose.append(found)
                found, joined = self.expr(each), False
        if found is None:
            return Opaque("".join(each.text() for each in nodes)[:_LONGEST], line)
        return Opaque("", line, (*loose, found)) if loose else found

    def _iterated(self, node: SgNode, called: Expr) -> Expr:
        """An argument; a function that is called with each element of something knows them."""
        value = self.expr(node)
        if not isinstance(value, Lambda) or not isinstance(called, MemberExpr):
            return value
        names = value.scope.names
        if called.name in _ITERATES:
            over = self.over if dotted(called.of) in _MODULES else called.of
            for param in value.scope.params:
                names[param.name].append(Set(Each(over, called.line), called.line))
        elif called.name in _HANDS_ON:
            for name in ("it", "this", *(param.name for param in value.scope.params)):
                names[name].append(Set(called.of, called.line))
        return value

    def _block_of(self, block: SgNode, called: Expr) -> None:
        """A block of Ruby: part of the function around it, its parameters the elements."""
        parameters = self._field(block, "parameters")
        if parameters is not None:
            of = called.of if isinstance(called, MemberExpr) else called
            for each in self._named(parameters):
                value: Expr = Each(of, called.line) if isinstance(called, MemberExpr) else of
                self._put(Name(each.text(), called.line), value)
        for each in self._named(block):
            if parameters is None or each.range().start.index != parameters.range().start.index:
                self.expr(each)

    def _new(self, node: SgNode) -> Expr:
        kind = node.kind()
        line = self._line(node)
        named = self._named(node)
        if kind == "implicit_object_creation_expression":
            made: Expr = typed(self.declared or "?", line)
        else:
            type_ = self._field(node, "type", "constructor") or (named[0] if named else None)
            if type_ is None:
                return self._opaque(node)
            made = (
                typed(type_.text(), line)
                if kind != "new_expression" or self.language in ("c", "cpp")
                else self.expr(type_)
            )
        args = self._field(node, "arguments", "value")
        if args is None:
            args = next(
                (each for each in named[1:] or named if each.kind() in kinds.ARGUMENTS), None
            )
        given, by_name = self._arguments(args, made) if args is not None else ((), ())
        if (initializer := self._field(node, "initializer")) is not None:
            for each in self._named(initializer):
                pair = self._named(each)
                if each.kind() == "assignment_expression" and len(pair) == 2:
                    by_name = (*by_name, (pair[0].text(), self.expr(pair[1])))
                elif not by_name and not given:  # `new List<string> { a, b }`
                    return self.expr(initializer)
        if (
            body := next(
                (each for each in named if each.kind() in ("class_body", "template_body")), None
            )
        ) is not None:
            self.expr(body)
        return self._made(CallExpr(made, given, by_name, line, new=True))
