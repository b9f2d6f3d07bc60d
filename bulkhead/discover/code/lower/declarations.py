"""What declares a name, with its type and its value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.lower import kinds
from bulkhead.discover.code.lower.assignments import Assignments
from bulkhead.discover.code.lower.declarators import identifier
from bulkhead.discover.code.lower.putting import typed
from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    Import,
    Index,
    Join,
    Many,
    Name,
    Opaque,
    Set,
    TextExpr,
)
from bulkhead.discover.code.words import words

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_PLAIN_MACRO: Final = re.compile(r'\(?\s*+(?:"(?:[^"\\]|\\.)*+"|[A-Za-z_]\w*+|\d++|\s++)++\)?')
"""What a macro of C stands for where it is a text, a number or another name. No piece is given
back: a macro of some thousand letters is told at once, also where it is none of these."""
_PACKAGE: Final = re.compile(r'(?m)^\s*(?:import\b[\s(]*)?(\w+\s+)?"([^"\n]+)"')
_VERSION: Final = re.compile(r"/v\d+$")
_NO_VALUES: Final = frozenset(
    {
        *kinds.NAMES,
        *kinds.MEMBERS,
        *words(
            "type_annotation array_declarator bracketed_argument_list pointer_type slice_type "
            "qualified_type generic_type array_type map_type"
        ),
    }
)
"""What may stand last in a declaration and is no value."""


_ONE_VALUE: Final = re.compile(
    r"auto|(?:std::)?(?:string|string_view|size_t|u?int(?:8|16|32|64)_t)|char|bool|double|float"
    r"|(?:unsigned |long |short )*(?:int|long|short|unsigned)"
)
"""Types of C++ of which a value in braces is that value."""
_CLASS: Final = re.compile(r"(?:\w+::)*[A-Za-z_]\w*(?:<[^<>]*>)?")
_ELEMENT: Final = re.compile(r"\b(?:array|vector|list|deque|set|initializer_list)\s*<\s*([\w:]+)")


def _by_place(list_: Many, type_: str) -> Many:
    """A list that fills a struct, or an array of them, with what it fills."""
    items = tuple(
        _by_place(each, type_) if isinstance(each, Many) else each for each in list_.items
    )
    return Many(items, list_.line, type_)


class Declarations(Assignments):
    """Reads declarations of variables, fields, properties and macros."""

    def _declared(self, node: SgNode) -> Expr:
        named, line = self._named(node), self._line(node)
        value = self._field(node, "value", "default_value", "right")
        target = self._field(node, "declarator", "name", "pattern", "property", "left")
        if target is None:
            target = named[0] if named else None
        if target is None:
            return self._opaque(node)
        type_ = self._field(node, "type")
        written = type_.text().lstrip(": ") if type_ is not None else self.declared
        names = [target]
        if node.kind() in ("const_spec", "var_spec"):
            names = list(node.field_children("name")) or [target]
        last = named[-1] if len(named) > 1 else None
        loose = last is not None and last.range().start.index != target.range().start.index
        if (
            value is None
            and loose
            and last is not None
            and (self.language == "csharp" or last.kind() not in _NO_VALUES)
        ):
            value = last
        for each in names:
            if (name := identifier(each)) is not None and written:
                self.scope.types[name] = written
        if value is None:
            return self._opaque(node)
        before, self.declared = self.declared, written
        pointer = target.kind() == "pointer_declarator"
        held = self._constructed(value, "" if pointer else written, line)
        self.declared = before
        self._put(self._pattern(names), held)
        return held

    def _constructed(self, value: SgNode, written: str, line: int) -> Expr:
        """`zmq::socket_t s{ctx, ZMQ_PUB}` calls the constructor of what is declared."""
        kind = value.kind()
        if (
            self.language == "cpp"
            and written
            and (
                kind == "argument_list"
                or (
                    kind == "initializer_list"
                    and not written.endswith("]")
                    and re.search(r"socket|Socket|zsock", written)
                )
            )
        ):
            args, named = self._arguments(value, Name(written, line))
            return self._made(CallExpr(typed(written, line), args, named, line, new=True))
        held = self.expr(value)
        if kind != "initializer_list" or not written or not isinstance(held, Many):
            return held
        if _ONE_VALUE.fullmatch(written) and len(held.items) == 1:
            return held.items[0]  # `const auto port{5556};`
        if _CLASS.fullmatch(written):  # it may as well be its constructor that is called
            args, named = self._arguments(value, Name(written, line))
            self._made(CallExpr(typed(written, line), args, named, line, new=True))
        element = _ELEMENT.search(written)
        inner = held.items[0] if len(held.items) == 1 else None
        if element and "array" in element[0] and isinstance(inner, Many):
            held = inner  # `std::array<T, 2> a{{x, y}}`: a struct that has an array
        return _by_place(held, element[1] if element else written)

    def at_variable_declaration(self, node: SgNode) -> Expr:
        """Of C#, JS and Lua, where the type, if any, stands before all that are declared."""
        type_ = self._field(node, "type")
        before, self.declared = self.declared, type_.text() if type_ is not None else ""
        made = self._all(
            each
            for each in self._named(node)
            if type_ is None or each.range().start.index != type_.range().start.index
        )
        self.declared = before
        return Opaque(self._source(node), self._line(node), made)

    at_local_variable_declaration = at_variable_declaration

    def at_import_statement(self, node: SgNode) -> Expr:
        """`import * as zmq from "zeromq"`, `import { Push } from …`, `import z = require(…)`."""
        text = " ".join(node.text().split())
        if match := re.fullmatch(
            r"import (?:type )?(.*?) ?(?:from|= require\() ?[\"'](.+?)[\"']\)?;?", text
        ):
            for name in re.findall(r"(?:\* as )?(\w+)", re.sub(r"\{.*?\}", "", match[1])):
                self.scope.imports[name] = Import(match[2])
            for inner in re.findall(r"\{(.*?)\}", match[1]):
                for name, alias in re.findall(r"(\w+)(?: as (\w+))?", inner):
                    self.scope.imports[alias or name] = Import(match[2], name)
        return self._opaque(node)

    def at_import_declaration(self, node: SgNode) -> Expr:
        """`import cfg "example.org/bank/config"` of Go, where a path is a folder."""
        if self.language == "go":
            for name, path in _PACKAGE.findall(node.text()):
                last = _VERSION.sub("", path).rpartition("/")[2]
                self.scope.packages[name.strip() or last] = path
        return self._opaque(node)

    def at_namespace_definition(self, node: SgNode) -> Expr:
        """`namespace acme::bus { … }`, `namespace bus = acme::bus;` of C++ and `mod bus { … }` of
        Rust: its names are the file's."""
        name = self._field(node, "name")
        elsewhere = self.language == "rust" and self._field(node, "body") is None  # `mod bus;`
        if name is not None and self.language in ("cpp", "rust") and not elsewhere:
            module = self.scope.within("module") or self.scope
            module.spaces.update(re.findall(r"\w+", name.text()))
        return Opaque(self._source(node), self._line(node), self._all(node.children()))

    at_namespace_alias_definition = at_mod_item = at_namespace_definition

    def at_export_statement(self, node: SgNode) -> Expr:
        """`export default { … }` gives the file its name 'default', as `module.exports` would."""
        held, value = self._inner(node), self._field(node, "value")
        if value is not None:
            self.scope.names["default"].append(Set(held, self._line(node)))
        return held

    def at_preproc_def(self, node: SgNode) -> Expr:
        name, value = self._field(node, "name"), self._field(node, "value")
        if name is None or value is None:
            return self._opaque(node)
        line, text = self._line(node), re.sub(r"\s(?://|/\*).*", "", value.text()).strip()
        pieces = re.findall(r'"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|(\d+)', text)
        if _PLAIN_MACRO.fullmatch(text) and pieces:
            parts: list[Expr] = [
                Name(word, line) if word else TextExpr(number or said, line, bool(number))
                for said, word, number in pieces
            ]
            held = parts[0] if len(parts) == 1 else Join(tuple(parts), line)
            (self.scope.within("module") or self.scope).names[name.text()].append(Set(held, line))
        return self._opaque(node)

    def at_field_declaration(self, node: SgNode) -> Expr:
        """A member of a class, with its type and what it begins as."""
        type_, line = self._field(node, "type"), self._line(node)
        named = self._named(node)
        written = type_.text() if type_ is not None else ""
        value = self._field(node, "default_value", "value")
        declarators = [
            *node.field_children("declarator"),
            *node.field_children("name"),
        ] or [each for each in named if each.kind() == "variable_declarator"]
        before, self.declared = self.declared, written
        for each in declarators:
            if each.kind() == "variable_declarator":
                self._declared(each)
                continue
            name = identifier(each)
            if name is None:
                continue
            self.scope.types[name] = written
            if value is not None:
                of = "" if each.kind() == "pointer_declarator" else written
                self._put(Name(name, line), self._constructed(value, of, line))
        if not declarators:
            for each in named:
                self.expr(each)
        self._annotated(node, declarators)
        self.declared = before
        return self._opaque(node)

    def _annotated(self, node: SgNode, declarators: list[SgNode]) -> None:
        """`@Value("${key:default}")` of Spring, `#[arg(default_value = …)]` of clap."""
        line = self._line(node)
        written = node.text().split("\n")[0] if "@Value" in node.text()[:200] else ""
        found = re.search(r'@Value\(\s*"([^"]*)"', node.text()[:400]) if written else None
        if found is None and self.language == "rust":
            before = node.prev()
            while before is not None and before.kind() in ("attribute_item", "line_comment"):
                if re.match(r"#\[(arg|clap|structopt|argh)", before.text()):
                    for each in declarators:
                        said = re.search(
                            r'default(?:_value)?(?:_t)?\s*=\s*"?([^"\])]*)', before.text()
                        )
                        args: tuple[Expr, ...] = (TextExpr(each.text(), line),)
                        if said:
                            args = (*args, TextExpr(said[1].strip(), line))
                        self._put(
                            Name(each.text(), line), CallExpr(Name("#[arg]", line), args, (), line)
                        )
                before = before.prev()
        if found is not None:
            for each in declarators:
                if (name := identifier(each)) is not None:
                    value = CallExpr(Name("@Value", line), (TextExpr(found[1], line),), (), line)
                    self._put(Name(name, line), value)

    def at_property_declaration(self, node: SgNode) -> Expr:
        """Of Kotlin `val x: T = v`, of C# `T X { get; } = v`, of PHP what holds its elements."""
        named, line = self._named(node), self._line(node)
        name = self._field(node, "name")
        type_ = self._field(node, "type")
        declared = next((each for each in named if each.kind() == "variable_declaration"), None)
        if declared is not None:  # Kotlin
            inner = self._named(declared)
            name, type_ = inner[0], (inner[1] if len(inner) > 1 else None)
            tail = [
                each
                for each in named
                if each.kind()
                not in (
                    "modifiers",
                    "binding_pattern_kind",
                    "variable_declaration",
                    "getter",
                    "setter",
                    "type_parameters",
                )
            ]
            value = tail[-1] if tail else None
        else:
            value = self._field(node, "value")
        if name is None:
            return Opaque(self._source(node), line, self._all(node.children()))
        if type_ is not None:
            self.scope.types[name.text()] = type_.text()
        if value is None:
            return Opaque(
                self._source(node),
                line,
                self._all(
                    each
                    for each in named
                    if each.kind() in ("getter", "accessor_list", "arrow_expression_clause")
                ),
            )
        before, self.declared = self.declared, type_.text() if type_ is not None else ""
        wrapped = value.kind() in ("property_delegate", "arrow_expression_clause")
        held = self._inner(value) if wrapped else self.expr(value)
        self.declared = before
        self._put(Name(name.text(), line, self.blocks), held)
        return held

    def at_declaration(self, node: SgNode) -> Expr:
        type_, line = self._field(node, "type"), self._line(node)
        written = type_.text() if type_ is not None else ""
        before, self.declared = self.declared, written
        if type_ is not None and type_.kind() in kinds.CLASSES:
            self.expr(type_)
        for each in node.children():
            kind = each.kind()
            if not each.is_named() or (
                type_ is not None and each.range().start.index == type_.range().start.index
            ):
                continue
            if kind == "init_declarator":
                held = self._declared(each)
                loose = each.next()
                if isinstance(held, TextExpr) and loose is not None and loose.kind() == "ERROR":
                    name = identifier(each)
                    if name is not None:  # "tcp://*:" PORT, which the grammar takes for an error
                        self._put(
                            Name(name, line), Join((held, *self._all(loose.children())), line)
                        )
            elif (kind == "function_declarator" and self.scope.kind == "function") or (
                kind == "function_declarator" and re.search(r"socket_t\b", written)
            ):
                self._vexing(each, written)
            elif (name := identifier(each)) is not None:
                self.scope.types[name] = written
                pointer = kind in ("pointer_declarator", "reference_declarator")
                made = self.language == "cpp" and not pointer
                if made and re.search(r"(?:^|::)socket(?:_t)?$", written):
                    self._put(
                        Name(name, line, self.blocks),
                        self._made(CallExpr(typed(written, line), (), (), line, new=True)),
                    )
        self.declared = before
        return self._opaque(node)

    def _vexing(self, node: SgNode, written: str) -> None:
        """`zmq::socket_t s(ctx, type);` may as well declare a function, and grammars think so."""
        name, line = identifier(node), self._line(node)
        params = self._field(node, "parameters")
        if name is None or params is None:
            return
        if re.fullmatch(r"(?:const\s+)?auto", written):  # auto s(zmq_socket(ctx, type)): a value
            from ast_grep_py import SgRoot  # noqa: PLC0415 - an optional part

            said = f"{chr(10) * (line - 1)}auto {name} = {params.text()};"
            self._all(SgRoot(said, self.language).root().children())
            return
        args = tuple(_vexed(each.text(), line) for each in self._named(params))
        self.scope.types[name] = written
        if args:
            self._put(
                Name(name, line, self.blocks),
                self._made(CallExpr(typed(written, line), args, (), line, new=True)),
            )


def _vexed(text: str, line: int) -> Expr:
    """An argument that was read as a parameter: `argv[1]` is an element, and no array."""
    element = re.fullmatch(r"(\w+)\[(\d+)\]", text)
    if element is None:
        return typed(text, line)
    return Index(Name(element[1], line), TextExpr(element[2], line, number=True), line)
