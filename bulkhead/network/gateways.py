"""What carries packets between subnets, VPCs and the internet, and the routes that lead there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network.addresses import IPNetwork
from bulkhead.network.aws_services import called
from bulkhead.network.places import Subnet
from bulkhead.network.rules import ListReference

_PERHAPS: Final = " (or part of it, if it is there)"
_NOWHERE: Final = IPv4Network("0.0.0.0/32")


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
    certain: bool = True
    """False: it may not be there, and may be more specific: the destination is the widest."""

    @property
    def is_local(self) -> bool:
        """Whether it delivers within the VPC."""
        return self.target is TargetKind.LOCAL and not self.blackhole

    def __str__(self) -> str:
        return f"{self.destination} -> {self.target_id}{'' if self.certain else _PERHAPS}"


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
    lists: tuple[ListReference, ...] = field(default=(), compare=False, repr=False)
    """Its routes by prefix list, for quotas: where they lead is in `routes`."""
    learns_from: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """VPN gateways whose routes AWS copies into it; those that it copied are in `routes`.

    (docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html, route propagation)
    """


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
    asn: int | None = None
    """Its number in BGP, for its life; None where that is not known."""


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
    A regional one stands in no `subnet` and shows no private `address`: it has a route table
    of its own, and public addresses zone by zone.
    (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html)
    """

    id: str
    name: str
    vpc: str
    subnet: str | None
    address: IPv4Address | None
    public_address: IPv4Address | None = None
    available: bool = True
    more_public: tuple[IPv4Address, ...] = ()
    """Of secondary addresses: a packet may leave with any of them."""
    more_addresses: tuple[IPv4Address, ...] = ()
    """Secondary private ones: a packet may be sent on with any of them."""
    route_table: str | None = None
    """Of a regional one: its own."""
    zones: tuple[tuple[str, IPv4Address], ...] = ()
    """Of a regional one: its public addresses, each with its zone."""
    expands: bool = False
    """Whether a regional one comes by itself to a zone in which it has no address."""

    @property
    def addresses(self) -> tuple[IPv4Address, ...]:
        """All private ones that it shows, the primary first."""
        return (self.address, *self.more_addresses) if self.address else ()

    @property
    def public_addresses(self) -> tuple[IPv4Address, ...]:
        """All by which the internet knows what it sends on, the primary first."""
        if self.subnet is None:
            return tuple(dict.fromkeys(address for _, address in self.zones))
        return (self.public_address, *self.more_public) if self.public_address else ()

    def ground(self, zone: str) -> Subnet:
        """Where a regional one stands in a zone: as if in a subnet of its own, without a NACL."""
        return Subnet(
            id=self.id,
            name=self.name,
            vpc=self.vpc,
            zone=zone,
            cidr=_NOWHERE,
            nacl="",
            route_table=self.route_table or "",
        )


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
    certain: bool = True
    """False: it may not be there, and may be more specific: the destination is the widest."""

    def __str__(self) -> str:
        there = ", ".join(self.attachments) or "blackhole"
        return f"{self.destination} -> {there}{'' if self.certain else _PERHAPS}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRouteTable:
    id: str
    name: str
    gateway: str
    routes: tuple[TransitRoute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEndpoint:
    """S3 or DynamoDB as seen from a VPC: tcp and icmp echo to the service's own prefixes.

    `cidrs` are these, as far as they are known; those of the list of the id `prefix_list`.
    """

    id: str
    name: str
    vpc: str
    service: str
    prefix_list: str | None = None
    cidrs: tuple[IPNetwork, ...] = ()

    @property
    def called(self) -> str:
        """The service in words: 'AWS s3'."""
        return called(self.service)
