"""`bulkhead.reach/1`: written as it is found."""

from __future__ import annotations

from collections.abc import Mapping

from bulkhead.network import Network, Provenance
from bulkhead.prove import ByHops, Direct
from bulkhead.prove.hop_graph import Step
from bulkhead.report.documents.cells import CellTexts, cell_traffic
from bulkhead.report.documents.parts import end, not_modelled, ports
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document, Part, text


def reach(
    source: str, answer: Direct | ByHops, *, provenance: Provenance | None = None
) -> Mapping[str, Part]:
    """The cells between two words, or by hops the ends that are reached."""
    asked, network = answer.question, answer.reach.network
    return {
        "schema": "bulkhead.reach/1",
        "source": source,
        "provenance": made_from(provenance),
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
    rendered = CellTexts(answer.reach.network)
    return {
        "denied_listed": answer.question.specific,
        "cells": (rendered.text(each) for each in answer.cells()),
    }


def _hops(answer: ByHops) -> Mapping[str, Part]:
    network = answer.reach.network
    return {
        "reached": (
            text(
                {
                    "end": end(network, each.end),
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
        "over": None if step.over is None else str(step.over.address),
        "traffic": [
            {**cell_traffic(each.protocol, each.ports), "verdict": str(each.verdict)}
            for each in step.cells
        ],
    }
