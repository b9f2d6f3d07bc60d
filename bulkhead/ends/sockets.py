"""At which ends a socket waits: at all of its owner's, or at the one whose address it binds.

The addresses that sockets bind cut classes (`cuts`): an end that has one has no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.labels import owner
from bulkhead.network import Listener, Network

_MOST_NAMED: Final = 3


def waits_at(listener: Listener, endpoint: Endpoint) -> bool:
    """Whether what connects to an end finds the socket there."""
    here = listener.address is None or listener.address in endpoint
    return here and owner(endpoint) == listener.owner


def sockets_of(network: Network, declared: Iterable[Listener] = ()) -> tuple[Listener, ...]:
    """What listens here. A network that was found may not say it, or not where, as declared."""
    found, said = _by_port(network.listeners), _by_port(declared)
    return tuple(each for several in {**found, **said}.values() for each in several)


def _by_port(listeners: Iterable[Listener]) -> dict[tuple[str, int, int], dict[Listener, None]]:
    ports: dict[tuple[str, int, int], dict[Listener, None]] = defaultdict(dict)
    for each in listeners:
        ports[each.name, each.protocol, each.port][each] = None
    return ports


class Waiting:
    """Sockets by their owners: which of them wait at an end, and which only beside it."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._of: dict[str | None, list[Listener]] = defaultdict(list)
        for each in listeners:
            self._of[each.owner].append(each)

    def at(self, endpoint: Endpoint) -> Sequence[Listener]:
        """Those that wait there."""
        return [each for each in self._of.get(owner(endpoint), ()) if waits_at(each, endpoint)]

    def beside(self, endpoint: Endpoint) -> Sequence[Listener]:
        """Those that wait at another address of its owner, on ports on which none waits here."""
        taken = {(each.protocol, each.port) for each in self.at(endpoint)}
        every = self._of.get(owner(endpoint), ())
        return [each for each in every if (each.protocol, each.port) not in taken]


def named(listeners: Iterable[Listener]) -> str:
    """'exchange.orders at 192.168.10.7, and 2 more'."""
    every = list(dict.fromkeys(f"{each.name} at {each.address}" for each in listeners))
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f", and {more} more" if more > 0 else "")
