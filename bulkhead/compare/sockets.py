"""Traffic that differs, by the sockets that wait for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bulkhead.compare.cells import Sample
from bulkhead.network import Listener, PortRange
from bulkhead.network.traffic import Passing


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
        names: dict[int, list[str]] = defaultdict(list)
        for listener in waiting:
            if protocol in (None, listener.protocol):
                names[listener.port].append(listener.name)
        rest = []
        for each in ports:
            if (
                protocol is not None
                and len(each) <= len(names)
                and all(port in names for port in range(each.first, each.last + 1))
            ):
                for port in range(each.first, each.last + 1):
                    told = " and ".join(sorted(set(names[port])))
                    yield SocketPart(protocol, (PortRange(port, port),), told, ())
            else:
                rest.append(each)
        if rest:
            exposed = {
                name
                for port, several in names.items()
                if any(port in each for each in rest)
                for name in several
            }
            yield SocketPart(protocol, tuple(rest), None, tuple(sorted(exposed)))
