"""Fewer NACL entries that let pass the same packets: networks side by side become one.

Units have aligned blocks (`units`), so that those of neighbours fill a larger one and nothing else.
Where a NACL has room each unit is named by its own block all the same: what one unit needs then
changes nothing of what is there for another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from itertools import chain, pairwise
from typing import Final

from bulkhead.network import TOO_LARGE, Direction, IPNetwork, PortRange
from bulkhead.plan.acls import EVERYBODY, Need, merged, spare

_JOINED = ("request", "reply")
_MOST_CUTS: Final = 200
"""Of more ranges that overlap in other ways nobody tries each port."""


def within_quota(needs: Collection[Need], most: int) -> Collection[Need]:
    """What the NACL of a unit is to say: as it was needed or, in a direction and family of which
    there are more than `most` entries, joined. None are where somebody is refused first: there an
    order decides."""
    if any(each.band not in _JOINED for each in needs):
        return needs
    left = kept(needs)
    counts = Counter(map(_way, left))
    full = [way for way, count in counts.items() if count > most]
    if not full:
        return needs
    rest = [each for each in needs if _way(each) not in full]
    joined = (fewest([each for each in left if _way(each) == way], most) for way in full)
    return (*rest, *chain.from_iterable(joined))


def fewest(needs: Iterable[Need], most: int) -> tuple[Need, ...]:
    """Of one direction and family: joined; and, where there is no room even so, told by everybody
    that a packet is too large, which takes one entry for all networks."""
    found = side_by_side(needs)
    return found if len(found) <= most else side_by_side(map(told_by_everybody, found))


def _way(need: Need) -> tuple[Direction, int]:
    return need.direction, need.cidr.version


def told_by_everybody(need: Need) -> Need:
    """The same; but that a packet is too large, everybody may tell. Nobody else in the VPC lets
    such a message out to a unit, so that it is open to what is outside alone."""
    tells = need.direction is Direction.INGRESS and (need.protocol, need.ports) in TOO_LARGE
    if not tells or need.band != "reply" or need.cidr.version != EVERYBODY.version:
        return need
    return replace(need, cidr=EVERYBODY)


def side_by_side(needs: Iterable[Need]) -> tuple[Need, ...]:
    """The same packets: of networks with the same traffic those that fill a larger one are that,
    and of ports of one network the neighbours are one range, for as long as that makes fewer."""
    found = merged(needs)
    return min(_joined(found), _joined(tuple(_port_by_port(found))), key=len)


def _joined(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    before = len(needs) + 1
    while len(needs) < before:
        before, needs = len(needs), merged(_networks_joined(needs))
    return kept(needs)


def _port_by_port(needs: Iterable[Need]) -> Iterator[Need]:
    """The same, each range cut wherever another of its protocol begins or ends: then networks are
    joined before ports are, which sometimes makes fewer, and sometimes more."""
    alike: dict[tuple[object, ...], list[Need]] = defaultdict(list)
    for each in needs:
        alike[each.band, each.direction, each.protocol, each.cidr.version].append(each)
    for several in alike.values():
        cuts = sorted({at for each in several for at in (each.ports.first, each.ports.last + 1)})
        if len(cuts) > _MOST_CUTS:
            yield from several
            continue
        for each in several:
            inside = [at for at in cuts if each.ports.first < at <= each.ports.last]
            for first, after in pairwise((each.ports.first, *inside, each.ports.last + 1)):
                yield replace(each, ports=PortRange(first, after - 1))


def kept(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Those that are entries: neighbouring ports joined, and less what others let as well."""
    every = merged(needs)
    left_out = spare(every)
    return tuple(each for each in every if each not in left_out)


def _networks_joined(needs: Iterable[Need]) -> Iterable[Need]:
    alike: dict[tuple[object, ...], list[Need]] = defaultdict(list)
    for each in needs:
        key = each.band, each.direction, each.protocol, each.ports, each.cidr.version
        alike[key].append(each)
    for several in alike.values():
        one = several[0]
        for cidr in _collapsed([each.cidr for each in several]):
            yield Need(one.band, one.direction, one.protocol, one.ports, cidr)


def _collapsed(networks: list[IPNetwork]) -> Iterable[IPNetwork]:
    yield from collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
    yield from collapse_addresses(each for each in networks if isinstance(each, IPv6Network))
