"""`bulkhead.adopt/1`."""

from __future__ import annotations

from bulkhead.plan.adopted import Adopted
from bulkhead.report.documents.writing import Document


def adopt(found: Adopted, *, changed: bool) -> Document:
    """What there is of others in the VPC, as the lock has it now."""
    vpc = found.facts
    return {
        "schema": "bulkhead.adopt/1",
        "topology": found.lock.topology,
        "vpc": vpc.id,
        "blocks": [str(each) for each in vpc.blocks],
        "subnets": [{"id": id_, "cidr": str(cidr)} for cidr, id_ in sorted(vpc.subnets.items())],
        "vpn_gateway": vpc.vpn_gateway or None,
        "behind_vpn_gateway": {
            "routes": [
                {"cidr": str(cidr), "connection": id_} for cidr, id_ in vpc.behind.routes.items()
            ],
            "learning": list(vpc.behind.learning),
            "taught": list(vpc.behind.taught),
        }
        if vpc.behind
        else None,
        "lock": str(found.file),
        "changed": changed,
    }
