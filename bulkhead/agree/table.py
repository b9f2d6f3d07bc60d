"""The flow matrix: every sender and every socket, declared, proved and measured side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bulkhead.agree.comparison import Places
from bulkhead.ends import EndpointKind
from bulkhead.network import Flow, PortRange, Verdict
from bulkhead.prove import PARTLY, Column, Entry, Reach, Row, matrix
from bulkhead.prove.fold import Fold, folding
from bulkhead.twin import Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One sender and one socket. `declared` is None where nobody said what should be."""

    sender: str
    sender_kind: EndpointKind
    socket: str
    protocol: int
    ports: PortRange
    declared: bool | None
    proved: Entry | None
    measured: Entry | None

    @property
    def as_it_should_be(self) -> bool:
        """Proved as declared, and measured as proved."""
        wanted = {None: self.proved, True: Verdict.ALLOWED, False: Verdict.DENIED}[self.declared]
        measured = self.measured if self.measured is not None else self.proved
        expected = Verdict.DENIED if self.proved is Verdict.HALF_OPEN else self.proved
        return self.proved in (wanted, None) and measured in (expected, self.proved)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowMatrix:
    """All pairs, socket by socket, in the order of `senders`."""

    senders: tuple[Row, ...]
    sockets: tuple[Column, ...]
    pairs: Mapping[tuple[Row, Column], Pair]
    drilled: bool


def tabulate(
    reach: Reach,
    *,
    flows: Iterable[Flow] | None = None,
    measurements: Sequence[Measurement] | None = None,
) -> FlowMatrix:
    """Put proof, declaration and measurement of every pair beside each other."""
    fold = folding(reach)
    proved = matrix(reach, fold=fold)
    wanted = (
        None
        if flows is None
        else {
            (each.client, each.server.name, each.server.protocol, each.server.port)
            for each in flows
        }
    )
    seen = _measured(reach, fold, proved.columns, measurements or ())
    pairs = {
        (row, column): Pair(
            sender=row.name,
            sender_kind=row.kind,
            socket=column.name,
            protocol=column.protocol,
            ports=column.ports,
            declared=None
            if wanted is None
            else (row.name, column.name, column.protocol, column.ports.first) in wanted,
            proved=proved.entry(row, column),
            measured=seen.get((row.name, column)),
        )
        for row in proved.rows
        for column in proved.columns
    }
    return FlowMatrix(
        senders=proved.rows,
        sockets=proved.columns,
        pairs=pairs,
        drilled=measurements is not None,
    )


def _measured(
    reach: Reach, fold: Fold, columns: Sequence[Column], measurements: Sequence[Measurement]
) -> dict[tuple[str, Column], Entry]:
    place = Places(reach)
    found: dict[tuple[str, Column], set[bool]] = {}
    for each in measurements:
        sender = fold(place.endpoint(each.source))
        target = fold(place.endpoint(each.target))
        for column in columns:
            here = column.protocol == each.protocol and each.port in column.ports
            named = each.listener.name if each.listener else target
            if here and named == (column.name if column.declared else column.owner):
                found.setdefault((sender, column), set()).add(each.allowed)
    verdicts: dict[frozenset[bool], Entry] = {
        frozenset({True}): Verdict.ALLOWED,
        frozenset({False}): Verdict.DENIED,
        frozenset({True, False}): PARTLY,
    }
    return {key: verdicts[frozenset(values)] for key, values in found.items()}
