"""The group that EKS makes for a cluster, and puts on the interfaces of its control plane.

No program makes it or takes it away. Whoever holds it may exchange anything with whoever else
does: rules to that end EKS writes again where they are gone. A rule that lets its holders out to
everybody comes with it, and may be removed
(docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html).
"""

from __future__ import annotations

from typing import Final

from bulkhead.network.ports import ALL_PORTS, ANY_PROTOCOL
from bulkhead.network.rules import Direction, GroupPeer, GroupRule, SecurityGroup

_MARK: Final = "+eks"
_NAME: Final = "eks-cluster-sg-"


def cluster_group(group: str, service: str, cluster: str, vpc: str) -> SecurityGroup:
    """What is planned of the one that the control plane holds beside a group: its members alone,
    both ways."""
    own = f"{group}{_MARK}"
    return SecurityGroup(
        id=own,
        name=f"{_NAME}{cluster}",
        vpc=vpc,
        rules=tuple(
            GroupRule(
                id=f"{service}{_MARK}/{direction}",
                direction=direction,
                protocol=ANY_PROTOCOL,
                ports=ALL_PORTS,
                peer=GroupPeer(own),
                description=f"members of EKS cluster {cluster}",
            )
            for direction in Direction
        ),
        more_of=service,
    )


def is_of_a_cluster(group: str) -> bool:
    """Whether a planned group, by its id, is one that EKS makes."""
    return group.endswith(_MARK)


def is_of_eks(group: SecurityGroup) -> bool:
    """Whether a group, of a plan or of an account, is called as EKS calls them."""
    return group.name.startswith(_NAME)
