"""What a compromised end reaches, directly and by hops; and who gets somewhere by hops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.public import PublicAddress
from bulkhead.prove.cells import AskedTraffic, everything
from bulkhead.prove.hop_graph import HopGraph, Step
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """An end, the fewest hops to it (or from it), and one such way, in the order of the packets.

    Not `certain`: every way takes a hop that is undetermined.
    """

    end: Endpoint
    hops: int
    certain: bool
    path: tuple[Step, ...]


def blast(
    reach: Reach,
    start: Iterable[Endpoint],
    *,
    hops: int | None = None,
    backwards: bool = False,
    traffic: AskedTraffic | None = None,
    last: AskedTraffic | None = None,
    addresses: Sequence[PublicAddress] = (),
) -> tuple[Reached, ...]:
    """All ends that `start` reaches within so many hops (None: any number), nearest first.

    `backwards`: all that reach `start`, or some public addresses of what is here.
    `traffic` holds for every hop; with `last`, the hop into where the search begins is by
    that instead. Of a load balancer its listener's port counts.
    """
    asked = everything(reach) if traffic is None else traffic
    begin = sum(1 << reach.index(each) for each in set(start))
    graph = HopGraph(reach, asked, last, begin, addresses)
    found: list[Reached] = []
    seen = 0
    for certain in (True, False) if graph.unsure else (True,):
        edges = graph.surely if certain else graph.possibly
        search = _Search(graph, edges, backwards)
        for distance, level in enumerate(search.levels(hops), start=1):
            for index in bits_of(level & graph.ends & ~graph.names & ~seen):
                found.append(
                    Reached(
                        end=reach.endpoints[index],
                        hops=distance,
                        certain=certain,
                        path=search.path(index),
                    )
                )
            seen |= level if certain else 0
    return tuple(sorted(found, key=lambda each: (each.hops, not each.certain)))


@dataclass(frozen=True, slots=True)
class _Search:
    """Breadth first, to whom somebody gets or (`backwards`) from whom."""

    graph: HopGraph
    into: Sequence[int]
    backwards: bool
    found_by: dict[int, int] = field(default_factory=dict)
    sibling: dict[int, int] = field(default_factory=dict)
    """Per end that was found with its host: the end of that host that a hop found."""

    def levels(self, hops: int | None) -> Iterator[int]:
        """The nodes at distance 1, 2, …"""
        graph = self.graph
        seen = frontier = graph.begin
        while frontier and (hops is None or hops > 0):
            find = _from if self.backwards else _to
            found = find(self.into, frontier & graph.goes_on, seen)
            self.found_by.update(found)
            fresh = sum(1 << index for index in found)
            level = graph.with_siblings(fresh) & ~seen
            for index in bits_of(fresh & graph.ends):
                for other in bits_of(graph.with_siblings(1 << index) & level & ~fresh):
                    self.sibling.setdefault(other, index)
            yield level
            seen |= level
            frontier = level
            hops = None if hops is None else hops - 1

    def path(self, index: int) -> tuple[Step, ...]:
        """The hops between a node and where the search began, in the order of the packets."""
        way = list(self._way(index))
        if self.backwards:
            return tuple(self.graph.step(found, by) for found, by in way)
        return tuple(self.graph.step(by, found) for found, by in reversed(way))

    def _way(self, index: int) -> Iterator[tuple[int, int]]:
        """(found, by which), from a node to where the search began."""
        while not self.graph.begin >> index & 1:
            index = self.sibling.get(index, index)
            yield index, self.found_by[index]
            index = self.found_by[index]


def _to(into: Sequence[int], frontier: int, seen: int) -> Mapping[int, int]:
    """To whom the frontier gets in one hop, each with the first one that gets there."""
    found: dict[int, int] = {}
    for index, who in enumerate(into):
        by = who & frontier
        if by and not seen >> index & 1:
            found[index] = (by & -by).bit_length() - 1
    return found


def _from(into: Sequence[int], frontier: int, seen: int) -> Mapping[int, int]:
    """Who gets to the frontier in one hop, each with the first one that he gets to."""
    found: dict[int, int] = {}
    for index in bits_of(frontier):
        for sender in bits_of(into[index] & ~seen):
            found[sender] = index
        seen |= into[index]
    return found
