"""Sockets that draw their ports from one range: no rule tells them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

from bulkhead.intent.complaints import Complain
from bulkhead.intent.places import called
from bulkhead.intent.wiring.distinct import Shared
from bulkhead.intent.wiring.owners import Wire
from bulkhead.intent.wrong import MOST_NAMED

_Client = tuple[str, str, IPv4Network | None]
"""Who connects: a service by one of its interfaces, a site at some of its addresses."""


def warn_of_neighbours(ranges: Iterable[Shared], wires: Iterable[Wire], complain: Complain) -> None:
    """Warn at each socket of a range of whoever connects to another of it alone."""
    clients: dict[str, dict[_Client, None]] = defaultdict(dict)
    for each in wires:
        if each.endpoints:
            client = each.client
            clients[each.server.reference][client.owner.name, client.interface, client.at] = None
    for shared in ranges:
        ends = [end for end, _ in shared]
        every = dict.fromkeys(who for end in ends for who in clients[end.reference])
        for end, index in shared:
            strange = [_name(who) for who in every if who not in clients[end.reference]]
            if strange:
                others = [each.reference for each in ends if each is not end]
                what = (
                    f"{end.reference} draws its port from one range with {_all(others)}, so that "
                    f"{_all(strange)} can connect to it as well, and nobody declared that"
                )
                complain.warn((*end.path, "bind", index), what, "give it a range of its own")


def _all(names: Sequence[str]) -> str:
    """'a, b and c'; of many the first, and how many more there are."""
    left = len(names) - MOST_NAMED
    told = [*names[:MOST_NAMED], *([f"{left} more"] if left > 0 else [])]
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def _name(client: _Client) -> str:
    name, interface, at = client
    if at is not None:
        return f"{name} at {called(at)}"
    return f"{name} by {interface}" if interface else name
