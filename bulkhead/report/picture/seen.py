"""The register as a scene: programs where they were seen to run, and who connects to whom.

Boundaries of one client, one server and one meaning are one tap; above what one picture can show,
those that cross a host alone are drawn, which is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.discover.register import (
    BoundaryParty,
    BoundaryRegister,
    BoundaryStanding,
    Certainty,
    HeldAgainst,
    SeenBoundary,
    StandingKind,
)
from bulkhead.report.openings import Sight
from bulkhead.report.picture.scene import (
    MOST_NODES,
    MOST_TAPS,
    Frame,
    Group,
    Net,
    Node,
    NodeKind,
    Scale,
    Scene,
    Tap,
)

_SURE: Final = {
    Certainty.SURE: Sight.SURE,
    Certainty.LIKELY: Sight.LIKELY,
    Certainty.POSSIBLE: Sight.POSSIBLE,
}
_STANDING: Final = {
    StandingKind.SHADOW: Sight.SHADOW,
    StandingKind.DIFFERS: Sight.DIFFERS,
    StandingKind.UNSEEN: Sight.UNSEEN,
    StandingKind.AS_DECLARED: Sight.DECLARED,
}
_NOBODY: Final = "?"


@dataclass(frozen=True, slots=True)
class _Line:
    client: str
    server: str
    at: str
    status: Sight


def seen(title: str, register: BoundaryRegister, held: HeldAgainst | None = None) -> Scene:
    """What to draw of a register; with `held`, how it stands to a topology."""
    lines = list(dict.fromkeys(_lines(register, held)))
    notes = list(register.searched)
    across = [each for each in lines if not each.at.startswith("ipc ")]
    if not _fits(lines) and len(across) < len(lines):
        notes.insert(0, f"{len(lines) - len(across)} boundaries over ipc are not drawn")
        lines = across
    if not _fits(lines):
        notes.insert(
            0, f"{len(lines)} boundaries are more than a picture shows: their ports are summed up"
        )
        lines = list(
            dict.fromkeys(_Line(each.client, each.server, "…", each.status) for each in lines)
        )
    met = {name for each in lines for name in (each.client, each.server)}
    parties = {each.name: each for each in register.parties if each.name in met}
    counts = Counter(each.status for each in lines)
    return Scene(
        title=title,
        notes=tuple(notes),
        outside=tuple(_outside(parties.values(), met)),
        frames=tuple(_frames(parties, met)),
        nets=tuple(_nets(lines)),
        scale=Scale.SERVICE,
        counts={each: counts[each] for each in Sight if counts[each]},
    )


def _fits(lines: list[_Line]) -> bool:
    nodes = {name for each in lines for name in (each.client, each.server)}
    return len(nodes) <= MOST_NODES and len(lines) <= MOST_TAPS


def _lines(register: BoundaryRegister, held: HeldAgainst | None) -> Iterator[_Line]:
    if held is None:
        for each in register.boundaries:
            yield _line(each, _SURE[each.certainty])
        return
    for standing in held.standings:
        if standing.boundary is not None:
            sight = _STANDING.get(standing.kind, _SURE[standing.boundary.certainty])
            yield _line(standing.boundary, sight)
        elif standing.connection is not None:
            yield from _declared(standing)


def _line(each: SeenBoundary, status: Sight) -> _Line:
    client, server = (party.name if party else _NOBODY for party in (each.client, each.server))
    types = "/".join(each.server_types)
    return _Line(client, server, f"{types} {each.at}".strip(), status)


def _declared(standing: BoundaryStanding) -> Iterator[_Line]:
    connection = standing.connection
    assert connection is not None  # noqa: S101 - who calls it has looked
    for endpoint in connection.endpoints:
        at = f"{connection.server_socket.type} {endpoint.transport} {endpoint.at}"
        yield _Line(connection.client, connection.server, at, Sight.UNSEEN)


def _nets(lines: Iterable[_Line]) -> Iterator[Net]:
    nets: dict[tuple[str, str, Sight], dict[str, None]] = {}
    for each in lines:
        nets.setdefault((each.server, each.at, each.status), {})[each.client] = None
    for (server, at, status), clients in nets.items():
        taps = tuple(
            Tap(node=client, label=f"{server} {at.rpartition(' ')[2]}", openings=())
            for client in clients
        )
        yield Net(node=server, label=at, status=status, taps=taps)


def _outside(parties: Iterable[BoundaryParty], met: set[str]) -> Iterator[Node]:
    if _NOBODY in met:
        yield Node(id=_NOBODY, title="not known", kind=NodeKind.OUTSIDE)
    for each in parties:
        if not each.known:
            lines = (each.because,)
            yield Node(id=each.name, title=each.name, kind=NodeKind.OUTSIDE, lines=lines)


def _frames(parties: Mapping[str, BoundaryParty], met: set[str]) -> Iterator[Frame]:
    by_machine: dict[str, list[Node]] = {}
    for name in sorted(met - {_NOBODY}):
        party = parties.get(name)
        if party is not None and not party.known:
            continue
        node = Node(
            id=name, title=name, kind=NodeKind.SERVICE, hidden=party.because if party else ""
        )
        by_machine.setdefault(_where(party), []).append(node)
    if by_machine:
        groups = [
            Group(title=where, lines=(), nodes=tuple(nodes))
            for where, nodes in sorted(by_machine.items())
        ]
        yield Frame(title="programs", lines=(), groups=tuple(groups))


def _where(party: BoundaryParty | None) -> str:
    if party is None:
        return "in the topology alone"
    if not party.machines:
        return "in code" if party.files else "by address"
    first, *more = party.machines
    return f"{first} and {len(more)} more" if more else first
