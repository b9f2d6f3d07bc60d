"""Cells as JSON texts, for documents that hold millions of them."""

from __future__ import annotations

from bulkhead.ends import Endpoint
from bulkhead.network import ALL_PORTS, Network, PortRange, has_ports, has_types
from bulkhead.prove import Cell
from bulkhead.report.documents.parts import end, ports, protocol
from bulkhead.report.documents.writing import Document, text


class CellTexts:
    """Cells as JSON texts. There may be millions between a few ends: each end is put once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._ends: dict[int, str] = {}
        self._traffics: dict[tuple[int, int, int], str] = {}

    def text(self, cell: Cell) -> str:
        """One cell, as docs/json.md describes it."""
        lost = text([ports(each) for each in cell.lost]) if cell.lost else "[]"
        return (
            f'{{"from":{self._end(cell.source)},"to":{self._end(cell.destination)},'
            f'{self._traffic(cell)},"verdict":"{cell.verdict.value}","lost_client_ports":{lost}}}'
        )

    def _end(self, endpoint: Endpoint) -> str:
        key = id(endpoint)  # they live as long as the answer; hashing one takes longer
        if key not in self._ends:
            self._ends[key] = text(end(self._network, endpoint))
        return self._ends[key]

    def _traffic(self, cell: Cell) -> str:
        key = (cell.protocol, cell.ports.first, cell.ports.last)
        if key not in self._traffics:
            self._traffics[key] = text(cell_traffic(cell))[1:-1]
        return self._traffics[key]


def cell_traffic(cell: Cell) -> Document:
    """Its protocol and ports; of icmp, its messages."""
    found: Document = {
        "protocol": protocol(cell.protocol),
        "ports": ports(cell.ports) if has_ports(cell.protocol) else None,
    }
    return {**found, "icmp": icmp_messages(cell.ports)} if has_types(cell.protocol) else found


def icmp_messages(of: PortRange) -> list[list[int]] | None:
    """[[type, code], [type, code]], first and last; None for all."""
    return None if of == ALL_PORTS else [list(divmod(each, 256)) for each in (of.first, of.last)]
