"""A broker is refused exactly where libzmq's own proxy passes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations_with_replacement
from threading import Thread

import pytest
import zmq

from bulkhead.intent import SocketType
from bulkhead.intent.complaints import Complaints
from bulkhead.intent.document import FileLine
from bulkhead.intent.rules.proxies import judge_proxies
from bulkhead.intent.written import WrittenTopology

PEERS = {
    "DEALER": "DEALER", "ROUTER": "DEALER", "PAIR": "PAIR", "PUSH": "PULL", "PULL": "PUSH",
    "PUB": "SUB", "SUB": "PUB", "XPUB": "SUB", "XSUB": "PUB",
}  # fmt: skip
PAIRS = [*combinations_with_replacement(PEERS, 2)]
ADDRESSED = [("ROUTER", each) for each in ("ROUTER", "PULL", "SUB", "XSUB")]
"""A ROUTER sends to whom the first frame names, and here nobody says whom."""
PASSING = [each for each in PAIRS if each not in ADDRESSED]
AT_LEAST, AT_MOST, PAUSE = 6, 100, 50
"""Rounds in which everybody speaks: those of what is refused, those of what is late; ms between."""


class Trial:
    """A proxy between two sockets, and a peer of each that sends what it can."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], front: str, back: str) -> None:
        self.sides = [self._socket(context, each) for each in (front, back)]
        self.peers = [self._socket(context, PEERS[each]) for each in (front, back)]
        for side, peer, name in zip(self.sides, self.peers, ("f", "b"), strict=True):
            at = f"inproc://{front}-{back}-{name}"
            side.bind(at)
            peer.connect(at)
        for side, kind in zip(self.sides, (front, back), strict=True):
            if kind == "XSUB":
                side.send(b"\x01")  # all topics
        Thread(target=self._run, daemon=True).start()

    @staticmethod
    def _socket(context: zmq.Context[zmq.Socket[bytes]], kind: str) -> zmq.Socket[bytes]:
        socket = context.socket(getattr(zmq, kind))
        if kind == "SUB":
            socket.subscribe(b"")
        return socket

    def _run(self) -> None:
        with pytest.raises(zmq.ContextTerminated):
            zmq.proxy(*self.sides)
        for each in self.sides:
            each.close(0)

    def ask(self) -> None:
        for each in self.peers:
            if each.type not in (zmq.SUB, zmq.PULL):
                with suppress(zmq.Again):
                    each.send(b"hello", zmq.DONTWAIT)

    @property
    def passed(self) -> bool:
        return any(map(_heard, self.peers))


def _heard(peer: zmq.Socket[bytes]) -> bool:
    """Whether what was said got there; a subscription that a XPUB passes on is not that."""
    while peer.type not in (zmq.PUB, zmq.PUSH) and peer.poll(0):
        if b"hello" in peer.recv_multipart():
            return True
    return False


@pytest.fixture(scope="module")
def passed() -> Iterator[dict[tuple[str, str], bool]]:
    """Of every two types, whether anything got through."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    context.max_sockets = 4096
    trials = {pair: Trial(context, *pair) for pair in PAIRS}
    timer = context.socket(zmq.PAIR)
    timer.bind("inproc://timer")
    found = dict.fromkeys(PAIRS, False)
    for number in range(AT_MOST):
        if number >= AT_LEAST and all(found[pair] or said(*pair) for pair in PASSING):
            break
        for each in trials.values():
            each.ask()
        timer.poll(PAUSE)
        found = {pair: found[pair] or each.passed for pair, each in trials.items()}
    yield found
    for socket in (timer, *(peer for each in trials.values() for peer in each.peers)):
        socket.close(0)
    context.term()


def said(front: str, back: str) -> list[str]:
    """The mistakes of a broker of these."""
    sockets = {
        "in": {"type": SocketType(front), "bind": ["tcp://*:1"]},
        "out": {"type": SocketType(back), "bind": ["tcp://*:2"]},
    }
    written = WrittenTopology.model_validate(
        {
            "name": "t", "region": "eu-west-1", "cidr": "10.20.0.0/16", "zones": 1,
            "segments": {"a": {"purpose": "x"}},
            "services": {
                "s": {"segment": "a", "proxy": {"front": "in", "back": "out"}, "sockets": sockets}
            },
        }
    )  # fmt: skip
    complain = Complaints({}, FileLine("t.yaml", 1), [])
    judge_proxies(written, complain)
    return [each.what for each in complain.mistakes]


@pytest.mark.parametrize(("front", "back"), PASSING)
def test_a_broker_is_refused_where_its_proxy_passes_nothing_and_nowhere_else(
    passed: dict[tuple[str, str], bool], front: str, back: str
) -> None:
    assert bool(said(front, back)) is not passed[front, back]


@pytest.mark.parametrize(("front", "back"), ADDRESSED)
def test_a_router_may_be_told_to_whom_it_sends(front: str, back: str) -> None:
    assert said(front, back) == []
