"""Between which ends there is no cell: nothing that they send each other comes by here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from bulkhead.ends.classes import Endpoint, EndpointKind


def together(ends: Sequence[Endpoint]) -> Callable[[int], int]:
    """Of an end, by its place, the ends (bits) that it has no cell with: itself, all addresses
    of the same interface or site, and for the outer world all of it (docs/model.md, "Ends")."""
    hosts: dict[tuple[EndpointKind, str], int] = defaultdict(int)
    outer = 0
    for index, each in enumerate(ends):
        outer |= each.outer << index
        if each.kind in (EndpointKind.INTERFACE, EndpointKind.SITE):
            hosts[each.kind, each.id] |= 1 << index

    def of(index: int) -> int:
        end = ends[index]
        own = hosts.get((end.kind, end.id), 0)
        return own | 1 << index | (outer if end.outer else 0)

    return of
