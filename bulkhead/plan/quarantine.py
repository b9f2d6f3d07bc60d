"""A service in quarantine: which flows are not let, and what ends those that are open already.

A security group goes on letting a connection that it tracks, whatever rule is taken away; a network
ACL keeps no state, and what it denies ends at once
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html). So the
entries of the service go with its rules, and where an entry is for others too, one that denies
its addresses comes before it: in the NACLs of those it talks with, because an entry names the far
end of a packet and never the near one. Where no NACL is asked, within a subnet, and where that of
the service lets its neighbours the same and the far end has none, no rule ends it: it `lives on`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from bulkhead.intent import InQuarantine, Topology
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    TCP,
    AclEntry,
    Action,
    CutOff,
    Direction,
    Flow,
    Interface,
    IPNetwork,
    LivesOn,
    Origin,
    Outlasting,
    PortRange,
    Subnet,
    answers,
    is_of_family,
    within,
)
from bulkhead.network.idle import remembers, usual_tcp
from bulkhead.plan.acls import Need, client_needs
from bulkhead.plan.addressing import Addressing
from bulkhead.plan.clients import client_ports_at, client_ports_of
from bulkhead.plan.gateway_endpoints import block_of
from bulkhead.plan.sites import addresses_at, clients_at
from bulkhead.plan.units import Unit


@dataclass(frozen=True)
class Quarantined:
    """The quarantines of a topology, and what its flows become by them."""

    topology: Topology
    flows: tuple[Flow, ...]
    """All that are declared."""
    units: Sequence[Unit]
    where: Addressing

    def __bool__(self) -> bool:
        return bool(self.topology.quarantine)

    @cached_property
    def stay(self) -> tuple[Flow, ...]:
        """The flows that are let."""
        return (
            self.flows if not self else tuple(each for each in self.flows if self.of(each) is None)
        )

    def of(self, flow: Flow) -> InQuarantine | None:
        """That by which a flow is cut."""
        return self.topology.is_cut(flow.client, flow.server.owner, flow.clients_at)

    @cached_property
    def hosts(self) -> tuple[IPNetwork, ...]:
        """The addresses of all that are cut off, of each family in as few networks as can be."""
        every = [
            network
            for one in self.topology.quarantine
            for each in self._interfaces(one.service)
            for network in self._at(each)
        ]
        return (
            *collapse_addresses(each for each in every if isinstance(each, IPv4Network)),
            *collapse_addresses(each for each in every if isinstance(each, IPv6Network)),
        )

    def needs(self, unit: Unit, kept: Sequence[AclEntry]) -> list[Need]:
        """What must come before the other entries of a unit's NACL, so that they let nothing of
        who is cut off but its responder's flows. Nothing of a family of which they let nothing."""
        let = {
            each.version for each in self.hosts if any(_lets(kept, way, each) for way in Direction)
        }
        needs = [
            Need("quarantine", way, ANY_PROTOCOL, ALL_PORTS, each)
            for each in self.hosts
            for way in Direction
            if each.version in let
        ]
        inside = {each.name for each in unit.interfaces}
        for flow in self.stay:
            if flow.client in inside and self._is_cut_off(flow.server.owner):
                asking = client_ports_of(self.topology, flow.client)
                protocol, ports = flow.server.protocol, flow.server.ports
                for each in self._by_end[flow.server.owner]:
                    for address in self._at(each):
                        if address.version in let and is_of_family(protocol, address.version):
                            may = client_needs(protocol, ports, address, asking)
                            needs += (replace(need, band="responder") for need in may)
        return needs

    def cut_off(self, acls: Mapping[str, Sequence[AclEntry]]) -> tuple[CutOff, ...]:
        """Each service that is, behind these entries by the name of the unit."""
        return tuple(self._cut_off(each, acls) for each in self.topology.quarantine)

    def _cut_off(self, one: InQuarantine, acls: Mapping[str, Sequence[AclEntry]]) -> CutOff:
        its = [each for each in self.flows if one.service in self._ends(each)]
        cut = tuple(each for each in its if self.of(each) is not None)
        file, line = self.topology.place_of(*one.path)
        return CutOff(
            service=one.service,
            why=one.why,
            owner=one.owner,
            responder=one.responder_said,
            cut=cut,
            stays=tuple(each for each in its if self.of(each) is None),
            lives_on=tuple(found for each in cut for found in self._living_on(each, acls)),
            origin=Origin(file=file, line=line),
        )

    def _living_on(self, flow: Flow, acls: Mapping[str, Sequence[AclEntry]]) -> Iterator[LivesOn]:
        """Of a flow that is cut, each reason why some of its connections are not at once."""
        found: dict[Outlasting, dict[str, int]] = defaultdict(dict)
        for client, server in self._pairs(flow):
            inside = [each.interface for each in (client, server) if each.interface is not None]
            if len(inside) == 2 and inside[0].subnet == inside[1].subnet:
                reason, where = Outlasting.SUBNET, [inside[0].subnet.removeprefix("subnet/")]
            elif self._let_both_ways(flow, client, server, acls):
                reason = Outlasting.FULL if len(inside) == 2 else Outlasting.SHARED
                where = [each.unit for each in (client, server) if each.unit]
            else:
                continue
            seconds = min(_remembered(each, flow.server.protocol) for each in inside)
            for each in where:
                found[reason][each] = max(found[reason].get(each, 0), seconds)
        for reason, where_and_how_long in found.items():
            yield LivesOn(
                flow=flow,
                reason=reason,
                where=tuple(where_and_how_long),
                seconds=max(where_and_how_long.values()),
            )

    def _pairs(self, flow: Flow) -> Iterator[tuple[_End, _End]]:
        for client in self._ends_of(flow.client, flow):
            for server in self._ends_of(flow.server.owner, flow):
                version = client.network.version
                met = client != server and version == server.network.version
                spoken = is_of_family(flow.server.protocol, version)
                if met and spoken and (client.interface or server.interface):
                    yield client, server

    def _ends_of(self, name: str, flow: Flow) -> Iterator[_End]:
        if site := self.topology.outside.get(name):
            asks = name == flow.client
            at = clients_at(site, flow.clients_at) if asks else addresses_at(site, flow.server)
            yield from (_End(each) for each in at)
        elif block := block_of(name):
            yield _End(block)
        else:
            for each in self._by_end[name]:
                for network in self._at(each):
                    yield _End(network, self._unit_of[name], each)

    def _let_both_ways(
        self, flow: Flow, client: _End, server: _End, acls: Mapping[str, Sequence[AclEntry]]
    ) -> bool:
        """Whether NACLs may let a request of the flow there, and a reply back."""
        protocol, ports = flow.server.protocol, flow.server.ports
        asking = client_ports_at(self.topology, flow.client, flow.clients_at)
        back = answers(protocol, ports, asking)
        return all(
            _may_pass(acls[of.unit], way, protocol, some, to.network)
            for of, to, way, some in (
                (client, server, Direction.EGRESS, [ports]),
                (server, client, Direction.INGRESS, [ports]),
                (server, client, Direction.EGRESS, back),
                (client, server, Direction.INGRESS, back),
            )
            if of.unit
        )

    def _ends(self, flow: Flow) -> tuple[str, str]:
        return self.topology.whose(flow.client), self.topology.whose(flow.server.owner)

    def _is_cut_off(self, end: str) -> bool:
        return any(each.service == self.topology.whose(end) for each in self.topology.quarantine)

    def _interfaces(self, service: str) -> Iterator[Interface]:
        """All of a service, by whatever flows call them."""
        for end in self.topology.services[service].ends:
            yield from self._by_end[end.name]

    def _at(self, interface: Interface) -> tuple[IPNetwork, ...]:
        """Its addresses; all of its subnet, which is of its service alone, where it stands for
        whoever comes there."""
        if interface.stand_in:
            return self._subnets[interface.subnet].cidrs
        return tuple(map(ip_network, interface.addresses))

    @cached_property
    def _subnets(self) -> Mapping[str, Subnet]:
        return {each.id: each for each in self.where.every_subnet}

    @cached_property
    def _by_end(self) -> Mapping[str, list[Interface]]:
        found: dict[str, list[Interface]] = defaultdict(list)
        for each in self.where.interfaces:
            found[each.service or ""].append(each)
        return found

    @cached_property
    def _unit_of(self) -> Mapping[str, str]:
        return {each.name: unit.name for unit in self.units for each in unit.interfaces}


