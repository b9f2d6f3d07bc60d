"""Network ACLs, and which subnet each one guards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Action,
    Direction,
    IPNetwork,
    NetworkAcl,
    PortRange,
    has_ports,
    has_types,
)
from bulkhead.network.policies import kept_by_policy
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.describe.ports import messages, ports_between, protocol_of
from bulkhead.observe.known import is_certain
from bulkhead.observe.record import (
    IN_DOUBT,
    Gaps,
    Record,
    UnreadableError,
    everywhere,
)

GUARDS_OTHERS: Final = "GuardsOthers"
"""Marks a default NACL of a source that does not list its subnets; no answer of AWS has it."""
_LAST_WRITTEN: Final = 32766
"""Above it stand only AWS's own denials, 32767 and 32768, shown as '*'.

(docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html)
"""


def network_acls(described: Described, gaps: Gaps) -> tuple[NetworkAcl, ...]:
    """Every NACL with its entries, the implicit denials left out."""
    acls = []
    for record in described["NetworkAcls"]:
        with gaps.needing(record):
            acl = record.text("NetworkAclId")
            acls.append(
                NetworkAcl(
                    id=acl,
                    name=name_of(record, acl),
                    vpc=record.text("VpcId"),
                    entries=tuple(
                        sorted(
                            _entries(record, acl, gaps),
                            key=lambda each: (each.direction, each.number),
                        )
                    ),
                    default=record.flag("IsDefault"),
                    by_policy=kept_by_policy(record.tags()),
                )
            )
    return tuple(acls)


def acls_of_subnet(described: Described) -> dict[str, set[str]]:
    """Subnet -> the NACLs that are associated with it: one, unless answers contradict."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in described["NetworkAcls"]:
        for association in record.records("Associations"):
            if association.has("SubnetId"):
                found[association.text("SubnetId")].add(record.text("NetworkAclId"))
    return found


def default_acls(described: Described) -> dict[str, str]:
    """VPC -> its default NACL, where a source says that it guards all subnets that none names.

    An answer of AWS names the subnets of the default NACL too
    (docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html): where it does not name
    one, it is not whole, and another NACL that is not shown may guard that subnet.
    """
    return {
        record.text("VpcId"): record.text("NetworkAclId")
        for record in described["NetworkAcls"]
        if record.flag("IsDefault") and record.flag(GUARDS_OTHERS)
    }


def _entries(record: Record, acl: str, gaps: Gaps) -> Iterator[AclEntry]:
    """As written; of what contradicts, or is not known in part, nothing for sure."""
    with gaps.tolerating("network-acl-entry", acl, acl):
        record.listed("Entries")
    numbered: dict[tuple[Direction, int], dict[AclEntry, None]] = defaultdict(dict)
    for entry in record.records("Entries"):
        for found in _entry(entry, acl, gaps):
            if found.number > _LAST_WRITTEN and not is_certain("NetworkAcls", "Entries", entry):
                why = f"what its entry {found.number} does is not known"
                gaps.add("network-acl-entry", f"{acl} {found.number}", acl, why)
            if found.number <= _LAST_WRITTEN:
                numbered[found.direction, found.number].setdefault(found)
    for (direction, number), several in numbered.items():
        if len(several) > 1 and all(each.certain for each in several):
            known_as = f"{acl} {direction} {number}"
            why = f"several entries have this number, and a NACL has one: {_said(several)}"
            gaps.add("network-acl-entry", known_as, known_as, why)
        for each in several:
            yield each if len(several) == 1 else replace(each, certain=False)


def _said(entries: Iterable[AclEntry]) -> str:
    return "; ".join(f"{each.action} {each.says()}" for each in entries)


def _entry(entry: Record, acl: str, gaps: Gaps) -> Iterator[AclEntry]:
    """One; where a part of it is not known, one for each thing that it may be."""
    known_as = " ".join(
        str(each) for each in (acl, _way(entry), entry.values.get("RuleNumber")) if each
    )
    with gaps.guessing("network-acl-entry", known_as) as unread:
        # Whatever its number is, it is nowhere more than before all others.
        number = unread.read(lambda: entry.integer("RuleNumber"), 0)
        protocol = unread.read(lambda: protocol_of(entry, "Protocol"), ANY_PROTOCOL)
        ports = unread.read(lambda: _ports(entry, protocol, number), ALL_PORTS)
        ways = unread.read(lambda: (_direction(entry),), tuple(Direction))
        actions = unread.read(lambda: (_action(entry),), tuple(Action))
        cidrs = unread.read(
            lambda: (_cidr(entry),), everywhere(entry, "CidrBlock", "Ipv6CidrBlock")
        )
    certain = not entry.has(IN_DOUBT) and is_certain("NetworkAcls", "Entries", entry)
    for way, action, cidr in product(ways, actions, cidrs):
        yield AclEntry(
            number=number,
            direction=way,
            action=action,
            protocol=protocol,
            ports=ports,
            cidr=cidr,
            certain=certain and unread.certain,
        )


def _way(entry: Record) -> str:
    egress = entry.values.get("Egress")
    return "" if egress not in (True, False) else Direction.EGRESS if egress else Direction.INGRESS


def _direction(entry: Record) -> Direction:
    return Direction.EGRESS if entry.told("Egress") else Direction.INGRESS


def _cidr(entry: Record) -> IPNetwork:
    six = entry.has("Ipv6CidrBlock")
    return entry.network6("Ipv6CidrBlock") if six else entry.network("CidrBlock")


def _ports(entry: Record, protocol: int, number: int) -> PortRange:
    if has_ports(protocol):
        span = entry.inside("PortRange")
        if span is None:
            raise UnreadableError(f"{entry.where}: entry {number} has no PortRange")
        return ports_between(span, "From", "To")
    if has_types(protocol):
        restricted = entry.inside("IcmpTypeCode")
        if restricted is None:
            raise UnreadableError(f"{entry.where}: entry {number} has no IcmpTypeCode")
        kind, code = restricted.maybe_integer("Type"), restricted.maybe_integer("Code")
        return messages(restricted, kind, code)
    return ALL_PORTS


def _action(entry: Record) -> Action:
    text = entry.text("RuleAction")
    try:
        return Action(text.lower())
    except ValueError:
        raise UnreadableError(f"{entry.where}: RuleAction is {text!r}, not allow or deny") from None
