"""Services that are called otherwise: the engine knows a thing by its name, and makes another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from bulkhead.compare import ChangeKind
from bulkhead.network import Network
from bulkhead.review.interruption import Interruption
from bulkhead.review.reviewed import Replacement, ReviewedFlow
from bulkhead.review.version import Version

_PAGE: Final = "https://www.pulumi.com/docs/iac/concepts/resources/names/"
_MEANS: Final = "its security group and interfaces go, and new ones come: connections are cut"

_Looks = tuple[tuple[tuple[str, ...], int], ...]
"""What flows of a service look like to who does not know its name, and how often each."""


def renamed(base: Version, head: Version, flows: Iterable[ReviewedFlow]) -> Iterator[Replacement]:
    """Each service that is gone while exactly one is new that has the flows that it had."""
    gone = _services(base.network) - _services(head.network)
    new = _services(head.network) - _services(base.network)
    drift = base.declaration is not None and head.declaration is None
    if drift or not gone or not new:
        return
    several = tuple(flows)
    before = _by_looks(several, ChangeKind.CLOSED, gone)
    after = _by_looks(several, ChangeKind.OPENED, new)
    for looks, names in before.items():
        others = after.get(looks, [])
        if len(names) == len(others) == 1:
            yield Replacement(
                kind="service",
                name=names[0],
                why=f"it is called {others[0]} now, which has the flows that it had",
                interrupts=Interruption.CONNECTIONS,
                means=_MEANS,
                page=_PAGE,
                origin=head.origins.named(others[0]),
            )


def _services(network: Network) -> set[str]:
    return {each.service for each in network.interfaces if each.service is not None}


def _by_looks(
    flows: Iterable[ReviewedFlow], kind: ChangeKind, services: Collection[str]
) -> Mapping[_Looks, list[str]]:
    looks: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for change in (each.change for each in flows if each.kind is kind):
        ends = change.source.name, change.destination.name
        # Both ends may be called otherwise: then neither tells the other.
        client, server = ("" if each in services else each for each in ends)
        socket = (change.socket or "").rpartition(".")[2]
        for way, end in zip(("from", "to"), ends, strict=True):
            if end in services:
                looks[end][way, client, server, socket, change.traffic] += 1
    found: dict[_Looks, list[str]] = defaultdict(list)
    for name, seen in looks.items():
        found[tuple(sorted(seen.items()))].append(name)
    return found
