"""Traffic that differs, by the sockets that wait for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bulkhead.compare.cells import Sample
from bulkhead.ends.sockets import on
from bulkhead.network import Listener, PortRange
from bulkhead.network.traffic import Passing, merge, split


@dataclass(frozen=True, slots=True)
class SocketPart:
    """Some of the traffic between two sides: a socket's own, or what no socket names."""

    protocol: int | None
    ports: tuple[PortRange, ...]
    socket: str | None
    exposed: tuple[str, ...]

    def samples(self, examples: Iterable[Sample]) -> Iterator[Sample]:
        """The examples that lie in it, on ports of it."""
        for each in examples:
            if self.protocol in (None, each.protocol):
                shared = (both for ports in self.ports if (both := ports.overlap(each.ports)))
                if (ports := next(shared, None)) is not None:
                    yield replace(each, ports=ports)


def parts(traffic: Passing, waiting: Sequence[Listener]) -> Iterator[SocketPart]:
    """Cut traffic to an owner by the sockets that wait there."""
    for protocol, ports in traffic:
        there = [each for each in waiting if protocol in (None, each.protocol)]
        rest: list[PortRange] = []
        for each in ports:
            pieces = list(split(each, (one.ports for one in there)))
            if protocol is not None and all(taken for _, taken in pieces):
                yield from _of_sockets(protocol, (piece for piece, _ in pieces), there)
            else:
                rest.append(each)
        if rest:
            exposed = {one.name for each in rest for one in on(each, there)}
            yield SocketPart(protocol, tuple(rest), None, tuple(sorted(exposed)))


def _of_sockets(
    protocol: int, pieces: Iterable[PortRange], there: Sequence[Listener]
) -> Iterator[SocketPart]:
    """Ports that sockets have, those together that the same ones have."""
    named: dict[str, list[PortRange]] = defaultdict(list)
    for piece in pieces:
        named[" and ".join(sorted({one.name for one in on(piece, there)}))].append(piece)
    for told, several in named.items():
        for run in merge(several):
            yield SocketPart(protocol, (run,), told, ())
