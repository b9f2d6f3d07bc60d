"""NACL entries beyond the quota, as few as fit: what lets least besides.

Where no set of entries that is exact fits, some have to name more than was declared. What that
costs is measured: the pairs of an address and a port (of icmp a message) that are let in or out
and that nobody declared, each counted once. Security groups go on denying them.

An entry has one protocol, a network and a run of ports. Those that are tried have networks that
some need names, or the smallest around several of these, and ports that begin and end where some
need does: the pieces that these cut are bits here, and an entry is the integer of its pieces. No
entry is widened beyond private addresses of one block (of IPv6, beyond the VPC's own).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from heapq import heapify, heappop, heappush
from itertools import combinations, pairwise, product
from typing import Final

from bulkhead.network import ANY_PROTOCOL, PRIVATE, Direction, IPNetwork, PortRange, within
from bulkhead.network.addresses import in_order
from bulkhead.network.ipv6_blocks import VPC_PREFIX
from bulkhead.plan.acls import Need
from bulkhead.plan.side_by_side import kept, side_by_side, told_by_everybody, within_quota

MOST_WIDENED: Final = 150
"""Of more entries of one direction nobody looks for fewer."""
_SEARCHED: Final = 2_000
"""Steps of the search for the least; then the best that was found is taken."""
_MOST_SHAPES: Final = 4_000
"""Of more entries that could be written the search is not begun."""


@dataclass(frozen=True, slots=True)
class Widened:
    """Entries that fit, and how many pairs of an address and a port they let besides; `exact` is
    how many there would be that let none.

    `least`: no entries of that form let fewer by more than `pairs - least`; both are the same where
    the search came to its end.
    """

    needs: tuple[Need, ...]
    exact: int
    pairs: int
    least: int


@dataclass(frozen=True, slots=True)
class _Shape:
    """An entry that could be written, the pieces that it lets pass, and those that nobody needs."""

    of: tuple[int, IPNetwork, PortRange]
    pieces: int
    spare: int


@lru_cache(maxsize=256)
def widened(needs: tuple[Need, ...], most: int) -> Widened | None:
    """These needs of one direction and family in `most` entries; None where even what is widest
    does not fit, or there are too many to look at."""
    if len(needs) > MOST_WIDENED:
        return None
    ground = AclGround(needs)
    found = ground.joined(most)
    if found is None:
        return None
    least = ground.bound(most)
    search = _Search(ground, most, found)
    if least < ground.weight(found) and search.run():
        found = search.best
        least = ground.weight(found)
    return Widened(
        needs=tuple(ground.written(found)),
        exact=len(ground.start),
        pairs=ground.weight(found),
        least=least,
    )


def would_fit(needs: Iterable[Need], most: int) -> bool:
    """Whether these needs of one direction and family could be widened into so many entries."""
    several = _few(needs)
    possible = len(several) <= MOST_WIDENED and can_widen(several)
    return possible and AclGround(several).joined(most) is not None


def _few(needs: Iterable[Need]) -> tuple[Need, ...]:
    """What is widened: everybody may tell already that a packet is too large, as where less has
    no room."""
    return kept(map(told_by_everybody, needs))


class AclGround:
    """What the entries of one direction and family can tell apart."""

    def __init__(self, needs: Sequence[Need]) -> None:
        self._needs, self.start = needs, side_by_side(needs)
        self._direction = needs[0].direction
        self._bands: dict[tuple[int, IPNetwork, PortRange], str] = {}
        self._weights: list[int] = []
        self._pieces: dict[int, _Pieces] = {}
        by_protocol: dict[int, list[Need]] = defaultdict(list)
        for each in needs:
            by_protocol[each.protocol].append(each)
        for protocol, several in sorted(by_protocol.items()):
            pieces = _Pieces(several, len(self._weights))
            self._weights += pieces.weights
            self._pieces[protocol] = pieces
        self.needed = 0
        for each in needs:
            self.needed |= self._pieces[each.protocol].inside(each.cidr, each.ports)

    def weight(self, shapes: Iterable[_Shape]) -> int:
        """The pairs that these let pass together and that nobody needs."""
        spare = 0
        for each in shapes:
            spare |= each.spare
        return self.weigh(spare)

    def weigh(self, pieces: int) -> int:
        """How many pairs are in some pieces."""
        eights = pieces.to_bytes(-(-pieces.bit_length() // 8), "little")
        return sum(table[each] for each, table in zip(eights, self._tables, strict=False) if each)

    @cached_property
    def _tables(self) -> tuple[tuple[int, ...], ...]:
        """What each eight pieces weigh, whichever of them are meant."""
        eights = (self._weights[at : at + 8] for at in range(0, len(self._weights), 8))
        return tuple(
            tuple(
                sum(weight for bit, weight in enumerate(some) if each >> bit & 1)
                for each in range(256)
            )
            for some in eights
        )

    def shape(self, protocol: int, cidr: IPNetwork, ports: PortRange) -> _Shape:
        """An entry as the pieces that it lets pass."""
        inside = self._pieces[protocol].inside(cidr, ports)
        return _Shape((protocol, cidr, ports), inside, inside & ~self.needed)

    @cached_property
    def shapes(self) -> tuple[_Shape, ...]:
        """All that are no larger than what they hold that is needed."""
        found: dict[int, _Shape] = {}
        for protocol, pieces in self._pieces.items():
            for cidr, ports in pieces.rectangles():
                shape = self.shape(protocol, cidr, ports)
                may_be = is_inside(cidr) or not shape.spare
                if may_be and shape.pieces & self.needed:
                    found.setdefault(shape.pieces & self.needed, shape)
                    if self.weigh(shape.spare) < self.weigh(
                        found[shape.pieces & self.needed].spare
                    ):
                        found[shape.pieces & self.needed] = shape
                if len(found) > _MOST_SHAPES:
                    return ()
        return tuple(found.values())

    def around(self, one: _Shape, other: _Shape) -> _Shape | None:
        """The smallest entry that says both; None where there is none."""
        if one.of[0] != other.of[0]:
            return None
        cidr = around(one.of[1], other.of[1])
        if cidr is None:
            return None
        found = self.shape(one.of[0], cidr, _hull(one.of[2], other.of[2]))
        return found if is_inside(cidr) or not found.spare else None

    def joined(self, most: int) -> tuple[_Shape, ...] | None:
        """As many as fit: of all pairs of entries those are joined that let least besides, one
        after the other."""
        left = {
            number: self.shape(each.protocol, each.cidr, each.ports)
            for number, each in enumerate(self.start)
        }
        costs: list[tuple[int, int, int]] = []

        def offer(one: int, other: int) -> None:
            together = self.around(left[one], left[other])
            if together is not None:
                spare = together.spare & ~(left[one].spare | left[other].spare)
                costs.append((self.weigh(spare), one, other))

        for one, other in combinations(left, 2):
            offer(one, other)
        heapify(costs)
        following = len(left)
        while len(left) > most:
            while costs and not (costs[0][1] in left and costs[0][2] in left):
                heappop(costs)
            if not costs:
                return None
            _, one, other = heappop(costs)
            together = self.around(left.pop(one), left.pop(other))
            if together is None:
                return None
            for number in [n for n, each in left.items() if not each.pieces & ~together.pieces]:
                del left[number]
            left[following] = together
            news: list[tuple[int, int, int]] = []
            for number, each in left.items():
                if number != following and (more := self.around(each, together)) is not None:
                    spare = more.spare & ~(each.spare | together.spare)
                    news.append((self.weigh(spare), number, following))
            for cost in news:
                heappush(costs, cost)
            following += 1
        return tuple(left.values())

    def bound(self, most: int) -> int:
        """No entries that fit let fewer besides. By the larger of two reasons."""
        return max(self._bound_by_gaps(most), self._bound_by_sharing(most))

    def _bound_by_gaps(self, most: int) -> int:
        """An entry lets one run of ports of a network: who needs more runs there than entries are
        left for its protocol has the smallest gaps between them closed. What is let besides of one
        network is nothing of another."""
        left = most - len(self._pieces) + 1
        return sum(
            sum(sorted(gaps)[: max(0, len(gaps) + 1 - left)])
            for pieces in self._pieces.values()
            for gaps in pieces.gaps(self.needed)
        )

    def _bound_by_sharing(self, most: int) -> int:
        """Of needs of which no exact entry holds two, some entry has to hold as many as there are
        on average."""
        apart: list[_Shape] = []
        for each in self._needs:
            shape = self.shape(each.protocol, each.cidr, each.ports)
            both = (self.around(shape, other) for other in apart)
            # Of one piece: else two entries could share it.
            if shape.pieces.bit_count() == 1 and all(
                together is None or together.spare for together in both
            ):
                apart.append(shape)
        at_once = -(-len(apart) // most)
        if at_once < 2:
            return 0
        held = (
            self.weigh(each.spare)
            for each in self.shapes
            if sum(not one.pieces & ~each.pieces for one in apart) >= at_once
        )
        return min(held, default=0)

    def written(self, shapes: Iterable[_Shape]) -> Iterator[Need]:
        """The entries that say it, in a band in which some need stood that each holds."""
        for each in shapes:
            protocol, cidr, ports = each.of
            held = [
                one
                for one in self._needs
                if one.protocol == protocol and within(one.cidr, cidr) and ports.covers(one.ports)
            ]
            replies = bool(held) and all(one.band == "reply" for one in held)
            band = "reply" if replies else "request"
            yield Need(band, self._direction, protocol, ports, cidr)


class _Search:
    """The least, by trying: what is needed and not yet let, in each entry that holds it."""

    def __init__(self, ground: AclGround, most: int, best: tuple[_Shape, ...]) -> None:
        self._ground, self._most = ground, most
        self.best = best
        self._worth = ground.weight(best)
        self._steps = 0
        self._holding: dict[int, list[_Shape]] = {}
        self._weight: dict[int, int] = {}

    def run(self) -> bool:
        """Whether it came to its end, so that `best` is the least."""
        shapes = self._ground.shapes
        if not shapes:
            return False
        needed = self._ground.needed
        weight = {each.pieces: self._ground.weigh(each.spare) for each in shapes}
        self._weight = weight
        for each in shapes:
            left = each.pieces & needed
            while left:
                lowest = left & -left
                self._holding.setdefault(lowest, []).append(each)
                left ^= lowest
        for several in self._holding.values():
            several.sort(key=lambda one: (weight[one.pieces], -(one.pieces & needed).bit_count()))
        return self._try(needed, 0, 0, ())

    def _try(self, left: int, spare: int, worth: int, chosen: tuple[_Shape, ...]) -> bool:
        """`worth` is what `spare` weighs."""
        if not left:
            self.best, self._worth = chosen, worth
            return True
        if len(chosen) == self._most:
            return True
        self._steps += 1
        if self._steps > _SEARCHED:
            return False
        tried = True
        for each in self._candidates(left, chosen):
            if self._weight[each.pieces] >= self._worth:
                break  # Nor will those after it do: the lightest come first.
            more = worth + self._ground.weigh(each.spare & ~spare)
            if more < self._worth:
                wider = spare | each.spare
                tried = self._try(left & ~each.pieces, wider, more, (*chosen, each)) and tried
        return tried

    def _candidates(self, left: int, chosen: tuple[_Shape, ...]) -> Sequence[_Shape]:
        """Those that hold the piece that fewest hold; of the last one those that hold all."""
        piece = min(_bits(left), key=lambda each: len(self._holding[each]))
        several = self._holding[piece]
        if len(chosen) == self._most - 1:
            return [each for each in several if not left & ~each.pieces]
        return several


def _bits(pieces: int) -> Iterator[int]:
    while pieces:
        lowest = pieces & -pieces
        yield lowest
        pieces ^= lowest


class _Pieces:
    """Of one protocol the pieces into which networks and ports cut it: bit `first` and on."""

    def __init__(self, needs: Sequence[Need], first: int) -> None:
        cuts = sorted({at for each in needs for at in (each.ports.first, each.ports.last + 1)})
        self._runs = [PortRange(start, after - 1) for start, after in pairwise(cuts)]
        self._networks = _with_those_around({each.cidr for each in needs})
        self._first = first
        self._columns = cache(self._of_ports)
        self._rows = cache(self._of_network)
        self.weights = [size * len(run) for size in self._sizes() for run in self._runs]

    def _sizes(self) -> Iterator[int]:
        """The addresses of each network that are in no narrower one."""
        for each in self._networks:
            inside = [one for one in self._networks if one != each and within(one, each)]
            largest = [
                one
                for one in inside
                if not any(one != other and within(one, other) for other in inside)
            ]
            yield each.num_addresses - sum(one.num_addresses for one in largest)

    def inside(self, cidr: IPNetwork, ports: PortRange) -> int:
        """The pieces that an entry lets pass."""
        return self._columns(ports) * self._rows(cidr)

    def _of_ports(self, ports: PortRange) -> int:
        """The runs of ports that it covers, as bits."""
        return sum(1 << number for number, run in enumerate(self._runs) if ports.covers(run))

    def _of_network(self, cidr: IPNetwork) -> int:
        """The first piece of each network in it."""
        return sum(
            1 << self._first + number * len(self._runs)
            for number, each in enumerate(self._networks)
            if within(each, cidr)
        )

    def gaps(self, needed: int) -> Iterator[list[int]]:
        """Of each network the pairs between one run of what is needed there and the next."""
        for number in range(len(self._networks)):
            found: list[int] = []
            since = -1
            at = self._first + number * len(self._runs)
            for place in range(len(self._runs)):
                if needed >> at + place & 1:
                    if 0 <= since < place - 1:
                        found.append(
                            sum(self.weights[at - self._first + since + 1 :][: place - since - 1])
                        )
                    since = place
            yield found

    def rectangles(self) -> Iterator[tuple[IPNetwork, PortRange]]:
        for cidr in self._networks:
            for at, start in enumerate(self._runs):
                for end in self._runs[at:]:
                    yield cidr, PortRange(start.first, end.last)


def _with_those_around(networks: Iterable[IPNetwork]) -> tuple[IPNetwork, ...]:
    """These, and the smallest around each two of them."""
    every = set(networks)
    for one, other in combinations(sorted(every, key=in_order), 2):
        if (cidr := around(one, other)) is not None:
            every.add(cidr)
    return tuple(sorted(every, key=in_order))


def around(one: IPNetwork, other: IPNetwork) -> IPNetwork | None:
    """The smallest network around two; None where it is more than a block of private addresses."""
    if within(other, one):
        return one
    if one.version != other.version:
        return None
    wider = one
    while not within(other, wider):
        if not wider.prefixlen:
            return None
        wider = wider.supernet()
    return wider if is_inside(wider) or wider == other else None


def is_inside(network: IPNetwork) -> bool:
    """Whether it is in one block of private addresses, or as small as a VPC's of IPv6."""
    of_vpc = network.version == 6 and network.prefixlen >= VPC_PREFIX
    return of_vpc or any(within(network, each) for each in PRIVATE)


