"""Tests of which one wants what another forbids: no network is both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import FileLine, KeyPath
from bulkhead.intent.expecting.everybody import Where
from bulkhead.intent.model.test import EVERY_PROTOCOL
from bulkhead.intent.places import is_within


@dataclass(frozen=True, slots=True)
class Wish:
    """What one test says of one client and one that it asks: `sweeping` but for what it accepts."""

    test: int
    several: bool
    """Whether the test is from more than this client."""
    accept: bool
    sweeping: bool
    what: str
    where: tuple[Where, ...]
    path: KeyPath
    place: FileLine


_Piece = tuple[int, int, Wish]


class Contradictions:
    """Whatever all tests say, by who asks whom."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], list[Wish]] = defaultdict(list)

    def say(self, client: str, to: str, said: Wish) -> None:
        self._said[client, to].append(said)

    def complain(self, complain: Complain) -> None:
        """Name each two that cannot both hold, once, at the later one."""
        told: set[tuple[KeyPath, int]] = set()
        for (client, _), several in self._said.items():
            if len({each.accept for each in several}) < 2:
                continue
            for one, other in _clashes(several):
                before, after = sorted((one, other), key=lambda each: (each.test, not each.accept))
                if (after.path, before.test) not in told:
                    told.add((after.path, before.test))
                    complain(after.path, *_words(client, before, after))


def _words(client: str, before: Wish, after: Wish) -> tuple[str, str]:
    if before.test == after.test:
        beside = "" if before.what == after.what else f", which has ports of {before.what}"
        what = f"test from {client} accepts and denies {after.what}{beside}"
        return what, "keep one of the two"
    words = ("accepts", "denies") if before.accept else ("denies", "accepts")
    it = "it" if before.what == after.what else f"{client} -> {after.what}"
    remedy = f"put what {client} may reach into one test"
    if (before if after.accept else after).several:
        remedy += f", or leave it out of the one that denies, by except: [{client}]"
    return (
        f"the test on {before.place.seen_from(after.place)} {words[0]} {client} -> {before.what}, "
        f"and this one {words[1]} {it}",
        remedy,
    )


def _clashes(several: Iterable[Wish]) -> Iterator[tuple[Wish, Wish]]:
    """Pairs of an accept and a deny that have a port in common, found port by port in order."""
    several = tuple(several)
    accepted = {(each[0], each[3]) for said in several if said.accept for each in said.where}
    everywhere = {address for said in several for *_, address in said.where} | {None}
    addresses = everywhere if len(everywhere) == 1 else everywhere - {None}
    for protocol in sorted({each for each, _ in accepted}):
        for address in sorted(addresses, key=str):
            yield from _overlaps(_pieces(several, protocol, address))


def _pieces(several: Iterable[Wish], protocol: int, address: object) -> list[_Piece]:
    accepted: dict[int, list[tuple[int, int]]] = defaultdict(list)
    swept: list[_Piece] = []
    pieces: list[_Piece] = []
    for said in several:
        for number, first, last, at in said.where:
            if number in (protocol, EVERY_PROTOCOL) and is_within(address, at):
                if said.accept:
                    accepted[said.test].append((first, last))
                (swept if said.sweeping and not said.accept else pieces).append((first, last, said))
    for mine in accepted.values():
        mine.sort()
    for first, last, said in swept:
        pieces += [(*each, said) for each in _without(first, last, accepted.get(said.test, ()))]
    return sorted(pieces, key=lambda each: each[:2])


def _without(first: int, last: int, taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for begin, end in taken:
        if begin > last:
            break
        if begin > first:
            yield first, begin - 1
        first = max(first, end + 1)
    if first <= last:
        yield first, last


def _overlaps(pieces: Iterable[_Piece]) -> Iterator[tuple[Wish, Wish]]:
    furthest: dict[bool, tuple[int, Wish]] = {}
    for first, last, said in pieces:
        other = furthest.get(not said.accept)
        if other is not None and other[0] >= first:
            yield other[1], said
        mine = furthest.get(said.accept)
        if mine is None or mine[0] < last:
            furthest[said.accept] = last, said
