"""What texts are that are put together: joined, formatted, replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bulkhead.discover.code import origins
from bulkhead.discover.code.following.members import FollowMembers
from bulkhead.discover.code.formats import FormatPiece, braces, percent
from bulkhead.discover.code.parts import (
    KnownPart,
    OpenPart,
    Part,
    Parts,
    by_default,
    joined,
)
from bulkhead.discover.code.tree import (
    CallExpr,
    Either,
    Expr,
    Join,
    Many,
    MemberExpr,
    Name,
    Pairs,
    Scope,
    TextExpr,
    dotted,
)
from bulkhead.discover.code.values import (
    Bundle,
    CallFrame,
    SaidText,
    Value,
    concatenated,
    known,
    open_,
    texts,
    unresolved,
)
from bulkhead.discover.code.world import called_name

_BOOST: Final = frozenset({"boost.format", "format"})
"""`boost::format("tcp://%s:%d") % host % port`."""
_PORT: Final = re.compile(r"(?<![a-zA-Z])(?:port|PORT)|[a-z]Port")
_OPEN: Final = "\0"
"""Stands around the number of an open part in a format, which has none by itself."""


def _sums(ones: list[SaidText], others: list[SaidText], file: str) -> list[SaidText]:
    """`port + 1` and `5000 + id`, where one is open: numbers, and no text with 1 behind it."""
    for numbers, rest, first in ((others, ones, False), (ones, others, True)):
        if len(numbers) == 1 and numbers[0].number:
            more = int(numbers[0].known or 0)
            found = [_sum(each, more, file, first=first) for each in rest]
            return [each for each in found if each is not None] if None not in found else []
    pair = [each[0].parts[0] for each in (ones, others) if len(each) == len(each[0].parts) == 1]
    match pair:
        case [OpenPart() as one, OpenPart() as other] if _PORT.search(one.name):
            return [SaidText((replace(one, name=f"{one.name} + {other.name}", default=None),))]
    return []


def _sum(said: SaidText, more: int, file: str, *, first: bool) -> SaidText | None:
    """A number and one more; None where it is a text. What begins with a number is a sum."""
    if said.number:
        return SaidText(known(str(int(said.known or 0) + more), number=True).parts, said.trail)
    part = said.parts[0] if len(said.parts) == 1 else None
    if not isinstance(part, OpenPart):
        return None
    number = part.default is not None and part.default.isdecimal()
    if not (first or number or "port" in part.name.lower() or file.endswith(".py")):
        return None
    name = f"{more} + {part.name}" if first else f"{part.name} + {more}"
    total = str(int(part.default) + more) if number and part.default else None
    return SaidText((replace(part, name=name, default=total),), said.trail)


class Writing(FollowMembers):
    """Follows texts."""

    def joined(self, parts: tuple[Expr, ...], scope: Scope, frame: CallFrame | None) -> list[Value]:
        pieces = [self.said(each, scope, frame) for each in parts]
        if len(parts) == 2 and all(len(each) == 1 and each[0].number for each in pieces):
            total = sum(int(each[0].known or 0) for each in pieces)
            return [known(str(total), number=True)]
        if len(parts) == 2 and (sums := _sums(pieces[0], pieces[1], scope.file)):
            return list(sums)
        lists = [
            each
            for part in parts
            for each in self.values(part, scope, frame)
            if isinstance(each, Bundle)
        ]
        if lists and not any(pieces):
            return list(lists)
        return list(concatenated(each or [unresolved("…")] for each in pieces))

    def either(self, either: Either, scope: Scope, frame: CallFrame | None) -> list[Value]:
        found = [self.values(each, scope, frame) for each in either.options]
        if either.fallback and len(found) > 1:
            firsts, last = texts(found[0]), texts(found[-1])
            first = firsts[0].parts[0] if len(firsts) == 1 and len(firsts[0].parts) == 1 else None
            if isinstance(first, OpenPart) and last and len(last) == 1:
                default = by_default(last[0].parts)
                return [open_(first.name, first.kind, first.source, first.default or default)]
        return [each for values in found for each in values]

    def _format(
        self,
        pieces: Iterable[FormatPiece],
        args: tuple[Expr, ...],
        named: tuple[tuple[str, Expr], ...],
        scope: Scope,
        frame: CallFrame | None,
    ) -> list[SaidText]:
        by_name = dict(named)
        found: list[list[SaidText]] = []
        for piece in pieces:
            if isinstance(piece, str):
                if piece:
                    found.append([known(piece)])
                continue
            written, which = piece
            arg: Expr | None = None
            if isinstance(which, int):
                arg = args[which] if which < len(args) else None
            else:
                head, *tail = which.split(".")
                arg = by_name.get(head)
                if arg is None and len(args) == 1 and isinstance(args[0], Pairs):
                    arg = next(
                        (
                            value
                            for key, value in args[0].items
                            if isinstance(key, TextExpr) and key.value == head
                        ),
                        None,
                    )
                if arg is None:
                    arg = Name(head if head != "self" else "this", 10**9)
                for each in tail:
                    arg = MemberExpr(arg, each, 0)
            found.append(self.said(arg, scope, frame) if arg is not None else [unresolved(written)])
        return concatenated(found)

    def formatted(
        self,
        format_: Expr,
        args: tuple[Expr, ...],
        named: tuple[tuple[str, Expr], ...],
        scope: Scope,
        frame: CallFrame | None,
    ) -> list[SaidText]:
        """A format string with its arguments, of whichever notation it is."""
        if len(args) == 1:
            inner = [
                each for each in self.values(args[0], scope, frame) if isinstance(each, Bundle)
            ]
            if len(inner) == 1 and isinstance(inner[0].expr, Many):
                args = inner[0].expr.items
        found: list[SaidText] = []
        for each in self.said(format_, scope, frame):
            text = "".join(
                part.text if isinstance(part, KnownPart) else f"{_OPEN}{at}{_OPEN}"
                for at, part in enumerate(each.parts)
            )
            pieces = braces(text) if re.search(r"\{[\w.:?]*\}", text) else percent(text)
            for one in self._format(pieces, args, named, scope, frame):
                found.append(
                    SaidText(_with_open(one.parts, each.parts)).by(*one.trail, *each.trail)
                )
        return found

    def _text_call(  # noqa: PLR0911, PLR0912 - a case a form
        self, name: str, call: CallExpr, scope: Scope, frame: CallFrame | None
    ) -> list[Value] | None:
        of = call.of.of if isinstance(call.of, MemberExpr) else None
        if name == "%" and len(call.args) == 2:
            right = call.args[1]
            args = right.items if isinstance(right, Many) else (right,)
            left: Expr = call.args[0]
            while isinstance(left, CallExpr) and called_name(left.of) == "%":
                args = (left.args[1], *args)
                left = left.args[0]
            if isinstance(left, CallExpr) and dotted(left.of) in _BOOST and left.args:
                left = left.args[0]
            return list(self.formatted(left, args, (), scope, frame))
        if isinstance(call.of, Name) and self._own(name):
            return None
        name = name.removesuffix("!")  # of Rust, whose macros are no functions
        if name == "vec":
            return [Bundle(Many(call.args, call.line), scope, frame)]
        if (
            name in ("format", "arg", "formatted")
            and of is not None
            and self._is_text(of, scope, frame)
        ):
            return list(self.formatted(of, call.args, call.named, scope, frame))
        if (name in origins.PRINTS or name in origins.FORMATS) and call.args:
            if name in ("StrCat", "concat"):
                return list(concatenated(self.said(each, scope, frame) for each in call.args))
            if len(call.args) == 1 and isinstance(call.args[0], Many):
                inner = call.args[0].items
                return (
                    list(self.formatted(inner[0], inner[1:], call.named, scope, frame))
                    if inner
                    else None
                )
            args = call.args
            if name == "format_to" and len(args) > 1:
                args = args[1:]
            return list(self.formatted(args[0], args[1:], call.named, scope, frame))
        if dotted(call.of) in origins.PATHS and len(call.args) > 1:
            return self._path(call, scope, frame)
        if name == "join" and of is not None:
            return self._join(call, of, scope, frame)
        if name == "split" and of is not None:
            return self._split(call, of, call.args[0] if call.args else None, scope, frame)
        if dotted(call.of) == "strings.Split" and len(call.args) == 2:  # of Go
            return self._split(call, call.args[0], call.args[1], scope, frame)
        if (
            name in ("replace", "gsub", "replaceAll", "Replace", "ReplaceAll")
            and len(call.args) >= 2
        ):
            return self._replaced(call, of, scope, frame)
        if name == "define" and len(call.args) == 2:
            return None
        if name in ("append", "to_string") and of is not None and call.args:
            before = self.said(of, scope, frame)
            return (
                list(concatenated([before, self.said(call.args[0], scope, frame)]))
                if name == "append"
                else None
            )
        return None

    def _path(self, call: CallExpr, scope: Scope, frame: CallFrame | None) -> list[Value]:
        """`os.path.join(folder, "bus")`: one stroke between, in some from the last with a root."""
        pieces: list[list[SaidText]] = []
        for each in call.args:
            said = self.said(each, scope, frame)
            rooted = all((one.known or "").startswith("/") for one in said)
            if rooted and dotted(call.of) in origins.FROM_A_ROOT:
                pieces = []
            elif pieces:
                ends = all((one.known or "").endswith("/") for one in pieces[-1])
                pieces += [] if ends or rooted else [[known("/")]]
            pieces.append(said)
        return list(concatenated(pieces))

    def _split(
        self, call: CallExpr, of: Expr, mark: Expr | None, scope: Scope, frame: CallFrame | None
    ) -> list[Value]:
        """A text in pieces; one that is open stays what it is."""
        whole = [each.known for each in texts(self.values(of, scope, frame))]
        marks = [None] if mark is None else [e.known for e in self.said(mark, scope, frame)]
        if len(whole) != 1 or whole[0] is None or (mark is not None and not marks[0]):
            return self.values(of, scope, frame)
        pieces = tuple(TextExpr(each, call.line) for each in whole[0].split(marks[0]))
        return [Bundle(Many(pieces, call.line), scope, frame)]

    def _own(self, name: str) -> bool:
        """Whether the program has a function of this name: one that is written like `StrCat` of
        others builds its text in place, which nobody follows, and is taken for theirs."""
        return bool(self.world.functions.get(name)) and name != "StrCat"

    def _is_text(self, of: Expr, scope: Scope, frame: CallFrame | None) -> bool:
        if isinstance(of, TextExpr | Join):
            return True
        return any(
            each.known is not None and ("{" in each.known or "%" in each.known)
            for each in texts(self.values(of, scope, frame))
        )

    def _join(
        self, call: CallExpr, of: Expr, scope: Scope, frame: CallFrame | None
    ) -> list[Value] | None:
        """`":".join([a, b])` of Python, `[a, b].join(":")` of the others."""
        for holder, mark in (
            (call.args[0] if call.args else None, of),
            (of, call.args[0] if call.args else None),
        ):
            if holder is None:
                continue
            lists = [each for each in self.values(holder, scope, frame) if isinstance(each, Bundle)]
            if len(lists) == 1 and isinstance(lists[0].expr, Many):
                between = self.said(mark, scope, frame) if mark is not None else [known("")]
                pieces: list[list[SaidText]] = []
                for each in lists[0].expr.items:
                    pieces += [between, self.said(each, lists[0].scope, lists[0].frame)]
                return list(concatenated(pieces[1:]))
        return None

    def _replaced(
        self, call: CallExpr, of: Expr | None, scope: Scope, frame: CallFrame | None
    ) -> list[Value] | None:
        old, new = (texts(self.values(each, scope, frame)) for each in call.args[-2:])
        if of is None or not old or not new or old[0].known is None or new[0].known is None:
            return self.values(of, scope, frame) if of is not None else None
        return [
            SaidText(
                tuple(
                    KnownPart(part.text.replace(old[0].known, new[0].known), part.number)
                    if isinstance(part, KnownPart)
                    else part
                    for part in each.parts
                ),
                each.trail,
            )
            for each in texts(self.values(of, scope, frame))
        ]


def _with_open(parts: Parts, of: Parts) -> Parts:
    """The parts of a formatted text, with the open parts of the format where they stood."""
    found: list[Part] = []
    for each in parts:
        pieces = each.text.split(_OPEN) if isinstance(each, KnownPart) else []
        if len(pieces) < 3:
            found.append(each)
            continue
        for at, piece in enumerate(pieces):
            found.append(of[int(piece)] if at % 2 else KnownPart(piece))
    return joined(tuple(found))
