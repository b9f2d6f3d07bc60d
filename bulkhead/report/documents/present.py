"""`bulkhead.present/1`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bulkhead.discover.flows import FlowsSeen
from bulkhead.discover.register import BoundaryRegister
from bulkhead.network import Provenance, Vpc
from bulkhead.present import LeftOut, PresentTopology
from bulkhead.rehearse import Rehearsal
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.rehearsal import rehearsal
from bulkhead.report.documents.writing import Document


def present(
    found: PresentTopology,
    source: str,
    vpc: Vpc,
    file: Path,
    *,
    seen: FlowsSeen | None,
    register: BoundaryRegister | None = None,
    provenance: Provenance,
    rehearsed: Rehearsal | None = None,
) -> Document:
    """What was written of a VPC, and what was not."""
    return {
        "schema": "bulkhead.present/1",
        "provenance": made_from(provenance),
        "source": source,
        "vpc": vpc.id,
        "topology": found.name,
        "file": str(file),
        "days": None if seen is None else [str(each) for each in seen.days],
        "searched": None if register is None else list(register.searched),
        "segments": [{"name": each.name, "subnets": list(each.subnets)} for each in found.segments],
        "services": [
            {
                "name": each.name,
                "segment": each.segment,
                "replicas": each.replicas,
                "groups": list(each.groups),
                "interfaces": list(each.interfaces),
                "alike": list(each.alike),
            }
            for each in found.services
        ],
        "sites": [
            {
                "name": each.name,
                "cidrs": [str(one) for one in each.cidrs],
                "gateway": str(each.gateway),
            }
            for each in found.sites
        ],
        "flows": [
            {
                "name": each.name,
                "from": list(each.clients),
                "to": list(each.servers),
                "traffic": list(each.traffic),
                "evidence": list(each.shown),
            }
            for each in found.flows
        ],
        "no_flow": _left(found.comments),
        "beside": _left(found.beside),
        "left_out": _left(found.left),
        "not_allowed": _left(found.refused),
        "not_placed": _left(found.unplaced),
        "rehearsal": None if rehearsed is None else rehearsal(rehearsed),
    }


def _left(several: Iterable[LeftOut]) -> list[Document]:
    return [{"what": each.what, "why": each.why} for each in several]
