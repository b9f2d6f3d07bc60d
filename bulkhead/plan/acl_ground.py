"""What entries of one direction and family let, and what they cost: how much they let besides.

The measure is the pairs of an address and a port (of icmp a message) that are let and that nobody
needs, each counted once. Beyond private addresses of one block (of IPv6, beyond a VPC's own) none
may be let at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bulkhead.network import PRIVATE, IPNetwork, within
from bulkhead.network.ipv6_blocks import VPC_PREFIX
from bulkhead.plan.acl_columns import AclColumns
from bulkhead.plan.acl_tree import AclNode, Rows, around, fewest_entries, tree_of
from bulkhead.plan.acls import Need
from bulkhead.plan.side_by_side import rows_of, said

NEVER: Final = 1 << 200
"""More than there are pairs of an address and a port: what may not be let."""


@dataclass(frozen=True, slots=True)
class WideEntry:
    """An entry of a protocol: a network and a block of columns."""

    protocol: int
    cidr: IPNetwork
    block: int


class AclGround:
    """The needs of one protocol, less what is let anyway.

    `let`: of networks the columns that entries let which are there in any case. Those cost nothing
    more and are asked of nobody.
    """

    def __init__(
        self, protocol: int, columns: AclColumns, rows: Rows, let: Rows | None = None
    ) -> None:
        self.protocol, self.columns, self.rows = protocol, columns, rows
        self.let = let or {}
        self.tree = tree_of({**dict.fromkeys(self.let, 0), **rows})
        self.asked: dict[AclNode, int] = {}
        """By node what something in it needs and nobody lets."""
        self.here: dict[AclNode, int] = {}
        """The same of its addresses that are in no node below."""
        self.costs: dict[AclNode, tuple[int, ...]] = {}
        """What each column costs if it is let to all of a node."""
        self.own_costs: dict[AclNode, tuple[int, ...]] = {}
        self._survey(self.tree, 0)

    def _survey(self, node: AclNode, let: int) -> None:
        let |= self.let.get(node.cidr, 0)
        spared = node.needed | let
        each_pair = node.here if is_inside(node.cidr) else NEVER * (node.here > 0)
        own = tuple(
            0 if spared >> number & 1 else each_pair * len(ports)
            for number, ports in enumerate(self.columns.columns)
        )
        for kid in node.kids:
            self._survey(kid, let)
        self.here[node] = asked = node.needed & ~let if node.here else 0
        for kid in node.kids:
            asked |= self.asked[kid]
        self.asked[node] = asked
        self.own_costs[node] = own
        below = [self.costs[kid] for kid in node.kids]
        self.costs[node] = tuple(map(sum, zip(own, *below, strict=True)))

    @cached_property
    def nodes(self) -> Mapping[IPNetwork, AclNode]:
        return {each.cidr: each for each in self.tree.nodes()}

    def exact(self) -> Iterator[WideEntry]:
        """The fewest that let nothing besides."""
        for cidr, block in fewest_entries(self.tree, self.columns):
            yield WideEntry(self.protocol, cidr, block)

    def weigh(self, entries: Iterable[WideEntry]) -> int:
        """The pairs that these let together and that nobody needs."""
        rows: dict[IPNetwork, int] = defaultdict(int)
        for each in entries:
            rows[each.cidr] |= each.block

        def visit(node: AclNode, let: int) -> int:
            let |= rows.get(node.cidr, 0)
            spare = self.own_costs[node]
            here = sum(spare[number] for number in _bits(let))
            return here + sum(visit(kid, let) for kid in node.kids)

        return visit(self.tree, 0)

    def cost(self, node: AclNode, block: int) -> int:
        """What an entry lets besides, by itself."""
        costs = self.costs[node]
        return sum(costs[number] for number in _bits(block))

    def joined(self, one: WideEntry, other: WideEntry) -> WideEntry:
        """The smallest entry around two."""
        cidr = around(one.cidr, other.cidr)
        return WideEntry(self.protocol, cidr, self.columns.hull(one.block | other.block))


def grounds_of(needs: Sequence[Need], beside: Sequence[Need] = ()) -> tuple[AclGround, ...]:
    """Of one direction and family, a protocol each; entries `beside` can be said of them too."""
    by_protocol: dict[int, list[Need]] = defaultdict(list)
    for each in needs:
        by_protocol[each.protocol].append(each)
    found: list[AclGround] = []
    for protocol, several in sorted(by_protocol.items()):
        more = [each for each in beside if each.protocol == protocol]
        columns = AclColumns(protocol, (each.ports for each in (*several, *more)))
        rows = {**dict.fromkeys((each.cidr for each in more), 0), **rows_of(several, columns)}
        found.append(AclGround(protocol, columns, rows))
    return tuple(found)


def exact_of(grounds: Iterable[AclGround]) -> tuple[WideEntry, ...]:
    """The fewest entries that let nothing besides."""
    return tuple(entry for each in grounds for entry in each.exact())


def entries_of(grounds: Iterable[AclGround], said: Iterable[Need]) -> Iterator[WideEntry]:
    """What some entries are that say no more than can be told apart here."""
    columns = {each.protocol: each.columns for each in grounds}
    for each in said:
        yield WideEntry(each.protocol, each.cidr, columns[each.protocol].of(each.ports))


def weighed(grounds: Iterable[AclGround], entries: Sequence[WideEntry]) -> int:
    """The pairs that some entries let and that nobody needs."""
    return sum(
        each.weigh(entry for entry in entries if entry.protocol == each.protocol)
        for each in grounds
    )


def written(
    needs: Sequence[Need], grounds: Iterable[AclGround], entries: Iterable[WideEntry]
) -> Iterator[Need]:
    """What a NACL is to say for it."""
    every = tuple(entries)
    for ground in grounds:
        mine = [each for each in needs if each.protocol == ground.protocol]
        these = (each for each in every if each.protocol == ground.protocol)
        yield from said(mine, ((each.cidr, ground.columns.range_of(each.block)) for each in these))


def is_inside(network: IPNetwork) -> bool:
    """Whether it is in one block of private addresses, or as small as a VPC's of IPv6."""
    of_vpc = network.version == 6 and network.prefixlen >= VPC_PREFIX
    return of_vpc or any(within(network, each) for each in PRIVATE)


def _bits(some: int) -> Iterator[int]:
    while some:
        yield some.bit_length() - 1
        some ^= 1 << some.bit_length() - 1
