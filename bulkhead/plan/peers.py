"""The ways to peers on the internet, and from them.

A service that a peer connects to has a public address, and a unit of its own, so that nobody else
has a route to the internet gateway. Who only connects to one goes through a regional NAT gateway,
which stands in no subnet, or through one in its zone (`zonal_nat`); over IPv6, where both have it,
through an egress-only internet gateway, which lets nobody in. Routes lead to the peers' addresses
alone, in the tables of those who talk with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.intent import Peer, Topology
from bulkhead.network import (
    ANY_CLIENT_PORTS,
    EgressOnlyGateway,
    Flow,
    Interface,
    InterfaceKind,
    InternetGateway,
    InternetPeer,
    IPNetwork,
    NatGateway,
    Route,
    RouteTable,
    Subnet,
    TargetKind,
    assignable,
)
from bulkhead.network.public_addresses import standing_for, standing_in_zone
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.ids import table_id
from bulkhead.plan.sites import networks_at, networks_of_clients
from bulkhead.plan.units import Unit, addressed_ends
from bulkhead.plan.zonal_nat import SEGMENT
from bulkhead.problems import InputError, Problem

_EVERYWHERE: Final = IPv4Network("0.0.0.0/0")
_OF_NAT: Final = "(nat)"
"""A name that nobody can give: no parenthesis is in one."""


@dataclass(frozen=True)
class WaysOut:
    """What leads to the internet, where any flow crosses it."""

    topology: Topology
    units: tuple[Unit, ...]
    declared: tuple[Flow, ...]
    """For these gateways and addresses are there, also while some are not let."""
    flows: tuple[Flow, ...]
    """Those that are let: routes are for these."""
    slots: Mapping[str, int]
    """Of each zone, its place among the addresses of a NAT gateway."""

    @cached_property
    def _meant(self) -> _ByEnd:
        return _met_by_end(self.topology, self.declared)

    @cached_property
    def _let(self) -> _ByEnd:
        return _met_by_end(self.topology, self.flows)

    def _networks(self, unit: Unit, met: _ByEnd) -> tuple[IPNetwork, ...]:
        """Those addresses of peers with which somebody of a unit talks, as they are written, of
        families that it has."""
        there = set().union(*(met.get(each.name, ()) for each in unit.interfaces))
        return tuple(
            cidr
            for peer in self.topology.peers.values()
            for cidr in peer.cidrs
            if cidr in there and cidr.version in unit.versions
        )

    def leads_out(self, unit: Unit) -> bool:
        """Whether somebody of a unit is declared to talk with peers, over whichever family."""
        return bool(self._networks(unit, self._meant))

    def _leads_out(self, version: int, *, public: bool) -> bool:
        """Whether somebody talks with peers over a family, of units that are public, or are not."""
        return any(
            each.version == version
            for unit in self.units
            if unit.public is public
            for each in self._networks(unit, self._meant)
        )

    def routes(self, unit: Unit, zone: str = "") -> Iterator[Route]:
        """Of a unit's table, or of its own of a zone."""
        if unit.name == SEGMENT:
            for cidr in self._translated:
                gateway = internet_gateway_id(self.topology)
                yield Route(destination=cidr, target=TargetKind.INTERNET_GATEWAY, target_id=gateway)
        for cidr in self._networks(unit, self._let):
            target, id_ = self._way(unit, cidr.version, zone)
            yield Route(destination=cidr, target=target, target_id=id_)

    def _way(self, unit: Unit, version: int, zone: str) -> tuple[TargetKind, str]:
        if unit.public:
            return TargetKind.INTERNET_GATEWAY, internet_gateway_id(self.topology)
        if version == 6:
            return TargetKind.EGRESS_ONLY_GATEWAY, egress_only_id(self.topology)
        return TargetKind.NAT_GATEWAY, nat_id(self.topology, zone)

    @property
    def _translated(self) -> tuple[IPNetwork, ...]:
        """What zonal gateways lead to, as it is written."""
        met = {
            cidr
            for unit in self.units
            if not unit.public
            for cidr in self._networks(unit, self._let)
            if cidr.version == 4
        }
        return tuple(
            cidr for peer in self.topology.peers.values() for cidr in peer.cidrs if cidr in met
        )

    @cached_property
    def _by_zone(self) -> frozenset[str]:
        """The units that go to a NAT gateway of their zone."""
        if self.topology.nat != "zonal":
            return frozenset()
        return frozenset(
            unit.name
            for unit in self.units
            if not unit.public
            and any(each.version == 4 for each in self._networks(unit, self._meant))
        )

    def tables_of(self, unit: Unit) -> tuple[tuple[str, str, str], ...]:
        """What its route tables are called, as id and as name, each with its zone; '' of all."""
        if unit.name not in self._by_zone:
            return ((table_id(unit), unit.key, ""),)
        return tuple(
            (table_id(unit, zone), f"{unit.key} in {zone}", zone) for zone in self.topology.zones
        )

    def with_tables(self, subnets: Iterable[Subnet]) -> tuple[Subnet, ...]:
        """Those under tables of their zone, where their unit has such."""
        own = {table_id(unit): unit for unit in self.units if unit.name in self._by_zone}
        return tuple(
            replace(each, route_table=table_id(own[each.route_table], each.zone))
            if each.route_table in own
            else each
            for each in subnets
        )

    @cached_property
    def internet_gateways(self) -> tuple[InternetGateway, ...]:
        """For public addresses of IPv4, those of a NAT gateway among them, and for IPv6 of those
        to which a peer connects."""
        public = (self._leads_out(each, public=True) for each in (4, 6))
        if not (any(public) or self._leads_out(4, public=False)):
            return ()
        named = self.topology.name
        gateway = internet_gateway_id(self.topology)
        return (InternetGateway(id=gateway, name=named, vpc=vpc_id(self.topology)),)

    @cached_property
    def egress_only_gateways(self) -> tuple[EgressOnlyGateway, ...]:
        """Of IPv6, for who only connects (docs.aws.amazon.com/vpc/latest/userguide/
        egress-only-internet-gateway.html)."""
        if not self._leads_out(6, public=False):
            return ()
        named, id_ = self.topology.name, egress_only_id(self.topology)
        return (EgressOnlyGateway(id=id_, name=named, vpc=vpc_id(self.topology)),)

    def nat_gateways(self, subnets: Iterable[Subnet]) -> tuple[NatGateway, ...]:
        """One, or one in each zone: there it is the first host of its subnet, and the only one."""
        if self.topology.nat == "regional":
            return self._regional
        named, vpc = self.topology.name, vpc_id(self.topology)
        return tuple(
            NatGateway(
                id=nat_id(self.topology, each.zone),
                name=f"{named}-{each.zone}",
                vpc=vpc,
                subnet=each.id,
                address=IPv4Address(assignable(each.cidr)[0]),
                public_address=standing_in_zone(self.slots[each.zone]),
            )
            for each in subnets
            if each.segment == SEGMENT
        )

    @cached_property
    def _regional(self) -> tuple[NatGateway, ...]:
        """With an address in each zone: in one that has none nobody says what happens
        (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)."""
        if not self._leads_out(4, public=False):
            return ()
        return (
            NatGateway(
                id=nat_id(self.topology),
                name=self.topology.name,
                vpc=vpc_id(self.topology),
                subnet=None,
                address=None,
                route_table=_table_of_nat(),
                zones=tuple(
                    (zone, standing_in_zone(self.slots[zone])) for zone in self.topology.zones
                ),
            ),
        )

    @property
    def route_tables(self) -> Iterator[RouteTable]:
        """That of a regional NAT gateway, as AWS makes it."""
        for _ in self._regional if self.topology.nat == "regional" else ():
            gateway = internet_gateway_id(self.topology)
            first = Route(
                destination=_EVERYWHERE, target=TargetKind.INTERNET_GATEWAY, target_id=gateway
            )
            yield RouteTable(
                id=_table_of_nat(), name=_OF_NAT, vpc=vpc_id(self.topology), routes=(first,)
            )

    def interfaces_of(self, gateways: Iterable[NatGateway]) -> tuple[Interface, ...]:
        """Those that AWS makes for zonal gateways (docs.aws.amazon.com/vpc/latest/userguide/
        nat-gateway-working-with.html)."""
        return tuple(
            Interface(
                id=f"eni/{each.id}",
                name=each.name,
                subnet=each.subnet,
                address=each.address,
                public_address=each.public_address,
                security_groups=(),
                source_dest_check=False,
                kind=InterfaceKind.GATEWAY,
                client_ports=ANY_CLIENT_PORTS,
            )
            for each in gateways
            if each.subnet is not None and each.address is not None
        )

    def with_public_addresses(self, interfaces: Iterable[Interface]) -> tuple[Interface, ...]:
        """Of those whom a peer connects to, where any has an address of IPv4."""
        public = addressed_ends(self.topology)
        return tuple(
            replace(each, public_address=self._stand_in(each, each.address))
            if each.service in public and isinstance(each.address, IPv4Address)
            else each
            for each in interfaces
        )

    def _stand_in(self, interface: Interface, address: IPv4Address) -> IPv4Address:
        found = standing_for(address, self.topology.cidrs)
        if found is None:
            what = f"{interface.name} at {address} is to have a public address, and lies in a block"
            place = self.topology.place_of("services", interface.service or "")
            remedy = "put its segment into the first block, before others: a smaller one of these"
            raise InputError([Problem(*place, f"{what} beyond the VPC's first /16", remedy)])
        return found


