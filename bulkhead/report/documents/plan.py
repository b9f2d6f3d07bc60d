"""`bulkhead.plan/2`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from bulkhead.cost import ceilings
from bulkhead.network import FlowLogging, Network, Provenance
from bulkhead.network.dns import PrivateZone
from bulkhead.network.ipv6_blocks import stands_in
from bulkhead.network.quotas import key_of
from bulkhead.plan import Plan
from bulkhead.report.documents.cost import cost
from bulkhead.report.documents.parts import problem
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.quarantine import quarantine
from bulkhead.report.documents.writing import Document

_NETWORK = TypeAdapter(Network)
_LOGGING = TypeAdapter(FlowLogging | None)
_ZONE = TypeAdapter(PrivateZone | None)
_FLOWS = TypeAdapter(tuple[Any, ...])


def _ipv6(planned: Plan) -> Document | None:
    """None of a VPC that has IPv4 alone."""
    blocks = [each for each in planned.network.vpcs[0].cidrs if each.version == 6]
    if planned.ipv6_pool is None or not blocks:
        return None
    return {
        "block": str(blocks[0]),
        "pool": planned.ipv6_pool or None,
        "stands_in": stands_in(blocks[0]),
    }


def plan(planned: Plan, *, provenance: Provenance | None = None) -> Document:
    """The network that a topology needs."""
    return {
        "schema": "bulkhead.plan/2",
        "topology": planned.topology,
        "provenance": made_from(provenance),
        "existing": planned.existing or None,
        "standing": {name: dict(zones) for name, zones in planned.standing.items()},
        "network": _NETWORK.dump_python(planned.network, mode="json"),
        "ipv6": _ipv6(planned),
        "flows": _FLOWS.dump_python(planned.flows, mode="json"),
        "quarantine": [quarantine(each) for each in planned.quarantine],
        "quotas": {key_of(field): quota for field, quota in asdict(planned.quotas).items()},
        "widened": [asdict(each) for each in planned.widened],
        "account_quotas": dict(sorted(planned.lock.quotas.items())),
        "flow_logs": _LOGGING.dump_python(planned.logging, mode="json"),
        "dns": _ZONE.dump_python(planned.zone, mode="json"),
        "cost": cost(planned.month),
        "ceilings": [
            {"of": each.of, "says": each.says, "page": each.page}
            for each in ceilings(planned.network, planned.flows)
        ],
        "warnings": [problem(each) for each in planned.warnings],
    }
