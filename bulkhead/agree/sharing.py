"""Sockets that draw from one range of ports: no rule lets a client in to one of them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bulkhead.ends import owner
from bulkhead.network import Flow
from bulkhead.prove import Column, Reach, Row
from bulkhead.prove.sets.by_port import bits_of, side_by_side, union


class Sharing:
    """Whether a pair is open just as flows to its ports ask, whichever socket they name."""

    def __init__(self, reach: Reach, flows: Iterable[Flow]) -> None:
        self._reach = reach
        self._flows: dict[tuple[str, str, int], list[Flow]] = defaultdict(list)
        for each in dict.fromkeys(flows):
            server = each.server
            self._flows[each.client, server.owner, server.protocol].append(each)
        self._by_name: dict[str, int] = defaultdict(int)
        for index, end in enumerate(reach.endpoints):
            self._by_name[owner(end) or ""] |= 1 << index

    def is_all(self, row: Row, column: Column) -> bool:
        """Whether some flow is to another socket at these ports, and such flows alone get through:
        everybody who may open one, at each end of the column and over its family, and nobody else.
        """
        flows = self._flows.get((row.name, column.owner, column.protocol), ())
        near = [each for each in flows if each.server.ports.overlap(column.ports)]
        if not column.declared or all(each.server.name == column.name for each in near):
            return False
        ends, senders = self._reach.endpoints, self._by_name[row.name]
        return all(
            self._as_asked(
                senders & self._reach.same_family(index) & ~(1 << index), index, column, near
            )
            for index in bits_of(self._by_name[column.owner])
            if ends[index].is_at(column.address)
        )

    def _from(self, flow: Flow) -> int:
        named = self._by_name[flow.client]
        if not flow.clients_at:
            return named
        ends = self._reach.endpoints
        lying = (
            1 << index
            for index in bits_of(named)
            if any(ends[index].lies_in(each) for each in flow.clients_at)
        )
        return sum(lying)

    def _as_asked(self, senders: int, index: int, column: Column, flows: Iterable[Flow]) -> bool:
        end = self._reach.endpoints[index]
        declared = union(
            (each.server.ports, self._from(each))
            for each in flows
            if end.is_at(each.server.address)
        )
        masks = self._reach.masks(index, self._reach.protocol(column.protocol))
        return all(
            not (half_open | unsure) & senders and allowed & senders == wanted & senders
            for _, (allowed, half_open, unsure, wanted) in side_by_side(
                (*masks.sets, declared), column.ports
            )
        )
