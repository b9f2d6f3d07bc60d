"""Where something waits, as far as a topology says: some addresses of a site, or a name."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network


def as_place(address: object) -> object:
    """An address of IPv4 as the network that it is, to be held against others; else what it is."""
    return IPv4Network(address) if isinstance(address, IPv4Address) else address


def is_within(inner: object, outer: object) -> bool:
    """Whether one place is in the other, or the same. None is everywhere."""
    if outer is None or inner == outer:
        return True
    if not (isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network)):
        return False
    return inner.subnet_of(outer)


def meet(one: object, other: object) -> bool:
    """Whether two places have something in common: networks are apart, or one is in the other."""
    return is_within(one, other) or is_within(other, one)


def called(network: IPv4Network) -> str:
    """'192.168.10.7', '192.168.10.64/26'."""
    return str(network.network_address if network.num_addresses == 1 else network)
