"""From Erlang to `tree`, by a reader of its own: ast-grep has no grammar of it.

It knows calls, matches, macros, strings and lists, which is what sockets are made of, and goes
past the rest: `case`, `receive` and `fun` only separate what is in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bulkhead.discover.code.lower.putting import put
from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    Join,
    Many,
    MemberExpr,
    Name,
    Opaque,
    Param,
    Scope,
    TextExpr,
)
from bulkhead.discover.code.words import words

_TOKEN: Final = re.compile(
    r"(?P<skip>\s+|%[^\n]*)|(?P<string>\"(?:[^\"\\]|\\.)*\")|(?P<quoted>'(?:[^'\\]|\\.)*')|"
    r"(?P<char>\$(?:\\.|.))|(?P<number>\d+(?:#\w+|\.\d+)?)|(?P<macro>\?\??[A-Za-z_]\w*)|"
    r"(?P<variable>[A-Z_]\w*)|(?P<atom>[a-z]\w*(?:@\w+)*)|"
    r"(?P<sign><<|>>|->|\+\+|=>|:=|\|\||<-|=:=|=/=|==|/=|=<|>=|[-+*/=<>(){}\[\],;.:|#!])",
    re.DOTALL,
)
_SEPARATORS: Final = words(
    "case of end if receive after fun try catch begin when andalso orelse and or not -> ; , | ||"
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def lowered_erlang(text: str, file: str) -> Scope:
    """The module that a file is."""
    return _Erlang(list(_tokens(text)), file).module()


def _tokens(text: str) -> list[_Token]:
    found, line, at = [], 1, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            at += 1
            continue
        kind = match.lastgroup or ""
        if kind != "skip":
            found.append(_Token(kind, match[0], line))
        line += match[0].count("\n")
        at = match.end()
    return found


class _Erlang:
    def __init__(self, tokens: list[_Token], file: str) -> None:
        self.tokens = tokens
        self.at = 0
        self.scope = Scope("module", "", file, 1)
        self.file = file

    def module(self) -> Scope:
        while self.at < len(self.tokens):
            start = self.at
            if self._is("-"):
                self._attribute()
            elif self._kind() in ("atom", "quoted") and self._is("(", 1):
                self._function()
            if self.at == start:
                self.at += 1
        return self.scope

    # Tokens

    def _kind(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead].kind if self.at + ahead < len(self.tokens) else ""

    def _is(self, text: str, ahead: int = 0) -> bool:
        return self.at + ahead < len(self.tokens) and self.tokens[self.at + ahead].text == text

    def _line(self) -> int:
        at = min(self.at, len(self.tokens) - 1)
        return self.tokens[at].line if self.tokens else 1

    def _take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _ends_form(self) -> bool:
        """A full stop ends a form; one between digits is a number's and never comes here."""
        return self.at >= len(self.tokens) or self._is(".")

    # Forms

    def _attribute(self) -> None:
        line = self._line()
        if self._is("define", 1) and self._is("(", 2) and self.at + 4 < len(self.tokens):
            name = self.tokens[self.at + 3].text
            self.at += 4
            if self._is(","):
                self._take()
                put(self.scope, Name(f"?{name}", line), self._expr(), ())
        while not self._ends_form():
            self.at += 1
        self.at += 1

    def _function(self) -> None:
        name = self._take().text.strip("'")
        scope = Scope("function", name, self.file, self._line(), self.scope)
        self.scope.scopes.append(scope)
        module, self.scope = self.scope, scope
        first = True
        while not self._ends_form():
            if self._is("("):
                args = self._arguments()
                if first:
                    scope.params = [
                        Param(each.name if isinstance(each, Name) else "_") for each in args
                    ]
            last = self._body(name)
            if last is not None:
                scope.returns.append(last)
            first = False
            if self._is(";"):
                self._take()
                if (
                    self._kind() in ("atom", "quoted")
                    and self.tokens[self.at].text.strip("'") == name
                ):
                    self._take()
        self.at += 1
        self.scope = module

    def _body(self, name: str) -> Expr | None:
        """Up to the full stop, or to the next clause of the same function."""
        last: Expr | None = None
        while not self._ends_form():
            if (
                self._is(";")
                and self._is("(", 2)
                and self.at + 1 < len(self.tokens)
                and (self.tokens[self.at + 1].text.strip("'") == name)
            ):
                return last
            if self._stops():
                self._take()
                continue
            before = self.at
            last = self._expr()
            if self.at == before:
                self._take()
        return last

    def _stops(self) -> bool:
        return self.tokens[self.at].text in _SEPARATORS and self.tokens[self.at].kind in (
            "atom",
            "sign",
        )

    # Expressions

    def _expr(self) -> Expr:
        line = self._line()
        left = self._primary()
        while self.at < len(self.tokens):
            if self._is("++"):
                self._take()
                left = Join((left, self._primary()), line)
            elif self._is("="):
                self._take()
                value = self._expr()
                self._match(left, value)
                return value
            else:
                break
        return left

    def _match(self, target: Expr, value: Expr) -> None:
        if isinstance(target, Name):
            put(self.scope, target, value, ())
        elif isinstance(target, Many):  # {ok, Socket}
            for each in target.items:
                if isinstance(each, Name):
                    put(self.scope, each, value, ())

    def _primary(self) -> Expr:  # noqa: PLR0911 - a case a form
        if self.at >= len(self.tokens):
            return Opaque("", self._line())
        line, token = self._line(), self._take()
        match token.kind:
            case "string":
                return TextExpr(token.text[1:-1], line)
            case "number":
                return TextExpr(token.text, line, number=True)
            case "macro":
                return Name(token.text, line)
            case "variable":
                return self._called(Name(token.text, line))
            case "atom" | "quoted":
                return self._called(TextExpr(token.text.strip("'"), line))
            case "sign" if token.text in ("[", "{"):
                return Many(tuple(self._items("]" if token.text == "[" else "}")), line)
            case "sign" if token.text == "(":
                items = self._items(")")
                return items[0] if len(items) == 1 else Many(tuple(items), line)
            case "sign" if token.text == "<<":
                items = self._items(">>")
                return items[0] if len(items) == 1 else Join(tuple(items), line)
            case _:
                return Opaque(token.text, line)

    def _called(self, of: Expr) -> Expr:
        line = self._line()
        if self._is("#") and self._kind(1) == "atom" and self._is(".", 2):  # Data#conn.port
            self.at += 3
            of = MemberExpr(of, self._take().text.strip("'"), line)
        if self._is(":") and self._kind(1) in ("atom", "variable", "quoted") and self._is("(", 2):
            self._take()
            of = MemberExpr(of, self._take().text.strip("'"), line)
        if self._is("("):
            called = Name(of.value, line) if isinstance(of, TextExpr) else of
            call = CallExpr(called, tuple(self._arguments()), (), line)
            self.scope.calls.append(call)
            return call
        return of

    def _arguments(self) -> list[Expr]:
        self._take()
        return self._items(")")

    def _items(self, closing: str) -> list[Expr]:
        found: list[Expr] = []
        while self.at < len(self.tokens) and not self._is(closing):
            if self._is("."):
                return found
            if self._stops():
                self._take()
                continue
            before = self.at
            found.append(self._expr())
            if self.at == before:
                self._take()
        if self.at < len(self.tokens):
            self._take()
        return found
