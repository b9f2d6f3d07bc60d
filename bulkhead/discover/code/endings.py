"""The endpoints that a call binds or connects, and who can come to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.bindings.binding import EndCall
from bulkhead.discover.code.found import CodePlace, EndInCode, OpenTo
from bulkhead.discover.code.parts import (
    KnownPart,
    OpenKind,
    OpenPart,
    Parts,
    joined,
    start,
    template,
)
from bulkhead.discover.code.tree import CallExpr, Expr, Scope, TextExpr
from bulkhead.discover.code.values import (
    Bundle,
    CallFrame,
    SaidText,
    concatenated,
    known,
    open_,
    texts,
)
from bulkhead.intent.endpoints import ZmqEndpoint, parse_bind, parse_connect
from bulkhead.intent.wrong import Wrong

if TYPE_CHECKING:
    from bulkhead.discover.code.evaluate import Evaluator

SCHEME: Final = re.compile(
    r"[@>]?(?:tcp|ipc|inproc|ws|wss|udp|e?pgm|norm|tipc|vmci|vsock)://", re.IGNORECASE
)
_MARKED: Final = re.compile(r"[@>]")
_CREDENTIALS: Final = re.compile(r"(?<=://)[^/@\s]+@(?=[^@/])")
_ANY_PORT: Final = "5555"
_ANY_HOST: Final = "host"


def is_endpoint(said: SaidText) -> bool:
    """Whether a text begins as an endpoint of ZeroMQ does."""
    return SCHEME.match(start(said.parts)) is not None or (
        len(said.parts) > 1
        and isinstance(said.parts[0], OpenPart)
        and isinstance(said.parts[1], KnownPart)
        and said.parts[1].text.startswith("://")
    )


def ends_of(
    evaluator: Evaluator,
    end: EndCall,
    call: CallExpr,
    scope: Scope,
    frames: tuple[CallFrame | None, ...],
) -> list[SaidText]:
    """The texts that a call gives a socket; an open one where it cannot be told at all."""
    match end.form:
        case "host":
            pieces = [_piece(evaluator, each, scope, frames) for each in call.args[1:4]]
            if len(pieces) < 3:
                return []
            return list(
                concatenated([pieces[0], [known("://")], pieces[1], [known(":")], pieces[2]])
            )
        case "random":
            return _random(evaluator, end, call, scope, frames)
        case "format" if len(call.args) > end.endpoint_at + 1:
            found: list[SaidText] = []
            for frame in frames:
                found += evaluator.formatted(
                    call.args[end.endpoint_at], call.args[end.endpoint_at + 1 :], (), scope, frame
                )
            return list({each.parts: each for each in found}.values())
        case _:
            arg = _endpoint(end, call)
            if arg is None:
                return []
            asked = evaluator.ask(arg, scope, frames)
            found = texts(asked)
            for each in asked:
                if isinstance(each, Bundle):
                    found += texts(evaluator.elements([each], arg))
            return found or [open_("…", OpenKind.UNRESOLVED, "…")]


def possible(given: list[SaidText], side: str) -> list[SaidText]:
    """Without those that libzmq refuses, where others of the same call are right.

    A value that some branch excludes may be followed here; what no program would get away with
    is one of those.
    """
    given = list({_known_of(each): each for each in given[::-1]}.values())[::-1]
    right = [each for each in given if is_endpoint(each) and not _refused(each, side)]
    return (
        [each for each in given if not is_endpoint(each) or not _refused(each, side)]
        if right
        else given
    )


def _known_of(said: SaidText) -> object:
    """What is known of it, where nobody can tell the rest: two that differ in how the code calls
    that rest say the same."""
    untold = [each.kind is OpenKind.UNRESOLVED for each in said.parts if isinstance(each, OpenPart)]
    if not untold or not all(untold) or len(said.parts) == 1:
        return said
    return tuple(each.text if isinstance(each, KnownPart) else None for each in said.parts)


def _refused(said: SaidText, side: str) -> bool:
    text = "".join(
        each.text
        if isinstance(each, KnownPart)
        else each.default or _ANY_PORT
        if before.endswith(":")
        else _ANY_HOST
        for before, each in _before(said.parts)
    )
    if (
        side == "bind"
        and isinstance(said.parts[-1], KnownPart) is False
        and not text.rpartition(":")[2].isdecimal()
    ):
        return False
    try:
        parse_bind(text) if side == "bind" else parse_connect(text)
    except Wrong:
        hosts = [each for each in said.parts if isinstance(each, OpenPart)]
        return not hosts or text.endswith(":") or text.count(":") > 2
    return False


def _endpoint(end: EndCall, call: CallExpr) -> Expr | None:
    for name in ("addr", "endpoint", "url", "address", "endpoints"):
        if (arg := call.argument(-1, name)) is not None:
            return arg
    return call.argument(end.endpoint_at)


def _piece(
    evaluator: Evaluator, expr: Expr, scope: Scope, frames: tuple[CallFrame | None, ...]
) -> list[SaidText]:
    if isinstance(expr, TextExpr):
        return [known(expr.value)]
    return texts(evaluator.ask(expr, scope, frames)) or [open_("…", OpenKind.UNRESOLVED, "…")]


def _random(
    evaluator: Evaluator,
    end: EndCall,
    call: CallExpr,
    scope: Scope,
    frames: tuple[CallFrame | None, ...],
) -> list[SaidText]:
    arg = _endpoint(end, call)
    if arg is None:
        return []
    first = _piece(evaluator, call.argument(1, "min_port") or TextExpr("", 0), scope, frames)[
        0
    ].known
    last = _piece(evaluator, call.argument(2, "max_port") or TextExpr("", 0), scope, frames)[
        0
    ].known
    of = f", of {first}-{last}" if first and last and first.isdecimal() and last.isdecimal() else ""
    port = open_("port", OpenKind.CHOSEN, f"chosen when it binds{of}")
    return list(concatenated([texts(evaluator.ask(arg, scope, frames)), [known(":")], [port]]))


def notation(said: SaidText, side: str, *, strict: bool = False) -> Iterator[tuple[str, SaidText]]:
    """czmq's and NetMQ's `@tcp://…,>tcp://…`: each endpoint with its side.

    `strict` where the call itself says which side it is.
    """
    text = said.known
    if text is not None and "," in text and SCHEME.search(text.partition(",")[2]) and not strict:
        for each in text.split(","):
            yield from notation(SaidText(known(each.strip()).parts, said.trail), side)
        return
    first = start(said.parts)
    if _MARKED.match(first):
        rest = joined((KnownPart(first[1:]), *said.parts[1:]))
        yield (
            ("bind" if first[0] == "@" else "connect") if not strict else side,
            SaidText(rest, said.trail),
        )
        return
    yield side, said


def placed(side: str, said: SaidText, place: CodePlace) -> EndInCode | None:
    """An end with what is to be said of it; None where the text is nothing that binds."""
    parts = _masked(said.parts)
    text = template(parts)
    if said.known is not None and (not SCHEME.match(text) or not text):
        return None
    exposure, wrong = exposure_of(parts, "bind" if side == "bind" else "connect")
    return EndInCode(
        "bind" if side == "bind" else "connect", parts, place, exposure, said.trail, wrong
    )


def _masked(parts: Parts) -> Parts:
    """Without a name and a password before the host."""
    return tuple(
        KnownPart(_CREDENTIALS.sub("…@", each.text), each.number)
        if isinstance(each, KnownPart)
        else each
        for each in parts
    )


def exposure_of(parts: Parts, side: str) -> tuple[OpenTo, str]:  # noqa: PLR0911 - a case a form
    """Who can come to it, and what is wrong with it where all of it is known."""
    text, supposed = "", False
    for each in parts:
        if isinstance(each, KnownPart):
            text += each.text
            continue
        supposed = True
        text += (
            each.default
            if each.default
            else _ANY_PORT
            if re.search(r":\d*$", text) and "://" in text
            else (_ANY_HOST if text.endswith("://") else "x")
        )
    match = SCHEME.match(text)
    if match is None:
        return OpenTo.UNTOLD, ""
    transport = match[0].lstrip("@>").rstrip(":/").lower()
    if transport == "inproc":
        return OpenTo.PROCESS, ""
    if transport in ("ipc", "tipc", "vmci", "vsock"):
        return (OpenTo.HOST if transport == "ipc" else OpenTo.NETWORK), ""
    host_open = any(
        isinstance(each, OpenPart) and before.rstrip().endswith("://")
        for before, each in _before(parts)
    )
    try:
        endpoint: ZmqEndpoint = parse_bind(text) if side == "bind" else parse_connect(text)
    except Wrong as wrong:
        said = "" if supposed else wrong.what
        if host_open:
            return OpenTo.UNTOLD, said
        local = re.search(r"://(?:127\.|localhost|\[::1\])", text)
        return (OpenTo.HOST if local else OpenTo.NETWORK), said
    if host_open and not _default_host(parts):
        return OpenTo.UNTOLD, ""
    return (OpenTo.NETWORK if endpoint.on_network else OpenTo.HOST), ""


def _before(parts: Parts) -> Iterator[tuple[str, KnownPart | OpenPart]]:
    text = ""
    for each in parts:
        yield text, each
        text += each.text if isinstance(each, KnownPart) else "x"


def _default_host(parts: Parts) -> bool:
    return any(
        isinstance(each, OpenPart) and each.default and before.endswith("://")
        for before, each in _before(parts)
    )
