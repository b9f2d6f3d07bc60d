"""Quotas of an AWS account, counted the way AWS counts, before anything is built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from ipaddress import IPv4Network
from itertools import product
from typing import Final

from bulkhead.intent import ServiceInterface, Site, Topology
from bulkhead.network import ANY_CLIENT_PORTS, Direction, Listener, PortRange
from bulkhead.network.quotas import (
    CONNECTIONS_PER_GATEWAY,
    ENTRIES_PER_ACL,
    GROUPS_PER_REGION,
    INTERFACES_PER_REGION,
    ROUTES_PER_CONNECTION,
    RULES_PER_GROUP,
    SUBNETS_PER_VPC,
)
from bulkhead.network.tags import client_tag, socket_tags
from bulkhead.plan.acls import BAND_SIZE, Need
from bulkhead.plan.addressing import Addressing
from bulkhead.plan.clients import client_ports
from bulkhead.plan.demand import FIRST, entries_wanted, rules_wanted
from bulkhead.plan.units import Unit
from bulkhead.plan.wiring import Meeting, all_listeners, meetings_of
from bulkhead.problems import Problem

TAGS_PER_RESOURCE: Final = 50
"""docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html"""
TAGS_OF_OURS: Final = 8
"""Of a VPN connection, which has most: its name, topology, stack, site and trust, and what
people say of it (its purpose, owner and data)."""
TAGS_OF_OTHERS: Final = 2
"""Kept free at the least, for what an organisation puts on everything."""


def over_quota(topology: Topology, units: Sequence[Unit], where: Addressing) -> tuple[Problem, ...]:
    """Every quota that the plan would exceed, with the flows to merge or the quota to raise."""
    meetings = meetings_of(topology)
    return (
        *_groups(topology, meetings),
        *_acls(topology, units, meetings, where),
        *_totals(topology, where),
        *_sites(topology),
        *_tags(topology),
    )


def _groups(topology: Topology, meetings: Iterable[Meeting]) -> Iterator[Problem]:
    for (service, direction), wanted in rules_wanted(topology, meetings).items():
        if wanted.count > RULES_PER_GROUP:
            yield Problem(
                *topology.place_of("services", service),
                f"service {service} needs {wanted.count} {direction} rules, a security group "
                f"holds {RULES_PER_GROUP} ({_some(wanted.first(), wanted.count)})",
                "put a broker between (its clients connect to one port), merge client "
                "services, or raise the quota 'Inbound or outbound rules per security group'",
            )


def _acls(
    topology: Topology, units: Sequence[Unit], meetings: Iterable[Meeting], where: Addressing
) -> Iterator[Problem]:
    wanted = entries_wanted(topology, units, meetings, where)
    for unit, direction in product(units, Direction):
        every = [each for each in wanted[unit.name] if each.direction is direction]
        count, numbers = sum(each.count for each in every), sum(each.numbers for each in every)
        if count > ENTRIES_PER_ACL:
            first = nsmallest(
                FIRST, (need for each in every for need in each.first()), key=_as_numbered
            )
            what = f"{count} {direction} entries, {ENTRIES_PER_ACL} fit ({_some(first, count)})"
        elif numbers > BAND_SIZE:
            what = f"numbers for {numbers} {direction} requests, {BAND_SIZE} are kept for them"
        else:
            continue
        yield Problem(
            *topology.place_of("segments", unit.segment),
            f"the NACL of {unit.key} needs {what}",
            "give sockets of one service neighbouring ports (they become one entry), "
            "join segments that talk to the same ports, or raise the quota "
            "'Rules per network ACL' (up to 40)",
        )


def _as_numbered(need: Need) -> tuple[bool, int, IPv4Network, PortRange]:
    """The order in which entries get their numbers: requests first, then by network."""
    return need.band != "request", need.protocol, need.cidr, need.ports


def _totals(topology: Topology, where: Addressing) -> Iterator[Problem]:
    groups = len(topology.interfaces) + 1  # and the VPC's own
    counted = (
        ("services", groups, GROUPS_PER_REGION, "security groups", "Region"),
        ("segments", len(where.subnets), SUBNETS_PER_VPC, "subnets", "VPC"),
        ("services", len(where.interfaces), INTERFACES_PER_REGION, "interfaces", "Region"),
        ("sites", len(topology.sites), CONNECTIONS_PER_GATEWAY, "VPNs", "VPN gateway"),
    )
    for key, count, quota, things, scope in counted:
        if count > quota:
            yield Problem(
                *topology.place_of(key),
                f"the plan has {count} {things}, the default quota is {quota} per {scope}",
                f"declare fewer {key}, or raise the quota '{things} per {scope}'",
            )


def _sites(topology: Topology) -> Iterator[Problem]:
    for site in topology.sites.values():
        if len(site.cidrs) > ROUTES_PER_CONNECTION:
            yield Problem(
                *topology.place_of("sites", site.name, "cidrs"),
                f"site {site.name} has {len(site.cidrs)} cidrs, "
                f"a VPN connection takes {ROUTES_PER_CONNECTION} routes",
                "aggregate the site's cidrs",
            )


def _tags(topology: Topology) -> Iterator[Problem]:
    room = TAGS_PER_RESOURCE - TAGS_OF_OURS - TAGS_OF_OTHERS
    owners: tuple[tuple[str, str, ServiceInterface | Site, str], ...] = (
        *(("services", "service", each, "security group") for each in topology.interfaces.values()),
        *(("sites", "site", each, "VPN connection") for each in topology.sites.values()),
    )
    # A service states its client ports on its interfaces, which hold few tags.
    stating = {
        each.name
        for each in topology.sites.values()
        if client_tag(client_ports(each), ANY_CLIENT_PORTS)
    }
    waiting: dict[str, list[Listener]] = defaultdict(list)
    for each in all_listeners(topology):
        waiting[each.owner].append(each)
    for key, noun, owner, tagged in owners:
        bound = waiting.get(owner.name, [])
        count = len(socket_tags(bound)) + (owner.name in stating)
        if count > room:
            sockets = len({each.socket for each in bound})
            ports = sum(len(each.ports) for each in bound)
            yield Problem(
                *topology.place_of(key, owner.name),
                f"{noun} {owner.name} binds {sockets} sockets on {ports} ports, which take "
                f"{count} tags of its {tagged}, and {room} fit",
                f"split the {noun}, or let its sockets bind fewer ports, or neighbouring ones",
            )


def _some(first: Iterable[object], count: int) -> str:
    shown = [str(each) for each in first]
    more = f" and {count - len(shown)} more" if count > len(shown) else ""
    return "; ".join(shown) + more
