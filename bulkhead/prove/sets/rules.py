"""What a single rule says to a protocol; which icmp message answers which."""

from __future__ import annotations

from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    ICMP,
    ICMP6,
    AclEntry,
    Action,
    GroupRule,
    PortRange,
    has_ports,
    has_types,
    icmp_answer,
    icmp_range,
)
from bulkhead.prove.sets.by_port import ByPort, at, side_by_side, union

ECHO_REPLY: Final = 0
ECHO_REQUEST: Final = 8
ECHO_REQUEST6: Final = 128
ECHO_REPLY6: Final = 129


def past_nat64(protocol: int) -> int:
    """As which protocol a packet of IPv6 goes on as one of IPv4."""
    return ICMP if protocol == ICMP6 else protocol


def as_ipv6(passing: ByPort, protocol: int) -> ByPort:
    """From sets per port (icmp: message) of IPv4 to sets per port that IPv6 has for it.

    Of icmp a NAT gateway translates echo requests and their replies (docs/model.md, "Nat64").
    """
    if protocol != ICMP6:
        return passing
    parts = []
    for four, six in ((ECHO_REQUEST, ECHO_REQUEST6), (ECHO_REPLY, ECHO_REPLY6)):
        for ports, (bits,) in side_by_side((passing,), icmp_range(four, None)):
            moved = (six - four) * 256
            parts.append((PortRange(ports.first + moved, ports.last + moved), bits))
    return union(parts)


def speaks_of(rule: GroupRule | AclEntry, protocol: int) -> bool:
    """Whether a rule is for this protocol."""
    return rule.protocol in (ANY_PROTOCOL, protocol)


def decides(entry: AclEntry, *, unknown_passes: bool) -> bool:
    """Whether a NACL entry is there, in the reading that passes least, or most.

    What may be there is there where it says what the reading says of all that is unknown.
    """
    return entry.certain or (entry.action is Action.ALLOW) is unknown_passes


def covers_ports(rule: GroupRule | AclEntry, protocol: int) -> PortRange:
    """The ports (messages, for icmp) of a rule, for a protocol it speaks of.

    A rule for all protocols is one for all ports
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html).
    """
    ported = has_ports(protocol) or has_types(protocol)
    return rule.ports if ported and rule.protocol != ANY_PROTOCOL else ALL_PORTS


def returned(back: ByPort, protocol: int) -> ByPort:
    """From sets per icmp message that comes back to sets per message that asked for it."""
    edges = {0, *(first for first, _ in back)}
    for kind in range(256):
        answer = icmp_answer(protocol, kind * 256) // 256
        if answer != kind:
            edges |= {kind * 256, (kind + 1) * 256}
            edges |= {first + (kind - answer) * 256 for first, _ in back if first // 256 == answer}
    tidy: list[tuple[int, int]] = []
    for edge in sorted(edges):
        if edge <= ALL_PORTS.last:
            bits = at(back, icmp_answer(protocol, edge))
            if not tidy or tidy[-1][1] != bits:
                tidy.append((edge, bits))
    return tuple(tidy)
