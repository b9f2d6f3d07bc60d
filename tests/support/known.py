"""Networks whose hosts and NAT gateways have public addresses of their own, each another."""

from dataclasses import replace
from ipaddress import IPv4Address

from hypothesis import strategies as st

POOL = tuple(
    map(
        IPv4Address,
        (
            *("203.0.113.7", "203.0.113.77", "203.0.113.200", "198.51.100.4", "198.51.100.5"),
            *("8.8.8.8", "9.9.9.9", "52.1.2.3"),
        ),
    )
)
"""In blocks of which random networks have rules and routes, and in none of them."""


@st.composite
def known_by_address(draw, networks):
    """A network of some kind, in which most interfaces, and some other addresses, are known."""
    network = draw(networks)
    free = list(draw(st.permutations(POOL)))

    def known(interface):
        if not free or draw(st.integers(0, 3)) == 0:
            return replace(interface, public_address=None, more_public=())
        found = replace(interface, public_address=free.pop(), more_public=())
        more = interface.secondary_addresses
        if more and free and draw(st.booleans()):
            found = replace(found, more_public=((more[0], free.pop()),))
        return found

    def leaves_as(nat):
        if nat.public_address is None or not free or draw(st.booleans()):
            return nat
        return replace(nat, more_public=(free.pop(),))

    return replace(
        network,
        interfaces=tuple(map(known, network.interfaces)),
        nat_gateways=tuple(map(leaves_as, network.nat_gateways)),
    )