def _hull(one: PortRange, other: PortRange) -> PortRange:
    return PortRange(min(one.first, other.first), max(one.last, other.last))


AclWay = tuple[Direction, int]
"""A direction, and a family of addresses."""


def fitted(
    needs: Collection[Need], most: int, *, widen: bool
) -> tuple[Collection[Need], Mapping[AclWay, Widened]]:
    """What the NACL of a unit is to say in at most so many entries of each direction and family,
    and what was widened for it: nothing, unless that is asked for and exact ones do not fit."""
    joined = within_quota(needs, most)
    if not widen or not can_widen(needs):
        return joined, {}
    result: list[Need] = []
    found: dict[AclWay, Widened] = {}
    counts: Counter[AclWay] = Counter((each.direction, each.cidr.version) for each in kept(joined))
    for direction, version in product(Direction, (4, 6)):
        way = direction, version
        few = [each for each in joined if (each.direction, each.cidr.version) == way]
        if counts[way] > most:
            own = (each for each in needs if (each.direction, each.cidr.version) == way)
            wider = widened(_few(own), most)
            if wider is not None:
                found[way] = wider
                few = [*wider.needs]
        result += few
    return (result, found) if found else (joined, {})


def can_widen(needs: Iterable[Need]) -> bool:
    """Whether entries may be widened: not where everything of a network is let already, nor where
    an order decides."""
    return all(
        each.band in ("request", "reply") and each.protocol != ANY_PROTOCOL for each in needs
    )
