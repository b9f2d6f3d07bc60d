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
        "findings": [finding(each) for each in judged.findings],
        "unknown": list(judged.unknown),
        "residue": [_residue(each) for each in judged.residue],
    }


def finding(found: Finding) -> Document:
    """One finding, with its effects under it."""
    return {
        "kind": str(found.kind),
        "from": found.source,
        "to": found.destination,
        "protocol": None if found.protocol is None else protocol(found.protocol),
        "ports": [ports(each) for each in found.ports],
        "verdict": None if found.verdict is None else str(found.verdict),
        "message": found.message,
        "why": found.why,
        "rules": [{"component": each.component, "rule": each.text} for each in found.rules],
        "codes": [str(each) for each in found.codes],
        "file": found.file or None,
        "line": found.line or None,
        "mend": found.mend or None,
        "effects": [finding(each) for each in found.effects],
    }


def _residue(residue: Residue) -> Document:
    return {
        "from": residue.source,
        "to": residue.destination,
        "protocol": protocol(residue.protocol),
        "ports": ports(residue.ports),
        "kind": str(residue.kind),
    }
