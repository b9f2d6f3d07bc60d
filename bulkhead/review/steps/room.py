"""Whether what stands in the middle of a change can: within quotas, and no two in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bulkhead.network import Direction, Network
from bulkhead.network.quotas import Quotas


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """A NACL or a group in which old and new have no room beside one another.

    `kind` is 'NACL' or 'security group', `holds` how many fit in a direction, `wanted` how many
    would stand at once.
    """

    kind: str
    of: str
    direction: Direction
    wanted: int
    holds: int

    def __str__(self) -> str:
        return f"{self.direction} of {self.kind} {self.of}: {self.wanted}, and {self.holds} fit"


def over_full(network: Network, quotas: Quotas) -> Iterator[Full]:
    """Whatever holds more than it may, of either family."""
    for acl in network.nacls:
        several: Counter[tuple[Direction, int]] = Counter(
            (each.direction, each.cidr.version) for each in acl.entries
        )
        yield from _over("NACL", acl.name, _fuller(several), quotas.entries_of_ours)
    for group in network.security_groups:
        several = Counter(
            (each.direction, version)
            for each in group.rules
            for version in (4, 6)
            if each.peer.kind == "group" or each.peer.cidr.version == version
        )
        yield from _over("security group", group.name, _fuller(several), quotas.rules_per_group)


def _fuller(several: Mapping[tuple[Direction, int], int]) -> Mapping[Direction, int]:
    """In each direction of the two families that of which there are more."""
    return {way: max(several.get((way, each), 0) for each in (4, 6)) for way in Direction}


def colliding(network: Network) -> Iterator[str]:
    """What AWS refuses because something else has its place: entries of one number, subnets that
    overlap, interfaces of one address."""
    for acl in network.nacls:
        for (way, number), times in Counter((e.direction, e.number) for e in acl.entries).items():
            if times > 1:
                yield f"two {way} entries {number} of NACL {acl.name}"
    in_order = sorted(network.subnets, key=lambda each: (each.vpc, each.cidr.version, each.cidr))
    for one, other in pairwise(in_order):
        if one.vpc == other.vpc and one.cidr.overlaps(other.cidr):
            yield f"subnets {one.name} ({one.cidr}) and {other.name} ({other.cidr})"
    places = Counter((each.subnet, each.address) for each in network.present)
    for (_, address), times in places.items():
        if times > 1:
            yield f"two interfaces at {address}"


def _over(kind: str, name: str, counts: Mapping[Direction, int], holds: int) -> Iterator[Full]:
    for direction, wanted in counts.items():
        if wanted > holds:
            yield Full(kind=kind, of=name, direction=direction, wanted=wanted, holds=holds)
