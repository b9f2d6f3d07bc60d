"""Messages that are taken for objects: whoever can send one runs code of his own.

Of `pickle` Python's documentation says so (docs.python.org/3/library/pickle.html), of `Marshal`
Ruby's, of `unserialize` PHP's, of `binary_to_term` Erlang's (without `safe`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.discover.code.bindings.binding import Family
from bulkhead.discover.code.tree import CallExpr, Expr, MemberExpr, Name, Scope, dotted, walk
from bulkhead.discover.code.words import words
from bulkhead.discover.code.world import called_name

OF_SOCKETS: Final = frozenset({"recv_pyobj"})
"""Methods that only sockets have."""
_LOADS: Final[dict[Family, frozenset[str]]] = {
    "python": words(
        "pickle.loads cPickle.loads dill.loads cloudpickle.loads marshal.loads jsonpickle.decode "
        "joblib.load _pickle.loads eval exec torch.load"
    ),
    "ruby": frozenset({"Marshal.load"}),
    "php": frozenset({"unserialize"}),
    "beam": frozenset({"erlang.binary_to_term", "binary_to_term"}),
}  # fmt: skip
_RECEIVES: Final = frozenset(
    {"recv", "recv_multipart", "receive", "recv_string", "recv_serialized", "recvMulti"}
)


def sinks(call: CallExpr, path: str, family: Family, scope: Scope) -> Iterator[tuple[str, Expr]]:
    """The call's name, and the socket whose message it takes for an object."""
    loads = _LOADS.get(family, frozenset())
    if path.rpartition(".")[2] in OF_SOCKETS and isinstance(call.of, MemberExpr):
        yield "recv_pyobj", call.of.of
    elif path in loads and call.args:
        for each in walk(call.args[0]):
            yield from ((path, socket) for socket in _received(each, scope))
    elif (
        path.endswith("recv_serialized")
        and call.args
        and isinstance(call.of, MemberExpr)
        and (dotted(call.args[0]) in loads)
    ):
        yield f"recv_serialized({dotted(call.args[0])})", call.of.of


def _received(expr: Expr, scope: Scope) -> Iterator[Expr]:
    """The socket that an expression received from, itself or by the name that holds it."""
    if isinstance(expr, Name):
        for each in scope.names.get(expr.name, ()):
            for inner in walk(each.value):
                if not isinstance(inner, Name):
                    yield from _received(inner, scope)
    elif (
        isinstance(expr, CallExpr)
        and called_name(expr.of) in _RECEIVES
        and isinstance(expr.of, MemberExpr)
    ):
        yield expr.of.of
