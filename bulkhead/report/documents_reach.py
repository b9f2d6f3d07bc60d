"""Cells as JSON: `bulkhead.prove/2`, `bulkhead.reach/1`. Written as they are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.ends.nowhere import why_nowhere
from bulkhead.network import Verdict
from bulkhead.prove import Cell, Reach, matrix
from bulkhead.prove.blast import Reached, Step
from bulkhead.prove.cells import cells, everything
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
from bulkhead.report.reach import Question

_WORLD = (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)


def proof(
    source: str, reach: Reach, *, strangers: bool = False, verdicts: Collection[Verdict] = ()
) -> Mapping[str, Part]:
    """`bulkhead.prove/2`: every cell, the denied ones too, and the matrix of those that are open.

    `verdicts`: only cells with one of these.
    """
    counts: Counter[Verdict] = Counter()
    rendered = CellTexts(reach.network)

    def wanted() -> Iterator[str]:
        for cell in _all_cells(reach, strangers=strangers):
            counts[cell.verdict] += 1
            if not verdicts or cell.verdict in verdicts:
                yield rendered.text(cell)

    return {
        "schema": "bulkhead.prove/2",
        "source": source,
        "client_ports": ports(reach.client_ports),
        "strangers": strangers,
        "verdicts": [str(each) for each in verdicts] or None,
        "endpoints": (text(_endpoint(reach, each)) for each in reach.endpoints),
        "cells": wanted(),
        "counts": lambda: {str(each): counts[each] for each in Verdict},
        "matrix": _matrix(reach),
        "not_modelled": not_modelled(reach.network),
    }


def _all_cells(reach: Reach, *, strangers: bool) -> Iterator[Cell]:
    """Between the outer world and itself nothing depends on this network: no cell."""
    inner = outer = 0
    for index, each in enumerate(reach.endpoints):
        if each.kind in _WORLD:
            outer |= 1 << index
        elif strangers or each.kind is not EndpointKind.STRANGER:
            inner |= 1 << index
    asked = everything(reach)
    for index in range(len(reach.endpoints)):
        if inner >> index & 1:
            yield from cells(reach, inner | outer, (index,), asked)
        elif outer >> index & 1:
            yield from cells(reach, inner, (index,), asked)


def _endpoint(reach: Reach, endpoint: Endpoint) -> Document:
    return {
        **end(reach.network, endpoint),
        "segment": endpoint.segment,
        "addresses": [[str(first), str(last)] for first, last in endpoint.ranges],
    }


def _matrix(reach: Reach) -> Iterator[str]:
    found = matrix(reach, fold=folding(reach))
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


def question(
    source: str,
    reach: Reach,
    asked: Question,
    *,
    found: Iterable[Cell] | None = None,
    reached: Sequence[Reached] | None = None,
    lost: Iterable[Endpoint] = (),
) -> Mapping[str, Part]:
    """`bulkhead.reach/1`: the cells between two words, or by hops the ends that are `reached`.

    `lost`: what was named that no host can be at.
    """
    rendered = CellTexts(reach.network, asked.from_, asked.to)
    return {
        "schema": "bulkhead.reach/1",
        "source": source,
        "from": asked.from_,
        "to": asked.to,
        "protocol": asked.protocol,
        "port": asked.port,
        "hops": asked.hops,
        "client_ports": ports(reach.client_ports),
        **({} if found is None else {"denied_listed": asked.specific}),
        **({} if found is None else {"cells": (rendered.text(each) for each in found)}),
        **({} if reached is None else {"reached": _reached(reach, asked, reached)}),
        "nowhere": [
            {**end(reach.network, each), "why": why_nowhere(reach.network, each)} for each in lost
        ],
        "not_modelled": not_modelled(reach.network),
    }


def _reached(reach: Reach, asked: Question, found: Sequence[Reached]) -> Iterator[str]:
    word = asked.from_ if asked.to is not None else None
    for each in found:
        yield text(
            {
                "end": end(reach.network, each.end, word),
                "hops": each.hops,
                "certain": each.certain,
                "path": [_step(reach, step) for step in each.path],
            }
        )


def _step(reach: Reach, step: Step) -> Document:
    return {
        "from": end(reach.network, step.source),
        "to": end(reach.network, step.destination),
        "balanced": step.balanced,
        "traffic": [{**traffic(each), "verdict": str(each.verdict)} for each in step.cells],
    }
