"""What packets can do in a network, held against what was declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bulkhead.judge.between_sites import between_sites
from bulkhead.judge.clusters import ControlPlanes
from bulkhead.judge.declared import Declared
from bulkhead.judge.each_layer import weak_acls, weak_groups
from bulkhead.judge.expected import failed
from bulkhead.judge.findings import Finding, Residue
from bulkhead.judge.guests import BesideGuests
from bulkhead.judge.lines import TopologyLines
from bulkhead.judge.missing import missing
from bulkhead.judge.undeclared import forwarders, undeclared
from bulkhead.judge.untold import untold
from bulkhead.judge.widened import WideNacls
from bulkhead.network import Declaration
from bulkhead.prove.finer import telling_apart
from bulkhead.prove.reach import Reach


@dataclass(frozen=True, slots=True)
class PacketFindings:
    findings: tuple[Finding, ...]
    residue: tuple[Residue, ...]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)


def packets(reach: Reach, declaration: Declaration) -> PacketFindings:
    """Whatever gets through and should not, and whatever should and does not."""
    reach = telling_apart(reach, declaration)
    declared = Declared(reach, declaration.flows, declaration.open_segments, declaration.too_large)
    lines = TopologyLines(declaration.origins)
    opened = undeclared(reach, declared, lines)
    acls, residue = weak_acls(reach, declared, WideNacls(reach, declaration), lines)
    planes = ControlPlanes(reach.network, declaration)
    hub, relayed = between_sites(reach, declaration, lines)
    return PacketFindings(
        findings=(
            *missing(reach, declared, lines),
            *untold(reach, declared, lines),
            *(each for each in opened.findings if not planes.is_among_itself(each)),
            *forwarders(reach.network, lines),
            *weak_groups(reach, declared, opened, lines, planes),
            *acls,
            *hub,
            *failed(reach, declared, declaration.expectations),
        ),
        residue=(
            *residue,
            *relayed,
            *planes.residue(),
            *BesideGuests(reach, declared).residue(),
        ),
    )
