"""Two networks -> the flows that differ, the rules responsible, and what is cut.

delta = compare(before, after)
delta.same                 whether every packet fares alike, however the rules are spelt
for change in delta.changes: ...
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bulkhead.compare.causes import causes, end_cause
from bulkhead.compare.cells import Kept, differences
from bulkhead.compare.delta import (
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Delta,
    Effect,
    Fate,
    kind_of,
)
from bulkhead.compare.established import effect
from bulkhead.compare.fold import Cell, Folded, Folding, parts
from bulkhead.compare.pairing import Line, pair_ends
from bulkhead.compare.rulebook import Rulebook
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Explanation
from bulkhead.network import CLIENT_PORTS, Listener, Network, PortRange, Verdict
from bulkhead.prove.reach import Reach, prove

__all__ = [
    "Cause",
    "CauseKind",
    "Change",
    "ChangeKind",
    "Delta",
    "Effect",
    "Fate",
    "compare",
]

_ORDER = tuple(ChangeKind)


def compare(before: Network, after: Network, client_ports: PortRange = CLIENT_PORTS) -> Delta:
    """Prove both networks over the same classes of addresses, and say what differs."""
    return _Comparison(
        prove(before, client_ports, cuts=(after,)), prove(after, client_ports, cuts=(before,))
    ).delta()


class _Comparison:
    def __init__(self, before: Reach, after: Reach) -> None:
        self.before, self.after = before, after
        networks = (before.network, after.network)
        self.line: Line = pair_ends(networks, before.endpoints, after.endpoints)
        self.books = (Rulebook(networks[0]), Rulebook(networks[1]))
        self.names: dict[str, str] = {}
        for network in networks:
            self.names |= {each.id: each.name for each in network.interfaces}
            self.names |= {each.id: each.name for each in network.subnets}
        self.folding = Folding(self.line, before.endpoints, after.endpoints)
        self.listeners: dict[str, dict[Listener, None]] = defaultdict(dict)
        for network in reversed(networks):
            for each in network.listeners:
                self.listeners[each.owner][each] = None

    def delta(self) -> Delta:
        for each in differences(self.before, self.after, self.line):
            if isinstance(each, Kept):
                self.folding.keep(each)
            else:
                self.folding.move(each)
        protocols = {*self.before.protocols, *self.after.protocols}
        changes = [
            change for folded in self.folding.folded(protocols) for change in self._changes(folded)
        ]
        return Delta(
            changes=tuple(sorted(changes, key=_order)),
            unchanged=self.folding.unchanged,
            appeared=self._only(new=True),
            vanished=self._only(new=False),
            unmodelled=(
                len(self.before.network.unmodelled),
                len(self.after.network.unmodelled),
            ),
        )

    def _changes(self, folded: Folded) -> Iterator[Change]:
        owned = folded.destination.kind in (EndpointKind.INTERFACE, EndpointKind.SITE)
        waiting = self.listeners[folded.destination.name] if owned else ()
        for part in parts(folded.traffic, tuple(waiting)):
            examples = part.cells(folded.examples)
            told = [self._told(cell, folded.step) for cell in examples]
            effects = [each for _, each, _ in told if each is not None]
            names = self._ends(examples[0])
            yield Change(
                kind=kind_of(*folded.step),
                source=folded.source,
                destination=folded.destination,
                socket=part.socket,
                exposed=part.exposed,
                protocol=part.protocol,
                ports=part.ports,
                before=folded.step[0],
                after=folded.step[1],
                hosts=folded.hosts,
                of_hosts=folded.of_hosts,
                example=(names[0].name, names[1].name),
                causes=tuple(dict.fromkeys(cause for found, _, _ in told for cause in found)),
                effect=min(effects, key=_worst, default=None),
                lost=next((lost for _, _, lost in told if lost), ()),
            )

    def _told(
        self, cell: Cell, step: tuple[Verdict, Verdict]
    ) -> tuple[tuple[Cause, ...], Effect | None, tuple[PortRange, ...]]:
        """Why one cell differs, and what its established connections suffer."""
        was = self._explained(self.before, cell, new=False)
        now = self._explained(self.after, cell, new=True)
        lost = now.lost if now and step[1] is Verdict.HALF_OPEN else ()
        if was and now and (was.lost or now.lost):
            # One and the same client port on both sides: the first whose reply is lost.
            first = (now.lost or was.lost)[0].first
            was = self._explained(self.before, cell, new=False, client_port=first)
            now = self._explained(self.after, cell, new=True, client_port=first)
        suffered = effect(self.books[0], was, now) if was else None
        return (*self._one_sided(cell), *causes(self.books, was, now)), suffered, lost

    def _explained(
        self, reach: Reach, cell: Cell, *, new: bool, client_port: int | None = None
    ) -> Explanation | None:
        source, destination = (
            pair.after if new else pair.before
            for pair in (self.line.pairs[cell[0]], self.line.pairs[cell[1]])
        )
        if source is None or destination is None:
            return None
        ports = reach.client_ports if client_port is None else PortRange(client_port, client_port)
        return explain(
            reach.network,
            reach.endpoints[source],
            reach.endpoints[destination],
            cell[2],
            cell[3],
            client_ports=ports,
        )

    def _one_sided(self, cell: Cell) -> Iterator[Cause]:
        for index in cell[:2]:
            pair = self.line.pairs[index]
            if pair.before is None or pair.after is None:
                yield end_cause(self.folding.ends[index], new=pair.before is None)

    def _ends(self, cell: Cell) -> tuple[Endpoint, Endpoint]:
        return self.folding.ends[cell[0]], self.folding.ends[cell[1]]

    def _only(self, *, new: bool) -> tuple[str, ...]:
        """Interfaces, subnets and sites of one network that the other does not have at all."""
        here: dict[tuple[EndpointKind, str], bool] = {}
        ends = (self.after if new else self.before).endpoints
        for pair in self.line.pairs:
            index, other = (pair.after, pair.before) if new else (pair.before, pair.after)
            end = None if index is None else ends[index]
            if end and end.kind not in (EndpointKind.INTERNET, EndpointKind.ELSEWHERE):
                key = (end.kind, end.id)
                here[key] = here.get(key, True) and other is None
        return tuple(
            sorted(
                f"{_NOUN.get(kind, '')}{self.names.get(id_, id_)}"
                for (kind, id_), lonely in here.items()
                if lonely
            )
        )


_NOUN = {EndpointKind.STRANGER: "subnet ", EndpointKind.SITE: "site "}


def _worst(effect: Effect) -> int:
    """A connection that lives on where one expects it cut is the worse surprise."""
    return (Fate.LIVES_ON, Fate.UNKNOWN, Fate.CUT).index(effect.fate)


def _order(change: Change) -> tuple[object, ...]:
    stranger = EndpointKind.STRANGER in (change.source.kind, change.destination.kind)
    return _ORDER.index(change.kind), stranger, change.source.name, change.to, change.traffic
