"""Ends of IPv4 as IPv6 calls them: what a NAT gateway translates (docs/model.md, "NAT64")."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.prefixes import Prefix, PrefixTree, as_network, as_prefix, as_ranges, number
from bulkhead.network import NAT64, IPAddress, IPNetwork

_START: Final = number(NAT64.network_address)


def ipv4_of(address: IPAddress) -> IPv4Address | None:
    """The address that the last 32 bits of one of IPv6 are; None for what calls no host so."""
    if isinstance(address, IPv6Address) and address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def by_ipv6(tree: PrefixTree, known: Iterable[Endpoint]) -> Iterator[Endpoint]:
    """Of the ends of IPv4 that are known: who has one address of them, as IPv6 calls it.

    Where several have it they are one end of IPv6: nothing tells which one is meant.
    """
    holders: dict[tuple[tuple[int, ...], Prefix], list[tuple[int, int]]] = defaultdict(list)
    ends = [each for each in known if each.version == 4]
    for first, last, meant in _stretches(ends):
        for home, begin, end in _cut(tree, _START + first, _START + last):
            holders[meant, home].append((begin, end))
    for (meant, home), ranges in holders.items():
        yield _called([ends[each] for each in meant], home, ranges)


def _stretches(ends: list[Endpoint]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """First and last address of every stretch that the same ends have, and which."""
    bounds: dict[int, list[int]] = defaultdict(list)
    for index, each in enumerate(ends):
        for first, last in each.ranges:
            bounds[int(first)].append(index)
            bounds[int(last) + 1].append(~index)
    having: set[int] = set()
    begun = 0
    for place in sorted(bounds):
        if having:
            yield begun, place - 1, tuple(sorted(having))
        begun = place
        for index in bounds[place]:
            if index < 0:
                having.remove(~index)
        having.update(index for index in bounds[place] if index >= 0)


def _cut(tree: PrefixTree, first: int, last: int) -> Iterator[tuple[Prefix, int, int]]:
    """A stretch of numbers in pieces of one home each."""
    pieces = sorted(
        (begin, end, home)
        for home in tree.within(as_prefix(NAT64))
        for begin, end in tree.own_ranges(home)
    )
    place = bisect_right(pieces, first, key=lambda piece: piece[0]) - 1
    while place < len(pieces) and pieces[place][0] <= last:
        begin, end, home = pieces[place]
        yield home, max(begin, first), min(end, last)
        place += 1


def _called(meant: list[Endpoint], home: Prefix, ranges: list[tuple[int, int]]) -> Endpoint:
    internet = [each for each in meant if each.kind is EndpointKind.INTERNET]
    around = as_network(home)
    own = _as_ipv6(meant[0], around)
    if internet:
        return Endpoint(
            kind=EndpointKind.INTERNET,
            id="internet",
            thing="internet",
            part=str(own),
            prefix=around,
            ranges=as_ranges(ranges),
            ipv4=tuple(meant),
        )
    named = str(own.network_address) if own.num_addresses == 1 else str(own)
    return Endpoint(
        kind=EndpointKind.ELSEWHERE,
        id="elsewhere",
        thing="NAT64",
        part=f"{named} of {', '.join(dict.fromkeys(each.name for each in meant))}",
        prefix=around,
        ranges=as_ranges(ranges),
        ipv4=tuple(meant),
    )


def _as_ipv6(end: Endpoint, around: IPNetwork) -> IPNetwork:
    """The block of an end as IPv6 calls it, or what is cut of that."""
    block = end.prefix
    if end.is_one_address:
        head, length = int(end.address), 32
    else:
        head, length = int(block.network_address), block.prefixlen
    own = IPv6Network((int(NAT64.network_address) | head, NAT64.prefixlen + length))
    return around if around.prefixlen > own.prefixlen else own
