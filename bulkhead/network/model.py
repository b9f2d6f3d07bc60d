"""The noun in the middle: a Network, the state that AWS enforces.

Plain frozen data. Whoever produces network state (the planner, an observer)
produces a `Network`; whoever judges one (the prover, the twin) takes one.

Identity and name are kept apart: `id` is what AWS calls a thing ('sg-0a1b…')
or, in a plan, what it will be known by ('sg/ticker'); references use ids.
`name` is for people, and the same in a plan and in the account built from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from bulkhead.network.ports import ALL_PORTS, PortRange, has_ports, protocol_name


class Direction(StrEnum):
    """Seen from the interface (security group) or from the subnet (NACL)."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Action(StrEnum):
    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    id: str
    name: str
    region: str
    cidrs: tuple[IPv4Network, ...]
    topology: str | None = None
    """The topology it was built from, where it says so (tag bulkhead:topology)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    id: str
    name: str
    vpc: str
    zone: str
    cidr: IPv4Network
    nacl: str
    route_table: str
    segment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """An elastic network interface: where packets start and end."""

    id: str
    name: str
    subnet: str
    address: IPv4Address
    security_groups: tuple[str, ...]
    secondary_addresses: tuple[IPv4Address, ...] = ()
    public_address: IPv4Address | None = None
    source_dest_check: bool = True
    service: str | None = None

    @property
    def addresses(self) -> tuple[IPv4Address, ...]:
        return (self.address, *self.secondary_addresses)


@dataclass(frozen=True, slots=True)
class CidrPeer:
    cidr: IPv4Network
    kind: Literal["cidr"] = "cidr"

    def __str__(self) -> str:
        return str(self.cidr)


@dataclass(frozen=True, slots=True)
class GroupPeer:
    """The private addresses of the interfaces that hold this group."""

    group: str
    kind: Literal["group"] = "group"

    def __str__(self) -> str:
        return self.group


Peer = CidrPeer | GroupPeer


def _traffic(protocol: int, ports: PortRange) -> str:
    name = protocol_name(protocol)
    return f"{name} {ports}" if has_ports(protocol) and ports != ALL_PORTS else name


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """One rule of a security group: allow this protocol and these ports with one peer.

    `protocol` is an IP protocol number, -1 for all. `ports` are destination
    ports and mean something for tcp and udp only; elsewhere they are ALL_PORTS.
    (docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)
    """

    id: str
    direction: Direction
    protocol: int
    ports: PortRange
    peer: Peer
    description: str = ""

    def __str__(self) -> str:
        way = "from" if self.direction is Direction.INGRESS else "to"
        return f"{self.id}: {_traffic(self.protocol, self.ports)} {way} {self.peer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    id: str
    name: str
    vpc: str
    rules: tuple[GroupRule, ...]
    service: str | None = None

    def towards(self, direction: Direction) -> tuple[GroupRule, ...]:
        return tuple(rule for rule in self.rules if rule.direction is direction)


@dataclass(frozen=True, slots=True, kw_only=True)
class AclEntry:
    """One numbered entry of a network ACL; the lowest number that matches decides.

    `cidr` is the source for ingress and the destination for egress; `ports` are
    always the packet's destination ports.
    (docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html)
    """

    number: int
    direction: Direction
    action: Action
    protocol: int
    ports: PortRange
    cidr: IPv4Network

    def __str__(self) -> str:
        way = "from" if self.direction is Direction.INGRESS else "to"
        return (
            f"{self.direction} {self.number}: {self.action} "
            f"{_traffic(self.protocol, self.ports)} {way} {self.cidr}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAcl:
    """Entries as written; the implicit deny at the end ('*') is never listed."""

    id: str
    name: str
    vpc: str
    entries: tuple[AclEntry, ...]
    default: bool = False

    def ordered(self, direction: Direction) -> tuple[AclEntry, ...]:
        return tuple(
            sorted(
                (entry for entry in self.entries if entry.direction is direction),
                key=lambda entry: entry.number,
            )
        )


class TargetKind(StrEnum):
    LOCAL = "local"
    INTERNET_GATEWAY = "internet-gateway"
    VPN_GATEWAY = "vpn-gateway"
    UNMODELLED = "unmodelled"
    """A target the model does not follow yet; what depends on it is undetermined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    destination: IPv4Network
    target: TargetKind
    target_id: str
    propagated: bool = False
    blackhole: bool = False

    def __str__(self) -> str:
        return f"{self.destination} -> {self.target_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """Routes beside the `local` ones, which every table has for each VPC CIDR."""

    id: str
    name: str
    vpc: str
    routes: tuple[Route, ...]
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InternetGateway:
    id: str
    name: str
    vpc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VpnGateway:
    id: str
    name: str
    vpc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerGateway:
    id: str
    name: str
    address: IPv4Address | None
    asn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """What a tunnel may negotiate. Never its pre-shared key.

    Empty tuples mean that AWS's own default list applies (all algorithms).
    """

    inside_cidr: IPv4Network | None = None
    ike_versions: tuple[str, ...] = ()
    phase1_encryption: tuple[str, ...] = ()
    phase1_integrity: tuple[str, ...] = ()
    phase1_dh_groups: tuple[int, ...] = ()
    phase2_encryption: tuple[str, ...] = ()
    phase2_integrity: tuple[str, ...] = ()
    phase2_dh_groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VpnConnection:
    """`routes` are the prefixes that the gateway forwards into it (static)."""

    id: str
    name: str
    vpn_gateway: str
    customer_gateway: str
    routes: tuple[IPv4Network, ...]
    tunnels: tuple[Tunnel, ...] = ()
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A network outside AWS, as the connection that leads there describes it."""

    name: str
    cidrs: tuple[IPv4Network, ...]
    vpn_connection: str | None
    trusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Where a socket waits for connections: a port of a service, or of a site.

    AWS does not know sockets; a plan writes them down as tags of the service's
    security group (and of a site's VPN connection), so that an account that was
    built from a topology can be read back in its words.
    """

    owner: str
    socket: str
    type: str
    protocol: int
    port: int

    @property
    def name(self) -> str:
        return f"{self.owner}.{self.socket}"

    def __str__(self) -> str:
        return f"{self.name} ({protocol_name(self.protocol)} {self.port})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    name: str
    segment: str | None
    security_group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmodelled:
    """Something met, or found missing, that the model cannot judge.

    `scope` is the id of the narrowest thing (vpc, subnet, interface, security
    group, NACL, route table …) whose cells are undetermined because of it; with a
    `protocol`, only its cells of that protocol. Where it is the entry's own `id` and
    no such thing is in the network, no cell inside depends on it; any other scope
    that is not in the network leaves every cell in doubt.
    """

    kind: str
    id: str
    scope: str
    why: str
    protocol: int | None = None


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

    @cached_property
    def vpc(self) -> Mapping[str, Vpc]:
        return {each.id: each for each in self.vpcs}

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

    def interfaces_of(self, service: str) -> tuple[Interface, ...]:
        return tuple(each for each in self.interfaces if each.service == service)

    def subnet_of(self, interface: Interface) -> Subnet:
        return self.subnet[interface.subnet]
