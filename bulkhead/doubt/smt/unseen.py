"""What the receiver says to everybody: it holds for packets that come nobody knows how.

Asked only where the unknown is read as open: they may have any source, and are for whom
and what they were for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from bulkhead.doubt.smt.acls import named_acl, speaks_of
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.groups import holds, is_able_to_accept, listeners
from bulkhead.doubt.smt.in_doubt import in_doubt, interface_in_doubt
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.terms import Formula, Header, all_of, among, any_of, either
from bulkhead.network import (
    CidrPeer,
    Direction,
    GroupRule,
    Interface,
    InterfaceKind,
)


@remembered
def lets_anyone_in(encoding: Encoding, header: Header) -> Formula:
    """Whether some source is let in by the receiver's groups, its listeners and its ACL."""
    return all_of((receives_from_anyone(encoding, header), acl_for_anyone(encoding, header)))


@remembered
def receives_from_anyone(encoding: Encoding, header: Header) -> Formula:
    """Whether the groups and the listeners of the receiver let some source in."""
    return all_of(
        (
            is_able_to_accept(encoding, header),
            *_groups(encoding, header),
            *listeners(encoding, header, unknown=True),
        )
    )


@remembered
def acl_for_anyone(encoding: Encoding, header: Header) -> Formula:
    """Whether the ACL of the subnet it ends in lets some source in, or may not be asked."""
    behind: dict[str, list[str]] = defaultdict(list)
    for each in encoding.network.subnets:
        behind[each.nacl].append(each.id)
    asked = []
    for name, subnets in behind.items():
        # An address at which some entry begins, or behind its last, stands for all like it.
        open_ = any_of(
            named_acl(encoding, Direction.INGRESS, name, replace(header, source=each), unknown=True)
            for each in _edges(encoding, name)
        )
        here = any_of(
            all_of(
                (among(header.target, [encoding.subnet(each)]), _hands_on(encoding, each, header))
            )
            for each in subnets
        )
        there = among(header.target, map(encoding.subnet, subnets))
        asked.append(either(there, any_of((here, open_)), True))
    return all_of(asked)


def _edges(encoding: Encoding, name: str) -> list[int]:
    found = encoding.network.nacl.get(name)
    edges = {0}
    for each in found.entries if found else ():
        if each.cidr.version == encoding.version:
            edges |= {int(each.cidr.network_address), int(each.cidr.broadcast_address) + 1}
    edges.discard(1 << (32 if encoding.version == 4 else 128))
    return sorted(edges)


def _hands_on(encoding: Encoding, subnet: str, header: Header) -> Formula:
    """Whether something in the subnet may send what others sent: within it no ACL is asked."""
    network = encoding.network
    if (
        any(each.subnet == subnet for each in network.nat_gateways)
        or any(subnet in each.subnets for each in network.transit_attachments)
        or any(subnet == place for each in network.firewalls for _, place in each.endpoints)
    ):
        return True
    return any_of(
        _forwards(encoding, each, header) for each in network.interfaces if each.subnet == subnet
    )


def _forwards(encoding: Encoding, interface: Interface, header: Header) -> Formula:
    bare = interface.kind is InterfaceKind.HOST and not interface.security_groups
    if interface.kind is InterfaceKind.GATEWAY or not interface.source_dest_check or bare:
        return True
    return interface_in_doubt(encoding, interface, header.cell)


def _groups(encoding: Encoding, header: Header) -> Iterator[Formula]:
    """What is asked of each interface: a rule that somebody may match."""
    alike: dict[frozenset[str], list[Interface]] = defaultdict(list)
    for each in encoding.network.interfaces:
        alike[frozenset(each.security_groups)].append(each)
    known = encoding.network.security_group
    for groups, members in alike.items():
        if groups and all(each in known for each in groups):
            rules = [
                all_of(
                    (
                        speaks_of(rule.protocol, rule.ports, header),
                        _may_mean(encoding, rule, header),
                    )
                )
                for group in groups
                for rule in known[group].rules
                if rule.direction is Direction.INGRESS
            ]
            doubts = [in_doubt(encoding, each, header.cell) for each in groups]
            here = encoding.is_one_of(members, header.target, header.destination)
            yield either(here, any_of((*rules, *doubts)), True)


def _may_mean(encoding: Encoding, rule: GroupRule, header: Header) -> Formula:
    if isinstance(rule.peer, CidrPeer):
        return rule.peer.cidr.version == encoding.version
    return _may_come_as(encoding, rule.peer.group, header)


@remembered
def _may_come_as(encoding: Encoding, group: str, header: Header) -> Formula:
    """Whether what comes may count as a member: its sender is one, or who hands it on."""
    if group not in encoding.network.security_group:
        return True
    return any_of(
        (
            holds(encoding, group, Direction.INGRESS, header, unknown=True),
            *(
                any_of(
                    (
                        group in each.security_groups and _forwards(encoding, each, header),
                        interface_in_doubt(encoding, each, header.cell),
                    )
                )
                for each in encoding.network.interfaces
            ),
        )
    )
