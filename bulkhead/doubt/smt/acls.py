"""Network ACLs as formulas: the first entry that matches decides."""

from __future__ import annotations

from collections import defaultdict

from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.in_doubt import in_doubt
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.terms import (
    MESSAGED,
    PORTED,
    Formula,
    Header,
    all_of,
    among,
    between,
    either,
    inside,
    same,
)
from bulkhead.network import ANY_PROTOCOL, Action, Direction, PortRange


def acl(
    encoding: Encoding, direction: Direction, subnet: str, header: Header, *, unknown: bool
) -> Formula:
    """Whether the ACL of a subnet passes the packet, to its destination or from its source.

    `unknown` is what whatever is unknown counts as.
    """
    return named_acl(
        encoding, direction, encoding.network.subnet[subnet].nacl, header, unknown=unknown
    )


@remembered
def acl_of_end(
    encoding: Encoding, direction: Direction, header: Header, *, unknown: bool
) -> Formula:
    """The same for the subnet in which the packet starts (egress) or ends (ingress), if any."""
    location = header.origin if direction is Direction.EGRESS else header.target
    behind: dict[str, list[int]] = defaultdict(list)
    for each in encoding.network.subnets:
        behind[each.nacl].append(encoding.subnet(each.id))
    return all_of(
        either(
            among(location, subnets),
            named_acl(encoding, direction, name, header, unknown=unknown),
            True,
        )
        for name, subnets in behind.items()
    )


def speaks_of(protocol: int, ports: PortRange, header: Header) -> Formula:
    """Whether a rule for a protocol and its ports (icmp: messages) is about the packet."""
    if protocol == ANY_PROTOCOL:
        return True
    this = same(header.protocol, protocol)
    if protocol in PORTED or protocol in MESSAGED:
        return all_of((this, between(header.port, ports.first, ports.last)))
    return this


@remembered
def named_acl(
    encoding: Encoding, direction: Direction, name: str, header: Header, *, unknown: bool
) -> Formula:
    """The same for an ACL by its name."""
    found = encoding.network.nacl.get(name)
    if found is None:
        return unknown
    address = header.destination if direction is Direction.EGRESS else header.source
    passes: Formula = False
    # Read from its end: what is written last around the chain is asked first.
    for entry in sorted(found.entries, key=lambda each: -each.number):
        if entry.direction is direction and entry.cidr.version == encoding.version:
            about = speaks_of(entry.protocol, entry.ports, header)
            hit = all_of((about, inside(address, entry.cidr)))
            said = entry.action is Action.ALLOW
            # Whoever may match is taken to where what it says is what the unknown counts as.
            if entry.certain or said is unknown:
                passes = either(hit, said, passes)
    return either(in_doubt(encoding, name, header.cell), unknown, passes)
