"""`bulkhead.check/2`, and the judgement in it."""

from __future__ import annotations

from bulkhead.judge import Finding, Judgement, Residue
from bulkhead.network import Network, Provenance
from bulkhead.report.documents.parts import not_modelled, ports, protocol
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def check(
    source: str, network: Network, judged: Judgement, *, provenance: Provenance | None = None
) -> Document:
    """Whether a network is what its topology declares."""
    return {
        "schema": "bulkhead.check/2",
        "source": source,
        "provenance": made_from(provenance),
        "topology": judged.topology,
        **judgement(judged),
        "not_modelled": not_modelled(network),
    }


def judgement(judged: Judgement) -> Document:
    """What is not as declared, and what statelessness leaves open."""
    return {
        "verdict": "as declared" if judged.ok else "not as declared",
        "flows": judged.flows,
        "findings": [_finding(each) for each in judged.findings],
        "unknown": list(judged.unknown),
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
        "mend": finding.mend or None,
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
