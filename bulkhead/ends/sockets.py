"""At which ends a socket waits: at all of its owner's, or at those where alone it does.

The addresses at which sockets wait cut classes (`cuts`): an end that has one has no other but
those of the same network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.labels import owner
from bulkhead.network import Listener, Network, PortRange
from bulkhead.network.traffic import merge, without

_MOST_NAMED: Final = 3


def waits_at(listener: Listener, endpoint: Endpoint) -> bool:
    """Whether what connects to an end finds the socket there."""
    return owner(endpoint) == listener.owner and endpoint.is_at(listener.address)


def sockets_of(network: Network, declared: Iterable[Listener] = ()) -> tuple[Listener, ...]:
    """What listens here. A network that was found may not say it, or not where, as declared.

    Of a socket on ports of which both speak it is what was declared; what was found beside
    those is left.
    """
    said = tuple(dict.fromkeys(declared))
    spoken_of: dict[tuple[str, int], list[PortRange]] = defaultdict(list)
    for each in said:
        spoken_of[each.name, each.protocol].append(each.ports)
    taken = {key: merge(several) for key, several in spoken_of.items()}
    found = dict.fromkeys(network.listeners)
    left = (
        replace(each, ports=ports)
        for each in found
        for ports in without(each.ports, taken.get((each.name, each.protocol), ()))
    )
    order: dict[str, int] = {}
    for each in (*found, *said):
        order.setdefault(each.name, len(order))
    return tuple(sorted((*left, *said), key=lambda each: order[each.name]))


class Waiting:
    """Sockets by their owners: which of them wait at an end, and which only beside it."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._of: dict[str | None, list[Listener]] = defaultdict(list)
        for each in listeners:
            self._of[each.owner].append(each)

    def at(self, endpoint: Endpoint) -> Sequence[Listener]:
        """Those that wait there."""
        return [each for each in self._of.get(owner(endpoint), ()) if waits_at(each, endpoint)]

    def beside(self, endpoint: Endpoint) -> Sequence[tuple[PortRange, Listener]]:
        """Those that wait at another address of its owner, on ports on which none waits here."""
        every = self._of.get(owner(endpoint), ())
        if all(each.address is None for each in every):
            return []
        here: dict[int, list[PortRange]] = defaultdict(list)
        for each in self.at(endpoint):
            here[each.protocol].append(each.ports)
        taken = {protocol: merge(several) for protocol, several in here.items()}
        return [
            (ports, each)
            for each in every
            for ports in without(each.ports, taken.get(each.protocol, ()))
        ]


def on(ports: PortRange, listeners: Iterable[Listener]) -> list[Listener]:
    """Those that wait on some of these ports, of whatever protocol."""
    return [each for each in listeners if each.ports.overlap(ports)]


def named(listeners: Iterable[Listener]) -> str:
    """'exchange.orders at 192.168.10.7, and 2 more'."""
    every = list(dict.fromkeys(f"{each.name} at {each.address}" for each in listeners))
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f", and {more} more" if more > 0 else "")
