"""Flows that stand on both sides, and whose hosts alone are more or fewer."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from bulkhead.compare import CauseKind, Change, Snapshots
from bulkhead.compare.fold import by_name
from bulkhead.ends import Endpoint, Label
from bulkhead.network import PortRange, Verdict
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of

_Members = dict[Label, int]


class Scaling:
    """Tells what one more replica, or one fewer, does from what a rule does."""

    def __init__(self, both: Snapshots) -> None:
        self._both = both

    def alike(self, change: Change) -> bool:
        """Whether all that differs is that an end came or went, and others keep the flow.

        They fare on the side without it as the new ones do, or as those that are gone did.
        """
        if change.socket is None or change.protocol is None or not change.causes:
            return False
        if any(each.kind is not CauseKind.END for each in change.causes):
            return False
        came = change.before is Verdict.DENIED
        reach = self._both.before if came else self._both.after
        members = self._before if came else self._after
        wanted = change.after if came else change.before
        return _some(reach, members, change, wanted)

    @cached_property
    def _before(self) -> _Members:
        return _members(self._both.before.endpoints)

    @cached_property
    def _after(self) -> _Members:
        return _members(self._both.after.endpoints)


def _members(ends: tuple[Endpoint, ...]) -> _Members:
    found: _Members = defaultdict(int)
    for index, end in enumerate(ends):
        found[by_name(end)] |= 1 << index
    return dict(found)


def _some(reach: Reach, members: _Members, change: Change, wanted: Verdict) -> bool:
    """Whether there are pairs between the two, and all of them fare so."""
    (port,) = change.ports
    fare = set()
    for destination in bits_of(members.get(change.destination, 0)):
        masks = reach.masks(destination, reach.protocol(change.protocol or 0))
        senders = members.get(change.source, 0) & ~reach.same_host(destination)
        (piece,) = masks.pieces(PortRange(port.first, port.first))
        fare |= {verdict for verdict, some in piece.by_verdict(senders) if some}
    return fare == {wanted}
