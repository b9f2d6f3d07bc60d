"""What every JSON document is made of, and how one is written: whole, or as it is found."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.ends.naming import example
from bulkhead.network import ALL_PORTS, Network, PortRange, has_ports, has_types, protocol_name
from bulkhead.network.traffic import OTHER_PROTOCOL
from bulkhead.prove import Cell

Document = dict[str, Any]

Part = Any | Iterator[str] | Callable[[], Any]
"""A value; JSON texts that become a list while they are found; what is known after that."""


def write(document: Document) -> None:
    """Print a document on standard output."""
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def stream(parts: Mapping[str, Part]) -> None:
    """Print a document part by part, lists one item a line: never held as a whole."""
    out = sys.stdout.write
    for number, (key, part) in enumerate(parts.items()):
        out(",\n" if number else "{\n")
        out(f"{json.dumps(key)}: ")
        if isinstance(part, Iterator):
            _stream_list(part)
        else:
            out(text(part() if callable(part) else part))
    out("\n}\n")


def _stream_list(items: Iterator[str]) -> None:
    out = sys.stdout.write
    first = True
    for item in items:
        out("[\n" if first else ",\n")
        out(item)
        first = False
    out("[]" if first else "\n]")


def text(value: Any) -> str:
    """A value on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def end(network: Network, endpoint: Endpoint, asked: str | None = None) -> Document:
    """An end by its names and by its AWS ids; `asked` is the word that was used for it."""
    interface = network.interface[endpoint.id] if endpoint.kind is EndpointKind.INTERFACE else None
    return {
        "kind": str(endpoint.kind),
        "id": endpoint.id,
        "name": endpoint.name,
        "service": endpoint.service,
        "address": str(example(endpoint, asked)),
        "prefix": str(endpoint.prefix),
        "interface": interface.id if interface else None,
        "instance": interface.instance if interface else None,
        "subnet": endpoint.subnet,
        "vpc": endpoint.vpc,
        "security_groups": list(interface.security_groups) if interface else [],
    }


class CellTexts:
    """Cells as JSON texts. There may be millions between a few ends: each end is put once."""

    def __init__(self, network: Network, from_: str | None = None, to: str | None = None) -> None:
        self._network = network
        self._asked = (from_, to)
        self._ends: dict[tuple[int, int], str] = {}
        self._traffics: dict[tuple[int, int, int], str] = {}

    def text(self, cell: Cell) -> str:
        """One cell, as docs/json.md describes it."""
        lost = text([ports(each) for each in cell.lost]) if cell.lost else "[]"
        return (
            f'{{"from":{self._end(cell.source, 0)},"to":{self._end(cell.destination, 1)},'
            f'{self._traffic(cell)},"verdict":"{cell.verdict.value}","lost_client_ports":{lost}}}'
        )

    def _end(self, endpoint: Endpoint, side: int) -> str:
        key = (id(endpoint), side)  # they live as long as the proof; hashing one takes longer
        if key not in self._ends:
            self._ends[key] = text(end(self._network, endpoint, self._asked[side]))
        return self._ends[key]

    def _traffic(self, cell: Cell) -> str:
        key = (cell.protocol, cell.ports.first, cell.ports.last)
        if key not in self._traffics:
            self._traffics[key] = text(traffic(cell))[1:-1]
        return self._traffics[key]


def traffic(cell: Cell) -> Document:
    """Its protocol and ports; of icmp, its messages."""
    found: Document = {
        "protocol": protocol(cell.protocol),
        "ports": ports(cell.ports) if has_ports(cell.protocol) else None,
    }
    return {**found, "icmp": messages(cell.ports)} if has_types(cell.protocol) else found


def messages(of: PortRange) -> list[list[int]] | None:
    """[[type, code], [type, code]], first and last; None for all."""
    return None if of == ALL_PORTS else [list(divmod(each, 256)) for each in (of.first, of.last)]


def ports(of: PortRange) -> list[int]:
    """First and last."""
    return [of.first, of.last]


def protocol(number: int) -> str:
    """Its name, its number, or 'other'."""
    return "other" if number == OTHER_PROTOCOL else protocol_name(number)


def not_modelled(network: Network) -> list[Document]:
    """What was met, or found missing, that leaves cells undetermined."""
    return [
        {
            "kind": each.kind,
            "id": each.id,
            "scope": each.scope,
            "why": each.why,
            "protocol": None if each.protocol is None else protocol(each.protocol),
        }
        for each in network.unmodelled
    ]
