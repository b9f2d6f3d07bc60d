"""Which networks there are, apart from each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.written.shapes import in_words


def networks_of(written: WrittenTopology) -> Iterator[tuple[str, KeyPath, IPv4Network]]:
    """The VPC's, or each one's, and every site's: whose, where it is written, and which."""
    for index, network in enumerate(written.cidr or ()):
        yield "the VPC", ("cidr", index), network
    for name, vpc in (written.vpcs or {}).items():
        for index, network in enumerate((vpc and vpc.cidr) or ()):
            yield f"VPC {name}", ("vpcs", name, "cidr", index), network
    for name, site in (written.sites or {}).items():
        for index, network in enumerate((site and site.cidrs) or ()):
            yield f"site {name}", ("sites", name, "cidrs", index), network


_Named = tuple[str, KeyPath, IPv4Network | IPv6Network]


def _of_peers(written: WrittenTopology) -> Iterator[_Named]:
    """The same of peers: the device of a site may well have one of their addresses."""
    for name, peer in (written.peers or {}).items():
        for index, network in enumerate((peer and peer.addresses) or ()):
            yield f"peer {name}", ("peers", name, "addresses", index), network


def expect_apart(written: WrittenTopology, complain: Complain) -> None:
    """A packet's address must say which network it belongs to: routes have no other key."""
    every: list[_Named] = [*networks_of(written), *_of_ipv6(written), *_of_peers(written)]
    for version in (4, 6):
        networks = [each for each in every if each[2].version == version]
        for first, second in overlapping([network for _, _, network in networks]):
            other, there, taken = networks[first]
            who, path, network = networks[second]
            if there[0] == path[0] == "vpcs" and who != other:
                continue  # which flows that concerns is told once they are known (`vpcs`)
            complain(
                path,
                f"{network} of {who} overlaps {taken} of {other}",
                "give them separate addresses",
            )


def _of_ipv6(written: WrittenTopology) -> Iterator[_Named]:
    """The VPC's block of IPv6, where it is known beforehand."""
    if written.ipv6 is not None and written.ipv6.cidr is not None:
        yield "the VPC", ("ipv6",), written.ipv6.cidr


def overlapping(networks: Sequence[IPv4Network | IPv6Network]) -> Iterator[tuple[int, int]]:
    """Each network, all of one family, with the smallest that it lies in, as places in the list,
    the lower first.

    Two blocks are apart, or one lies in the other. In the order of their addresses
    those around a block are therefore a stack, and nothing else need be compared.
    """
    around: list[int] = []
    starts = [int(each.network_address) for each in networks]
    for index in sorted(range(len(networks)), key=lambda i: (starts[i], networks[i].prefixlen, i)):
        while around and int(networks[around[-1]].broadcast_address) < starts[index]:
            around.pop()
        if around:
            yield min(index, around[-1]), max(index, around[-1])
        around.append(index)


MOST_BLOCKS: Final = 5
"""Of IPv4, of a VPC (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)."""
_RANGES: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_BEFORE, _BESIDE = IPv4Network("10.0.0.0/15"), IPv4Network("10.0.0.0/16")
_KEPT: Final = IPv4Network("172.31.0.0/16")


def judge_vpc_blocks(written: WrittenTopology, complain: Complain) -> None:
    """Which AWS associates with a VPC beside its first one
    (docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, "IPv4 CIDR block association
    restrictions")."""
    several = written.cidr or ()
    if len(several) > 1 and written.vpc is not None:
        what = "cidr: of a VPC that is there the topology has one part, and here are several"
        complain(("cidr", 1), what, "write one that has room for all of it")
    expect_blocks_of_a_vpc(several, ("cidr",), complain)


def expect_blocks_of_a_vpc(several: Sequence[IPv4Network], at: KeyPath, complain: Complain) -> None:
    """That AWS takes them together as the blocks of one VPC, written at a path."""
    said = in_words(at)
    if len(several) > MOST_BLOCKS:
        what = f"{said}: {len(several)} blocks, and AWS gives a VPC {MOST_BLOCKS}"
        complain((*at, MOST_BLOCKS), what, "take larger ones (up to /16)")
    for index, network in enumerate(several[1:], start=1):
        before = several[:index]
        range_ = next(each for each in _RANGES if several[0].subnet_of(each))
        refused = not network.subnet_of(range_) or network.overlaps(_KEPT)
        if any(each.overlaps(_BEFORE) for each in before) and network.overlaps(_BESIDE):
            refused = True
        if refused:
            but = {_RANGES[0]: f", but {_BESIDE}", _RANGES[1]: f", but {_KEPT}"}.get(range_, "")
            what = (
                f"{said}: AWS associates no {network} with a VPC whose first block is {several[0]}"
            )
            complain((*at, index), what, f"write a part of {range_}{but}")


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
