"""NACLs that drop what tells a host that its packet is too large for the way.

Inside a VPC packets of 9001 bytes pass, beyond an internet gateway 1500, by a VPN connection fewer
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/network_mtu.html; vpn/latest/s2svpn/vpn-limits.html). A
router out there says so by icmp, which a NACL has to let in both for what talks with the internet
and where sizes differ (vpc/latest/userguide/path_mtu_discovery.html). Else connections open, small
messages arrive, and large ones do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.lint.smell import Smell, SmellKind
from bulkhead.network import TCP, TOO_LARGE, Direction, NetworkAcl, is_of_family, lets_tell
from bulkhead.network.traffic import merge, traffic
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of, ranges

_BEYOND: Final = (EndpointKind.SITE, EndpointKind.INTERNET)


def large_packets_lost(reach: Reach, doubted: Collection[str]) -> Iterator[Smell]:
    """Of each NACL behind which somebody talks tcp with somebody beyond the VPC, for sure: those
    from whom no such message comes in."""
    talked: dict[str, dict[int, None]] = defaultdict(dict)
    for index, other in _talking(reach):
        subnet = reach.network.subnet[reach.endpoints[index].subnet or ""]
        talked[subnet.nacl][other] = None
    for id_, others in talked.items():
        nacl = reach.network.nacl.get(id_)
        if nacl is None or id_ in doubted:
            continue
        ends = [reach.endpoints[each] for each in others]
        silent = [each for each in ends if not lets_tell(nacl, Direction.INGRESS, each.prefix)]
        if silent:
            yield _smell(nacl, silent)


def _talking(reach: Reach) -> Iterator[tuple[int, int]]:
    """Interfaces, each with an end beyond the VPC with which it has tcp, whoever begins."""
    inside = reach.survey.interfaces
    beyond = sum(1 << index for index, each in enumerate(reach.endpoints) if _is_beyond(each))
    for index in bits_of(inside | beyond):
        here = inside >> index & 1
        met = 0
        for _, bits in ranges(reach.masks(index, TCP).allowed):
            met |= bits
        for other in bits_of(met & (beyond if here else inside)):
            yield (index, other) if here else (other, index)


def _is_beyond(end: Endpoint) -> bool:
    """What is called by a gateway endpoint sends no icmp of its own
    (docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)."""
    return end.kind in _BEYOND and (end.peer or not end.known) and not end.opens_nothing


def _smell(nacl: NetworkAcl, ends: Collection[Endpoint]) -> Smell:
    whom = ", ".join(dict.fromkeys(each.known or each.thing for each in ends))
    message = ", ".join(
        traffic(protocol, merge([ports]))
        for protocol, ports in TOO_LARGE
        if any(is_of_family(protocol, each.version) for each in ends)
    )
    return Smell(
        kind=SmellKind.TOO_LARGE,
        component=nacl.id,
        name=f"NACL {nacl.name}",
        why=f"tcp with {whom} passes, and what tells its hosts that a packet is too large for the "
        f"way there does not: small messages arrive, and large ones may vanish",
        advice=f"let {message} in from there: groups do, for connections that they track",
    )
