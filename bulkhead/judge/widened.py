"""What NACLs let besides because their exact entries do not fit: the plan meant it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property

from bulkhead.network import (
    ANY_PROTOCOL,
    Action,
    Declaration,
    Direction,
    IPNetwork,
    NetworkAcl,
    PortRange,
)
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import NEVER, ByPort, combine, first_match


class WideNacls:
    """By an end and a protocol, whom the NACLs of a plan let through to it at each port, as bits:
    where one of the two that are asked was widened, and what both have in the plan lets it."""

    def __init__(self, reach: Reach, declaration: Declaration) -> None:
        self._reach = reach
        self._wide = {each.nacl for each in declaration.widened}
        planned = declaration.planned
        self._planned = {each.name: each for each in planned.nacls} if planned else {}
        self._lying = cache(self._lying_in)
        self.into = cache(self._into)

    def _into(self, index: int, protocol: int) -> ByPort:
        if not self._wide:
            return NEVER
        endpoint = self._reach.endpoints[index]
        own = self._acl_of(index)
        everyone = (1 << len(self._reach.endpoints)) - 1
        if endpoint.subnet is not None and own is None:
            return NEVER
        let: ByPort = ((0, everyone),)
        if own is not None:
            entries = tuple(self._entries(own, Direction.INGRESS, protocol, endpoint.version))
            let = first_match([(p, a, self._lying(c)) for p, a, c in entries], everyone)
        out: ByPort = ((0, self._outside),)
        for name, members in self._behind.items():
            leaving = tuple(
                (ports, allow, members if endpoint.lies_in(cidr) else 0)
                for ports, allow, cidr in self._entries(
                    self._planned[name], Direction.EGRESS, protocol, endpoint.version
                )
            )
            out = combine(out, first_match(leaving, members), int.__or__)
        both = combine(let, out, int.__and__)
        if own is not None and own.name in self._wide:
            return both
        wide = sum(bits for name, bits in self._behind.items() if name in self._wide)
        return combine(both, ((0, wide),), int.__and__)

    def _entries(
        self, acl: NetworkAcl, direction: Direction, protocol: int, version: int
    ) -> Iterator[tuple[PortRange, bool, IPNetwork]]:
        for each in acl.ordered(direction):
            if each.protocol in (ANY_PROTOCOL, protocol) and each.cidr.version == version:
                yield each.ports, each.action is Action.ALLOW, each.cidr

    def _acl_of(self, index: int) -> NetworkAcl | None:
        """What is planned of the NACL before an end; None of what is elsewhere, or in no plan."""
        subnet = self._reach.endpoints[index].subnet
        if subnet is None:
            return None
        network = self._reach.network
        there = network.nacl.get(network.subnet[subnet].nacl)
        return self._planned.get(there.name) if there is not None else None

    @cached_property
    def _behind(self) -> dict[str, int]:
        """By the name of a planned NACL the ends that are behind it, as bits."""
        found: dict[str, int] = {}
        for index in range(len(self._reach.endpoints)):
            if (acl := self._acl_of(index)) is not None:
                found[acl.name] = found.get(acl.name, 0) | 1 << index
        return found

    @cached_property
    def _outside(self) -> int:
        ends = enumerate(self._reach.endpoints)
        return sum(1 << index for index, each in ends if each.subnet is None)

    def _lying_in(self, network: IPNetwork) -> int:
        ends = enumerate(self._reach.endpoints)
        return sum(1 << index for index, each in ends if each.lies_in(network))
