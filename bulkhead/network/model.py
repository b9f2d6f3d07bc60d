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
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from bulkhead.network.ports import ALL_PORTS, PortRange, has_ports, has_types, protocol_name
from bulkhead.network.ports import icmp_name as _icmp_name

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network


class Direction(StrEnum):
    """Seen from the interface (security group) or from the subnet (NACL)."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Action(StrEnum):
    ALLOW = "allow"
    DENY = "deny"


class PublicAccess(StrEnum):
    """What VPC Block Public Access leaves of a subnet's way to the internet.

    (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)
    """

    OPEN = "open"
    """Off, or excluded from it both ways."""
    EGRESS_ONLY = "egress-only"
    """Only NAT gateways and egress-only gateways still lead out; nothing comes in."""
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    id: str
    name: str
    region: str
    cidrs: tuple[IPNetwork, ...]
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
    ipv6_cidrs: tuple[IPv6Network, ...] = ()
    public_access: PublicAccess = PublicAccess.OPEN

    @property
    def cidrs(self) -> tuple[IPNetwork, ...]:
        """Its blocks of both families."""
        return (self.cidr, *self.ipv6_cidrs)


class InterfaceKind(StrEnum):
    """What stands behind an interface.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html)
    """

    HOST = "host"
    """Opens and accepts connections: an instance, a task, a function."""
    ENDPOINT = "endpoint"
    """An interface endpoint: accepts connections, never opens one."""
    LOAD_BALANCER = "load-balancer"
    """Accepts and opens connections; one without security groups is not filtered."""
    GATEWAY = "gateway"
    """Of a NAT gateway, transit gateway or gateway endpoint: carries packets of
    others, opens and accepts no connection of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTimeouts:
    """After how many idle seconds an interface forgets a tracked connection.

    None: what AWS does for this instance type by default (432,000 s for tcp, or
    350 s on Nitro v6).
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html)
    """

    tcp_established: int | None = None
    udp: int | None = None
    udp_stream: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """An elastic network interface: where packets start and end.

    `public_address` belongs to the primary address; `more_public` are (private,
    public) pairs of secondary ones.
    """

    id: str
    name: str
    subnet: str
    address: IPv4Address
    security_groups: tuple[str, ...]
    secondary_addresses: tuple[IPv4Address, ...] = ()
    public_address: IPv4Address | None = None
    source_dest_check: bool = True
    service: str | None = None
    ipv6_addresses: tuple[IPv6Address, ...] = ()
    more_public: tuple[tuple[IPv4Address, IPv4Address], ...] = ()
    kind: InterfaceKind = InterfaceKind.HOST
    instance: str | None = None
    idle: IdleTimeouts = IdleTimeouts()

    @property
    def addresses(self) -> tuple[IPAddress, ...]:
        """Private ones of both families, the primary first."""
        return (self.address, *self.secondary_addresses, *self.ipv6_addresses)

    def public_for(self, address: IPAddress) -> IPAddress | None:
        """The address by which the internet knows one of its own; None where it does not.

        An IPv6 address is its own.
        """
        if isinstance(address, IPv6Address):
            return address if address in self.ipv6_addresses else None
        if address == self.address:
            return self.public_address
        return dict(self.more_public).get(address)


@dataclass(frozen=True, slots=True)
class CidrPeer:
    cidr: IPNetwork
    kind: Literal["cidr"] = "cidr"

    def __str__(self) -> str:
        return str(self.cidr)


@dataclass(frozen=True, slots=True)
class GroupPeer:
    """The private addresses of the interfaces that hold this group (when: docs/model.md)."""

    group: str
    kind: Literal["group"] = "group"

    def __str__(self) -> str:
        return self.group


Peer = CidrPeer | GroupPeer


