"""`bulkhead.adopt/1`."""

from __future__ import annotations

from bulkhead.plan import Plan
from bulkhead.report.documents.writing import Document


def adopt(planned: Plan, lock: str, *, changed: bool) -> Document:
    """What there is of others in the VPC, as the lock has it now."""
    vpc = planned.lock.vpc
    subnets = vpc.subnets if vpc else {}
    return {
        "schema": "bulkhead.adopt/1",
        "topology": planned.topology,
        "vpc": vpc.id if vpc else None,
        "blocks": [str(each) for each in vpc.blocks] if vpc else [],
        "subnets": [{"id": id_, "cidr": str(cidr)} for cidr, id_ in sorted(subnets.items())],
        "vpn_gateway": (vpc and vpc.vpn_gateway) or None,
        "lock": lock,
        "changed": changed,
    }
