"""Rules that are for most of the world, one by one or together with others for the same traffic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Protocol, TypeVar

from bulkhead.lint.space import Match
from bulkhead.lint.world import is_public, is_world, span_of
from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, IPNetwork, PortRange, within


class _Matching(Protocol):
    @property
    def protocol(self) -> int: ...
    @property
    def ports(self) -> PortRange: ...


_R = TypeVar("_R", bound=_Matching)


def slices(rules: Iterable[_Matching]) -> Iterator[Match]:
    """Their traffic, cut so that each of them is for all of a slice or for none of it."""
    rules = tuple(rules)
    for protocol in dict.fromkeys(each.protocol for each in rules):
        named = [each.ports for each in rules if each.protocol == protocol]
        edges = {edge for each in named for edge in (each.first, each.last + 1)}
        for first, after in pairwise(sorted(edges)):
            ports = PortRange(first, after - 1)
            if protocol == ANY_PROTOCOL or any(each.overlap(ports) for each in named):
                yield protocol, ports


def is_for(rule: _Matching, match: Match) -> bool:
    """Whether a rule is for all of some traffic."""
    protocol, ports = match
    return rule.protocol == ANY_PROTOCOL or (
        rule.protocol == protocol
        and rule.ports.first <= ports.first
        and ports.last <= rule.ports.last
    )


def worldwide(blocks: Mapping[_R, IPNetwork]) -> list[tuple[_R, ...]]:
    """For each slice that they leave open to most of the world: the rules that do.

    Not those whose block lies in that of another.
    """
    found: list[tuple[_R, ...]] = []
    for version in (4, 6):
        public = {
            rule: block
            for rule, block in blocks.items()
            if block.version == version and is_public(block)
        }
        if not is_world(map(span_of, public.values()), version):
            continue
        for match in slices(public):
            several = {rule: block for rule, block in public.items() if is_for(rule, match)}
            if is_world(map(span_of, several.values()), version):
                found.append(tuple(_widest(several)))
    return list(dict.fromkeys(found))


def _widest(blocks: Mapping[_R, IPNetwork]) -> Iterator[_R]:
    kept = set(blocks.values())
    for rule, block in blocks.items():
        if not any(other != block and within(block, other) for other in kept):
            yield rule


def is_everything(rule: _Matching) -> bool:
    """Whether a rule is for every port of its protocol, or for all protocols."""
    return rule.protocol == ANY_PROTOCOL or rule.ports == ALL_PORTS
