"""ZeroMQ's patterns: who may talk to whom, and which way a message goes.

Authority for the pairs: libzmq src/mechanism.cpp, check_socket_type. STREAM and
TCP carry raw bytes and talk to each other.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

import zmq

RAW: Final = frozenset({"STREAM", "TCP"})

SOCKETS: Final = {
    "REQ": zmq.REQ,
    "REP": zmq.REP,
    "DEALER": zmq.DEALER,
    "ROUTER": zmq.ROUTER,
    "PUB": zmq.PUB,
    "SUB": zmq.SUB,
    "XPUB": zmq.XPUB,
    "XSUB": zmq.XSUB,
    "PUSH": zmq.PUSH,
    "PULL": zmq.PULL,
    "PAIR": zmq.PAIR,
    "STREAM": zmq.STREAM,
}


STAND_INS: Final = {
    "SERVER": "ROUTER",
    "CLIENT": "DEALER",
    "SCATTER": "PUSH",
    "GATHER": "PULL",
    "RADIO": "PUB",
    "DISH": "SUB",
    "PEER": "DEALER",
    "CHANNEL": "PAIR",
}
"""Draft types are off in a normal build of libzmq: whether a connection opens, and in which
direction messages go, a stable type of the same pattern shows as well."""


def played(kind: str) -> str:
    """The type that plays a socket of this one in the twin."""
    return STAND_INS.get(kind, kind)


class Exchange(Enum):
    """How a message proves that a declared flow works: in the pattern's own direction."""

    TO_BINDER = "to the binder"
    TO_CONNECTER = "to the connecter"
    ECHO = "there and back"


_EXCHANGES: Final[dict[tuple[str, str], Exchange]] = {
    ("REP", "REQ"): Exchange.ECHO,
    ("REP", "DEALER"): Exchange.ECHO,
    ("ROUTER", "REQ"): Exchange.ECHO,
    ("ROUTER", "DEALER"): Exchange.ECHO,
    ("ROUTER", "ROUTER"): Exchange.ECHO,
    ("DEALER", "DEALER"): Exchange.TO_BINDER,
    ("DEALER", "ROUTER"): Exchange.TO_BINDER,
    ("DEALER", "REP"): Exchange.TO_CONNECTER,
    ("REQ", "REP"): Exchange.TO_CONNECTER,
    ("REQ", "ROUTER"): Exchange.TO_CONNECTER,
    ("PULL", "PUSH"): Exchange.TO_BINDER,
    ("PUSH", "PULL"): Exchange.TO_CONNECTER,
    ("PAIR", "PAIR"): Exchange.ECHO,
    **{(out, into): Exchange.TO_CONNECTER for out in ("PUB", "XPUB") for into in ("SUB", "XSUB")},
    **{(into, out): Exchange.TO_BINDER for out in ("PUB", "XPUB") for into in ("SUB", "XSUB")},
    **{(one, other): Exchange.ECHO for one in RAW for other in RAW},
}


def exchange(binder: str, connecter: str) -> Exchange | None:
    """How these two types prove a flow; None where libzmq refuses the pair."""
    return _EXCHANGES.get((played(binder), played(connecter)))


PROBE_TYPE: Final = {
    "REP": "DEALER",
    "ROUTER": "DEALER",
    "DEALER": "DEALER",
    "REQ": "ROUTER",
    "PUB": "SUB",
    "XPUB": "SUB",
    "SUB": "PUB",
    "XSUB": "PUB",
    "PUSH": "PULL",
    "PULL": "PUSH",
    "PAIR": "PAIR",
}
"""The legal peer that an undeclared connection is tried with. It sends nothing."""
