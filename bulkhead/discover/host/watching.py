"""A machine looked at again and again: what came and what went, and nothing of what stayed.

Of all looks the last alone is kept, so that watching for a week takes no more memory than a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bulkhead.discover.host.events import RunnerEvent
from bulkhead.discover.host.joining import HostEdge, HostGraph, HostListener, HostParty
from bulkhead.discover.host.record import RecordedProcess

SOONEST: Final = 1.0
"""Seconds between two looks at least, however many events come."""

Wait = Callable[[float], Sequence[RunnerEvent]]
"""Waits so many seconds, or until something happens, which it returns."""

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSnapshot:
    """What is on a graph, each by what makes it the same at the next look."""

    processes: dict[_Key, tuple[str, RecordedProcess]]
    listeners: dict[_Key, HostListener]
    edges: dict[_Key, HostEdge]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostChange:
    """What one look has that the one before had not, and the reverse. `time` is of the look.

    `events` are those that brought the look about: () where it was due.
    """

    time: str
    came: HostSnapshot
    went: HostSnapshot
    events: tuple[RunnerEvent, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return any(
            (each.processes or each.listeners or each.edges) for each in (self.came, self.went)
        )


def snapshot(graph: HostGraph) -> HostSnapshot:
    """Ports that clients are given for a connection make none another."""
    return HostSnapshot(
        processes={
            (machine, each.pid, each.called): (machine, each) for machine, each in graph.processes
        },
        listeners={_listener_key(each): each for each in graph.listeners},
        edges={_edge_key(each): each for each in graph.edges},
    )


def _listener_key(of: HostListener) -> _Key:
    return of.machine, of.transport, of.address, of.port, of.path, _names(of.processes)


def _edge_key(of: HostEdge) -> _Key:
    ends = _end(of.client, port=False), _end(of.server, port=True)
    return *ends, of.transport, of.path, of.asking


def _names(processes: Sequence[RecordedProcess]) -> tuple[str, ...]:
    return tuple(sorted({each.called for each in processes}))


def _end(party: HostParty, *, port: bool) -> _Key:
    return party.machine, party.address, party.port if port else None, _names(party.processes)


def difference(time: str, before: HostSnapshot, after: HostSnapshot) -> HostChange:
    """What came and what went."""
    return HostChange(time=time, came=_besides(after, before), went=_besides(before, after))


def _besides(some: HostSnapshot, others: HostSnapshot) -> HostSnapshot:
    return HostSnapshot(
        processes={
            key: each for key, each in some.processes.items() if key not in others.processes
        },
        listeners={
            key: each for key, each in some.listeners.items() if key not in others.listeners
        },
        edges={key: each for key, each in some.edges.items() if key not in others.edges},
    )


def watched(
    first: HostGraph,
    look: Callable[[], HostGraph],
    wait: Wait,
    *,
    every: float,
    times: int | None,
    left: Callable[[], float],
) -> Iterator[HostChange]:
    """Changes, each as it is found. It ends after so many looks, or when no time is `left`.

    A look is due every so many seconds; an event brings one about at once.
    """
    before, looked = snapshot(first), 0
    while (times is None or looked < times) and (remaining := left()) > 0:
        events = tuple(wait(min(every, remaining)))
        if left() <= 0 and not events and times is None:
            return
        graph = look()
        looked += 1
        after = snapshot(graph)
        change = difference(graph.records[0].time, before, after)
        if change or events:
            yield HostChange(time=change.time, came=change.came, went=change.went, events=events)
        before = after
