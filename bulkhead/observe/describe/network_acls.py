"""Network ACLs, and which subnet each one guards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    AclEntry,
    Action,
    Direction,
    NetworkAcl,
    has_ports,
    has_types,
)
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.describe.ports import messages, ports_between, protocol_of
from bulkhead.observe.record import Gaps, Record, UnreadableError

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
    """VPC -> its default NACL, which guards every subnet without an association."""
    return {
        record.text("VpcId"): record.text("NetworkAclId")
        for record in described["NetworkAcls"]
        if record.flag("IsDefault")
    }


def _entries(record: Record, acl: str, gaps: Gaps) -> Iterator[AclEntry]:
    seen: dict[tuple[Direction, int], AclEntry] = {}
    with gaps.tolerating("network-acl-entry", acl, acl):
        record.listed("Entries")
    for entry in record.records("Entries"):
        with gaps.tolerating("network-acl-entry", acl, acl):
            number = entry.integer("RuleNumber")
            if number > _LAST_WRITTEN:
                continue
            found = _entry(entry, number)
            before = seen.setdefault((found.direction, number), found)
            if before is found:
                yield found
            elif before != found:
                raise UnreadableError(f"two entries of {acl} are {found.direction} {number}")


def _entry(entry: Record, number: int) -> AclEntry:
    protocol = protocol_of(entry, "Protocol")
    ports = ALL_PORTS
    if has_ports(protocol):
        span = entry.inside("PortRange")
        if span is None:
            raise UnreadableError(f"{entry.where}: entry {number} has no PortRange")
        ports = ports_between(span, "From", "To")
    elif has_types(protocol):
        restricted = entry.inside("IcmpTypeCode")
        if restricted is None:
            raise UnreadableError(f"{entry.where}: entry {number} has no IcmpTypeCode")
        kind, code = restricted.maybe_integer("Type"), restricted.maybe_integer("Code")
        ports = messages(restricted, kind, code)
    return AclEntry(
        number=number,
        direction=Direction.EGRESS if entry.told("Egress") else Direction.INGRESS,
        action=_action(entry),
        protocol=protocol,
        ports=ports,
        cidr=(
            entry.network6("Ipv6CidrBlock")
            if entry.has("Ipv6CidrBlock")
            else entry.network("CidrBlock")
        ),
    )


def _action(entry: Record) -> Action:
    text = entry.text("RuleAction")
    try:
        return Action(text.lower())
    except ValueError:
        raise UnreadableError(f"{entry.where}: RuleAction is {text!r}, not allow or deny") from None
