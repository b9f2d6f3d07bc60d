"""The fewest NACL entries that let pass the same packets: networks side by side become one.

Units have aligned blocks (`units`), so that those of neighbours fill a larger one and nothing else.
Where a NACL has room each unit is named by its own block all the same: what one unit needs then
changes nothing of what is there for another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from bulkhead.network import TOO_LARGE, Direction, IPNetwork, PortRange, within
from bulkhead.network.addresses import in_order
from bulkhead.plan.acl_columns import AclColumns
from bulkhead.plan.acl_tree import Rows, fewest_entries, tree_of
from bulkhead.plan.acls import EVERYBODY, Need, merged, spare

JOINED = ("request", "reply")
"""The bands of entries that let pass, which stand before any that refuse."""


def within_quota(needs: Collection[Need], most: int) -> Collection[Need]:
    """What the NACL of a unit is to say: as it was needed or, in a direction and family of which
    there are more than `most` entries, joined. Those for everybody, and those that refuse somebody
    before these, stay as they are: there an order decides."""
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
    several = tuple(needs)
    found = side_by_side(several)
    if len(found) <= most or any(each.band not in JOINED for each in several):
        return found
    return side_by_side(map(told_by_everybody, several))


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
    """The fewest for the same packets, of one direction and family: of all that is let pass before
    anybody is refused, no set of entries that let pass as well is smaller."""
    by_protocol: dict[int, list[Need]] = defaultdict(list)
    others: list[Need] = []
    for each in needs:
        (by_protocol[each.protocol] if each.band in JOINED else others).append(each)
    found = (_of_one_protocol(several) for _, several in sorted(by_protocol.items()))
    return (*chain.from_iterable(found), *others)


def _of_one_protocol(needs: Sequence[Need]) -> Iterator[Need]:
    """Of one protocol."""
    columns = AclColumns(needs[0].protocol, (each.ports for each in needs))
    entries = fewest_entries(tree_of(rows_of(needs, columns)), columns)
    yield from said(needs, ((cidr, columns.range_of(block)) for cidr, block in entries))


def rows_of(needs: Iterable[Need], columns: AclColumns) -> Rows:
    """What is needed of each network."""
    rows: dict[IPNetwork, int] = defaultdict(int)
    for each in needs:
        rows[each.cidr] |= columns.of(each.ports)
    return rows


def said(needs: Sequence[Need], entries: Iterable[tuple[IPNetwork, PortRange]]) -> Iterator[Need]:
    """The entries for needs of one protocol, in order: in the band of replies are those that hold
    replies alone, or whose ports are those of replies."""
    one = needs[0]
    asking = sorted((each for each in needs if each.band == "request"), key=_first_port)
    starts, widest = (
        [*map(_first_port, asking)],
        max((len(each.ports) for each in asking), default=0),
    )
    answering: dict[PortRange, list[IPNetwork]] = defaultdict(list)
    for each in needs:
        if each.band == "reply":
            answering[each.ports].append(each.cidr)
    for cidr, ports in sorted(entries, key=lambda each: (in_order(each[0]), each[1])):
        first = bisect_right(starts, ports.first - widest)
        near = asking[first : bisect_right(starts, ports.last)]
        asks = any(ports.overlap(each.ports) and within(each.cidr, cidr) for each in near)
        answers = any(within(each, cidr) for each in answering.get(ports, ()))
        band = "reply" if answers or not asks else "request"
        yield Need(band, one.direction, one.protocol, ports, cidr)


def _first_port(need: Need) -> int:
    return need.ports.first


def kept(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Those that are entries: neighbouring ports joined, and less what others let as well."""
    every = merged(needs)
    left_out = spare(every)
    return tuple(each for each in every if each not in left_out)
