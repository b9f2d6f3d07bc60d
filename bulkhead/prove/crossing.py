"""How one packet crosses between subnets, and in or out of a VPC: routes and gateways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from bulkhead.network import Network, Route, TargetKind, VpnConnection
from bulkhead.prove.endpoints import PRIVATE, Endpoint, EndpointKind
from bulkhead.prove.hops import Code, Hop, Layer


@dataclass(frozen=True, slots=True)
class Packet:
    source: IPv4Address
    destination: IPv4Address
    protocol: int
    port: int
    """The destination port; no rule of this model looks at the other."""


def way(network: Network, packet: Packet, origin: Endpoint, target: Endpoint) -> Iterator[Hop]:
    """The route and the gateway that a packet takes, if it takes any."""
    if origin.subnet is not None:
        yield from leave(network, packet, origin, target)
    elif target.subnet is not None:
        yield _enter(network, packet, origin, target)
    else:
        hop = Hop(layer=Layer.GATEWAY, id="", name="", passes=False, code=Code.NO_PATH)
        shared = _gateways(network, origin) & _gateways(network, target)
        if shared and origin.id != target.id:
            why = "two sites behind one VPN gateway may reach each other through it"
            hop = replace(hop, id=min(shared), name=min(shared), passes=None, code=None, why=why)
        yield hop


def leave(network: Network, packet: Packet, origin: Endpoint, target: Endpoint) -> Iterator[Hop]:
    """The route table of the sender's subnet, then the gateway it names."""
    subnet = network.subnet[origin.subnet or ""]
    table = network.route_table.get(subnet.route_table)
    name = table.name if table else subnet.route_table
    hop = Hop(layer=Layer.ROUTE, id=subnet.route_table, name=name, passes=True)
    elsewhere = target.vpc is not None and target.vpc != subnet.vpc
    unknown = unmodelled(network, subnet.route_table)
    if table is None or unknown:
        yield replace(hop, passes=None, why=unknown or "the route table is not in the network")
        return
    route = _route(network, table.routes, subnet.vpc, packet.destination)
    if route is None or isinstance(route, str):
        if route and target.vpc == subnet.vpc:
            yield replace(hop, rules=(route,))
        else:
            code = Code.DISCONNECTED_VPCS if elsewhere else Code.NO_ROUTE_TO_DESTINATION
            yield replace(hop, passes=False, rules=(route,) if route else (), code=code)
        return
    hop = replace(hop, rules=(str(route),))
    if route.blackhole:
        yield replace(hop, passes=False, code=Code.BAD_STATE_ROUTE)
    elif route.target is TargetKind.UNMODELLED:
        yield replace(hop, passes=None, why=f"{route.target_id} is not modelled")
    elif target.vpc is not None:
        arrives = route.target is TargetKind.LOCAL and not elsewhere
        code = Code.DISCONNECTED_VPCS if elsewhere else Code.CANNOT_ROUTE
        yield hop if arrives else replace(hop, passes=False, code=code)
    elif route.target is TargetKind.LOCAL:
        yield replace(hop, passes=False, code=Code.CANNOT_ROUTE)
    else:
        yield hop
        yield _out(network, packet, origin, target, route)


def _route(
    network: Network, routes: Iterable[Route], vpc: str, address: IPv4Address
) -> Route | str | None:
    """The route for an address: one of the table's, the local one as text, or none."""
    matching = [route for route in routes if address in route.destination]
    local = [cidr for cidr in network.vpc[vpc].cidrs if address in cidr]
    if local:
        # Inside the VPC propagated routes never count, and local wins a tie
        # unless its own target was replaced.
        matching = [
            route
            for route in matching
            if not route.propagated
            and (
                route.destination.prefixlen > local[0].prefixlen
                or (
                    route.destination == local[0]
                    and route.target is TargetKind.UNMODELLED
                    and not route.blackhole
                )
            )
        ]
    if not matching:
        return f"{local[0]} -> local" if local else None
    longest = max(route.destination.prefixlen for route in matching)
    best = [route for route in matching if route.destination.prefixlen == longest]
    best = [route for route in best if not route.propagated] or best
    for route in best:
        if route.target is TargetKind.UNMODELLED and not route.blackhole:
            return route
    return best[0]


def _out(network: Network, packet: Packet, origin: Endpoint, target: Endpoint, route: Route) -> Hop:
    internet = route.target is TargetKind.INTERNET_GATEWAY
    gateways = network.internet_gateways if internet else network.vpn_gateways
    gateway = next((each for each in gateways if each.id == route.target_id), None)
    name = gateway.name if gateway else route.target_id
    hop = Hop(layer=Layer.GATEWAY, id=route.target_id, name=name, passes=False)
    if internet and target.kind is not EndpointKind.INTERNET:
        shared = packet.destination in PRIVATE[3]
        private = any(packet.destination in block for block in PRIVATE)
        code = (
            Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS
            if shared
            else Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS
            if private
            else Code.NO_PATH
        )
        return replace(hop, code=code, why="the internet gateway does not lead there")
    unknown = unmodelled(network, route.target_id)
    if gateway is None or unknown:
        return replace(hop, passes=None, why=unknown or "the gateway is not in the network")
    if gateway.vpc != origin.vpc:
        why = "the gateway is not attached to this VPC"
        return replace(hop, code=Code.BAD_STATE_ROUTE, why=why)
    if internet:
        if not origin.public:
            why = "the sender has no public address"
            return replace(hop, code=Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, why=why)
        return replace(hop, passes=True)
    return _tunnel(network, packet, target, hop)


