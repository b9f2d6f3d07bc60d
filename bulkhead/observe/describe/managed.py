"""Groups that a service of AWS made for itself, and puts on what it starts, now or later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.network import Network, Unlisted
from bulkhead.observe.describe.described import Described
from bulkhead.observe.record import Record

_TAGS: Final[Mapping[str, str]] = {
    "aws:eks:cluster-name": "EKS cluster",
    "kubernetes.io/cluster/": "Kubernetes cluster",
    "elbv2.k8s.aws/cluster": "Kubernetes cluster",
    "elasticbeanstalk:environment-name": "Elastic Beanstalk environment",
    "aws:elasticmapreduce:job-flow-id": "EMR cluster",
    "aws:autoscaling:groupName": "Auto Scaling group",
}
"""Keys of tags, or what they begin with ('/' at the end: the name follows)
(docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html)."""
_NAMES: Final[Mapping[str, re.Pattern[str]]] = {
    "directory": re.compile(r"(d-[0-9a-f]{10})_controllers"),
    "EMR cluster": re.compile(r"(ElasticMapReduce)-.*"),
    "EKS cluster": re.compile(r"eks-cluster-sg-(.+)-\d+"),
}
"""(docs.aws.amazon.com/directoryservice/latest/admin-guide/
ms_ad_getting_started_what_gets_created.html,
docs.aws.amazon.com/emr/latest/ManagementGuide/emr-man-sec-groups.html)"""


def managed_groups(shown: Described, found: Network) -> Iterator[Unlisted]:
    """Those of them that no interface here holds."""
    held = {group for each in found.interfaces for group in each.security_groups}
    for record in shown["SecurityGroups"]:
        group = record.text("GroupId")
        if group in found.security_group and group not in held:
            manager = _manager(record.tags(), record.maybe("GroupName") or "")
            if manager:
                yield Unlisted(
                    kind="manager",
                    name=manager,
                    why="it made the group for what it starts",
                    field="security_groups",
                    vpc=record.maybe("VpcId"),
                    security_groups=(group,),
                    runs=False,
                )


def names_a_manager(tag: str) -> bool:
    """Whether a tag of that key says who made a group."""
    return any(_is_key(tag, key) for key in _TAGS)


def _is_key(tag: str, key: str) -> bool:
    return tag == key or (key.endswith("/") and tag.startswith(key))


def _manager(tags: Mapping[str, str], name: str) -> str:
    """'EKS cluster prod'; '' for a group that people made."""
    for key, kind in _TAGS.items():
        for tag, value in tags.items():
            if _is_key(tag, key):
                return f"{kind} {tag.removeprefix(key) or value}"
    for kind, pattern in _NAMES.items():
        if match := pattern.fullmatch(name):
            return f"{kind} {match[1]}"
    return ""


def controlled_by(group: Record, described: Described, services: Mapping[str, str]) -> str:
    """The service whose group the control plane of a cluster holds beside the one that EKS made for
    it; '' of any other group, and where it holds none or several.

    `services` tells of groups whose they are. EKS describes the interfaces of a control plane as
    'Amazon EKS prod' (docs.aws.amazon.com/eks/latest/userguide/network-reqs.html).
    """
    cluster = group.tags().get("aws:eks:cluster-name")
    if not cluster:
        return ""
    known_as = group.text("GroupId")
    found: set[str] = set()
    for interface in described["NetworkInterfaces"]:
        held = {each.text("GroupId") for each in interface.records("Groups")}
        if interface.maybe("Description") == f"Amazon EKS {cluster}" and known_as in held:
            found |= {services[each] for each in held if each in services}
    return found.pop() if len(found) == 1 else ""
