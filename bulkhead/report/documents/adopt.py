"""`bulkhead.adopt/1`."""

from __future__ import annotations

from typing import Final

from bulkhead.plan.adopted import Adopted
from bulkhead.plan.vpc_facts import VpcFacts
from bulkhead.rehearse import Rehearsal
from bulkhead.report.documents.rehearsal import rehearsal
from bulkhead.report.documents.writing import Document


def adopt(found: Adopted, *, changed: bool, rehearsed: Rehearsal | None = None) -> Document:
    """What there is of others in the VPC and in prefix lists, as the lock has it now."""
    return {
        "schema": "bulkhead.adopt/1",
        "topology": found.lock.topology,
        **(_vpc(found.facts) if found.facts else _OWN_VPC),
        "lists": [
            {"id": id_, "cidrs": [str(each) for each in cidrs]}
            for id_, cidrs in found.lock.lists.items()
        ],
        "lock": str(found.file),
        "changed": changed,
        "rehearsal": None if rehearsed is None else rehearsal(rehearsed),
    }


_OWN_VPC: Final[Document] = {
    "vpc": None,
    "blocks": [],
    "subnets": [],
    "segments": [],
    "vpn_gateway": None,
    "behind_vpn_gateway": None,
}


def _vpc(vpc: VpcFacts) -> Document:
    return {
        "vpc": vpc.id,
        "blocks": [str(each) for each in vpc.blocks],
        "subnets": [{"id": id_, "cidr": str(cidr)} for cidr, id_ in sorted(vpc.subnets.items())],
        "segments": [
            {
                "name": name,
                "subnets": [
                    {
                        "id": each.id,
                        "zone": each.zone,
                        "nacl": each.nacl,
                        "route_table": each.route_table,
                        "held": sum(1 for _ in vpc.standing.held_in(each)),
                    }
                    for each in several
                ],
            }
            for name, several in vpc.standing.subnets.items()
        ],
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
    }
