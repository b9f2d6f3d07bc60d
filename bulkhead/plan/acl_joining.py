"""NACL entries joined two by two until they fit: fast, and no proof that it is the least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations

from bulkhead.network import within
from bulkhead.plan.acl_ground import NEVER, AclGround, WideEntry, exact_of


def joined(grounds: Sequence[AclGround], most: int) -> tuple[WideEntry, ...] | None:
    """As many as fit: of all pairs of entries those are joined that let least besides, one after
    the other; None where that leads nowhere."""
    by_protocol = {each.protocol: each for each in grounds}
    left = dict(enumerate(exact_of(grounds)))
    alone = {number: _cost(by_protocol, each) for number, each in left.items()}
    costs: list[tuple[int, int, int]] = []

    def offer(one: int, other: int) -> Iterator[tuple[int, int, int]]:
        if left[one].protocol == left[other].protocol:
            together = by_protocol[left[one].protocol].joined(left[one], left[other])
            cost = _cost(by_protocol, together)
            if cost < NEVER:
                yield cost - alone[one] - alone[other], one, other

    costs += [each for one, other in combinations(left, 2) for each in offer(one, other)]
    heapify(costs)
    following = len(left)
    while len(left) > most:
        while costs and not (costs[0][1] in left and costs[0][2] in left):
            heappop(costs)
        if not costs:
            return None
        _, one, other = heappop(costs)
        together = by_protocol[left[one].protocol].joined(left.pop(one), left.pop(other))
        for number in [number for number, each in left.items() if _lies_in(each, together)]:
            del left[number]
        left[following], alone[following] = together, _cost(by_protocol, together)
        for number in left:
            if number != following:
                for cost in offer(number, following):
                    heappush(costs, cost)
        following += 1
    return tuple(left.values())


def _cost(grounds: dict[int, AclGround], entry: WideEntry) -> int:
    ground = grounds[entry.protocol]
    return ground.cost(ground.nodes[entry.cidr], entry.block)


def _lies_in(one: WideEntry, other: WideEntry) -> bool:
    return (
        one.protocol == other.protocol
        and within(one.cidr, other.cidr)
        and not one.block & ~other.block
    )
