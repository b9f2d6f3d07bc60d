"""Addresses and networks of both families."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

AddressOrNetwork = IPv4Address | IPv4Network
"""Some addresses of a site: one, or a network of several."""


def place_of(network: IPv4Network) -> AddressOrNetwork:
    """The same, one address as an address: 192.168.10.7, 192.168.10.64/26."""
    return network if network.num_addresses > 1 else network.network_address


PRIVATE: Final[tuple[IPNetwork, ...]] = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    )
)
"""RFC 1918, RFC 6598 and RFC 4193: an internet gateway carries none of them
(docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html)."""


NAT64: Final = IPv6Network("64:ff9b::/96")
"""By these addresses IPv6 calls hosts of IPv4: the last 32 bits are theirs (RFC 6052). A NAT
gateway translates them (docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)."""


EVERYWHERE: Final = IPv4Network("0.0.0.0/0")
"""All addresses of IPv4."""


def is_private(address: IPAddress) -> bool:
    """Whether no internet gateway carries it."""
    return any(address in block for block in PRIVATE)


def within(inner: IPNetwork, outer: IPNetwork) -> bool:
    """Whether one network lies inside another of its family."""
    return (
        inner.version == outer.version
        and inner.prefixlen >= outer.prefixlen
        and inner.network_address in outer
    )


_KEPT_AT_START: Final = 4
"""AWS keeps the first four addresses of a subnet's block, and the last
(docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html)."""


def in_order(network: IPNetwork) -> tuple[int, int, int]:
    """What sorts networks of both families: IPv4 first, then by address and length."""
    return network.version, int(network.network_address), network.prefixlen


def kept_by_aws(block: IPNetwork) -> frozenset[IPAddress]:
    """The addresses of a subnet's block that no host can have."""
    first = (block[place] for place in range(min(_KEPT_AT_START, block.num_addresses)))
    return frozenset((*first, block.broadcast_address))


def assignable(block: IPNetwork) -> Sequence[int]:
    """The others, as numbers in order: those that a host may be given.

    Of a block of IPv6 they are too many for `len`.
    """
    return range(int(block.network_address) + _KEPT_AT_START, int(block.broadcast_address))
