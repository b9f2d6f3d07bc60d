"""Some addresses of a class: those that somebody asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_network

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.network import IPAddress, IPNetwork

Ranges = tuple[tuple[IPAddress, IPAddress], ...]


def as_block(text: str) -> IPNetwork | None:
    """An address as a network of one, or a CIDR; None for any other word."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def part_of(end: Endpoint, block: IPNetwork) -> Endpoint | None:
    """What of an end lies in a block, as an end of its own; None where nothing does.

    The end itself, where it lies in the block with all that any rule tells apart around it.
    """
    if end.version != block.version:
        return None
    inside = tuple(_inside(end.ranges, block))
    return _narrowed(end, inside, block) if inside else None


def without(end: Endpoint, addresses: Iterable[IPAddress]) -> Endpoint | None:
    """What an end has beside these addresses; None where that is nothing."""
    left = end.ranges
    for each in addresses:
        left = tuple(_beside(left, each))
    if left == end.ranges:
        return end
    return replace(end, ranges=left, whole=end.whole or end) if left else None


def _narrowed(end: Endpoint, ranges: Ranges, block: IPNetwork) -> Endpoint:
    if end.kind is EndpointKind.INTERFACE or block.prefixlen < end.prefix.prefixlen:
        return end
    asked = str(block.network_address if block.num_addresses == 1 else block)
    return replace(
        end,
        part=f"{asked} of {end.prefix}" if _is_wider(end, block) else asked,
        prefix=block,
        ranges=ranges,
        whole=end.whole or end,
    )


def _is_wider(end: Endpoint, block: IPNetwork) -> bool:
    """Whether an end goes by a prefix, and by more than the block."""
    return end.part == str(end.prefix) != str(block)


def _inside(ranges: Ranges, block: IPNetwork) -> Iterator[tuple[IPAddress, IPAddress]]:
    low, high = block.network_address, block.broadcast_address
    for first, last in ranges:
        if int(first) <= int(high) and int(low) <= int(last):
            yield (
                first if int(first) > int(low) else low,
                last if int(last) < int(high) else high,
            )


def _beside(ranges: Ranges, address: IPAddress) -> Iterator[tuple[IPAddress, IPAddress]]:
    for first, last in ranges:
        if not int(first) <= int(address) <= int(last):
            yield first, last
            continue
        if first != address:
            yield first, address - 1
        if last != address:
            yield address + 1, last
