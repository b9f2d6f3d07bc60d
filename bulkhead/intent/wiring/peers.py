"""Sockets that have one peer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bulkhead.intent.complaints import Complain
from bulkhead.intent.wiring.owners import Wire


def expect_one_peer(wires: Iterable[Wire], complain: Complain) -> None:
    """A PAIR or CHANNEL has one peer at a time; another is turned away in silence."""
    peers: Counter[str] = Counter()
    for each in wires:
        for end, met in ((each.client, each.peers_of_client), (each.server, each.peers_of_server)):
            kind = end.written.type
            if kind is None or not kind.has_one_peer:
                continue
            peers[end.reference] += met
            if peers[end.reference] > 1:
                complain(
                    each.path,
                    f"{kind} socket {end.reference} would have {peers[end.reference]} peers "
                    f"(replicas counted), and a {kind} has one",
                    "connect one socket of one replica, or use DEALER and ROUTER",
                )
