"""`bulkhead.plan/1`."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from bulkhead.network import Network
from bulkhead.plan import Plan
from bulkhead.report.documents.writing import Document

_NETWORK = TypeAdapter(Network)
_FLOWS = TypeAdapter(tuple[Any, ...])


def plan(planned: Plan) -> Document:
    """The network that a topology needs."""
    return {
        "schema": "bulkhead.plan/1",
        "topology": planned.topology,
        "network": _NETWORK.dump_python(planned.network, mode="json"),
        "flows": _FLOWS.dump_python(planned.flows, mode="json"),
    }
