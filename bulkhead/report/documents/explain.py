"""`bulkhead.explain/1`."""

from __future__ import annotations

from collections.abc import Sequence

from bulkhead.explain import Answer, Explanation, Hop
from bulkhead.explain.conditions import Conditions
from bulkhead.explain.hops import Path
from bulkhead.explain.remedy import Pillar, Remedy
from bulkhead.network import Network, Provenance, has_ports, has_types
from bulkhead.report.documents.parts import end, ports, protocol
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.report.edits import kind, obstacles, words


def explain(
    source: str,
    network: Network,
    from_: str,
    to: str,
    answers: Sequence[Answer],
    *,
    provenance: Provenance | None = None,
) -> Document:
    """Hop by hop. `verdict` is 'partly' where the answers differ."""
    verdicts = {each.explanation.verdict for each in answers}
    return {
        "schema": "bulkhead.explain/1",
        "source": source,
        "provenance": made_from(provenance),
        "from": from_,
        "to": to,
        "verdict": str(verdicts.pop()) if len(verdicts) == 1 else "partly",
        "answers": [_answer(network, each) for each in answers],
    }


def _answer(network: Network, answer: Answer) -> Document:
    said = answer.explanation
    return {
        **_said(network, said),
        "remedy": None if answer.remedy is None else _remedy(answer.remedy),
        "carried_alone_by": [_pillar(each) for each in answer.pillars],
        "conditions": None if answer.conditions is None else _conditions(answer.conditions),
    }


def _said(network: Network, said: Explanation) -> Document:
    """What one packet met; of a packet over the internet each leg too."""
    return {
        "from": end(network, said.source),
        "to": end(network, said.destination),
        "protocol": protocol(said.protocol),
        "port": said.port if has_ports(said.protocol) else None,
        "icmp": list(divmod(said.port, 256)) if has_types(said.protocol) else None,
        "verdict": str(said.verdict),
        "client_port": said.client_port,
        "client_ports": ports(said.client_ports),
        "why_any_client_port": said.source.why_any_port or None,
        "lost_client_ports": [ports(each) for each in said.lost],
        "request": [_hop(each) for each in said.request],
        "reply": [_hop(each) for each in said.reply],
        "blocking": [_hop(each) for each in said.blocking],
        "codes": [str(each) for each in said.codes],
        "paths": [_path(each) for each in said.paths],
        "legs": [_said(network, each) for each in said.legs],
    }


def _hop(hop: Hop) -> Document:
    return {
        "layer": str(hop.layer),
        "id": ",".join(hop.ids),
        "ids": list(hop.ids),
        "name": hop.name,
        "passes": hop.passes,
        "rules": [each.text for each in hop.rules],
        "code": None if hop.code is None else str(hop.code),
        "why": hop.why,
        "reply": hop.reply,
        "codes": [str(each) for each in hop.codes],
        "source_becomes": None if hop.source is None else str(hop.source),
        "destination_becomes": None if hop.destination is None else str(hop.destination),
    }


def _path(path: Path) -> Document:
    return {
        "request": [str(hop) for hop in path.request],
        "reply": [str(hop) for hop in path.reply],
        "passes": path.passes,
        "returns": path.returns,
    }


def _remedy(remedy: Remedy) -> Document:
    return {
        "opens": remedy.opens,
        "changes": [
            {"kind": kind(each), "component": each.component, "change": words(each)}
            for each in remedy.changes
        ],
        "obstacles": obstacles(remedy),
    }


def _pillar(pillar: Pillar) -> Document:
    return {
        "layer": str(pillar.layer),
        "component": pillar.name,
        "id": pillar.rule.component,
        "rule": pillar.rule.text,
        "reply": pillar.reply,
        "then": str(pillar.then),
    }


def _conditions(said: Conditions) -> Document:
    return {
        "idle": {
            "seconds": said.survival.seconds,
            "advice": said.survival.advice,
            "timeouts": [
                {
                    "where": each.where,
                    "seconds": each.seconds,
                    "why": each.why or None,
                    "page": each.page,
                }
                for each in said.survival.timeouts
            ],
        },
        "quarantine": [
            {"end": each.end, "at_once": each.at_once, "why": each.why, "page": each.page}
            for each in said.cut.quarantines
        ],
        "cut_at_once_by_nacls": list(said.cut.nacls),
        "encrypted_on_every_untrusted_hop": said.secrecy.encrypted,
        "stretches": [
            {
                "where": each.where,
                "untrusted": each.untrusted,
                "encrypted": each.encrypted,
                "why": each.why,
                "page": each.page,
            }
            for each in said.secrecy.stretches
        ],
    }
