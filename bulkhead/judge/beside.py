"""What a declaration says of a network beside its flows, asked without judging all of it."""

from __future__ import annotations

from bulkhead.judge.declared import Declared
from bulkhead.judge.each_layer import weak_acls
from bulkhead.judge.expected import failed
from bulkhead.judge.lines import TopologyLines
from bulkhead.judge.packets import PacketFindings
from bulkhead.judge.widened import WideNacls
from bulkhead.network import Declaration
from bulkhead.prove.finer import telling_apart
from bulkhead.prove.reach import Reach


def beside_flows(reach: Reach, declaration: Declaration) -> PacketFindings:
    """The topology's own tests that fail, and what NACLs leave open for replies."""
    reach = telling_apart(reach, declaration)
    declared = Declared(reach, declaration.flows, declaration.open_segments)
    wide, lines = WideNacls(reach, declaration), TopologyLines(declaration.origins)
    return PacketFindings(
        findings=tuple(failed(reach, declared, declaration.expectations)),
        residue=weak_acls(reach, declared, wide, lines)[1],
    )
