"""`bulkhead.check/2`, and the judgement in it."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.explain import Hop
from bulkhead.judge import Finding, Judgement, Residue, RuleRef
from bulkhead.network import ANY_PROTOCOL, Network, Origins, Provenance
from bulkhead.problems import Problem
from bulkhead.report.documents.parts import not_modelled, origin, ports, problem, protocol
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def check(
    source: str,
    network: Network,
    judged: Judgement,
    *,
    origins: Origins | None = None,
    provenance: Provenance | None = None,
    warnings: Iterable[Problem] = (),
) -> Document:
    """Whether a network is what its topology declares. `origins` are those of the network.

    `warnings` are what the topology says that can be planned, and somebody should know.
    """
    return {
        "schema": "bulkhead.check/2",
        "source": source,
        "provenance": made_from(provenance),
        "topology": judged.topology,
        **judgement(judged, origins),
        "not_modelled": not_modelled(network),
        "warnings": [problem(each) for each in warnings],
    }


def judgement(judged: Judgement, origins: Origins | None = None) -> Document:
    """What is not as declared, and what statelessness leaves open."""
    return {
        "verdict": "as declared" if judged.ok else "not as declared",
        "flows": judged.flows,
        "findings": [finding(each, origins) for each in judged.findings],
        "unknown": list(judged.unknown),
        "residue": [_residue(each) for each in judged.residue],
    }


def finding(found: Finding, origins: Origins | None = None) -> Document:
    """One finding, with its effects under it; each rule with where it is written."""
    return {
        "kind": str(found.kind),
        "from": found.source,
        "to": found.destination,
        "protocol": None if found.protocol is None else protocol(found.protocol),
        "ports": [ports(each) for each in found.ports],
        "verdict": None if found.verdict is None else str(found.verdict),
        "message": found.message,
        "why": found.why,
        "rules": [_rule(each, origins or Origins()) for each in found.rules],
        "codes": [str(each) for each in found.codes],
        "test": found.test or None,
        "path": [_hop(each, origins or Origins()) for each in found.path],
        "file": found.file or None,
        "line": found.line or None,
        "revision": found.revision or None,
        "mend": found.mend or None,
        "effects": [finding(each, origins) for each in found.effects],
    }


def _hop(hop: Hop, origins: Origins) -> Document:
    return {
        "layer": str(hop.layer),
        "name": hop.name,
        "passes": hop.passes,
        "reply": hop.reply,
        "why": hop.grounds,
        "rules": [_rule(each, origins) for each in hop.rules],
    }


def _rule(ref: RuleRef, origins: Origins) -> Document:
    return {
        "component": ref.component,
        "rule": ref.text,
        "origin": origin(origins.of(ref.component, ref.rule)),
    }


def _residue(residue: Residue) -> Document:
    return {
        "from": residue.source,
        "to": residue.destination,
        "protocol": None if residue.protocol == ANY_PROTOCOL else protocol(residue.protocol),
        "ports": ports(residue.ports),
        "kind": str(residue.kind),
    }
