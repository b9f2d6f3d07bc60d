"""Rows of the answer as edges: what both ends recorded is one, and is counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bulkhead.discover.flows.names import Names, Recorded
from bulkhead.discover.flows.seen import FlowEdge, FlowEnd, OpenedBy
from bulkhead.network.ports import has_ports
from bulkhead.problems import UnusableError

_TOLD: Final = tuple(OpenedBy)
"""By the number that the question gives it, less one."""

MOST_ROWS: Final = 250_000
"""Of edges by interface: so many are held in half a gigabyte."""
_RECORDS: Final = ("accepted", "rejected", "answered", "answers_rejected", "resets")
EdgeRow = Mapping[str, Any]
_Key = tuple[FlowEnd, FlowEnd, int, int | None, int | None]


def edges_of(rows: Iterable[EdgeRow], names: Names) -> tuple[tuple[FlowEdge, ...], int]:
    """All edges in order, and how many records were of interfaces that carry others' packets.

    Raises UnusableError where there are more than fit.
    """
    together: dict[_Key, list[EdgeRow]] = defaultdict(list)
    carried = 0
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise UnusableError(
                f"the flow logs have more than {MOST_ROWS:,} different edges; name fewer days "
                "with --since and --until, or ask them on Athena with --athena"
            )
        if names.carries(row["interface_id"] or ""):
            carried += _records(row)
            continue
        port = row["at_port"] if has_ports(row["protocol"]) else None
        ends = _end(names, row, "client"), _end(names, row, "server")
        other = row["other_port"] if port is not None else None
        together[(*ends, row["protocol"], port, other)].append(row)
    edges = [_edge(key, each) for key, each in together.items()]
    return tuple(sorted(edges, key=_order)), carried


def _end(names: Names, row: EdgeRow, side: str) -> FlowEnd:
    address = row[f"{side}_end"]
    interface = row[f"{side}_interface"] or ""
    recorder = names.network.interface.get(row["interface_id"] or "")
    if not interface and recorder is not None and address in map(str, recorder.addresses):
        interface = recorder.id
    recorded = Recorded(
        interface=interface,
        changed=bool(row[f"{side}_changed"]) and not interface,
    )
    return names.end(address, recorded)


def _edge(key: _Key, rows: list[EdgeRow]) -> FlowEdge:
    client, server, protocol, port, other = key
    by_interface: dict[str, list[EdgeRow]] = defaultdict(list)
    for each in rows:
        by_interface[each["interface_id"] or ""].append(each)
    most = {
        name: max(sum(int(each[name]) for each in some) for some in by_interface.values())
        for name in ("answered", "answers_rejected", "resets", "rejected", "packets", "bytes")
    }
    accepted = _accepted(by_interface)
    return FlowEdge(
        client=client,
        server=server,
        protocol=protocol,
        port=port,
        client_port=other,
        opened_by=_TOLD[min(each["told_by"] for each in rows) - 1],
        accepted=accepted,
        rejected=most["rejected"],
        answered=most["answered"],
        answers_rejected=most["answers_rejected"],
        resets=most["resets"],
        packets=most["packets"],
        size=most["bytes"],
        first=datetime.fromtimestamp(min(each["started"] for each in rows), UTC),
        last=datetime.fromtimestamp(max(each["ended"] for each in rows), UTC),
        days=tuple(
            sorted(
                {datetime.fromtimestamp(day, UTC).date() for each in rows for day in each["days"]}
            )
        ),
        ports=max(each["ports"] for each in rows),
        clients=max(each["clients"] for each in rows),
        servers=max(each["servers"] for each in rows),
        paths=_values(rows, "paths"),
        reasons=_values(rows, "reasons"),
        encryption=_values(rows, "encryption"),
        recorded_by=tuple(sorted(each for each in by_interface if each)),
        refused_at=tuple(
            sorted(
                name
                for name, some in by_interface.items()
                if name and any(each["rejected"] for each in some)
            )
        ),
    )


def _accepted(by_interface: Mapping[str, list[EdgeRow]]) -> int:
    """Requests that every interface let pass which recorded any: what one refused is refused."""
    return min(
        (
            count
            for some in by_interface.values()
            if (count := sum(int(each["accepted"]) for each in some))
            or any(each["rejected"] for each in some)
        ),
        default=0,
    )


def _values(rows: Iterable[EdgeRow], name: str) -> tuple[Any, ...]:
    found = {value for each in rows for value in each[name] or () if value is not None}
    return tuple(sorted(found))


def _records(row: EdgeRow) -> int:
    return sum(int(row[name]) for name in _RECORDS)


def _order(edge: FlowEdge) -> tuple[object, ...]:
    port = -1 if edge.port is None else edge.port
    return edge.server.name, edge.protocol, port, edge.client.name, edge.client_port or 0
