"""Network ACLs, and which subnet each one guards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ICMP,
    AclEntry,
    Action,
    Direction,
    NetworkAcl,
    has_ports,
)
from bulkhead.observe.described import Described, label
from bulkhead.observe.groups import ports_between, protocol_of
from bulkhead.observe.record import Gaps, Record, UnreadableError

_LAST_WRITTEN: Final = 32766
"""Above it stand only AWS's own denials, 32767 and 32768, shown as '*'.

(docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html)
"""


def network_acls(described: Described, gaps: Gaps) -> tuple[NetworkAcl, ...]:
    """Every NACL with its IPv4 entries, the implicit denials left out."""
    acls = []
    for record in described["NetworkAcls"]:
        with gaps.needing():
            acl = record.text("NetworkAclId")
            acls.append(
                NetworkAcl(
                    id=acl,
                    name=label(record, acl),
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


def acl_of_subnet(described: Described) -> dict[str, str]:
    """Subnet -> the one NACL associated with it."""
    return {
        association.text("SubnetId"): record.text("NetworkAclId")
        for record in described["NetworkAcls"]
        for association in record.records("Associations")
        if association.has("SubnetId")
    }


def default_acls(described: Described) -> dict[str, str]:
    """VPC -> its default NACL, which guards every subnet without an association."""
    return {
        record.text("VpcId"): record.text("NetworkAclId")
        for record in described["NetworkAcls"]
        if record.flag("IsDefault")
    }


def _entries(record: Record, acl: str, gaps: Gaps) -> Iterator[AclEntry]:
    for entry in record.records("Entries"):
        with gaps.tolerating("network-acl-entry", acl, acl):
            number = entry.integer("RuleNumber")
            # An IPv6 entry decides about IPv6 packets only; where there are any,
            # the subnet itself is unmodelled.
            if number > _LAST_WRITTEN or entry.has("Ipv6CidrBlock"):
                continue
            yield _entry(entry, number, acl, gaps)


def _entry(entry: Record, number: int, acl: str, gaps: Gaps) -> AclEntry:
    protocol = protocol_of(entry, "Protocol")
    direction = Direction.EGRESS if entry.flag("Egress") else Direction.INGRESS
    ports = ALL_PORTS
    if has_ports(protocol):
        span = entry.inside("PortRange")
        if span is None:
            raise UnreadableError(f"{entry.where}: entry {number} has no PortRange")
        ports = ports_between(span, "From", "To")
    restricted = entry.inside("IcmpTypeCode") if protocol == ICMP else None
    if restricted is not None:
        kind, code = restricted.maybe_integer("Type"), restricted.maybe_integer("Code")
        if (kind, code) not in ((None, None), (-1, None), (-1, -1)):
            gaps.add(
                "network-acl-entry",
                f"{acl}/{direction}/{number}",
                acl,
                f"it matches ICMP type {kind} code {code} only; the model holds it as all of ICMP",
                ICMP,
            )
    return AclEntry(
        number=number,
        direction=direction,
        action=_action(entry),
        protocol=protocol,
        ports=ports,
        cidr=entry.network("CidrBlock"),
    )


def _action(entry: Record) -> Action:
    text = entry.text("RuleAction")
    try:
        return Action(text.lower())
    except ValueError:
        raise UnreadableError(f"{entry.where}: RuleAction is {text!r}, not allow or deny") from None
