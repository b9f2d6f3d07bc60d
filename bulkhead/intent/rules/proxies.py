"""Whether the two sides of a broker fit together, as zmq_proxy(3) joins them."""

from __future__ import annotations

from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.written import WrittenService, WrittenSocket, WrittenTopology
from bulkhead.intent.wrong import alternatives, nearest, quoted

_T = SocketType

_TAKE: Final = frozenset({_T.ROUTER, _T.DEALER, _T.XSUB, _T.SUB, _T.PULL, _T.PAIR})
_GIVE: Final = frozenset({_T.ROUTER, _T.DEALER, _T.XPUB, _T.PUB, _T.PUSH, _T.PAIR})
"""src/proxy.cpp copies whatever one side takes to the other, so that messages pass between any
of these. REQ and REP go in turns, and end it (EFSM, measured); drafts it cannot wait for."""

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
    if not _pass(front.type, back.type):
        what = f"service {name}, proxy: between a {front.type} and a {back.type} nothing passes"
        remedy = "ROUTER and DEALER, XSUB and XPUB, or PULL and PUSH (zmq_proxy(3))"
        complain(path, what, f"make them {remedy}")
        return
    ends = {front.type, back.type}
    if _T.ROUTER in ends and not ends <= _TAKE & _GIVE:
        other = next(iter(ends - {_T.ROUTER}))
        complain.warn(
            path,
            f"service {name}, proxy: between a ROUTER and a {other} messages go one way, and "
            "nobody is answered",
            "let a DEALER be the other end, if somebody waits for an answer",
        )
    for side, socket in (("front", front), ("back", back)):
        if not socket.listens:
            complain.warn(
                (*path, side),
                f"service {name}, proxy: its {side} end binds nothing that others reach, so who "
                "wants to use it has to be known to it",
                "let both ends bind, and everybody else connect",
            )


def _pass(one: SocketType, other: SocketType) -> bool:
    return (one in _TAKE and other in _GIVE) or (other in _TAKE and one in _GIVE)
