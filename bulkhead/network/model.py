"""The noun in the middle: a Network, the state that AWS enforces.

Plain frozen data. Whoever produces network state (the planner, an observer)
produces a `Network`; whoever judges one (the prover, the twin) takes one.

Identity and name are kept apart: `id` is what AWS calls a thing ('sg-0a1b…')
or, in a plan, what it will be known by ('sg/ticker'); references use ids.
`name` is for people, and the same in a plan and in the account built from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from ipaddress import IPv4Network
from typing import Final, Protocol

from bulkhead.network.addresses import AddressOrNetwork
from bulkhead.network.balancers import LoadBalancer
from bulkhead.network.firewalls import Firewall
from bulkhead.network.gateways import (
    EgressOnlyGateway,
    GatewayEndpoint,
    InternetGateway,
    NatGateway,
    Peering,
    RouteTable,
    TransitAttachment,
    TransitGateway,
    TransitRouteTable,
    VpnGateway,
)
from bulkhead.network.listed import PrefixList
from bulkhead.network.peers import InternetPeer
from bulkhead.network.places import Interface, InterfaceKind, Subnet, Vpc
from bulkhead.network.ports import ANY_PROTOCOL, PortRange
from bulkhead.network.rules import NetworkAcl, SecurityGroup
from bulkhead.network.traffic import traffic, traffic_at
from bulkhead.network.unlisted import Unlisted
from bulkhead.network.vpn import CustomerGateway, Site, VpnConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Where a socket waits: at a port of a service or a site, or somewhere in a range of them.

    `ports` are what a rule for it says: of ICMP its messages (type x 256 + code), of a protocol
    that has neither all of them. With an `address` at that one of the site's alone, or at those of
    a network of it, such as a VLAN; else at all of its owner's.
    AWS does not know sockets; a plan writes them down as tags of the service's
    security group (and of a site's VPN connection), so that an account that was
    built from a topology can be read back in its words.
    """

    owner: str
    socket: str
    type: str
    protocol: int
    ports: PortRange
    address: AddressOrNetwork | None = None

    @property
    def name(self) -> str:
        """'ticker.ticks'; of a test that speaks of traffic, whatever waits there, 'ticker', or
        'exchange at 192.168.10.7'."""
        if self.socket:
            return f"{self.owner}.{self.socket}"
        return f"{self.owner} at {self.address}" if self.address else self.owner

    @property
    def alone_at(self) -> IPv4Network | None:
        """The addresses at which alone it waits; None: all of its owner's."""
        return None if self.address is None else IPv4Network(self.address)

    @property
    def traffic(self) -> str:
        """'tcp 6001', 'tcp 51000-51999', or where it waits alone 'tcp 192.168.10.7:6001',
        'tcp 192.168.10.64/26:6001'.

        Of a protocol without ports 'icmp type 8', 'protocol 113 at 192.168.10.7'.
        """
        if self.protocol == ANY_PROTOCOL:
            return traffic(None)
        return traffic_at(self.protocol, self.ports, self.address)

    def __str__(self) -> str:
        if self.socket or self.protocol == ANY_PROTOCOL:
            return f"{self.name} ({self.traffic})"
        return f"{self.name} ({traffic(self.protocol, (self.ports,))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Whoever holds one group: a program, or of one with several network interfaces one of these.

    The first goes by the name of the program, another by 'router.eth1': that is `interface`
    eth1 `of` the program router; of the first, and where there is one alone, both are ''.
    """

    name: str
    segment: str | None
    security_group: str
    interface: str = ""
    of: str = ""

    @property
    def program(self) -> str:
        """The whole that people call by one name."""
        return self.of or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmodelled:
    """Something met, or found missing, that the model cannot judge.

    `scope` is the id of the narrowest thing (vpc, subnet, interface, security
    group, NACL, route table …) whose cells are undetermined because of it; with a
    `protocol`, only its cells of that protocol. Where it is the entry's own `id` and
    no such thing is in the network, no cell inside depends on it: it speaks of something
    outside, or of one rule, entry or route, which is there and not `certain`. Of one layer
    of a thing (a subnet's NACL or table, a group that an interface holds) it speaks where
    the thing names a stand-in that is the scope. Any other scope
    that is not in the network leaves every cell in doubt. `unseen` where something
    names it, or leads to it, and it was not observed itself: who did observe it
    knows better.
    """

    kind: str
    id: str
    scope: str
    why: str
    protocol: int | None = None
    unseen: bool = False


DUMP_FILE: Final = "dump-file"
"""The kind of what is noted of a file that was passed over: it holds nothing that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """What AWS calls that something belongs to something: whoever parts them has to name it.

    `of` a subnet, `to` its NACL or route table; of a VPC, to its main table; of a VPC or a
    subnet, to one of its blocks; of an interface, to a public address of it.
    """

    id: str
    of: str
    to: str


class Thing(Protocol):
    """What AWS knows by an id."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


_NO_THINGS: Final = frozenset(
    {"services", "sites", "listeners", "unmodelled", "unobserved", "associations", "unlisted"}
    | {"beside", "peers", "prefix_lists"}
)
"""Fields of a Network that hold what people named, what nobody knows, or what only names."""

_AROUND: Final[Mapping[str, tuple[str, ...]]] = {
    "interfaces": ("subnets", "vpcs"),
    "subnets": ("vpcs",),
}
"""In which other fields is what holds the things of a field."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """Everything that decides whether a packet arrives. Ids are unique within a kind."""

    vpcs: tuple[Vpc, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    nacls: tuple[NetworkAcl, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    internet_gateways: tuple[InternetGateway, ...] = ()
    vpn_gateways: tuple[VpnGateway, ...] = ()
    customer_gateways: tuple[CustomerGateway, ...] = ()
    vpn_connections: tuple[VpnConnection, ...] = ()
    services: tuple[Service, ...] = ()
    sites: tuple[Site, ...] = ()
    listeners: tuple[Listener, ...] = ()
    unmodelled: tuple[Unmodelled, ...] = field(default=())
    egress_only_gateways: tuple[EgressOnlyGateway, ...] = ()
    nat_gateways: tuple[NatGateway, ...] = ()
    peerings: tuple[Peering, ...] = ()
    transit_gateways: tuple[TransitGateway, ...] = ()
    transit_attachments: tuple[TransitAttachment, ...] = ()
    transit_route_tables: tuple[TransitRouteTable, ...] = ()
    gateway_endpoints: tuple[GatewayEndpoint, ...] = ()
    firewalls: tuple[Firewall, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    unobserved: tuple[str, ...] = ()
    """Fields of which there may be more than is here: nobody asked, or no full answer came."""
    associations: tuple[Association, ...] = ()
    """As far as the source names them."""
    unlisted: tuple[Unlisted, ...] = ()
    """What the source does not list, or may not: load balancers, functions, other stacks."""
    peers: tuple[InternetPeer, ...] = ()
    """Addresses of the internet that have a name."""
    prefix_lists: tuple[PrefixList, ...] = ()
    """Those in which peers are, as they were when a plan was made, or as they are found."""
    beside: tuple[str, ...] = ()
    """Ids of what others have in a VPC that was asked for and is not the topology's alone, that
    VPC among them: what they exchange with the rest is judged, what goes on among them is not."""

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """Everything that has an id, kind after kind."""
        return tuple(
            thing
            for each in fields(self)
            if each.name not in _NO_THINGS
            for thing in getattr(self, each.name)
        )

    @cached_property
    def noted(self) -> frozenset[str]:
        """What each note goes by of something that is not modelled, or not known."""
        return frozenset(each.id for each in self.unmodelled)

    @property
    def unlisted_runners(self) -> tuple[Unlisted, ...]:
        """What is known to run interfaces that are not here, each thing once."""
        return tuple({each.name: each for each in self.unlisted if each.runs}.values())

    @cached_property
    def vpc(self) -> Mapping[str, Vpc]:
        return {each.id: each for each in self.vpcs}

    @cached_property
    def neighbours(self) -> frozenset[str]:
        """The ids of VPCs that nobody asked for, joined to one that somebody did."""
        return frozenset(each.id for each in self.vpcs if each.neighbour)

    @cached_property
    def _beside(self) -> frozenset[str]:
        return frozenset(self.beside)

    def is_others(self, id_: str, vpc: str | None = None) -> bool:
        """Whether a thing stands beside what was asked for: in a neighbour (`vpc` is where it
        lies), or as others' in a VPC that is shared with them."""
        return id_ in self._beside or vpc in self.neighbours

    @cached_property
    def subnet(self) -> Mapping[str, Subnet]:
        return {each.id: each for each in self.subnets}

    @cached_property
    def interface(self) -> Mapping[str, Interface]:
        return {each.id: each for each in self.interfaces}

    @cached_property
    def security_group(self) -> Mapping[str, SecurityGroup]:
        return {each.id: each for each in self.security_groups}

    @cached_property
    def nacl(self) -> Mapping[str, NetworkAcl]:
        return {each.id: each for each in self.nacls}

    @cached_property
    def route_table(self) -> Mapping[str, RouteTable]:
        return {each.id: each for each in self.route_tables}

    @cached_property
    def vpn_connection(self) -> Mapping[str, VpnConnection]:
        return {each.id: each for each in self.vpn_connections}

    @cached_property
    def site(self) -> Mapping[str, Site]:
        return {each.name: each for each in self.sites}

    def connections_to(self, remote: str) -> tuple[VpnConnection, ...]:
        """The VPN connections to a site, by its name; or the one of this id, if no site has it."""
        site = self.site.get(remote)
        if site is None:
            return tuple(each for each in self.vpn_connections if each.id == remote)
        return tuple(
            each
            for each in self.vpn_connections
            if each.site == site.name or each.id == site.vpn_connection
        )

    @cached_property
    def programs(self) -> Mapping[str, tuple[Service, ...]]:
        """By what people call a program: what holds its groups, for each network interface."""
        found: dict[str, list[Service]] = defaultdict(list)
        for each in self.services:
            found[each.program].append(each)
        return {name: tuple(several) for name, several in found.items()}

    @cached_property
    def program(self) -> Mapping[str, str]:
        """By what flows call a service, or an interface of one, what people call the whole."""
        return {each.name: each.program for each in self.services}

    @property
    def present(self) -> tuple[Interface, ...]:
        """The interfaces that are there: none that only stands in for those that come and go."""
        return tuple(each for each in self.interfaces if not each.stand_in)

    def groups_beside(self, group: SecurityGroup) -> tuple[str, ...]:
        """The ids of those that whoever holds a service's own group is to hold as well: with more
        of its rules, and then those that it shares with others."""
        # Where several services are called so, one is told apart: 'trading/broker'.
        called = {*(group.service or "").split("/")}
        names = {*group.members.beside} if group.members else set()
        own = (each for name in called for each in self._more_of.get((group.vpc, name), ()))
        shared = (each for name in names for each in self._named.get((group.vpc, name), ()))
        return tuple(
            each.id
            for several in (own, shared)
            for each in sorted(several, key=lambda one: (one.name, one.id))
        )

    @cached_property
    def _more_of(self) -> Mapping[tuple[str, str], list[SecurityGroup]]:
        """By VPC and service, its groups beside its own."""
        found: dict[tuple[str, str], list[SecurityGroup]] = defaultdict(list)
        for each in self.security_groups:
            if each.more_of:
                found[each.vpc, each.more_of].append(each)
        return found

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], list[SecurityGroup]]:
        """By VPC and name, the groups that services share."""
        found: dict[tuple[str, str], list[SecurityGroup]] = defaultdict(list)
        for each in self.security_groups:
            if each.named_by:
                found[each.vpc, each.name].append(each)
        return found

    def interfaces_with(self, group: str) -> tuple[Interface, ...]:
        """Those that hold a group."""
        return tuple(each for each in self.interfaces if group in each.security_groups)

    def interfaces_of(self, service: str) -> tuple[Interface, ...]:
        return self._of_service.get(service, ())

    @cached_property
    def _of_service(self) -> Mapping[str | None, tuple[Interface, ...]]:
        found: dict[str | None, list[Interface]] = defaultdict(list)
        for each in self.interfaces:
            found[each.service].append(each)
        return {name: tuple(several) for name, several in found.items()}

    @cached_property
    def of_nat_gateways(self) -> frozenset[str]:
        """The interfaces of zonal NAT gateways: they send on, with no check of whose it is, and
        open and accept nothing."""
        at = {(nat.subnet, address) for nat in self.nat_gateways for address in nat.addresses}
        return frozenset(
            each.id
            for each in self.interfaces
            if each.kind is InterfaceKind.GATEWAY and (each.subnet, each.address) in at
        )

    def why_more(self, kind: str, vpc: str | None = None) -> str:
        """Why there may be more of a field than is here, in a VPC or anywhere; '' where not.

        The one place that says whether something is known to be absent. Where a subnet may be
        missing, so may what is in it.
        """
        for each in (kind, *_AROUND.get(kind, ())):
            if why := self._why_not_all(each, vpc):
                return why
        return ""

    def _why_not_all(self, kind: str, vpc: str | None) -> str:
        if kind in self.unobserved:
            return f"not all {kind.replace('_', ' ')} were observed"
        for each in self.unlisted:
            if each.field in ("", kind) and (None in (vpc, each.vpc) or each.vpc == vpc):
                return each.why
        return ""

    def subnet_of(self, interface: Interface) -> Subnet:
        return self.subnet[interface.subnet]
