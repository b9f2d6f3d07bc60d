"""Packets pushed through the network: a set enters a node, its parts leave for the next ones.

Nodes are the places where something is decided: a subnet's router, a transit
gateway behind one of its attachments, a subnet by which packets come out of a
transit gateway. What a part has been through is its `Past`. A part ends as
delivered, as lost, or adrift: where nobody knows what happens to it. A packet
that may go several ways goes all of them, so one part of it may be lost while
another is delivered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bulkhead.doubt.bdd.filters import Filters, Role, Sieve
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.network import Network, Route, Subnet

Node = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    sure: bool = True
    nat: str = ""
    transit: bool = False
    egress_refs: bool = True
    ingress_refs: bool = True
    seen: frozenset[str] = frozenset()
    walls: frozenset[tuple[str, str]] = frozenset()
    """Firewall endpoints, and on which side of the NAT gateway ('client' or 'far')."""
    exit: str = ""
    stretch: str = "client"


class Parts(ABC):
    """One propagation. `role` says which bits mean what on each stretch of the way."""

    def __init__(
        self, filters: Filters, role: Callable[[Past], Role], *, reply: bool = False
    ) -> None:
        self.f, self.u, self.network = filters, filters.u, filters.network
        self.role, self.reply = role, reply
        self.delivered: dict[Past, PacketSet] = defaultdict(lambda: self.u.none)
        self.adrift: dict[Past, PacketSet] = defaultdict(lambda: self.u.none)
        self.lost = self.u.none
        self.home: str = ""
        """Of a reply to a NAT gateway: the gateway that sends it on to the client."""
        self._waiting: dict[tuple[Node, Past], PacketSet] = {}
        self._queue: deque[tuple[Node, Past]] = deque()
        self._gateways = {each.id: each for each in self.network.nat_gateways}
        self._portions: dict[tuple[object, ...], list[tuple[Any, PacketSet]]] = {}

    def put(self, node: Node, past: Past, part: PacketSet) -> None:
        if not part.satisfiable():
            return
        key = (node, past)
        if key in self._waiting:
            self._waiting[key] |= part
        else:
            self._waiting[key] = part
            self._queue.append(key)

    def run(self) -> None:
        """Push until every part has ended."""
        while self._queue:
            node, past = key = self._queue.popleft()
            self._visit(node, past, self._waiting.pop(key))

    def lose(self, part: PacketSet) -> None:
        self.lost |= part

    def drift(self, past: Past, part: PacketSet) -> None:
        if part.satisfiable():
            self.adrift[past] |= part

    def sieve(self, sieve: Sieve, past: Past, part: PacketSet) -> Iterator[tuple[Past, PacketSet]]:
        """What a filter leaves: for sure, and if its unknowns are kind."""
        self.lose(part & ~sieve.may)
        for kept, after in (
            (part & sieve.sure, past),
            (part & sieve.may & ~sieve.sure, replace(past, sure=False)),
        ):
            if kept.satisfiable():
                yield after, kept

    def _keep(self, wanted: PacketSet, part: PacketSet) -> PacketSet:
        self.lose(part & ~wanted)
        return part & wanted

    def _undoubted(self, past: Past, part: PacketSet, *things: str) -> PacketSet:
        noted = self.f.noted(*things)
        self.drift(past, part & noted)
        return part & ~noted

    def deliver(self, past: Past, part: PacketSet) -> None:
        if not part.satisfiable():
            return
        if self.home and past.stretch == "far":
            self.from_gateway(self.home, replace(past, stretch="client"), part)
        else:
            self.delivered[past] |= part

    def from_gateway(self, gateway: str, past: Past, part: PacketSet) -> None:
        """A NAT gateway sends something on from its own subnet."""
        self.from_subnet(self._gateways[gateway].subnet, past, part)

    def from_subnet(self, subnet: str, past: Past, part: PacketSet) -> None:
        near = self.f.in_subnet(self.role(past).end, subnet)
        self.deliver(past, part & near)
        self.put(("router", subnet), past, part & ~near)

    def _internet(self, past: Past) -> PacketSet:
        return self.u.is_(self.role(past).end, self.f.number["internet", ""])

    def _of_vpc(self, vpc: str, past: Past) -> PacketSet:
        """Packets with an address of the VPC: its gateways carry no others."""
        return self.f.blocks(self.role(past).source, self.network.vpc[vpc].cidrs)

    @abstractmethod
    def _visit(self, node: Node, past: Past, part: PacketSet) -> None:
        """A part has come to a node."""

    @abstractmethod
    def _follow(self, route: Route | None, here: Subnet, past: Past, part: PacketSet) -> None:
        """By a route out of a subnet; None stands for the local one."""


def sites_of(network: Network, connection: str) -> list[str]:
    """The sites behind a VPN connection; without one it is a site by its own id."""
    tunnel = network.vpn_connection[connection]
    named = [
        site.name
        for site in network.sites
        if site.vpn_connection == connection or site.name == tunnel.site
    ]
    return named or [connection]