def _tunnel(network: Network, packet: Packet, target: Endpoint, hop: Hop) -> Hop:
    known = [
        (cidr.prefixlen, connection)
        for connection in network.vpn_connections
        if connection.vpn_gateway == hop.id
        for cidr in connection.routes
        if packet.destination in cidr
    ]
    longest = max((length for length, _ in known), default=0)
    chosen = {connection.id for length, connection in known if length == longest}
    ours = {each.id for each in _connections(network, target)}
    if not chosen & ours:
        why = "no VPN connection of the gateway knows this prefix"
        return replace(hop, code=Code.CANNOT_ROUTE, why=why)
    if chosen - ours:
        return replace(hop, passes=None, why="several sites claim this prefix")
    return replace(hop, passes=True, rules=tuple(sorted(chosen)))


def _enter(network: Network, packet: Packet, origin: Endpoint, target: Endpoint) -> Hop:
    vpc = network.vpc[target.vpc or ""]
    hop = Hop(layer=Layer.GATEWAY, id=vpc.id, name=vpc.name, passes=False)
    if any(packet.source in cidr for cidr in vpc.cidrs):
        why = "the sender's address is one of the VPC's own"
        return replace(hop, code=Code.GATEWAY_REJECTS_SPOOFED_TRAFFIC, why=why)
    if origin.kind is EndpointKind.INTERNET:
        return _from_internet(network, target, hop)
    if origin.kind is EndpointKind.SITE:
        return _from_site(network, origin, target, hop)
    for table in network.route_tables:
        if table.vpc == vpc.id:
            route = _route(network, table.routes, vpc.id, packet.source)
            unknown = unmodelled(network, table.id)
            if unknown or (
                isinstance(route, Route)
                and route.target is TargetKind.UNMODELLED
                and not route.blackhole
            ):
                why = f"route table {table.name} leads there by a target nobody models"
                return replace(hop, passes=None, why=unknown or why)
    return replace(hop, code=Code.NO_PATH, why="nothing connects it to the VPC")


def _from_internet(network: Network, target: Endpoint, hop: Hop) -> Hop:
    gateways = [each for each in network.internet_gateways if each.vpc == target.vpc]
    if not gateways:
        return replace(hop, code=Code.NO_PATH, why="the VPC has no internet gateway")
    hop = replace(hop, id=gateways[0].id, name=gateways[0].name)
    if not target.public:
        why = "the receiver has no public address"
        return replace(hop, code=Code.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS, why=why)
    doubts = [unmodelled(network, each.id) for each in gateways]
    if all(doubts):
        return replace(hop, passes=None, why=doubts[0])
    return replace(hop, passes=True)


def _from_site(network: Network, origin: Endpoint, target: Endpoint, hop: Hop) -> Hop:
    attached = {each.id: each.vpc for each in network.vpn_gateways}
    why = ""
    for connection in _connections(network, origin):
        gateway = connection.vpn_gateway
        unknown = unmodelled(network, gateway)
        if gateway not in attached:
            why = f"VPN gateway {gateway} is not in the network"
        elif unknown:
            why = unknown
        elif attached[gateway] == target.vpc:
            return replace(hop, passes=True, id=gateway, name=gateway, rules=(connection.id,))
    if why:
        return replace(hop, passes=None, why=why)
    return replace(hop, code=Code.NO_PATH, why="no VPN connection of the site leads to this VPC")


def _connections(network: Network, site: Endpoint) -> list[VpnConnection]:
    if site.kind is not EndpointKind.SITE:
        return []
    named = network.site.get(site.id)
    if named is None:
        return [each for each in network.vpn_connections if each.id == site.id]
    return [
        each
        for each in network.vpn_connections
        if each.site == named.name or each.id == named.vpn_connection
    ]


def _gateways(network: Network, site: Endpoint) -> set[str]:
    return {each.vpn_gateway for each in _connections(network, site)}


# What cannot be judged


def doubt(network: Network, end: Endpoint) -> str:
    """Why nothing can be said about an endpoint as a whole, or ''."""
    for each in network.unmodelled:
        lost = each.scope != each.id and not _is_there(network, each.scope)
        if each.scope in _scopes(network, end) or lost:
            return f"{each.kind} {each.id}: {each.why}"
    if end.kind is EndpointKind.SITE:
        site = network.site.get(end.id)
        if site and site.vpn_connection and site.vpn_connection not in network.vpn_connection:
            return f"VPN connection {site.vpn_connection} is not in the network"
    return ""


def _scopes(network: Network, end: Endpoint) -> set[str]:
    if end.kind is EndpointKind.SITE:
        connections = _connections(network, end)
        return {
            end.id,
            *(each.id for each in connections),
            *(each.customer_gateway for each in connections),
        }
    scopes = {end.subnet or "", end.vpc or ""}
    return scopes | {end.id} if end.kind is EndpointKind.INTERFACE else scopes


def _is_there(network: Network, scope: str) -> bool:
    kinds: tuple[Iterable[str], ...] = (
        network.vpc,
        network.subnet,
        network.interface,
        network.security_group,
        network.nacl,
        network.route_table,
        network.vpn_connection,
        network.site,
        (each.id for each in network.internet_gateways),
        (each.id for each in network.vpn_gateways),
        (each.id for each in network.customer_gateways),
        (each.customer_gateway for each in network.vpn_connections),
    )
    return any(scope in ids for ids in kinds)


def unmodelled(network: Network, scope: str) -> str:
    """What an observer could not model about this very thing, or ''."""
    return "; ".join(
        f"{each.kind} {each.id}: {each.why}" for each in network.unmodelled if each.scope == scope
    )
