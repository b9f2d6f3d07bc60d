"""The control planes of EKS: what they hold beside the group of their service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bulkhead.intent import Topology
from bulkhead.network import Interface, SecurityGroup
from bulkhead.network.clusters import cluster_group
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.groups import group_id


def cluster_groups(topology: Topology) -> Iterator[SecurityGroup]:
    """One for each service that is the control plane of a cluster."""
    for each in topology.services.values():
        if each.cluster:
            vpc = vpc_id(topology, topology.vpc_of(each.name))
            yield cluster_group(group_id(each.name), each.name, each.cluster, vpc)


def with_cluster_groups(
    topology: Topology, interfaces: Iterable[Interface]
) -> tuple[Interface, ...]:
    """The interfaces, those of control planes with that group too."""
    beside = {each.more_of: each.id for each in cluster_groups(topology)}
    return tuple(
        replace(each, security_groups=(*each.security_groups, beside[each.service]))
        if each.service in beside
        else each
        for each in interfaces
    )
