"""`bulkhead.prove/2`: written as it is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from bulkhead.doubt import Doubts
from bulkhead.ends import Endpoint
from bulkhead.network import Network, Verdict
from bulkhead.prove import Reach, matrix
from bulkhead.prove.cells import all_heaps
from bulkhead.prove.fold import folding
from bulkhead.prove.masks import EVERY_VERDICT
from bulkhead.report.documents.cells import CellTexts
from bulkhead.report.documents.doubt import doubted
from bulkhead.report.documents.parts import end, not_modelled, ports, protocol
from bulkhead.report.documents.writing import Document, Part, text


def prove(
    source: str,
    proved: Reach,
    doubts: Doubts | None = None,
    *,
    strangers: bool = False,
    verdicts: Collection[Verdict] = (),
) -> Mapping[str, Part]:
    """Every cell, the denied ones too, and the matrix of those that are open.

    `verdicts`: only cells with one of these.
    """
    counts: Counter[Verdict] = Counter()
    rendered = CellTexts(proved.network)

    def wanted() -> Iterator[str]:
        for heap in all_heaps(proved, strangers=strangers):
            counts.update(heap.counts())
            yield from rendered.texts(heap, verdicts or EVERY_VERDICT)

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
        **({"doubt": doubted(doubts)} if doubts else {}),
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
                        "address": str(column.address) if column.address else None,
                        "protocol": protocol(column.protocol),
                        "ports": ports(column.ports),
                        "proved": str(entry),
                    }
                )
