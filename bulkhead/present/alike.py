"""Services that exchange the same with everybody and with one another: one, where room is short.

Two are alike where each third party is to both what it is to one, and what they exchange with one
another is what the copies of each exchange. So one service in the place of both allows the same
packets, and a rule of others names one group where it named two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from bulkhead.intent.values import MOST_REPLICAS
from bulkhead.network import PortRange
from bulkhead.present.named import PresentParty, PresentService, hull
from bulkhead.present.opening import PresentOpening

SaidOpening = tuple[PresentOpening, str]
"""What is open, and why it is no flow; '' where it is one."""

_Label = frozenset[tuple[int, PortRange, str, str]]
"""What one may send to another, and what is said of that."""

_NOTHING: Final[_Label] = frozenset()


@dataclass(frozen=True, slots=True)
class AlikeAsOne:
    """The parties that there are then, and by the `id` of each one before that of which it is."""

    parties: tuple[PresentParty, ...]
    now: Mapping[int, PresentParty]

    def of(self, openings: Iterable[PresentOpening]) -> list[PresentOpening]:
        """The same openings, each once, with all that shows it."""
        found: dict[tuple[int, int, int, PortRange, str], PresentOpening] = {}
        for each in openings:
            client, server = self.now[id(each.client)], self.now[id(each.server)]
            key = id(client), id(server), each.protocol, each.ports, each.passes
            one = found.setdefault(key, replace(each, client=client, server=server))
            if each.shown != one.shown:
                shown = tuple(dict.fromkeys((*one.shown, *each.shown)))
                found[key] = replace(one, shown=shown)
        return list(found.values())


def together(
    parties: Sequence[PresentParty], said: Iterable[SaidOpening], segment_of: Mapping[str, str]
) -> AlikeAsOne:
    """One party for all services of a segment that are alike; everybody else as he is.

    `said` is all that is open between any of them; `segment_of` the segment by service. Those that
    somebody named (by a tag), or whose copies come and go, stay what they are.
    """

    def kind(party: PresentParty) -> Hashable:
        service = party.service
        if service is None or service.tagged or service.members:
            return None
        return segment_of[service.name], service.client_ports

    now = {id(each): each for each in parties}
    for several in alike(parties, said, kind):
        one = _one(several)
        now |= {id(each): one for each in several}
    kept = {id(now[id(each)]): now[id(each)] for each in parties}
    return AlikeAsOne(tuple(kept.values()), now)


def alike(
    parties: Sequence[PresentParty],
    said: Iterable[SaidOpening],
    kind: Callable[[PresentParty], Hashable],
) -> Iterator[list[PresentParty]]:
    """Two or more at a time of one `kind` (None: of none) of which nothing tells one from another,
    at most as many as a service has copies."""
    relation = _Relation(parties, said)
    for several in relation.alike([kind(each) for each in parties]):
        yield [parties[index] for index in several]


class _Relation:
    """Who may send what to whom, by places among the parties."""

    def __init__(self, parties: Sequence[PresentParty], said: Iterable[SaidOpening]) -> None:
        self._parties = parties
        place = {id(each): index for index, each in enumerate(parties)}
        found: dict[tuple[int, int], set[tuple[int, PortRange, str, str]]] = defaultdict(set)
        for each, why in said:
            between = place[id(each.client)], place[id(each.server)]
            found[between].add((each.protocol, each.ports, each.passes, why))
        self._labels: dict[tuple[int, int], _Label] = {
            between: frozenset(several) for between, several in found.items()
        }
        self._numbers: dict[_Label, int] = {_NOTHING: 0}
        for label in self._labels.values():
            self._numbers.setdefault(label, len(self._numbers))
        self._exchanged: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        for client, server in self._labels:
            both = self._sent(client, server), self._sent(server, client)
            self._exchanged[client][server] = both
            self._exchanged[server][client] = both[::-1]

    def _sent(self, client: int, server: int) -> int:
        return self._numbers[self._labels.get((client, server), _NOTHING)]

    def alike(self, kinds: Sequence[Hashable]) -> Iterator[list[int]]:
        """Those of one kind that exchange the same, by their places."""
        classes: dict[object, list[int]] = defaultdict(list)
        for index, party in enumerate(self._parties):
            if party.service is None or kinds[index] is None:
                continue
            for inner in self._inner(index, party.service):
                around = frozenset(
                    [
                        *(item for item in self._exchanged[index].items() if item[0] != index),
                        *([(index, (inner, inner))] if inner else ()),
                    ]
                )
                classes[kinds[index], inner, around].append(index)
        done: set[int] = set()
        for several in classes.values():
            left = [each for each in several if each not in done]
            if len(left) > 1:
                done.update(left)
                yield from (part for part in self._parts(left) if len(part) > 1)

    def _inner(self, index: int, service: PresentService) -> set[int]:
        """What its copies exchange; of one copy alone, whatever it exchanges both ways with
        somebody, or nothing."""
        if len(service.interfaces) > 1:
            return {self._sent(index, index)}
        return {0, *(one for one, other in self._exchanged[index].values() if one == other)}

    def _parts(self, several: Iterable[int]) -> Iterator[list[int]]:
        part: list[int] = []
        copies = 0
        for index in several:
            service = self._parties[index].service
            more = len(service.interfaces) if service else 0
            if copies + more > MOST_REPLICAS:
                yield part
                part, copies = [], 0
            part.append(index)
            copies += more
        yield part


def _one(several: Sequence[PresentParty]) -> PresentParty:
    services = [each.service for each in several if each.service]
    ends = 0
    for each in several:
        ends |= each.ends
    first = services[0]
    service = replace(
        first,
        ends=ends,
        interfaces=tuple(name for each in services for name in each.interfaces),
        groups=tuple(name for name, _ in groupby(sorted(g for s in services for g in s.groups))),
        client_ports=hull(each.client_ports for each in services),
        alike=tuple(each.name for each in services),
    )
    return PresentParty(name=first.name, ends=ends, service=service)
