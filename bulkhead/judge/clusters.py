"""Control planes of EKS: what the group that EKS makes for one lets its own interfaces do.

A topology says of which cluster a service is the control plane, and so that its interfaces may
exchange anything with one another: rules to that end EKS writes again where they are gone. That is
told as residue. Anything else in that group, or anybody else who holds it, is none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from bulkhead.judge.findings import Finding, FindingKind, Residue, ResidueKind
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    Declaration,
    GroupPeer,
    GroupRule,
    Network,
    SecurityGroup,
)
from bulkhead.network.clusters import is_of_a_cluster, is_of_eks


@dataclass(frozen=True)
class ControlPlanes:
    """Those that a topology declares, in a network."""

    network: Network
    declaration: Declaration

    @cached_property
    def _services(self) -> frozenset[str]:
        planned = self.declaration.planned
        groups = planned.security_groups if planned else ()
        return frozenset(each.more_of for each in groups if is_of_a_cluster(each.id))

    def keeps_among_itself(
        self, group: SecurityGroup, rule: GroupRule, holders: Collection[str]
    ) -> bool:
        """Whether a rule is one of those by which members of a cluster's group meet, and nobody
        but the control plane holds that."""
        return (
            group.more_of in self._services
            and is_of_eks(group)
            and rule.peer == GroupPeer(group.id)
            and set(holders) == {group.more_of}
        )

    def is_among_itself(self, finding: Finding) -> bool:
        """Whether it is what interfaces of one control plane may do among themselves. A rule of
        another group that lets them is told as that rule."""
        extra = finding.kind is FindingKind.EXTRA and finding.source == finding.destination
        return extra and finding.source in {each.source for each in self.residue()}

    def residue(self) -> Iterator[Residue]:
        """What each may do, as far as its group is there."""
        for group in self.network.security_groups:
            meets = any(each.peer == GroupPeer(group.id) for each in group.rules)
            if group.more_of in self._services and is_of_eks(group) and meets:
                yield Residue(
                    source=group.more_of,
                    destination=group.more_of,
                    protocol=ANY_PROTOCOL,
                    ports=ALL_PORTS,
                    kind=ResidueKind.CLUSTER,
                )
