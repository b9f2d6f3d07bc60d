"""Flows that stand on both sides, and whose ends alone are more or fewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from bulkhead.compare import CauseKind, Change, ChangeKind, Snapshots
from bulkhead.compare.fold import by_name
from bulkhead.ends import EndpointKind, Label
from bulkhead.network import Verdict
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of

_BETTER: Final = (ChangeKind.OPENED, ChangeKind.MENDED, ChangeKind.KNOWN)


class Scaling:
    """Tells what one more replica or zone, or one fewer, does from what a rule does."""

    def __init__(self, both: Snapshots) -> None:
        self._both = both

    def alike(self, change: Change) -> bool:
        """Whether all that differs is that an end came or went, and others keep the flow.

        They fare on the side without it as the new ones do, or as those that are gone did: all
        of them; of any host of a segment some, for its services may be kept apart.
        """
        if not change.causes or any(each.kind is not CauseKind.END for each in change.causes):
            return False
        came = change.before is Verdict.DENIED
        side = self._before if came else self._after
        wanted, fare = change.after if came else change.before, side.fare(change)
        kinds = change.source.kind, change.destination.kind
        return wanted in fare if EndpointKind.STRANGER in kinds else fare == {wanted}

    def partly(self, change: Change) -> bool:
        """Whether others of the same names fared already as these do now, or still as they did."""
        if change.hosts == change.of_hosts:
            return False
        if change.kind in _BETTER:
            return change.after in self._before.fare(change)
        return change.before in self._after.fare(change)

    @cached_property
    def _before(self) -> _Side:
        return _Side(self._both.before)

    @cached_property
    def _after(self) -> _Side:
        return _Side(self._both.after)


class _Side:
    """One of the proofs, and which of its ends are called how."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._six = 0
        members: dict[Label, int] = defaultdict(int)
        for index, end in enumerate(reach.endpoints):
            members[by_name(end)] |= 1 << index
            self._six |= (end.version == 6) << index
        self._members: Mapping[Label, int] = dict(members)

    def fare(self, change: Change) -> set[Verdict]:
        """How the pairs fare that are called so here, at what the change is about."""
        return {*self._verdicts(change)}

    def _verdicts(self, change: Change) -> Iterator[Verdict]:
        reach = self._reach
        known = None if change.protocol is None else (reach.protocol(change.protocol),)
        sources = self._called(change.source)
        for destination in bits_of(self._called(change.destination) & self._bound(change.socket)):
            family = self._six if self._six >> destination & 1 else ~self._six
            senders = sources & family & ~reach.same_host(destination)
            for protocol in (known or reach.protocols) if senders else ():
                masks = reach.masks(destination, protocol)
                for ports in change.ports:
                    for piece in masks.pieces(ports):
                        yield from (each for each, some in piece.by_verdict(senders) if some)

    def _bound(self, socket: str | None) -> int:
        """Of a socket at some addresses of a site those alone; else everything."""
        listeners = self._reach.network.listeners
        address = next((each.address for each in listeners if each.name == socket), None)
        if address is None:
            return -1
        return sum(1 << at for at, end in enumerate(self._reach.endpoints) if end.is_at(address))

    def _called(self, label: Label) -> int:
        """Several places of strangers may be one label."""
        found = 0
        for name in label.names:
            found |= self._members.get(Label(label.kind, (name,)), 0)
        return found
