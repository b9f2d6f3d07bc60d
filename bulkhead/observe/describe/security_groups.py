"""Security groups and their rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    CidrPeer,
    Direction,
    GroupPeer,
    GroupRule,
    Interface,
    ListReference,
    Peer,
    PortRange,
    SecurityGroup,
    Subnet,
    has_ports,
    has_types,
    tags,
)
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.describe.managed import controlled_by
from bulkhead.observe.describe.members import members_of
from bulkhead.observe.describe.ports import messages, ports_between, protocol_of
from bulkhead.observe.describe.prefix_lists import PrefixLists
from bulkhead.observe.known import in_item, is_certain
from bulkhead.observe.record import (
    EVERYWHERE,
    IN_DOUBT,
    Gaps,
    Record,
    Unread,
    UnreadableError,
    everywhere,
)

_ANY: Final = -1
"""Stands for all ports, and for all ICMP types or codes."""

_PERMISSIONS: Final = ("IpPermissions", "IpPermissionsEgress")


def security_groups(
    described: Described, lists: PrefixLists, services: dict[str, str], gaps: Gaps
) -> tuple[SecurityGroup, ...]:
    """Every group; its rules from describe-security-group-rules where that was answered.

    Where that was not answered in full, they are read from the group's own IpPermissions,
    which say the same without ids. What only one of the two shows is in doubt.
    """
    standalone: dict[str, list[Record]] = defaultdict(list)
    for rule in described["SecurityGroupRules"]:
        with gaps.needing(rule):
            standalone[rule.text("GroupId")].append(rule)
    known = described.ids("SecurityGroups")
    groups = []
    for record in described["SecurityGroups"]:
        with gaps.needing(record):
            group = record.text("GroupId")
            rules: list[GroupRule] = []
            referred: list[ListReference] = []
            if "SecurityGroupRules" in described.missing:
                for key in _PERMISSIONS:
                    with gaps.tolerating("security-group-rule", group, group):
                        record.listed(key)
            for rule in _rules_of(record, group, standalone, described):
                rules.extend(_group_rules(rule, lists, gaps))
                referred.extend(_referred(rule, lists))
            if "SecurityGroupRules" not in described.missing:
                rules = _shown_twice(rules, record, lists, gaps)
            own = {name: each for name, each in record.values.items() if name not in _PERMISSIONS}
            if any(in_item("SecurityGroups", own)):
                rules = [replace(each, certain=False) for each in rules]
            _absent_peers(rules, known, gaps)
            groups.append(
                SecurityGroup(
                    id=group,
                    name=name_of(record, record.maybe("GroupName"), group),
                    vpc=record.text("VpcId"),
                    rules=tuple(sorted(rules, key=lambda each: each.id)),
                    service=services.get(group),
                    # Nobody else may take that name
                    # (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html).
                    default=record.maybe("GroupName") == "default",
                    lists=tuple(referred),
                    members=members_of(record, group, gaps),
                    more_of=record.tags().get(tags.MORE_OF, "")
                    or controlled_by(record, described, services),
                    named_by=record.tags().get(tags.NAMED_BY, ""),
                )
            )
    return tuple(groups)


def _rules_of(
    record: Record, group: str, standalone: dict[str, list[Record]], described: Described
) -> Iterable[Record]:
    """Those that describe-security-group-rules shows; its own, where that is not known in full."""
    shown = standalone.get(group, ())
    if "SecurityGroupRules" not in described.missing:
        return shown
    own = any(key in record.values for key in _PERMISSIONS)
    return folded_rules(record, group) if own else shown


def folded_rules(group: Record, name: str) -> Iterator[Record]:
    """IpPermissions unfolded into the shape of describe-security-group-rules.

    AWS folds rules with equal ports; each (ports, peer) is one rule again. Such
    rules carry no id, so they are named by what they say.
    """
    for key, egress in (("IpPermissions", False), ("IpPermissionsEgress", True)):
        for permission in group.records(key):
            for peer in _folded_peers(permission, key):
                values = {
                    "GroupId": name,
                    "IsEgress": egress,
                    "IpProtocol": permission.text("IpProtocol"),
                    "FromPort": permission.values.get("FromPort"),
                    "ToPort": permission.values.get("ToPort"),
                    **peer,
                }
                said = "/".join(
                    str(values[part])
                    for part in ("IpProtocol", "FromPort", "ToPort")
                    if values[part] is not None
                )
                way = "egress" if egress else "ingress"
                known_as = f"{name}/{way}/{said}/{_peer_word(peer)}"
                values["SecurityGroupRuleId"] = known_as
                yield Record(f"SecurityGroups {known_as}", values)


def _folded_peers(permission: Record, key: str) -> Iterator[dict[str, object]]:
    """Each peer of a permission, in doubt where something that nobody knows stands beside it."""
    named = (
        ("IpRanges", "CidrIp", "CidrIpv4"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", "PrefixListId"),
    )
    pairs = "UserIdGroupPairs"
    peers = (*(folded for folded, _, _ in named), pairs)
    alone = {name: each for name, each in permission.values.items() if name not in peers}
    known = is_certain("SecurityGroups", key, Record(permission.where, alone))

    def beside(each: Record, folded: str) -> dict[str, object]:
        certain = known and is_certain("SecurityGroups", key, each, folded)
        said = each.values.get("Description")
        return {"Description": said} | ({} if certain else {IN_DOUBT: True})

    for folded, source, target in named:
        for each in permission.records(folded):
            yield {target: each.text(source), **beside(each, folded)}
    for pair in permission.records(pairs):
        referenced = {"GroupId": pair.values.get("GroupId")}
        yield {"ReferencedGroupInfo": referenced, **beside(pair, pairs)}


def _peer_word(peer: dict[str, object]) -> str:
    for key in ("CidrIpv4", "CidrIpv6", "PrefixListId"):
        if key in peer:
            return str(peer[key])
    referenced = peer["ReferencedGroupInfo"]
    return str(referenced.get("GroupId")) if isinstance(referenced, dict) else ""


def _shown_twice(
    apart: list[GroupRule], record: Record, lists: PrefixLists, gaps: Gaps
) -> list[GroupRule]:
    """Rules that only one of two answers shows are in doubt: which is true nobody knows."""
    ways = [way for way, key in zip(Direction, _PERMISSIONS, strict=True) if key in record.values]
    group = record.text("GroupId")
    said = {
        rule: each.has(IN_DOUBT)
        for each in folded_rules(record, group)
        for rule in _group_rules(each, lists, Gaps())
    }
    folded = list(said)
    both = {_meaning(each) for each in apart} & {_meaning(each) for each in folded}
    doubted = {_meaning(each) for each in folded if said[each]}
    found = []
    for rules, here, there in (
        (apart, "describe-security-group-rules shows it", "the group itself does not"),
        (folded, "the group itself shows it", "describe-security-group-rules does not"),
    ):
        for rule in rules:
            if rule.direction in ways and _meaning(rule) not in both:
                why = f"{here}, and {there}: one of the two is not true any more, or not whole"
                gaps.add("security-group-rule", rule.id, rule.id, why)
                found.append(replace(rule, certain=False))
            elif rules is apart:
                found.append(replace(rule, certain=rule.certain and _meaning(rule) not in doubted))
    return found


def _meaning(rule: GroupRule) -> Hashable:
    return rule.direction, rule.protocol, rule.ports, rule.peer


def _group_rules(rule: Record, lists: PrefixLists, gaps: Gaps) -> Iterator[GroupRule]:
    """One for each peer; in doubt where a part of it is not known."""
    name = rule.text("SecurityGroupRuleId")
    with gaps.guessing("security-group-rule", name) as unread:
        protocol = unread.read(lambda: protocol_of(rule, "IpProtocol"), ANY_PROTOCOL)
        ports = unread.read(lambda: _span(rule, protocol), ALL_PORTS)
        ways = unread.read(lambda: (_direction(rule),), tuple(Direction))
        anybody = _anybody(rule)
        peers = unread.read(lambda: _peers(rule, lists), anybody)
        said = Unread().read(lambda: rule.maybe("Description"), None) or ""
    listed = rule.maybe("PrefixListId") if peers is not anybody and _names_a_list(rule) else None
    several = bool(listed) or len(peers) > 1
    known = not rule.has(IN_DOUBT) and is_certain("SecurityGroupRules", "", rule)
    certain = known and unread.certain
    by_list = _list_of(rule)
    for way in ways:
        for peer in peers:
            yield GroupRule(
                id=f"{name}/{peer}" if several else name,
                direction=way,
                protocol=protocol,
                ports=ports,
                peer=peer,
                description=f"{said} (entry of {listed})".strip() if listed else said,
                certain=certain,
                prefix_list=by_list,
            )


def _anybody(rule: Record) -> tuple[Peer, ...]:
    others = rule.has("ReferencedGroupInfo") or rule.has("PrefixListId")
    widest = EVERYWHERE if others else everywhere(rule, "CidrIpv4", "CidrIpv6")
    return tuple(map(CidrPeer, widest))


def _referred(rule: Record, lists: PrefixLists) -> Iterator[ListReference]:
    """What a rule by prefix list counts for; also where no entry of it makes a rule."""
    if named := _list_of(rule):
        ways = Unread().read(lambda: (_direction(rule),), tuple(Direction))
        yield from (lists.reference(named, way) for way in ways)


def _list_of(rule: Record) -> str | None:
    if not _names_a_list(rule):
        return None
    return Unread().read(lambda: rule.maybe("PrefixListId"), None)


def _names_a_list(rule: Record) -> bool:
    return not any(map(rule.has, ("CidrIpv4", "CidrIpv6", "ReferencedGroupInfo")))


def _direction(rule: Record) -> Direction:
    return Direction.EGRESS if rule.told("IsEgress") else Direction.INGRESS


def _peers(rule: Record, lists: PrefixLists) -> tuple[Peer, ...]:
    referenced = rule.inside("ReferencedGroupInfo")
    if rule.has("CidrIpv4"):
        return (CidrPeer(rule.network("CidrIpv4")),)
    if rule.has("CidrIpv6"):
        return (CidrPeer(rule.network6("CidrIpv6")),)
    if referenced is not None:
        return (GroupPeer(referenced.text("GroupId")),)
    if listed := rule.maybe("PrefixListId"):
        if listed not in lists.blocks:
            raise UnreadableError(lists.why_unknown(listed))
        return tuple(map(CidrPeer, lists.blocks[listed]))
    raise UnreadableError(f"{rule.where} names no peer")


def _span(rule: Record, protocol: int) -> PortRange:
    """FromPort and ToPort are ports, or the type and code of ICMP; -1 or neither means any.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html)
    """
    first, last = rule.maybe_integer("FromPort"), rule.maybe_integer("ToPort")
    if has_types(protocol):
        return messages(rule, first, last)
    if not has_ports(protocol) or {first, last} <= {None, _ANY}:
        return ALL_PORTS
    return ports_between(rule, "FromPort", "ToPort")


def _absent_peers(rules: list[GroupRule], known: frozenset[str], gaps: Gaps) -> None:
    """Said, and nothing more: a group that no interface here holds matches nobody here."""
    for rule in rules:
        if isinstance(rule.peer, GroupPeer) and rule.peer.group not in known:
            gaps.add(
                "security-group-rule",
                rule.id,
                rule.id,
                f"group {rule.peer.group}, which it refers to, was not observed: "
                "it belongs to another VPC, region or account, or is gone",
                unseen=True,
            )


def unseen_groups(
    described: Described,
    interfaces: Iterable[Interface],
    subnets: Iterable[Subnet],
    known: Iterable[SecurityGroup],
    gaps: Gaps,
) -> tuple[SecurityGroup, ...]:
    """Empty stand-ins for groups that interfaces hold and that were not observed."""
    ids = {each.id for each in known}
    home = {each.id: each.vpc for each in subnets}
    found: dict[str, SecurityGroup] = {}
    for interface in interfaces:
        for group in interface.security_groups:
            if group not in ids and group not in found:
                vpc = home[interface.subnet]
                found[group] = SecurityGroup(id=group, name=group, vpc=vpc, rules=())
                reason = described.missing.get("SecurityGroups")
                said = f" ({reason})" if reason else ""
                why = f"interfaces hold it, and it was not observed{said}: its rules are not known"
                gaps.add("security-group", group, group, why, unseen=True)
    return tuple(found.values())