@dataclass(frozen=True, slots=True)
class _End:
    """Where packets come from or go to: an interface behind a unit's NACL, or a place outside."""

    network: IPNetwork
    unit: str = ""
    interface: Interface | None = None


def _remembered(interface: Interface, protocol: int) -> int:
    """For how long at the most a silent connection is."""
    if protocol == TCP and not interface.idle.tcp_established:
        return usual_tcp(interface)
    return remembers(interface, protocol).seconds


def _lets(entries: Iterable[AclEntry], way: Direction, host: IPNetwork) -> bool:
    """Whether entries let anything of a host."""
    return _may_pass(entries, way, ANY_PROTOCOL, [ALL_PORTS], host)


def _may_pass(
    entries: Iterable[AclEntry],
    way: Direction,
    protocol: int,
    ports: Iterable[PortRange],
    network: IPNetwork,
) -> bool:
    """Whether some of it may: in doubt yes."""
    return any(_some_passes(entries, way, protocol, each, network) for each in ports)


def _some_passes(
    entries: Iterable[AclEntry],
    way: Direction,
    protocol: int,
    ports: PortRange,
    network: IPNetwork,
) -> bool:
    for each in sorted(entries, key=lambda entry: entry.number):
        of_it = each.protocol in (ANY_PROTOCOL, protocol) or protocol == ANY_PROTOCOL
        if each.direction is not way or not of_it or not each.cidr.overlaps(network):
            continue
        if each.action is Action.ALLOW:
            if each.ports.overlap(ports):
                return True
        elif (
            each.protocol in (ANY_PROTOCOL, protocol)
            and each.ports.covers(ports)
            and within(network, each.cidr)
        ):
            return False
    return False
