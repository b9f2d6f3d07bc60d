"""Cells as JSON: `bulkhead.prove/2`, `bulkhead.reach/1`. Written as they are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from bulkhead.ends import Endpoint
from bulkhead.network import Network, Verdict
from bulkhead.prove import ByHops, Direct, Reach, matrix
from bulkhead.prove.blast import Step
from bulkhead.prove.cells import all_cells
from bulkhead.prove.fold import folding
from bulkhead.report.documents_parts import (
    CellTexts,
    Document,
    Part,
    end,
    not_modelled,
    ports,
    protocol,
    text,
    traffic,
)


def proof(
    source: str, proved: Reach, *, strangers: bool = False, verdicts: Collection[Verdict] = ()
) -> Mapping[str, Part]:
    """`bulkhead.prove/2`: every cell, the denied ones too, and the matrix of those that are open.

    `verdicts`: only cells with one of these.
    """
    counts: Counter[Verdict] = Counter()
    rendered = CellTexts(proved.network)

    def wanted() -> Iterator[str]:
        for cell in all_cells(proved, strangers=strangers):
            counts[cell.verdict] += 1
            if not verdicts or cell.verdict in verdicts:
                yield rendered.text(cell)

    return {
        "schema": "bulkhead.prove/2",
        "source": source,
        "client_ports": ports(proved.client_ports),
        "strangers": strangers,
        "verdicts": [str(each) for each in verdicts] or None,
        "endpoints": (text(_endpoint(proved.network, each)) for each in proved.endpoints),
        "cells": wanted(),
        "counts": lambda: {str(each): counts[each] for each in Verdict},
        "matrix": _matrix(proved),
        "not_modelled": not_modelled(proved.network),
    }


def _endpoint(network: Network, endpoint: Endpoint) -> Document:
    return {
        **end(network, endpoint),
        "segment": endpoint.segment,
        "addresses": [[str(first), str(last)] for first, last in endpoint.ranges],
    }


def _matrix(proved: Reach) -> Iterator[str]:
    found = matrix(proved, fold=folding(proved))
    for row, entries in zip(found.rows, found.entries, strict=True):
        for column, entry in zip(found.columns, entries, strict=True):
            if entry not in (None, Verdict.DENIED):
                yield text(
                    {
                        "from": row.name,
                        "from_kind": str(row.kind),
                        "to": column.name,
                        "declared": column.declared,
                        "protocol": protocol(column.protocol),
                        "ports": ports(column.ports),
                        "proved": str(entry),
                    }
                )


def reach(source: str, answer: Direct | ByHops) -> Mapping[str, Part]:
    """`bulkhead.reach/1`: the cells between two words, or by hops the ends that are reached."""
    asked, network = answer.question, answer.reach.network
    return {
        "schema": "bulkhead.reach/1",
        "source": source,
        "from": asked.from_,
        "to": asked.to,
        "protocol": asked.protocol,
        "port": asked.port,
        "hops": asked.hops,
        "client_ports": ports(answer.reach.client_ports),
        **(_hops(answer) if isinstance(answer, ByHops) else _cells(answer)),
        "nowhere": [{**end(network, each.end), "why": each.why} for each in answer.nowhere],
        "not_modelled": not_modelled(network),
    }


def _cells(answer: Direct) -> Mapping[str, Part]:
    asked = answer.question
    rendered = CellTexts(answer.reach.network, asked.from_, asked.to)
    return {
        "denied_listed": asked.specific,
        "cells": (rendered.text(each) for each in answer.cells()),
    }


def _hops(answer: ByHops) -> Mapping[str, Part]:
    network, asked = answer.reach.network, answer.question
    word = asked.from_ if asked.to is not None else None
    return {
        "reached": (
            text(
                {
                    "end": end(network, each.end, word),
                    "hops": each.hops,
                    "certain": each.certain,
                    "path": [_step(network, step) for step in each.path],
                }
            )
            for each in answer.reached
        )
    }


def _step(network: Network, step: Step) -> Document:
    return {
        "from": end(network, step.source),
        "to": end(network, step.destination),
        "balanced": step.balanced,
        "traffic": [{**traffic(each), "verdict": str(each.verdict)} for each in step.cells],
    }
