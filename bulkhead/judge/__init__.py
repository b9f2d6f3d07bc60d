"""Is a network exactly what was declared?

judge(network, flows, expectations)     a judgement: findings, and the residue
"""

from bulkhead.judge.findings import Finding, FindingKind, Judgement, Residue, RuleRef
from bulkhead.judge.judge import judge
from bulkhead.judge.unplanned import strays

__all__ = [
    "Finding",
    "FindingKind",
    "Judgement",
    "Residue",
    "RuleRef",
    "judge",
    "strays",
]
