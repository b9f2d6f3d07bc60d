"""Services whose interfaces come and go, in a network that was found: who may come next.

A group says of its service that its interfaces come and go (`SecurityGroup.members`), and names
none. So in each subnet of the service one stands in for all that have not come yet, at a free
address of each class that some rule of this network tells apart: what is proved of them is proved
of whoever comes to hold the group there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.cuts import prefixes_of
from bulkhead.ends.inside import strangers
from bulkhead.ends.prefixes import PrefixTree
from bulkhead.network import (
    Interface,
    IPAddress,
    Network,
    SecurityGroup,
    Subnet,
)
from bulkhead.network.members import stand_in_name

Belonging = Callable[[Network, SecurityGroup], Iterable[tuple[Subnet, bool]]]
"""In which subnets members belong that hold a group, and whether they have IPv6 there too."""


_Holder = tuple[SecurityGroup, bool, tuple[str, ...]]
"""A group, whether who holds it has IPv6, and which others they hold beside it."""


def subnets_of(network: Network, group: SecurityGroup) -> Iterator[tuple[Subnet, bool]]:
    """As the group is tagged, by what subnets are called."""
    for subnet in network.subnets:
        if group.members and subnet.vpc == group.vpc and group.members.belong_in(subnet):
            yield subnet, bool(subnet.ipv6_cidrs)


def with_stand_ins(network: Network, places: Belonging = subnets_of) -> Network:
    """The network with one for each such service in each of its subnets; those that it had before
    are made anew. Itself, where no service is so."""
    groups = sorted(
        (each for each in network.security_groups if each.members and each.service),
        key=lambda each: (each.name, each.id),
    )
    there = tuple(each for each in network.interfaces if not each.stand_in)
    if len(there) < len(network.interfaces):
        network = replace(network, interfaces=there)
    if not groups:
        return network
    holders: dict[str, list[_Holder]] = defaultdict(list)
    for group in groups:
        more = network.groups_beside(group)
        for subnet, with_ipv6 in places(network, group):
            holders[subnet.id].append((group, with_ipv6, more))
    free: dict[str, list[Endpoint]] = defaultdict(list)
    for end in strangers(network, PrefixTree(prefixes_of((network,))[0])):
        free[end.subnet or ""].append(end)
    coming = (
        each
        for id_, several in holders.items()
        for each in _standing_in(network.subnet[id_], several, free[id_])
    )
    return replace(network, interfaces=(*there, *coming))


def without_members(network: Network) -> Network:
    """Less those interfaces that one stands in for: which of them are there today is no difference
    of a network. Where rules tell addresses of a subnet apart, all that is there is kept."""
    standing: dict[tuple[str, str | None], list[Interface]] = defaultdict(list)
    for each in network.interfaces:
        if each.stand_in:
            standing[each.subnet, each.service].append(each)
    if not standing:
        return network
    kept = tuple(
        each
        for each in network.interfaces
        if each.stand_in or not _is_like_any(each, standing[each.subnet, each.service])
    )
    return network if kept == network.interfaces else replace(network, interfaces=kept)


def _is_like_any(interface: Interface, stand_ins: Sequence[Interface]) -> bool:
    """Whether all that is proved of the one that stands there is so of it."""
    if len(stand_ins) != 1:
        return False
    plain = (interface.kind, interface.source_dest_check, interface.function)
    alone = len(interface.addresses) - len(interface.ipv6_addresses) == 1
    public = interface.public_address or interface.more_public or interface.ipv6_prefixes
    return (
        set(interface.security_groups) == set(stand_ins[0].security_groups)
        and interface.client_ports == stand_ins[0].client_ports
        and plain == (stand_ins[0].kind, True, stand_ins[0].function)
        and alone
        and len(interface.ipv6_addresses) <= len(stand_ins[0].ipv6_addresses)
        and not public
    )


def _standing_in(
    subnet: Subnet, holders: Iterable[_Holder], free: Iterable[Endpoint]
) -> Iterator[Interface]:
    """At the last addresses of each class of free ones, as many as there are."""
    every = list(free)
    four = [_last(each) for each in every if each.version == 4]
    six = [_last(each) for each in every if each.version == 6]
    for group, with_ipv6, beside in holders:
        members, classes = group.members, max(len(four), len(six) if with_ipv6 else 0)
        if members is None or not four:
            continue
        for number in range(classes):
            address = next(four[min(number, len(four) - 1)], None)
            more = next(six[min(number, len(six) - 1)], None) if with_ipv6 and six else None
            if not isinstance(address, IPv4Address):
                continue
            name = stand_in_name(group.service or group.name, subnet.zone)
            yield Interface(
                id=f"{group.id}/{subnet.id}/{number + 1}",
                name=f"{name}-{number + 1}" if number else name,
                subnet=subnet.id,
                address=address,
                ipv6_addresses=(more,) if isinstance(more, IPv6Address) else (),
                security_groups=(group.id, *beside),
                service=group.service,
                client_ports=members.client_ports,
                function=members.function,
                stand_in=True,
            )


def _last(end: Endpoint) -> Iterator[IPAddress]:
    """The addresses of an end, from the last one on."""
    for first, last in reversed(end.ranges):
        address = type(first)
        for number in range(int(last), int(first) - 1, -1):
            yield address(number)
