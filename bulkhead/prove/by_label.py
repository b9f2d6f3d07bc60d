"""Cells and ends as people tell them apart: replicas, zones and pieces of one label are one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.labels import label
from bulkhead.network import PortRange, Verdict
from bulkhead.network.traffic import Passing, gathered
from bulkhead.prove.blast import Reached
from bulkhead.prove.hop_graph import Step
from bulkhead.prove.reach import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class CellsByLabel:
    """What has one verdict between the same hosts of two labels.

    `traffic` are protocols with ports, none where all is denied. `hosts` of
    `of_hosts` pairs of hosts; `example` is one of them.
    """

    source: str
    destination: str
    verdict: Verdict
    traffic: Passing
    hosts: int
    of_hosts: int
    example: tuple[Endpoint, Endpoint]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsByLabel:
    """Ends of one label, equally many hops away and equally certain; `path` leads to the first."""

    label: str
    hops: int
    certain: bool
    ends: int
    path: tuple[Step, ...]


_Hosts = tuple[int, int]
_Open = tuple[int, PortRange, Verdict]


@dataclass(slots=True)
class _Pair:
    """All ends of one label towards all ends of another, and what is open between which."""

    hosts: dict[_Hosts, tuple[Endpoint, Endpoint]] = field(default_factory=dict)
    open: dict[_Open, set[_Hosts]] = field(default_factory=dict)


def cells_by_label(cells: Iterable[Cell]) -> tuple[CellsByLabel, ...]:
    """Every cell that was asked about, the denied ones too. They pass by once, and are not kept.

    Two labels between which everything is denied are one entry that says so.
    """
    labels: dict[int, str] = {}
    pairs: dict[tuple[str, str], _Pair] = {}
    for cell in cells:
        # The ends live as long as their proof; hashing one takes longer than its id.
        hosts = (id(cell.source), id(cell.destination))
        for key, end in zip(hosts, (cell.source, cell.destination), strict=True):
            if key not in labels:
                labels[key] = label(end)
        pair = pairs.setdefault((labels[hosts[0]], labels[hosts[1]]), _Pair())
        pair.hosts.setdefault(hosts, (cell.source, cell.destination))
        if cell.verdict is not Verdict.DENIED:
            pair.open.setdefault((cell.protocol, cell.ports, cell.verdict), set()).add(hosts)
    # Labels tell the pairs apart, so nothing else of them is ever compared.
    return tuple(each for key, pair in sorted(pairs.items()) for each in _alike(*key, pair))


def _alike(source: str, destination: str, pair: _Pair) -> Iterable[CellsByLabel]:
    found: dict[tuple[Verdict, frozenset[_Hosts]], dict[int, list[PortRange]]] = {}
    for (protocol, ports, verdict), hosts in pair.open.items():
        same = found.setdefault((verdict, frozenset(hosts)), {})
        same.setdefault(protocol, []).append(ports)
    if not found:
        found = {(Verdict.DENIED, frozenset(pair.hosts)): {}}
    for (verdict, some), traffic in found.items():
        yield CellsByLabel(
            source=source,
            destination=destination,
            verdict=verdict,
            traffic=gathered(traffic),
            hosts=len(some),
            of_hosts=len(pair.hosts),
            example=next(ends for hosts, ends in pair.hosts.items() if hosts in some),
        )


def ends_by_label(reached: Iterable[Reached]) -> tuple[EndsByLabel, ...]:
    """The ends by label, in the order in which they come."""
    found: dict[tuple[str, int, bool], list[Reached]] = {}
    for each in reached:
        found.setdefault((label(each.end), each.hops, each.certain), []).append(each)
    return tuple(
        EndsByLabel(label=name, hops=hops, certain=certain, ends=len(some), path=some[0].path)
        for (name, hops, certain), some in found.items()
    )
