"""Calls and assignments that set an option of a socket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.bindings.binding import Family
from bulkhead.discover.code.bindings.words import OPTIONS, SECRET, option_name
from bulkhead.discover.code.found import CodePlace, OptionInCode
from bulkhead.discover.code.parts import template
from bulkhead.discover.code.tree import (
    CallExpr,
    Expr,
    MemberExpr,
    Name,
    Opaque,
    Scope,
    TextExpr,
    children,
    dotted,
)
from bulkhead.discover.code.values import texts
from bulkhead.discover.code.words import words
from bulkhead.discover.code.world import called_name

if TYPE_CHECKING:
    from bulkhead.discover.code.evaluate import Evaluator

_SETS: Final = words(
    "setsockopt setsockopt_string set set_string setOption SetOption set_option setSockOpt "
    "SetSockOpt SetSockOptString setsockopt_unicode setsockopt_int zmq_setsockopt sockopt "
    "zsocket_set_option set_opt setSocketOpt set_sockopt setctxopt"
)
_WHOLE: Final = {  # calls that set several at once: which, and whose
    "ServerAuthCurve": ("curve_server",), "ClientAuthCurve": ("curve_serverkey",),
    "ServerAuthPlain": ("plain_server",), "ClientAuthPlain": ("plain_username",),
    "SetCurveServer": ("curve_server",), "zcert_apply": ("curve_publickey", "curve_secretkey"),
    "make_curve_server": ("curve_server",),
}  # fmt: skip
_LONGEST: Final = 60
_NUMBERS: Final = {"True": "1", "true": "1", "False": "0", "false": "0"}


def named(text: str) -> str | None:
    """The option that a name of a field stands for, where that is one of those that matter."""
    return option_name(text)


def calls(call: CallExpr, family: Family) -> Iterator[tuple[Expr, str, Expr | None]]:
    """The socket, the option and its value that a call may be about."""
    name = called_name(call.of)
    receiver = call.of.of if isinstance(call.of, MemberExpr) else None
    if isinstance(receiver, MemberExpr) and receiver.name in ("Options", "options"):
        receiver = receiver.of
    if name in _WHOLE:
        socket = (
            receiver if name != "zcert_apply" else (call.args[1] if len(call.args) > 1 else None)
        )
        for each in _WHOLE[name] if socket is not None else ():
            yield socket, each, None  # type: ignore[misc]
        return
    if name in _SETS or name.endswith("setsockopt"):
        found = next(
            (
                (at, said)
                for at, each in enumerate(call.args)
                if (said := _option(each)) is not None
            ),
            None,
        )
        if found is None:
            return
        at, said = found
        of_call = family in ("c", "beam", "jvm") and at >= 1
        socket = call.args[0] if of_call else receiver
        value = call.args[at + 1] if len(call.args) > at + 1 else None
        inner = call.args[at]
        if isinstance(inner, CallExpr) and inner.args and value is None:
            value = inner.args[0]
        if socket is not None:
            yield socket, said, value
        return
    said = option_name(name)
    if said is None or name.lower().startswith("get"):
        return
    if (
        receiver is not None
        and called_name(receiver) not in ("zmq", "sockopt")
        and (re.match(r"set|Set|with|curve|plain|zap|heartbeat|tcp|identity|routing", name))
    ):
        yield receiver, said, call.args[0] if call.args else None
    elif receiver is None and len(call.args) > 1 and re.match(r"zsock|zsocket", name):
        yield call.args[0], said, call.args[1]


def _option(expr: Expr) -> str | None:
    if isinstance(expr, Name | MemberExpr | TextExpr):
        return option_name(dotted(expr))
    if isinstance(expr, CallExpr):  # zmq::sockopt::curve_server(1)
        return option_name(dotted(expr.of))
    return None


def option(
    evaluator: Evaluator, name: str, value: Expr | None, place: CodePlace, scope: Scope
) -> OptionInCode | None:
    """The option with what it is set to; of a secret only that it is written in the code."""
    known = option_name(name) if name not in OPTIONS else name
    if known is None:
        return None
    said = texts(evaluator.ask(value, scope)) if value is not None else []
    if known in SECRET:
        literal = any(each.known is not None and len(each.known) > 3 for each in said)
        return OptionInCode(
            known, None, place, secret_in_code=literal and known != "plain_username"
        )
    if not said or said[0].unresolved:
        text = dotted(value) if value is not None else ""
        if isinstance(value, Opaque) and not children(value):
            text = value.text
        return OptionInCode(known, _NUMBERS.get(text), place)
    shown = template(said[0].parts)[:_LONGEST]
    return OptionInCode(known, _NUMBERS.get(shown, shown), place)
