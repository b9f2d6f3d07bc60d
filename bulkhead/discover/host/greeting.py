"""A greeting to what listens on this machine: how what is built without libzmq is recognised.

JeroMQ, NetMQ, programs of Go or Rust look like any other process; what they say first does not.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from bulkhead.discover.host.collector import within
from bulkhead.discover.host.record import Greeted, HostRecord, RecordedSocket
from bulkhead.discover.wire import Answered, ProbeAnswer, ProbeTarget, probe

_AT_ONCE: Final = 16
_SECONDS: Final = 1.0
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what others bind
_TELLING: Final = frozenset({Answered.OTHER, Answered.HTTP, Answered.TLS})


def greet_listeners(record: HostRecord, proc: str = "/proc") -> HostRecord:
    """The same, with what every socket of TCP that listens said: a greeting, and never more.

    Of another network namespace only where who asks may enter it; elsewhere they are not asked.
    """
    paths = {
        each.namespace: f"{proc}/{each.pid}/ns/net" for each in record.processes if each.namespace
    }

    def asked(each: RecordedSocket) -> RecordedSocket:
        if (each.protocol, each.state) != ("tcp", "listening") or each.local is None:
            return each
        host, port = each.local
        target = ProbeTarget(_EVERYWHERE.get(host, host), port)
        try:
            if each.namespace in (record.host.own, None):
                answer = probe(target, seconds=_SECONDS)
            else:
                answer = within(paths[each.namespace], lambda: probe(target, seconds=_SECONDS))
        except (KeyError, OSError):
            return each
        return each.model_copy(update={"greeting": _greeted(answer)})

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return record.model_copy(update={"sockets": tuple(pool.map(asked, record.sockets))})


def _greeted(answer: ProbeAnswer) -> Greeted | None:
    if answer.failed:
        return None
    if answer.shown:
        return Greeted(
            zmtp=True,
            version=answer.shown.version,
            mechanism=answer.shown.mechanism,
            socket_type=answer.shown.socket_type,
        )
    return Greeted(zmtp=False if answer.answered in _TELLING else None)
