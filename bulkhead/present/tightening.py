"""Of what is allowed, what any evidence shows: held against ranges of ports.

What was not seen is never unused: of each range that is left out it is said what was looked at, or
why nobody can tell. And what was seen though no rule allows it today is said, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from bulkhead.explain import explain
from bulkhead.network import ALL_PORTS, PortRange, Verdict, has_ports
from bulkhead.network.traffic import OTHER_PROTOCOL, merge, traffic, without
from bulkhead.present.named import LeftOut, PresentParty
from bulkhead.present.opening import Passes, PresentOpening, ShownAt
from bulkhead.prove import Reach

AskedPair = tuple[int, int, int]
"""Client and server as their places among the parties, and the protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAsking:
    """That one party asked another at a port (0 of protocols that have none), and what shows it.

    `ends` are the very ends in the proof, None where parties alone are known. `otherwise`: nobody
    knows who opened it, and so it is that, if this is not allowed.
    """

    client: int
    server: int
    protocol: int
    port: int
    said: str
    ends: tuple[int, int] | None = None
    otherwise: ShownAsking | None = None


class UseWitness(Protocol):
    """One kind of evidence: what it shows, and what it can say of what it does not show."""

    @property
    def shown(self) -> Sequence[ShownAsking]: ...

    def why_not(self, opening: PresentOpening) -> Iterator[tuple[PresentOpening, str]]:
        """Of what it does not show, all parts of it, each with what can be told of it."""
        ...

    def remarks(self) -> Iterator[LeftOut]:
        """What it leaves open."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightened:
    """`kept` is allowed and was seen, `left` is allowed and was not; `refused` was seen, and is not
    allowed."""

    kept: tuple[PresentOpening, ...]
    left: tuple[tuple[PresentOpening, str], ...]
    refused: tuple[LeftOut, ...]


@dataclass(slots=True)
class Tightening:
    """What some witnesses show of what is allowed between parties. `others` is what else there is
    between them, which no flow says."""

    reach: Reach
    parties: Sequence[PresentParty]
    allowed: Sequence[PresentOpening]
    others: Sequence[tuple[PresentOpening, str]]
    _at: Mapping[AskedPair, list[PresentOpening]] = field(init=False)
    _besides: Mapping[AskedPair, list[PresentOpening]] = field(init=False)

    def __post_init__(self) -> None:
        place = {id(each): index for index, each in enumerate(self.parties)}

        def by_pair(openings: Iterable[PresentOpening]) -> Mapping[AskedPair, list[PresentOpening]]:
            found: dict[AskedPair, list[PresentOpening]] = defaultdict(list)
            for each in openings:
                found[place[id(each.client)], place[id(each.server)], each.protocol].append(each)
            return found

        self._at = by_pair(self.allowed)
        self._besides = by_pair(each for each, _ in self.others)

    def by(self, witnesses: Sequence[UseWitness]) -> Tightened:
        """All of them together: what one has seen was seen."""
        seen: dict[int, list[ShownAt]] = defaultdict(list)
        refused: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for each in (one for witness in witnesses for one in witness.shown):
            found = next(((one, there) for one in _ways(each) if (there := self._of(one))), None)
            if found is None:
                refused[self._what(each), self._why_refused(each)][each.said] = None
                continue
            one, opening = found
            port = one.port if has_ports(one.protocol) else None
            seen[id(opening)].append(ShownAt(port, one.said))
        kept: list[PresentOpening] = []
        left: list[tuple[PresentOpening, str]] = []
        for opening in self.allowed:
            shown = tuple(dict.fromkeys(seen.get(id(opening), ())))
            ports = _ports(opening, shown)
            kept += [replace(opening, shown=shown).at(each) for each in ports]
            for rest in without(opening.ports, ports):
                left += _why_left(opening.at(rest), witnesses)
        return Tightened(
            kept=tuple(kept),
            left=tuple(left),
            refused=tuple(
                LeftOut(what=what, why=f"{why}; seen: {'; '.join(said)}")
                for (what, why), said in refused.items()
            ),
        )

    def _of(self, one: ShownAsking) -> PresentOpening | None:
        """The opening that it is part of."""
        for each in self._at.get((one.client, one.server, one.protocol), ()):
            if not has_ports(one.protocol) or one.port in each.ports:
                return each
        return None

    def _what(self, one: ShownAsking) -> str:
        client, server = self.parties[one.client], self.parties[one.server]
        return f"{client.name} to {server.name}, {asked_at(one.protocol, one.port)}"

    def _why_refused(self, one: ShownAsking) -> str:
        asked = one.client, one.server, one.protocol
        besides = next((e for e in self._besides.get(asked, ()) if one.port in e.ports), None)
        if besides is not None and besides.passes is not Passes.PARTLY:
            return str(besides.passes)
        if one.ends is None or one.protocol == OTHER_PROTOCOL:
            return str(besides.passes) if besides else "no rule allows it today"
        ends = [self.reach.endpoints[each] for each in one.ends]
        said = explain(self.reach.network, ends[0], ends[1], one.protocol, one.port)
        if said.verdict is Verdict.ALLOWED:
            return str(Passes.PARTLY)
        layers = "; ".join(dict.fromkeys(str(each) for each in said.blocking if not each.reply))
        return "no rule allows it today" + (f": {layers}" if layers else "")


def asked_at(protocol: int, port: int) -> str:
    """'tcp 5556', 'icmp', 'other protocols'."""
    return traffic(protocol, (PortRange(port, port),) if has_ports(protocol) else (ALL_PORTS,))


def _ways(one: ShownAsking) -> Iterator[ShownAsking]:
    yield one
    if one.otherwise is not None:
        yield one.otherwise


def _ports(opening: PresentOpening, shown: Sequence[ShownAt]) -> tuple[PortRange, ...]:
    """The ports at which it was seen. Of ICMP no record says which message it was."""
    if not shown:
        return ()
    if not has_ports(opening.protocol):
        return (opening.ports,)
    return merge(PortRange(each.port, each.port) for each in shown if each.port is not None)


def _why_left(
    opening: PresentOpening, witnesses: Sequence[UseWitness]
) -> Iterator[tuple[PresentOpening, str]]:
    """All parts of it, with what every witness can say of each."""
    parts = [(opening, "")]
    for witness in witnesses:
        parts = [
            (part, f"{said}; {why}" if said else why)
            for whole, said in parts
            for part, why in witness.why_not(whole)
        ]
    yield from ((part, f"allowed, {why}") for part, why in parts)
