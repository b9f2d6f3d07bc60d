"""Cells as JSON texts, for documents that hold millions of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bulkhead.ends import Endpoint
from bulkhead.network import ALL_PORTS, Network, PortRange, Verdict, has_ports, has_types
from bulkhead.prove import Cell
from bulkhead.prove.cells import Heap
from bulkhead.report.documents.parts import end, ports, protocol
from bulkhead.report.documents.writing import Document, text


class CellTexts:
    """Cells as JSON texts. There may be millions between a few ends: each end is put once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._ends: dict[int, str] = {}
        self._rests: dict[tuple[object, ...], str] = {}

    def text(self, cell: Cell) -> str:
        """One cell, as docs/json.md describes it."""
        between = self._between(cell.source, cell.destination)
        return between + self._rest(cell.protocol, cell.ports, cell.verdict, cell.lost)

    def texts(self, heap: Heap, wanted: Collection[Verdict]) -> Iterator[str]:
        """The same of many cells, none of which is ever made."""
        reach, protocol = heap.reach, heap.protocol
        ends, to = reach.endpoints, reach.endpoints[heap.destination]
        for source, some, verdict in heap.each(wanted):
            sender = ends[source]
            half = verdict is Verdict.HALF_OPEN
            lost = reach.lost(sender, to, protocol) if half else ()
            yield self._between(sender, to) + self._rest(protocol, some, verdict, lost)

    def _between(self, source: Endpoint, destination: Endpoint) -> str:
        return f'{{"from":{self._end(source)},"to":{self._end(destination)},'

    def _end(self, endpoint: Endpoint) -> str:
        key = id(endpoint)  # they live as long as the answer; hashing one takes longer
        if key not in self._ends:
            self._ends[key] = text(end(self._network, endpoint))
        return self._ends[key]

    def _rest(
        self, number: int, of: PortRange, verdict: Verdict, lost: tuple[PortRange, ...]
    ) -> str:
        key = (number, of.first, of.last, verdict, lost)
        if key not in self._rests:
            traffic = text(cell_traffic(number, of))[1:-1]
            all_lost = text([ports(each) for each in lost])
            self._rests[key] = f'{traffic},"verdict":"{verdict}","lost_client_ports":{all_lost}}}'
        return self._rests[key]


def cell_traffic(number: int, of: PortRange) -> Document:
    """Protocol and ports of a cell; of icmp, its messages."""
    found: Document = {
        "protocol": protocol(number),
        "ports": ports(of) if has_ports(number) else None,
    }
    return {**found, "icmp": icmp_messages(of)} if has_types(number) else found


def icmp_messages(of: PortRange) -> list[list[int]] | None:
    """[[type, code], [type, code]], first and last; None for all."""
    return None if of == ALL_PORTS else [list(divmod(each, 256)) for each in (of.first, of.last)]
