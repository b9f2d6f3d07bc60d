"""What flows need of the NACLs of both ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bulkhead.network import Direction, Flow, IPNetwork, Listener, is_of_family
from bulkhead.plan.acls import (
    Need,
    client_needs,
    open_needs,
    outside_needs,
    server_needs,
    telling_needs,
    told_by_anybody,
)
from bulkhead.plan.addressing import Addressing, meet_within_a_subnet
from bulkhead.plan.clients import also_from, client_ports_at
from bulkhead.plan.gateway_endpoints import block_of
from bulkhead.plan.refused import refused_by
from bulkhead.plan.sites import addresses_at, clients_at
from bulkhead.plan.too_large import told_of
from bulkhead.plan.units import Unit
from bulkhead.plan.wiring import Wiring
from bulkhead.plan.zonal_nat import SEGMENT, nat_needs, nat_tells, translated_ends


class AclNeeds:
    """Of each flow, what its units' NACLs must let pass.

    Nothing where both ends share one subnet: a NACL judges only what enters or leaves a subnet.
    Nor of a unit that is open to the VPC for what stays in it: it needs that once, for no flow.
    """

    def __init__(self, wiring: Wiring, units: Sequence[Unit], where: Addressing) -> None:
        topology = self._topology = wiring.topology
        self._blocks = where.blocks
        self._open = [unit.name for unit in units if unit.open]
        self._space = {unit.name: where.space_of(unit) for unit in units}
        self._unit_of = {each.name: unit.name for unit in units for each in unit.interfaces}
        self._within_a_subnet = meet_within_a_subnet(where)
        self._refused = refused_by(topology, units, wiring.meetings)
        zonal = any(unit.name == SEGMENT for unit in units)
        self._translated = translated_ends(topology) if zonal else frozenset[str]()

    def of(self, flow: Flow) -> Iterator[tuple[str, Need]]:
        """Each with the name of the unit."""
        client, server = flow.client, flow.server.owner
        protocol, ports = flow.server.protocol, flow.server.ports
        asking = client_ports_at(self._topology, client, flow.clients_at)
        if self._within_a_subnet(client, server):
            return
        inside = client in self._unit_of and server in self._unit_of
        spared = self._open if inside else ()
        if (unit := self._unit_of.get(client)) and unit not in spared:
            if block_of(server):
                needs = outside_needs(protocol, ports, asking, self._refused[unit])
                yield from ((unit, each) for each in needs)
                return
            for cidr in self._met(unit, protocol, self._servers(flow.server)):
                yield from ((unit, each) for each in client_needs(protocol, ports, cidr, asking))
                if client in self._translated and server in self._topology.peers:
                    of = self._blocks[unit][0], cidr
                    if cidr.version == 4:
                        needs = nat_needs(protocol, ports, of, asking)
                        yield from ((SEGMENT, each) for each in needs)
        if (unit := self._unit_of.get(server)) and unit not in spared:
            for cidr in self._met(unit, protocol, self._clients(flow)):
                yield from ((unit, each) for each in server_needs(protocol, ports, cidr, asking))
            for cidr, more in also_from(self._topology, client, flow.clients_at):
                needs = server_needs(protocol, ports, cidr, more)
                yield from ((unit, each) for each in needs if each.band == "reply")
        for told, teller in told_of(self._topology, client, server):
            yield from self._telling(told, teller, spared)

    def _telling(self, told: str, teller: str, spared: Sequence[str]) -> Iterator[tuple[str, Need]]:
        """What lets one tell the other that a packet is too large: in where that is, and out."""
        for direction, here, there in (
            (Direction.INGRESS, told, teller),
            (Direction.EGRESS, teller, told),
        ):
            unit = self._unit_of.get(here)
            if unit is None or unit in spared:
                continue
            both = {each.version for each in self._blocks[unit]}
            theirs = [each for each in self._all_of(there) if each.version in both]
            if there in self._topology.peers and direction is Direction.INGRESS:
                for version in sorted({each.version for each in theirs}):
                    every = told_by_anybody(version, self._refused[unit][direction])
                    yield from ((unit, each) for each in every)
                    if version == 4 and told in self._translated:
                        sent_on = nat_tells(self._blocks[unit][0], self._refused[SEGMENT])
                        yield from ((SEGMENT, each) for each in sent_on)
                continue
            for cidr in theirs:
                yield from ((unit, each) for each in telling_needs(direction, cidr))

    def _all_of(self, name: str) -> tuple[IPNetwork, ...]:
        unit = self._unit_of.get(name)
        return self._blocks[unit] if unit else self._topology.outside[name].cidrs

    def by_unit(self, flows: Iterable[Flow]) -> Mapping[str, Collection[Need]]:
        """Of all flows, by the name of the unit, and of units that are open to the VPC: each once,
        however many flows have it."""
        needs: dict[str, dict[Need, None]] = defaultdict(dict)
        for name in self._open:
            needs[name] = dict.fromkeys(open_needs(self._space[name]))
        for flow in flows:
            for unit, need in self.of(flow):
                needs[unit][need] = None
        return {unit: tuple(every) for unit, every in needs.items()}

    def _met(self, unit: str, protocol: int, theirs: Iterable[IPNetwork]) -> Iterator[IPNetwork]:
        """Of the networks of a peer those of families that the unit has and the protocol is of."""
        own = {each.version for each in self._blocks[unit]}
        for each in theirs:
            if each.version in own and is_of_family(protocol, each.version):
                yield each

    def _servers(self, waiting: Listener) -> tuple[IPNetwork, ...]:
        if unit := self._unit_of.get(waiting.owner):
            return self._blocks[unit]
        return addresses_at(self._topology.outside[waiting.owner], waiting)

    def _clients(self, flow: Flow) -> tuple[IPNetwork, ...]:
        if unit := self._unit_of.get(flow.client):
            return self._blocks[unit]
        return clients_at(self._topology.outside[flow.client], flow.clients_at)
