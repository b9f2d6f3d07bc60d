"""Quotas of an AWS account, counted the way AWS counts, before anything is built.

Defaults from docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
and docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import Direction, Network, NetworkAcl, SecurityGroup
from bulkhead.network.tags import socket_tags
from bulkhead.problems import Problem

RULES_PER_GROUP: Final = 60
ENTRIES_PER_ACL: Final = 19
"""20 per direction, of which the implicit '*' entry takes one."""
GROUPS_PER_REGION: Final = 2_500
SUBNETS_PER_VPC: Final = 200
INTERFACES_PER_REGION: Final = 5_000
CONNECTIONS_PER_GATEWAY: Final = 10
ROUTES_PER_CONNECTION: Final = 100
TAGS_PER_RESOURCE: Final = 50
"""docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html"""
TAGS_OF_OURS: Final = 5
"""Kept free for names and for what an organisation puts on everything."""

_SHOWN: Final = 6


def over_quota(topology: Topology, network: Network) -> tuple[Problem, ...]:
    """Every quota that the plan would exceed, with the flows to merge or the quota to raise."""
    return (
        *_groups(topology, network),
        *_acls(topology, network),
        *_totals(topology, network),
        *_sites(topology, network),
        *_tags(topology, network),
    )


def rule_count(group: SecurityGroup, direction: Direction) -> int:
    """Rules of one direction as the quota sees them.

    References to groups count in the IPv4 and in the IPv6 set, CIDRs in their
    own; with IPv4 only, the IPv4 set is the larger one.
    """
    return len(group.towards(direction))


def _groups(topology: Topology, network: Network) -> Iterator[Problem]:
    for group in network.security_groups:
        for direction in Direction:
            count = rule_count(group, direction)
            if count > RULES_PER_GROUP and group.service is not None:
                peers = _some(rule.description for rule in group.towards(direction))
                yield Problem(
                    topology.file,
                    topology.line_of("services", group.service),
                    f"service {group.service} needs {count} {direction} rules, "
                    f"a security group holds {RULES_PER_GROUP} ({peers})",
                    "put a broker between (its clients connect to one port), merge client "
                    "services, or raise the quota 'Inbound or outbound rules per security group'",
                )


def _acls(topology: Topology, network: Network) -> Iterator[Problem]:
    for acl in network.nacls:
        for direction in Direction:
            entries = acl.ordered(direction)
            if len(entries) > ENTRIES_PER_ACL:
                yield Problem(
                    topology.file,
                    topology.line_of("segments", _segment_of(acl, network)),
                    f"the NACL of {acl.name} needs {len(entries)} {direction} entries, "
                    f"{ENTRIES_PER_ACL} fit ({_some(map(str, entries))})",
                    "give sockets of one service neighbouring ports (they become one entry), "
                    "join segments that talk to the same ports, or raise the quota "
                    "'Rules per network ACL' (up to 40)",
                )


def _segment_of(acl: NetworkAcl, network: Network) -> str:
    subnet = next(each for each in network.subnets if each.nacl == acl.id)
    return subnet.segment or ""


def _totals(topology: Topology, network: Network) -> Iterator[Problem]:
    counted = (
        ("services", len(network.security_groups), GROUPS_PER_REGION, "security groups", "Region"),
        ("segments", len(network.subnets), SUBNETS_PER_VPC, "subnets", "VPC"),
        ("services", len(network.interfaces), INTERFACES_PER_REGION, "interfaces", "Region"),
        ("sites", len(network.vpn_connections), CONNECTIONS_PER_GATEWAY, "VPNs", "VPN gateway"),
    )
    for key, count, quota, things, scope in counted:
        if count > quota:
            yield Problem(
                topology.file,
                topology.line_of(key),
                f"the plan has {count} {things}, the default quota is {quota} per {scope}",
                f"declare fewer {key}, or raise the quota '{things} per {scope}'",
            )


def _sites(topology: Topology, network: Network) -> Iterator[Problem]:
    for connection in network.vpn_connections:
        if len(connection.routes) > ROUTES_PER_CONNECTION:
            yield Problem(
                topology.file,
                topology.line_of("sites", connection.name, "cidrs"),
                f"site {connection.name} has {len(connection.routes)} cidrs, "
                f"a VPN connection takes {ROUTES_PER_CONNECTION} routes",
                "aggregate the site's cidrs",
            )


def _tags(topology: Topology, network: Network) -> Iterator[Problem]:
    room = TAGS_PER_RESOURCE - TAGS_OF_OURS
    owners = (
        *(("services", "service", each.name, "security group") for each in network.services),
        *(("sites", "site", each.name, "VPN connection") for each in network.sites),
    )
    for key, noun, name, tagged in owners:
        bound = [each for each in network.listeners if each.owner == name]
        count = len(socket_tags(bound))
        if count > room:
            sockets = len({each.socket for each in bound})
            yield Problem(
                topology.file,
                topology.line_of(key, name),
                f"{noun} {name} binds {sockets} sockets on {len(bound)} ports, which take "
                f"{count} tags of its {tagged}, and {room} fit",
                f"split the {noun}, or let its sockets bind fewer ports",
            )


def _some(texts: Iterable[str]) -> str:
    every = list(texts)
    more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
    return "; ".join(every[:_SHOWN]) + more
