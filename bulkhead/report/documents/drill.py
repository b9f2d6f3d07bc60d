"""`bulkhead.drill/2`."""

from __future__ import annotations

from bulkhead.agree import Drilled, Pair
from bulkhead.judge import Judgement
from bulkhead.network import Network, Origins, Provenance, Verdict
from bulkhead.network.fingerprint import fingerprint
from bulkhead.report.documents.check import judgement
from bulkhead.report.documents.parts import ports, protocol
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document
from bulkhead.twin import Measurement, Party


def drill(
    source: str,
    drilled: Drilled[Judgement],
    *,
    network: Network | None = None,
    origins: Origins | None = None,
    provenance: Provenance | None = None,
) -> Document:
    """What was measured, beside what was proved and declared; `network` is what was drilled."""
    comparison, measured = drilled.comparison, drilled.comparison.drill
    return {
        "schema": "bulkhead.drill/2",
        "source": source,
        "provenance": made_from(provenance),
        "network": fingerprint(network) if network else None,
        "verdict": str(comparison.fit),
        "reason": comparison.reason,
        "agreed": comparison.agreed,
        "undetermined": comparison.undetermined,
        "by_proof_alone": comparison.by_proof_alone,
        "disagreements": [
            {"proved": str(each.proved), **_measurement(each.measurement)}
            for each in comparison.disagreements
        ],
        "measurements": [_measurement(each) for each in measured.measurements] if measured else [],
        "notes": list(measured.notes) if measured else [],
        "seconds": round(measured.seconds, 3) if measured else None,
        "matrix": [_pair(each) for each in drilled.matrix.pairs.values()],
        "check": judgement(drilled.judgement, origins) if drilled.judgement else None,
    }


def _pair(pair: Pair) -> Document:
    return {
        "from": pair.sender,
        "from_kind": str(pair.sender_kind),
        "to": pair.socket,
        "address": str(pair.address) if pair.address else None,
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
