"""The IPv6 block of a VPC: which stands for it in a plan, and what becomes of a plan elsewhere.

Which block AWS gives a VPC, it says when it makes that
(docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html). Until then a plan is made over a
block that stands for it; who holds it against what was found moves it to the block there.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from ipaddress import IPv6Address, IPv6Network
from typing import Any, Final, TypeVar

from bulkhead.network.addresses import IPAddress, IPNetwork
from bulkhead.network.model import Network
from bulkhead.network.places import Vpc

T = TypeVar("T")

VPC_PREFIX: Final = 56
"""The size of a block that Amazon gives."""
SUBNET_PREFIX: Final = 64

STAND_IN: Final = IPv6Network("2001:db8:a::/56")
"""A block of those that are for documentation (RFC 3849): no VPC has it."""


def unknown_ipv6(thing: str) -> str:
    """What the note goes by that blocks or addresses of IPv6 of a thing are not known."""
    return f"{thing}/ipv6"


def stands_in(place: IPAddress | IPNetwork) -> bool:
    """Whether an address or a block is one that only AWS will tell."""
    if isinstance(place, IPv6Network):
        return place.subnet_of(STAND_IN)
    return isinstance(place, IPv6Address) and place in STAND_IN


def has_stand_in(network: Network) -> bool:
    """Whether a VPC of it has a block that only AWS will tell."""
    return any(STAND_IN in each.cidrs for each in network.vpcs)


def rebased(network: Network, onto: IPv6Network, of: IPv6Network = STAND_IN) -> Network:
    """The same network with all that lies in one block moved to another of its size.

    What has a name keeps it. Raises ValueError for a block of another size.
    """
    return moved(network, onto, of)


def moved(value: T, onto: IPv6Network, of: IPv6Network = STAND_IN) -> T:
    """The same of an address, a block, or plain data in which there are some."""
    if onto.prefixlen != of.prefixlen:
        raise ValueError(f"{onto} is no block of the size of {of}")
    if onto == of:
        return value
    found: T = _moved(value, of, int(onto.network_address) - int(of.network_address))
    return found


def with_ipv6_of(planned: Network, found: Network) -> Network:
    """A plan whose IPv6 block is the one that its VPC was given in a network that was found.

    Itself, where nothing stands for one, or the VPC there has none.
    """
    block = given_instead(planned, found)
    return planned if block is None else rebased(planned, block)


def given_instead(planned: Network, found: Network) -> IPv6Network | None:
    """The block of IPv6 that a VPC was given where one stands for it in a plan.

    None where nothing stands for one, or the VPC that was found has none.
    """
    return next((_given(each, found) for each in planned.vpcs if STAND_IN in each.cidrs), None)


def _given(vpc: Vpc, found: Network) -> IPv6Network | None:
    ours = [each for each in found.vpcs if not each.neighbour]
    meant = (
        [each for each in ours if each.topology == vpc.topology and each.name == vpc.name]
        or [each for each in ours if each.topology == vpc.topology]
        or [each for each in ours if set(each.cidrs) & set(vpc.cidrs)]
    )
    blocks = [
        (each.id, block)
        for each in meant[:1]
        for block in each.cidrs
        if isinstance(block, IPv6Network) and block.prefixlen == VPC_PREFIX
    ]
    # Of several it is the one in which subnets were made.
    used = [
        block
        for id_, block in blocks
        for subnet in found.subnets
        if subnet.vpc == id_ and any(each.subnet_of(block) for each in subnet.ipv6_cidrs)
    ]
    return next(iter((*used, *(block for _, block in blocks))), None)


def _moved(value: Any, block: IPv6Network, by: int) -> Any:
    if isinstance(value, IPv6Address):
        return IPv6Address(int(value) + by) if value in block else value
    if isinstance(value, IPv6Network):
        inside = value.subnet_of(block)
        return IPv6Network((int(value.network_address) + by, value.prefixlen)) if inside else value
    if isinstance(value, tuple):
        items = [_moved(each, block, by) for each in value]
        same = all(one is other for one, other in zip(items, value, strict=True))
        return value if same else tuple(items)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for each in fields(value):
            before = getattr(value, each.name)
            if (after := _moved(before, block, by)) is not before:
                changed[each.name] = after
        return replace(value, **changed) if changed else value
    return value
