"""The ends inside VPCs: interfaces, and the strangers that may come to stand beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.prefixes import (
    Prefix,
    PrefixTree,
    as_network,
    as_prefix,
    as_ranges,
    number,
)
from bulkhead.network import (
    LINUX_PORTS,
    Interface,
    IPAddress,
    IPNetwork,
    Network,
    Subnet,
    is_private,
    kept_by_aws,
)


def interfaces(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    """Each address of each interface, and what else is in the prefixes that it was given."""
    for each in sorted(network.interfaces, key=lambda interface: (interface.name, interface.id)):
        for address in each.addresses:
            yield _interface(network, tree, each, address)
        for home in sorted(_delegated(each, tree)):
            own = [number(address) for address in each.addresses]
            if free := _without(tree.own_ranges(home), sorted(own)):
                yield _behind(network, each, home, free)


def _delegated(interface: Interface, tree: PrefixTree) -> set[Prefix]:
    """What cuts the prefixes of an interface; nothing where nobody speaks IPv6."""
    prefixes = [as_prefix(each) for each in interface.ipv6_prefixes]
    return {home for each in prefixes if each in tree.prefixes for home in tree.within(each)}


def _behind(
    network: Network, interface: Interface, home: Prefix, free: list[tuple[int, int]]
) -> Endpoint:
    subnet, block = network.subnet_of(interface), as_network(home)
    return Endpoint(
        kind=EndpointKind.INTERFACE,
        id=interface.id,
        thing=interface.name,
        part=str(block),
        prefix=block,
        ranges=as_ranges(free),
        vpc=subnet.vpc,
        subnet=subnet.id,
        segment=subnet.segment,
        service=interface.service,
        public=not is_private(block.network_address),
        client_ports=interface.client_ports,
        why_any_port=interface.why_any_port,
    )


def _interface(
    network: Network, tree: PrefixTree, interface: Interface, address: IPAddress
) -> Endpoint:
    primary = address == interface.address
    subnet = network.subnet_of(interface)
    return Endpoint(
        kind=EndpointKind.INTERFACE,
        id=interface.id,
        thing=interface.name,
        part="" if primary else str(address),
        prefix=as_network(tree.home(address)),
        ranges=((address, address),),
        vpc=subnet.vpc,
        subnet=subnet.id,
        segment=subnet.segment,
        service=interface.service,
        public=interface.public_for(address) is not None,
        client_ports=interface.client_ports,
        why_any_port=interface.why_any_port,
    )


def strangers(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    """The free addresses of each subnet."""
    occupied: dict[str, set[int]] = {subnet.id: set() for subnet in network.subnets}
    delegated: dict[str, set[Prefix]] = {subnet.id: set() for subnet in network.subnets}
    for interface in network.interfaces:
        occupied[interface.subnet].update(map(number, interface.addresses))
        delegated[interface.subnet] |= _delegated(interface, tree)
    for nat in network.nat_gateways:
        if nat.subnet in occupied:
            occupied[nat.subnet].update(map(number, nat.addresses))
    for subnet in sorted(network.subnets, key=lambda each: (each.name, each.id)):
        for cidr in subnet.cidrs:
            taken = sorted(occupied[subnet.id].union(map(number, kept_by_aws(cidr))))
            homes = [
                home for home in tree.within(as_prefix(cidr)) if home not in delegated[subnet.id]
            ]
            yield from _strangers_in(subnet, cidr, tree, homes, taken)


def _strangers_in(
    subnet: Subnet, cidr: IPNetwork, tree: PrefixTree, homes: list[Prefix], taken: list[int]
) -> Iterator[Endpoint]:
    pieces = {home: free for home in homes if (free := _without(tree.own_ranges(home), taken))}
    whole = len(pieces) == 1 and cidr == subnet.cidr
    for home, free in sorted(pieces.items()):
        yield Endpoint(
            kind=EndpointKind.STRANGER,
            id=subnet.id,
            thing=subnet.name,
            part="" if whole else str(as_network(home)),
            prefix=as_network(home),
            ranges=as_ranges(free),
            vpc=subnet.vpc,
            subnet=subnet.id,
            segment=subnet.segment,
            # A stranger may be given a public address; one of IPv6 is its own.
            public=cidr.version == 4 or not is_private(cidr.network_address),
            client_ports=LINUX_PORTS,
        )


def _without(ranges: Iterable[tuple[int, int]], taken: list[int]) -> list[tuple[int, int]]:
    """The ranges less some single addresses, given in order."""
    left = []
    for first, last in ranges:
        free = first
        for address in taken:
            if free <= address <= last:
                if free < address:
                    left.append((free, address - 1))
                free = address + 1
        if free <= last:
            left.append((free, last))
    return left
