"""Where to look things up while walking, and what is in doubt about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from ipaddress import IPv6Address, IPv6Network
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.walk.journey import Aim
from bulkhead.network import (
    AttachmentKind,
    EgressOnlyGateway,
    Firewall,
    GatewayEndpoint,
    Interface,
    InterfaceKind,
    InternetGateway,
    IPAddress,
    IPNetwork,
    NatGateway,
    Network,
    Peering,
    RouteTable,
    TransitAttachment,
    TransitGateway,
    TransitRouteTable,
    Vpc,
    VpnConnection,
    VpnGateway,
)

UNIQUE_LOCAL: Final = IPv6Network("fc00::/7")
"""Private addresses of IPv6 (RFC 4193), which AWS never carries to the internet
(docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html)."""


class Atlas:
    """A network by its ids. `protocol` is that of the packet: a doubt may be about one only."""

    def __init__(self, network: Network, protocol: int) -> None:
        self.network = network
        self._protocol = protocol
        self.unsure: frozenset[str] = frozenset()
        """Subnets of ends in doubt: their NACLs say nothing for sure."""

    @cached_property
    def internet_gateway(self) -> dict[str, InternetGateway]:
        return {each.id: each for each in self.network.internet_gateways}

    @cached_property
    def vpn_gateway(self) -> dict[str, VpnGateway]:
        return {each.id: each for each in self.network.vpn_gateways}

    @cached_property
    def egress_only_gateway(self) -> dict[str, EgressOnlyGateway]:
        return {each.id: each for each in self.network.egress_only_gateways}

    @cached_property
    def nat_gateway(self) -> dict[str, NatGateway]:
        return {each.id: each for each in self.network.nat_gateways}

    @cached_property
    def peering(self) -> dict[str, Peering]:
        return {each.id: each for each in self.network.peerings}

    @cached_property
    def transit_gateway(self) -> dict[str, TransitGateway]:
        return {each.id: each for each in self.network.transit_gateways}

    @cached_property
    def transit_table(self) -> dict[str, TransitRouteTable]:
        return {each.id: each for each in self.network.transit_route_tables}

    @cached_property
    def gateway_endpoint(self) -> dict[str, GatewayEndpoint]:
        return {each.id: each for each in self.network.gateway_endpoints}

    @cached_property
    def firewall(self) -> dict[str, tuple[Firewall, str]]:
        """By endpoint: the firewall and the endpoint's subnet."""
        return {
            endpoint: (each, subnet)
            for each in self.network.firewalls
            for endpoint, subnet in each.endpoints
        }

    def attachment(self, gateway: str, id_: str) -> TransitAttachment | None:
        return next(
            (
                each
                for each in self.network.transit_attachments
                if (each.gateway, each.id) == (gateway, id_)
            ),
            None,
        )

    def attachment_of(
        self, gateway: str, kind: AttachmentKind, resource: str
    ) -> TransitAttachment | None:
        """A usable one if there is any."""
        found = [
            each
            for each in self.network.transit_attachments
            if (each.gateway, each.kind, each.resource) == (gateway, kind, resource)
        ]
        return next((each for each in found if each.available), found[0] if found else None)

    def edge_table(self, gateway: str) -> RouteTable | None:
        return next((each for each in self.network.route_tables if each.gateway == gateway), None)

    def in_vpc(self, address: IPAddress, vpc: str) -> bool:
        return any(address in block for block in self.blocks(vpc))

    def blocks(self, vpc: str) -> tuple[IPNetwork, ...]:
        found: Vpc | None = self.network.vpc.get(vpc)
        return found.cidrs if found else ()

    # The ends

    def aim(self, end: Endpoint) -> Aim:
        return Aim(
            kind=end.kind,
            id=end.id,
            subnet=end.subnet,
            vpc=end.vpc,
            public=self._public(end),
            ipv4=end.ipv4,
        )

    def aim_at(self, nat: NatGateway) -> Aim:
        return Aim(
            kind=EndpointKind.INTERFACE,
            id=nat.id,
            subnet=nat.subnet,
            vpc=nat.vpc,
            public=nat.public_address is not None,
        )

    def _public(self, end: Endpoint) -> bool:
        """A stranger may be given a public address; one of IPv6 is its own, or private."""
        if isinstance(end.address, IPv6Address):
            return end.address not in UNIQUE_LOCAL
        if end.kind is EndpointKind.INTERFACE:
            return self.network.interface[end.id].public_for(end.address) is not None
        return end.kind is EndpointKind.STRANGER

    def translated(self, address: IPAddress, vpc: str) -> bool:
        """Whether an internet gateway of the VPC has a public address for this one."""
        if isinstance(address, IPv6Address):
            return self.in_vpc(address, vpc) and address not in UNIQUE_LOCAL
        for nat in self.network.nat_gateways:
            if nat.vpc == vpc and address in nat.addresses:
                return nat.public_address is not None
        for each in self.network.interfaces:
            if each.holds(address) and self.network.subnet_of(each).vpc == vpc:
                return each.public_for(address) is not None
        return self.in_vpc(address, vpc)

    def connections(self, site: str) -> list[VpnConnection]:
        """Those of a site, or the one that stands for a site of its own."""
        named = self.network.site.get(site)
        if named is None:
            return [each for each in self.network.vpn_connections if each.id == site]
        return [
            each
            for each in self.network.vpn_connections
            if each.site == named.name or each.id == named.vpn_connection
        ]

    def connections_of(self, aim: Aim) -> list[VpnConnection]:
        return self.connections(aim.id) if aim.kind is EndpointKind.SITE else []

    # What cannot be judged

    def doubt(self, scope: str) -> str:
        """What an observer could not model about this very thing, or ''."""
        return "; ".join(
            f"{each.kind} {each.id}: {each.why}"
            for each in self.network.unmodelled
            if each.scope == scope and each.protocol in (None, self._protocol)
        )

    @cached_property
    def _handing_on(self) -> list[Interface]:
        """Interfaces that may send what others sent, as appliances and gateways do."""
        return [
            each
            for each in self.network.interfaces
            if each.kind is InterfaceKind.GATEWAY
            or not each.source_dest_check
            or (each.kind is InterfaceKind.HOST and not each.security_groups)
            or self.is_unsure(each)
        ]

    @cached_property
    def hands_on(self) -> frozenset[str]:
        """Subnets in which something hands packets on: within a subnet no NACL is asked."""
        return frozenset(
            (
                *(each.subnet for each in self._handing_on),
                *(each.subnet for each in self.network.nat_gateways if each.subnet),
                *(subnet for _, subnet in self.firewall.values()),
                *(each for some in self.network.transit_attachments for each in some.subnets),
            )
        )

    def may_come_as(self, group: str) -> bool:
        """Whether something here that hands packets on holds the group, or may."""
        return any(
            group in each.security_groups or self.is_unsure(each) for each in self._handing_on
        )

    def is_unsure(self, interface: Interface) -> bool:
        """Whether the interface itself is in doubt, and with it which groups it holds."""
        subnet = interface.subnet
        scopes = {interface.id, subnet, self.network.subnet[subnet].vpc}
        return any(
            each.protocol in (None, self._protocol)
            and (each.scope in scopes or (each.scope != each.id and each.scope not in self._known))
            for each in self.network.unmodelled
        )

    def doubt_about(self, end: Endpoint) -> str:
        """Why nothing can be said about an end as a whole, or ''."""
        scopes = set(self._scopes(end))
        for each in self.network.unmodelled:
            if each.protocol not in (None, self._protocol):
                continue
            lost = each.scope != each.id and each.scope not in self._known
            if each.scope in scopes or lost:
                return f"{each.kind} {each.id}: {each.why}"
        return self._without_connection(end.id) if end.kind is EndpointKind.SITE else ""

    def doubt_about_site(self, name: str) -> str:
        """Why nothing can be said about a site as a whole, or ''."""
        scopes = {name}
        for each in self.connections(name):
            scopes |= {each.id, each.customer_gateway}
        doubts = (self.doubt(each) for each in sorted(scopes))
        return next(filter(None, doubts), "") or self._without_connection(name)

    def _without_connection(self, name: str) -> str:
        site = self.network.site.get(name)
        connection = site.vpn_connection if site else None
        if connection is not None and connection not in self.network.vpn_connection:
            return f"VPN connection {connection} is not in the network"
        return ""

    def _scopes(self, end: Endpoint) -> Iterator[str]:
        if end.kind is EndpointKind.SITE:
            yield end.id
            for connection in self.connections(end.id):
                yield from (connection.id, connection.customer_gateway)
        if end.kind is EndpointKind.INTERFACE:
            yield end.id
        yield from filter(None, (end.subnet, end.vpc))

    @cached_property
    def _known(self) -> set[str]:
        """All ids that a doubt may be about."""
        network = self.network
        kinds: tuple[Iterable[str], ...] = (
            *(network.vpc, network.subnet, network.interface, network.security_group),
            *(network.nacl, network.route_table, network.vpn_connection, network.site),
            *(self.internet_gateway, self.vpn_gateway, self.egress_only_gateway),
            *(self.nat_gateway, self.peering, self.transit_gateway, self.transit_table),
            *(self.gateway_endpoint, self.firewall),
            (each.id for each in network.transit_attachments),
            (each.id for each in network.firewalls),
            (each.id for each in network.load_balancers),
            (each.id for each in network.customer_gateways),
            (each.customer_gateway for each in network.vpn_connections),
        )
        return {id_ for ids in kinds for id_ in ids}
