"""Is a network exactly what was declared?

judgement = judge(prove(network), declaration)
judgement.ok                                exactly that, and nothing else
for finding in judgement.findings: ...      what is not, causes first
judgement.residue                           what layers have to leave open beyond that
"""

from bulkhead.explain.rules import RuleRef
from bulkhead.judge.beside import beside_flows
from bulkhead.judge.findings import Finding, FindingKind, Judgement, Residue, ResidueKind
from bulkhead.judge.judge import judge

__all__ = [
    "Finding",
    "FindingKind",
    "Judgement",
    "Residue",
    "ResidueKind",
    "RuleRef",
    "beside_flows",
    "judge",
]
