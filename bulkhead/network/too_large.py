"""What tells a sender that a packet of his is larger than the way takes."""

from __future__ import annotations

from typing import Final

from bulkhead.network.addresses import IPNetwork, within
from bulkhead.network.ports import ANY_PROTOCOL, ICMP, ICMP6, icmp_range, is_of_family
from bulkhead.network.rules import Action, Direction, NetworkAcl

TOO_LARGE: Final = ((ICMP, icmp_range(3, 4)), (ICMP6, icmp_range(2, 0)))
"""The messages, by protocol: of IPv4 "fragmentation needed" (RFC 792, RFC 1191), of IPv6 "packet
too big" (RFC 4443, 3.2)."""


def lets_tell(nacl: NetworkAcl, direction: Direction, there: IPNetwork) -> bool:
    """Whether a NACL lets such a message pass, from there or to there: the first entry for it
    decides. Where it is in doubt whether one is there, yes."""
    for protocol, message in TOO_LARGE:
        if is_of_family(protocol, there.version):
            for each in nacl.ordered(direction):
                of_it = each.protocol == ANY_PROTOCOL or (
                    each.protocol == protocol and each.ports.covers(message)
                )
                if of_it and within(there, each.cidr):
                    return each.action is Action.ALLOW or not each.certain
    return False
