"""A stream of numbered messages, as one of its two ends: `send PUSH connect tcp://…`, `receive …`.

Whoever receives prints each number, and then what it is all in all. Whoever sends stops at SIGTERM.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from itertools import pairwise

import zmq

EVERY = 0.005
"""Seconds between two messages: a queue of libzmq holds five seconds of them (ZMQ_SNDHWM)."""
END = b"end"


def send(socket: zmq.Socket[bytes]) -> None:
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    number = 0
    while not stopped:
        number += 1
        socket.send(b"%d" % number)
        time.sleep(EVERY)
    socket.send(END)
    print(number)


def receive(socket: zmq.Socket[bytes]) -> None:
    numbers: list[int] = []
    while (said := socket.recv()) != END:
        numbers.append(int(said))
        print(numbers[-1], flush=True)
    gaps = [both for both in pairwise(numbers) if both[1] != both[0] + 1]
    print(json.dumps({"first": numbers[0], "last": numbers[-1], "gaps": gaps}))


def main(role: str, kind: str, way: str, endpoint: str) -> None:
    context = zmq.Context()
    socket = context.socket(getattr(zmq, kind))
    if kind == "SUB":
        socket.subscribe(b"")
    (socket.bind if way == "bind" else socket.connect)(endpoint)
    {"send": send, "receive": receive}[role](socket)
    socket.close(linger=5000)
    context.term()


if __name__ == "__main__":
    main(*sys.argv[1:])
