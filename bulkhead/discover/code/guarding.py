"""Whether a place is reached in one call of the function around: what a fork asks of arguments.

`def attach(sock, url, bind): sock.bind(url) if …` binds in no call that gives `bind=False`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.bindings.words import socket_type
from bulkhead.discover.code.parts import OpenPart
from bulkhead.discover.code.tree import CallExpr, Expr, Guard, Scope
from bulkhead.discover.code.values import CallFrame, SaidText

if TYPE_CHECKING:
    from bulkhead.discover.code.following.asking import Asking

_TRUE: Final = frozenset({"true", "True", "1", "YES"})
_FALSE: Final = frozenset({"false", "False", "0", "nil", "null", "None", "NO"})


def shut(asking: Asking, call: CallExpr, scope: Scope, frame: CallFrame | None) -> bool:
    """Whether a call is in a branch that does not run in this call of the function around.

    Only where what the fork asks is known for sure; a function that nobody calls may be called in
    any way.
    """
    if frame is None:
        return False
    return any(
        (known := _known(asking, each, scope, frame)) is not None and known is not each.holds
        for each in scope.guards.get(id(call), ())
    )


def _known(asking: Asking, guard: Guard, scope: Scope, frame: CallFrame) -> bool | None:
    """Whether what a fork asks is so; None where it may be either."""
    asked = _words(asking, guard.of, scope, frame)
    if not guard.equals:
        said = {
            each in _TRUE or (each[:1].isalpha() and each not in _FALSE) for each in asked or ()
        }
        if said == {True}:
            return True
        return False if asked and asked <= _FALSE else None
    wanted = {_words(asking, each, scope, frame) for each in guard.equals}
    if not asked or None in wanted:
        return None
    every = frozenset(word for each in wanted for word in each or ())
    if not asked & every:
        return False
    return True if len(asked) == 1 and all(len(each or ()) == 1 for each in wanted) else None


def _words(asking: Asking, expr: Expr, scope: Scope, frame: CallFrame) -> frozenset[str] | None:
    """All that an expression may be, texts and types of sockets; None where more may be."""
    found = set[str]()
    for each in asking.values(expr, scope, frame):
        if not isinstance(each, SaidText):
            return None
        text, first = each.known, each.parts[0] if each.parts else None
        if text is None and isinstance(first, OpenPart) and len(each.parts) == 1:
            text = first.name if first.name in _TRUE | _FALSE else socket_type(first.name)
        if text is None:
            return None
        found.add(socket_type(text) or text)
    return frozenset(found) or None
