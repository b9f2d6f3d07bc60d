"""Every answer as JSON: versioned, and described in docs/json.md.

A document's `schema` names its kind and version. Within a version fields are
only added; whatever removes or renames one raises the number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bulkhead.agree import Drilled, FlowMatrix, Pair
from bulkhead.explain import Answer
from bulkhead.judge import Finding, Judgement, Residue
from bulkhead.network import Network, Verdict
from bulkhead.plan import Plan
from bulkhead.report.documents_parts import Document, not_modelled, ports, protocol, write
from bulkhead.report.explanation import document as explanation
from bulkhead.twin import Measurement, Party

__all__ = ["drill", "explanations", "judgement", "plan", "write"]

_NETWORK = TypeAdapter(Network)
_FLOWS = TypeAdapter(tuple[Any, ...])


def plan(planned: Plan) -> Document:
    """`bulkhead.plan/1`: the network that a topology needs."""
    return {
        "schema": "bulkhead.plan/1",
        "topology": planned.topology,
        "network": _NETWORK.dump_python(planned.network, mode="json"),
        "flows": _FLOWS.dump_python(planned.flows, mode="json"),
    }


def judgement(source: str, network: Network, judged: Judgement) -> Document:
    """`bulkhead.check/1`: whether a network is what its topology declares."""
    return {
        "schema": "bulkhead.check/1",
        "source": source,
        "topology": judged.topology,
        **_judgement(judged),
        "not_modelled": not_modelled(network),
    }


def explanations(
    source: str, network: Network, from_: str, to: str, answers: Sequence[Answer]
) -> Document:
    """`bulkhead.explain/1`: hop by hop. `verdict` is 'partly' where the answers differ."""
    verdicts = {each.explanation.verdict for each in answers}
    return {
        "schema": "bulkhead.explain/1",
        "source": source,
        "from": from_,
        "to": to,
        "verdict": str(verdicts.pop()) if len(verdicts) == 1 else "partly",
        "answers": [explanation(network, each) for each in answers],
    }


def drill(source: str, drilled: Drilled[Judgement]) -> Document:
    """`bulkhead.drill/1`: what was measured, beside what was proved and declared."""
    comparison, measured = drilled.comparison, drilled.comparison.drill
    return {
        "schema": "bulkhead.drill/1",
        "source": source,
        "verdict": str(comparison.fit),
        "reason": comparison.reason,
        "agreed": comparison.agreed,
        "undetermined": comparison.undetermined,
        "disagreements": [
            {"proved": str(each.proved), **_measurement(each.measurement)}
            for each in comparison.disagreements
        ],
        "measurements": [_measurement(each) for each in measured.measurements] if measured else [],
        "notes": list(measured.notes) if measured else [],
        "seconds": round(measured.seconds, 3) if measured else None,
        "matrix": _matrix(drilled.matrix),
        "check": _judgement(drilled.judgement) if drilled.judgement else None,
    }


def _judgement(judged: Judgement) -> Document:
    return {
        "verdict": "as declared" if judged.ok else "not as declared",
        "flows": judged.flows,
        "findings": [_finding(each) for each in judged.findings],
        "residue": [_residue(each) for each in judged.residue],
    }


def _finding(finding: Finding) -> Document:
    return {
        "kind": str(finding.kind),
        "from": finding.source,
        "to": finding.destination,
        "protocol": None if finding.protocol is None else protocol(finding.protocol),
        "ports": [ports(each) for each in finding.ports],
        "verdict": None if finding.verdict is None else str(finding.verdict),
        "message": finding.message,
        "why": finding.why,
        "rules": [{"component": each.component, "rule": each.text} for each in finding.rules],
        "codes": [str(each) for each in finding.codes],
        "file": finding.file or None,
        "line": finding.line or None,
        "effects": [_finding(each) for each in finding.effects],
    }


def _residue(residue: Residue) -> Document:
    return {
        "from": residue.source,
        "to": residue.destination,
        "protocol": protocol(residue.protocol),
        "ports": ports(residue.ports),
        "kind": str(residue.kind),
    }


def _matrix(flow_matrix: FlowMatrix) -> list[Document]:
    return [_pair(each) for each in flow_matrix.pairs.values()]


def _pair(pair: Pair) -> Document:
    return {
        "from": pair.sender,
        "from_kind": str(pair.sender_kind),
        "to": pair.socket,
        "protocol": protocol(pair.protocol),
        "ports": ports(pair.ports),
        "declared": pair.declared,
        "proved": None if pair.proved is None else str(pair.proved),
        "measured": None if pair.measured is None else str(pair.measured),
    }


def _measurement(measurement: Measurement) -> Document:
    return {
        "from": _party(measurement.source),
        "to": _party(measurement.target),
        "socket": measurement.listener.name if measurement.listener else None,
        "protocol": protocol(measurement.protocol),
        "port": measurement.port,
        "source_port": measurement.source_port,
        "measured": str(Verdict.ALLOWED if measurement.allowed else Verdict.DENIED),
        "evidence": measurement.evidence,
    }


def _party(party: Party) -> Document:
    return {
        "kind": str(party.kind),
        "id": party.id,
        "name": party.name,
        "service": party.service,
        "address": str(party.address),
    }
