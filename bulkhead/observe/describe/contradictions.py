"""What answers say together that AWS never has: of different moments, or of other accounts.

Which of them is true nobody knows: what they speak of is in doubt, as narrow as it can be said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from bulkhead.network import AttachmentKind, IPAddress, IPNetwork, Network, Subnet
from bulkhead.observe.describe.described import Described
from bulkhead.observe.describe.instances import gone
from bulkhead.observe.record import Gaps

_KIND: Final = "contradiction"


@dataclass(frozen=True, slots=True)
class _Contradiction:
    """What cannot be, and the things of which one is then not as it is said."""

    why: str
    scopes: tuple[str, ...]


def contradictions(described: Described, found: Network, gaps: Gaps) -> None:
    """Say each, and leave in doubt what it speaks of."""
    for each in _all(described, found):
        gaps.add_each(_KIND, " and ".join(each.scopes), each.scopes, each.why)


def _all(described: Described, found: Network) -> Iterator[_Contradiction]:
    yield from _blocks(found)
    yield from _homes(found)
    yield from _addresses(found)
    yield from _gateways(found)
    yield from _interfaces(described, found)


def _blocks(found: Network) -> Iterator[_Contradiction]:
    """A subnet's block is part of no other subnet's
    (docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html)."""
    inside: dict[str, list[Subnet]] = defaultdict(list)
    for subnet in found.subnets:
        inside[subnet.vpc].append(subnet)
    for subnets in inside.values():
        yield from _overlapping(subnets)


def _overlapping(subnets: Iterable[Subnet]) -> Iterator[_Contradiction]:
    """Of blocks in their order, one that begins within another comes right behind it."""
    placed = sorted(
        (block.version, *_span(block), subnet.id) for subnet in subnets for block in subnet.cidrs
    )
    widest: tuple[int, int, str] | None = None
    for version, first, last, subnet in placed:
        if widest and widest[0] == version and first <= widest[1] and subnet != widest[2]:
            pair = tuple(sorted((widest[2], subnet)))
            yield _Contradiction("their blocks overlap, and those of one VPC never do", pair)
        if not widest or widest[0] != version or last > widest[1]:
            widest = version, last, subnet


def _span(block: IPNetwork) -> tuple[int, int]:
    return int(block.network_address), int(block.broadcast_address)


def _homes(found: Network) -> Iterator[_Contradiction]:
    """What stands in a subnet is of the subnet's VPC."""
    for name, vpc, place in _standing(found):
        home = found.subnet.get(place)
        if home is not None and home.vpc != vpc:
            why = f"it is of {vpc}, and its subnet {home.id} of {home.vpc}"
            yield _Contradiction(why, (name,))


def _standing(found: Network) -> Iterator[tuple[str, str, str]]:
    """What packets of others pass, its VPC, and each subnet that it stands in."""
    for gateway in found.nat_gateways:
        yield gateway.id, gateway.vpc, gateway.subnet or ""
    for attachment in found.transit_attachments:
        if attachment.kind is AttachmentKind.VPC:
            yield from ((attachment.id, attachment.resource, each) for each in attachment.subnets)
    for firewall in found.firewalls:
        yield from ((endpoint, firewall.vpc, each) for endpoint, each in firewall.endpoints)


def _addresses(found: Network) -> Iterator[_Contradiction]:
    """An address is of one interface of a VPC."""
    holders: dict[tuple[str, IPAddress], list[str]] = defaultdict(list)
    for each in found.interfaces:
        for address in each.addresses:
            holders[found.subnet[each.subnet].vpc, address].append(each.id)
    for (_, address), several in holders.items():
        if len(several) > 1:
            why = f"{address} is said to be an address of each of them"
            yield _Contradiction(why, tuple(sorted(several)))


def _gateways(found: Network) -> Iterator[_Contradiction]:
    """A VPC has one internet gateway and one VPN gateway at most
    (docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html)."""
    for gateways in (found.internet_gateways, found.vpn_gateways):
        serving: dict[str, list[str]] = defaultdict(list)
        for each in gateways:
            serving[each.vpc].append(each.id)
        for vpc, several in serving.items():
            if len(several) > 1:
                why = f"both are said to be attached to {vpc}"
                yield from (_Contradiction(why, pair) for pair in combinations(several, 2))


def _interfaces(described: Described, found: Network) -> Iterator[_Contradiction]:
    """An interface is in its subnet's VPC, and none is of an instance that is no more."""
    ended = gone(described)
    for record in described["NetworkInterfaces"]:
        name, vpc = record.text("NetworkInterfaceId"), record.maybe("VpcId")
        interface = found.interface.get(name)
        if interface is None:
            continue
        home = found.subnet[interface.subnet]
        if vpc is not None and vpc != home.vpc:
            yield _Contradiction(f"it is of {vpc}, and its subnet {home.id} of {home.vpc}", (name,))
    for each in found.interfaces:
        if state := ended.get(each.instance or ""):
            yield _Contradiction(f"its instance {each.instance} is {state}", (each.id,))