_ByEnd = Mapping[str, set[IPNetwork]]
"""By what flows call somebody of the VPC, the addresses of peers with which he talks."""


def _met_by_end(topology: Topology, flows: Iterable[Flow]) -> _ByEnd:
    found: dict[str, set[IPNetwork]] = defaultdict(set)
    for flow in flows if topology.peers else ():
        client, server = flow.client, flow.server.owner
        for end, peer in ((client, server), (server, client)):
            if peer in topology.peers:
                found[end].update(networks_met(topology.peers[peer], flow))
    return found


def networks_met(peer: Peer, flow: Flow) -> tuple[IPNetwork, ...]:
    """Which of a peer's addresses, as they are written, a flow from it or to it is about."""
    if flow.client == peer.name:
        return networks_of_clients(peer, flow.clients_at)
    return networks_at(peer, flow.server)


def peers_of(topology: Topology) -> tuple[InternetPeer, ...]:
    """All that are declared."""
    return tuple(
        InternetPeer(name=each.name, cidrs=each.cidrs, prefix_list=each.prefix_list)
        for each in topology.peers.values()
    )


def internet_gateway_id(topology: Topology) -> str:
    """What the internet gateway is called in a plan."""
    return f"igw/{topology.name}"


def egress_only_id(topology: Topology) -> str:
    """What the egress-only internet gateway is called in a plan."""
    return f"eigw/{topology.name}"


def nat_id(topology: Topology, zone: str = "") -> str:
    """What the NAT gateway is called in a plan, or that of a zone."""
    return f"nat/{topology.name}/{zone}" if zone else f"nat/{topology.name}"


def _table_of_nat() -> str:
    return f"rtb/{_OF_NAT}"
