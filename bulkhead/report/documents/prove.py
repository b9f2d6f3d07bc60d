"""`bulkhead.prove/2`: written as it is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from bulkhead.doubt import Doubts
from bulkhead.ends import Endpoint
from bulkhead.network import Exclusion, Network, Provenance, Verdict, Vpc
from bulkhead.prove import Column, Reach
from bulkhead.prove.cells import all_heaps
from bulkhead.prove.columns import OPEN, AllColumns
from bulkhead.prove.fold import folding
from bulkhead.prove.masks import EVERY_VERDICT
from bulkhead.prove.sets.by_port import bits_of
from bulkhead.report.documents.cells import CellTexts
from bulkhead.report.documents.doubt import doubted
from bulkhead.report.documents.parts import end, not_modelled, ports, protocol
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document, Part, text


def prove(
    source: str,
    proved: Reach,
    doubts: Doubts | None = None,
    *,
    strangers: bool = False,
    verdicts: Collection[Verdict] = (),
    provenance: Provenance | None = None,
) -> Mapping[str, Part]:
    """Every cell, the denied ones too, and the matrix of those that are open.

    `verdicts`: only cells with one of these, and pairs in which one of these occurs.
    """
    counts: Counter[Verdict] = Counter()
    rendered = CellTexts(proved.network)
    wanted = verdicts or EVERY_VERDICT

    def cells() -> Iterator[str]:
        for heap in all_heaps(proved, strangers=strangers):
            counts.update(heap.counts())
            yield from rendered.texts(heap, wanted)

    return {
        "schema": "bulkhead.prove/2",
        "source": source,
        "provenance": made_from(provenance),
        "client_ports": ports(proved.client_ports),
        "strangers": strangers,
        "verdicts": [str(each) for each in verdicts] or None,
        "endpoints": (text(_endpoint(proved.network, each)) for each in proved.endpoints),
        "cells": cells(),
        "counts": lambda: {str(each): counts[each] for each in Verdict},
        "matrix": _matrix(proved, wanted),
        "encryption": [_encryption(each) for each in proved.network.vpcs],
        "public_access": [_public_access(proved.network, each) for each in proved.network.vpcs],
        "not_modelled": not_modelled(proved.network),
        **({"doubt": doubted(doubts)} if doubts else {}),
    }


def _encryption(vpc: Vpc) -> Document:
    """`mode` is null where nobody said."""
    control = vpc.encryption
    return {
        "vpc": vpc.id,
        "name": vpc.name,
        "mode": None if control is None else str(control.mode),
        "excluded": [] if control is None else [*control.excluded],
        "settled": control is None or control.settled,
    }


def _public_access(network: Network, vpc: Vpc) -> Document:
    """`mode` is null where nobody said, `excluded` of a subnet is what is known of it."""
    block = vpc.access_block
    every = [(vpc.id, vpc.name, block.excluded if block else None)]
    every += [(each.id, each.name, each.excluded) for each in network.subnets if each.vpc == vpc.id]
    return {
        "vpc": vpc.id,
        "name": vpc.name,
        "mode": None if block is None else str(block.mode),
        "settled": block is None or block.settled,
        "managed_by": (block.managed_by if block else "") or None,
        "exclusions": [
            {"id": id_, "name": name, "mode": str(each)}
            for id_, name, each in every
            if each not in (None, Exclusion.NONE)
        ],
        "not_known": [id_ for id_, _, each in every if each is None],
    }


def _endpoint(network: Network, endpoint: Endpoint) -> Document:
    return {
        **end(network, endpoint),
        "segment": endpoint.segment,
        "client_ports": ports(endpoint.client_ports),
        "why_any_client_port": endpoint.why_any_port or None,
        "addresses": [[str(first), str(last)] for first, last in endpoint.ranges],
    }


def _matrix(proved: Reach, wanted: Collection[Verdict]) -> Iterator[str]:
    """Socket by socket; only pairs in which one of the verdicts that are wanted occurs."""
    found = AllColumns(proved, fold=folding(proved))
    members = tuple(found.rows.values())
    row_of = {index: row for row, bits in enumerate(members) for index in bits_of(bits)}
    senders = [text({"from": row.name, "from_kind": str(row.kind)})[:-1] for row in found.rows]
    for filled in found:
        open_, chosen = filled.some(OPEN), filled.some(wanted)
        socket = _socket(filled.column)
        looked_at = open_ if Verdict.DENIED in wanted else chosen
        for row in sorted({row_of[index] for index in bits_of(looked_at)}):
            if members[row] & chosen:
                yield f'{senders[row]},{socket},"proved":"{filled.entry(members[row])}"}}'


def _socket(column: Column) -> str:
    return text(
        {
            "to": column.name,
            "declared": column.declared,
            "address": str(column.address) if column.address else None,
            "protocol": protocol(column.protocol),
            "ports": ports(column.ports),
        }
    )[1:-1]
