"""Whether the two sides of a broker fit together, as zmq_proxy(3) joins them."""

from __future__ import annotations

from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.written import WrittenService, WrittenSocket, WrittenTopology
from bulkhead.intent.wrong import alternatives, nearest, quoted

_T = SocketType

_SIDES: Final = (
    frozenset({_T.ROUTER, _T.DEALER}),
    frozenset({_T.XSUB, _T.XPUB}),
    frozenset({_T.SUB, _T.XPUB}),
    frozenset({_T.XSUB, _T.PUB}),
    frozenset({_T.SUB, _T.PUB}),
    frozenset({_T.PULL, _T.PUSH}),
    frozenset({_T.ROUTER}),
    frozenset({_T.PAIR}),
)
"""zmq_proxy(3): a shared queue, a forwarder, a streamer; ROUTER to ROUTER and PAIR to PAIR pass
messages on as well (src/proxy.cpp copies whatever comes, to the other side)."""

_TAPS: Final = (_T.PUB, _T.DEALER, _T.PUSH, _T.PAIR)
"""Of the capture socket (zmq_proxy(3), "Parameters")."""


def judge_proxies(written: WrittenTopology, complain: Complain) -> None:
    """Front and back end are two sockets of the service, of types between which messages pass."""
    for name, service in (written.services or {}).items():
        if service is not None and service.proxy is not None:
            _judge(name, service, complain)


def _judge(name: str, service: WrittenService, complain: Complain) -> None:
    proxy, sockets = service.proxy, service.sockets or {}
    if proxy is None:
        return
    path: KeyPath = ("services", name, "proxy")
    named = {"front": proxy.front, "back": proxy.back, "capture": proxy.capture}
    known: dict[str, WrittenSocket] = {}
    for side, socket in named.items():
        if socket is None:
            continue
        if socket not in sockets:
            what = f"service {name}, proxy, {side}: there is no socket {quoted(socket)} in it"
            complain((*path, side), what, nearest(socket, sockets))
        elif (found := sockets[socket]) is not None:
            known[side] = found
    if proxy.front is not None and proxy.front == proxy.back:
        what = f"service {name}, proxy: {proxy.front} is both sides"
        complain((*path, "back"), what, "name the socket at which the others connect")
        return
    _judge_sides(name, path, known, complain)
    tap = known.get("capture")
    if tap and tap.type and tap.type not in _TAPS:
        what = f"service {name}, proxy, capture: a {tap.type} cannot take what passes"
        complain((*path, "capture"), what, f"make it {alternatives(_TAPS)} (zmq_proxy(3))")


def _judge_sides(
    name: str, path: KeyPath, known: dict[str, WrittenSocket], complain: Complain
) -> None:
    front, back = known.get("front"), known.get("back")
    if front is None or back is None or front.type is None or back.type is None:
        return
    if frozenset({front.type, back.type}) not in _SIDES:
        what = f"service {name}, proxy: between a {front.type} and a {back.type} nothing passes"
        remedy = "ROUTER and DEALER, XSUB and XPUB, or PULL and PUSH (zmq_proxy(3))"
        complain(path, what, f"make them {remedy}")
        return
    for side, socket in (("front", front), ("back", back)):
        if not socket.listens:
            complain.warn(
                (*path, side),
                f"service {name}, proxy: its {side} end binds nothing that others reach, so who "
                "wants to use it has to be known to it",
                "let both ends bind, and everybody else connect",
            )
