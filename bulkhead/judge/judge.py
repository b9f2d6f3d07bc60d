"""Exactly least privilege: is everything declared open, and nothing else?"""

from __future__ import annotations

from bulkhead.judge.declared import Declared
from bulkhead.judge.each_layer import weak_acls, weak_groups
from bulkhead.judge.expected import failed
from bulkhead.judge.findings import Judgement
from bulkhead.judge.missing import missing
from bulkhead.judge.undeclared import forwarders, undeclared
from bulkhead.judge.unplanned import unplanned
from bulkhead.network import Declaration
from bulkhead.prove.reach import Reach


def judge(reach: Reach, declaration: Declaration) -> Judgement:
    """Hold what a network lets happen, and what stands in it, against what was declared."""
    network, planned = reach.network, declaration.planned
    declared = Declared(reach, declaration.flows)
    opened = undeclared(reach, declared)
    acls, residue = weak_acls(reach, declared)
    return Judgement(
        topology=declaration.topology,
        flows=len(declared.flows),
        findings=(
            *missing(reach, declared),
            *opened.findings,
            *forwarders(network),
            *weak_groups(reach, declared, opened),
            *acls,
            *failed(reach, declared, declaration.expectations),
            *(unplanned(planned, network) if planned else ()),
        ),
        residue=residue,
    )
