"""What a NACL needs of one protocol, as a tree of networks: where what is needed differs.

A node is a network that some need names, or the smallest around several of these. What is needed
of a network is needed of all that lies in it; where that is anything, and more of a part of it, it
is cut in halves on the way to that part, since an entry may say some of these and others the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bulkhead.network import IPNetwork
from bulkhead.network.addresses import in_order
from bulkhead.plan.acl_columns import AclColumns

Rows = Mapping[IPNetwork, int]
"""By network the columns that are needed of all of it."""


@dataclass(frozen=True, eq=False)
class AclNode:
    """A network; `here` is how many of its addresses lie in none of `kids`.

    `needed` are the columns that are needed of those.
    """

    cidr: IPNetwork
    needed: int
    here: int
    kids: tuple[AclNode, ...]

    def nodes(self) -> Iterator[AclNode]:
        """It and all below."""
        yield self
        for each in self.kids:
            yield from each.nodes()


_RowsInOrder = Sequence[tuple[IPNetwork, int]]


def tree_of(rows: Rows) -> AclNode:
    """The tree of one family's needs, of which there is one at least."""
    return _tree(sorted(rows.items(), key=lambda each: in_order(each[0])), 0)


def _tree(rows: _RowsInOrder, needed: int, whole: IPNetwork | None = None) -> AclNode:
    """The tree of some rows, of which there is one at least; or, where something is needed of all
    of it, of a `whole` network with no rows or some."""
    cidr = whole or around(rows[0][0], rows[-1][0])
    if rows and rows[0][0] == cidr:
        needed |= rows[0][1]
        rows = rows[1:]
    kids: tuple[AclNode, ...] = ()
    if rows:
        middle = int(cidr.network_address) + cidr.num_addresses // 2
        at = sum(int(each.network_address) < middle for each, _ in rows)
        halves = (rows[:at], rows[at:])
        if needed:
            low, high = cidr.subnets()
            kids = _tree(halves[0], needed, low), _tree(halves[1], needed, high)
        else:
            kids = tuple(_tree(some, needed) for some in halves if some)
    here = cidr.num_addresses - sum(each.cidr.num_addresses for each in kids)
    return AclNode(cidr, needed, here, kids)


def around(one: IPNetwork, other: IPNetwork) -> IPNetwork:
    """The smallest network around two of one family."""
    differ = (int(one.network_address) ^ int(other.network_address)).bit_length()
    length = min(one.prefixlen, other.prefixlen, one.max_prefixlen - differ)
    return one.supernet(new_prefix=length)


def fewest_entries(tree: AclNode, columns: AclColumns) -> Iterator[tuple[IPNetwork, int]]:
    """The fewest entries that let exactly what is needed; there is one such set only.

    Of an address and one of the blocks of what is needed there, consider the largest network around
    the address all of which needs that block. One step further out some column of it is not needed,
    and no entry for a part of the network says more of the ports: so of that column at that address
    this entry alone lets, and every exact set has it. All of them together let all.
    """

    def visit(node: AclNode) -> tuple[int, frozenset[int], list[tuple[IPNetwork, int]]]:
        """What all of a network needs; the blocks of it that, at some address, are no part of a
        larger one; and the entries below."""
        below = [(each, *visit(each)) for each in node.kids]
        needed = node.needed
        if not node.here:
            needed = below[0][1] & below[1][1]
        blocks = frozenset(columns.blocks(needed))
        open_ = blocks if node.here else frozenset()
        found: list[tuple[IPNetwork, int]] = []
        for kid, _, there, entries in below:
            found += entries
            found += [(kid.cidr, each) for each in there - blocks]
            open_ |= there & blocks
        return needed, open_, found

    _, blocks, found = visit(tree)
    yield from found
    yield from ((tree.cidr, each) for each in blocks)