def _traffic(protocol: int, ports: PortRange) -> str:
    name = protocol_name(protocol)
    if ports == ALL_PORTS:
        return name
    if has_types(protocol):
        return f"{name} {_icmp_name(ports)}"
    return f"{name} {ports}" if has_ports(protocol) else name


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """One rule of a security group: allow this protocol and these ports with one peer.

    `protocol` is an IP protocol number, -1 for all. `ports` are destination ports
    of tcp and udp, message types and codes of icmp (`icmp_range`), elsewhere ALL_PORTS.
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
    always the packet's destination ports (of icmp, its types and codes: `icmp_range`).
    (docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html)
    """

    number: int
    direction: Direction
    action: Action
    protocol: int
    ports: PortRange
    cidr: IPNetwork

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
    EGRESS_ONLY_GATEWAY = "egress-only-gateway"
    NAT_GATEWAY = "nat-gateway"
    PEERING = "peering"
    TRANSIT_GATEWAY = "transit-gateway"
    INTERFACE = "interface"
    """An interface that forwards (or drops) what is not addressed to it: an appliance."""
    GATEWAY_ENDPOINT = "gateway-endpoint"
    """S3 or DynamoDB, by their prefix list."""
    FIREWALL = "firewall"
    """An endpoint of a Network Firewall."""
    UNMODELLED = "unmodelled"
    """A target the model does not follow yet; what depends on it is undetermined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    destination: IPNetwork
    target: TargetKind
    target_id: str
    propagated: bool = False
    blackhole: bool = False
    prefix_list: str | None = None
    """The list whose entry this is: it yields to a static route with the same prefix."""

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
    gateway: str | None = None
    """The internet or VPN gateway whose incoming packets it routes, if it is an edge table."""


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
class EgressOnlyGateway:
    """IPv6 out and the replies back; the internet opens nothing through it."""

    id: str
    name: str
    vpc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway:
    """Sends on packets of others with its own address and port (1024-65535).

    A private one has no `public_address`.
    (docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html)
    """

    id: str
    name: str
    vpc: str
    subnet: str
    address: IPv4Address
    public_address: IPv4Address | None = None
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PeeredVpc:
    """One side of a peering connection, as the connection itself describes it."""

    vpc: str
    region: str
    cidrs: tuple[IPNetwork, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peering:
    """Two VPCs, never through one into a third.

    (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html)
    """

    id: str
    name: str
    requester: PeeredVpc
    accepter: PeeredVpc
    active: bool = True

    def other(self, vpc: str) -> PeeredVpc | None:
        """The far side as seen from a VPC; None where that is not on either side."""
        if vpc == self.requester.vpc:
            return self.accepter
        return self.requester if vpc == self.accepter.vpc else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGateway:
    """`references`: whether security groups may be referenced through it."""

    id: str
    name: str
    region: str
    references: bool = False


class AttachmentKind(StrEnum):
    VPC = "vpc"
    VPN = "vpn"
    PEERING = "peering"
    OTHER = "other"
    """Connect, Direct Connect: what lies behind is not modelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitAttachment:
    """Something attached to a transit gateway.

    `resource` is the VPC, the VPN connection, or for a peering the attachment at
    the other gateway (its id; both sides may share one id, then `peer_gateway`
    tells them apart). `table` routes what comes in by it; None: nothing does.
    """

    id: str
    name: str
    gateway: str
    kind: AttachmentKind
    resource: str
    table: str | None
    subnets: tuple[str, ...] = ()
    available: bool = True
    references: bool = True
    appliance_mode: bool = False
    peer_gateway: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRoute:
    """`attachments`: where it leads, more than one with equal-cost paths."""

    destination: IPNetwork
    attachments: tuple[str, ...]
    propagated: bool = False
    blackhole: bool = False

    def __str__(self) -> str:
        return f"{self.destination} -> {', '.join(self.attachments) or 'blackhole'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRouteTable:
    id: str
    name: str
    gateway: str
    routes: tuple[TransitRoute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEndpoint:
    """S3 or DynamoDB as seen from a VPC: tcp and icmp echo to the service's own prefixes."""

    id: str
    name: str
    vpc: str
    service: str


class FirewallAction(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, no password
    DROP = "drop"
    FORWARD = "forward"
    """To the stateful engine (stateless rules only)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRule:
    """A match on the five-tuple; an empty tuple matches everything.

    `ports` are destination ports, `client_ports` source ports. A stateful rule
    judges the first packet of a flow; `both_ways` lets it match either direction.
    """

    id: str
    action: FirewallAction
    protocols: tuple[int, ...] = ()
    sources: tuple[IPNetwork, ...] = ()
    destinations: tuple[IPNetwork, ...] = ()
    client_ports: tuple[PortRange, ...] = ()
    ports: tuple[PortRange, ...] = ()
    both_ways: bool = False

    def __str__(self) -> str:
        return f"{self.id}: {self.action}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """A Network Firewall: stateless rules in order, then stateful ones, on request and reply.

    `endpoints` are (endpoint id, subnet id). Stateful rules are in the order in
    which they are asked; with `action_order` every pass comes before every drop.
    (docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html)
    """

    id: str
    name: str
    vpc: str
    endpoints: tuple[tuple[str, str], ...]
    stateless: tuple[FirewallRule, ...]
    stateless_default: FirewallAction
    stateful: tuple[FirewallRule, ...]
    stateful_default: FirewallAction
    action_order: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedPort:
    """A listener of a load balancer and where it passes connections on: (interface, port)."""

    protocol: int
    port: int
    targets: tuple[tuple[str, int], ...]
    keeps_client_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    id: str
    name: str
    vpc: str
    interfaces: tuple[str, ...]
    listeners: tuple[BalancedPort, ...]


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
    """`routes` are the prefixes that lead into it: static ones, and those learned by BGP.

    `vpn_gateway` is '' where it ends at a transit gateway, whose tables then lead into it.
    """

    id: str
    name: str
    vpn_gateway: str
    customer_gateway: str
    routes: tuple[IPNetwork, ...]
    tunnels: tuple[Tunnel, ...] = ()
    site: str | None = None
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A network outside AWS, as the connection that leads there describes it."""

    name: str
    cidrs: tuple[IPNetwork, ...]
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
    egress_only_gateways: tuple[EgressOnlyGateway, ...] = ()
    nat_gateways: tuple[NatGateway, ...] = ()
    peerings: tuple[Peering, ...] = ()
    transit_gateways: tuple[TransitGateway, ...] = ()
    transit_attachments: tuple[TransitAttachment, ...] = ()
    transit_route_tables: tuple[TransitRouteTable, ...] = ()
    gateway_endpoints: tuple[GatewayEndpoint, ...] = ()
    firewalls: tuple[Firewall, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()

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
