"""Which networks there are, apart from each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.written import WrittenTopology


def networks_of(written: WrittenTopology) -> Iterator[tuple[str, KeyPath, IPv4Network]]:
    """The VPC's, every site's and every peer's: whose, where it is written, and which."""
    if written.cidr is not None:
        yield "the VPC", ("cidr",), written.cidr
    for name, site in (written.sites or {}).items():
        for index, network in enumerate((site and site.cidrs) or ()):
            yield f"site {name}", ("sites", name, "cidrs", index), network
    for name, peer in (written.peers or {}).items():
        for index, network in enumerate((peer and peer.addresses) or ()):
            yield f"peer {name}", ("peers", name, "addresses", index), network


def expect_apart(written: WrittenTopology, complain: Complain) -> None:
    """A packet's address must say which network it belongs to: routes have no other key."""
    networks = list(networks_of(written))
    for first, second in overlapping([network for _, _, network in networks]):
        other, _, taken = networks[first]
        who, path, network = networks[second]
        complain(
            path,
            f"{network} of {who} overlaps {taken} of {other}",
            "give them separate addresses",
        )


def overlapping(networks: Sequence[IPv4Network]) -> Iterator[tuple[int, int]]:
    """Each network with the smallest that it lies in, as places in the list, the lower first.

    Two blocks are apart, or one lies in the other. In the order of their addresses
    those around a block are therefore a stack, and nothing else need be compared.
    """
    around: list[int] = []
    for index in sorted(range(len(networks)), key=lambda each: (networks[each], each)):
        start = networks[index].network_address
        while around and networks[around[-1]].broadcast_address < start:
            around.pop()
        if around:
            yield min(index, around[-1]), max(index, around[-1])
        around.append(index)


class NetworksByPrefix:
    """Which of many networks an address lies in: by one look for each length of prefix."""

    def __init__(self, networks: Iterable[tuple[str, IPv4Network]]) -> None:
        self._known: dict[int, dict[int, list[tuple[str, IPv4Network]]]] = {}
        for who, network in networks:
            begins = self._known.setdefault(network.prefixlen, {})
            begins.setdefault(int(network.network_address), []).append((who, network))

    def of(self, address: IPv4Address) -> Iterator[tuple[str, IPv4Network]]:
        for length, begins in self._known.items():
            kept = 32 - length
            yield from begins.get(int(address) >> kept << kept, ())
