"""Networks made for tests, with ids as AWS writes them: where the kind of a target shows."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from typing import Any

from bulkhead.network import (
    AttachmentKind,
    FirewallAction,
    GroupPeer,
    Network,
    Route,
    TargetKind,
    VpnConnection,
)

PREFIXES = {
    "vpcs": "vpc",
    "subnets": "subnet",
    "interfaces": "eni",
    "security_groups": "sg",
    "nacls": "acl",
    "route_tables": "rtb",
    "internet_gateways": "igw",
    "vpn_gateways": "vgw",
    "egress_only_gateways": "eigw",
    "customer_gateways": "cgw",
    "vpn_connections": "vpn",
    "nat_gateways": "nat",
    "peerings": "pcx",
    "transit_gateways": "tgw",
    "transit_attachments": "tgw-attach",
    "transit_route_tables": "tgw-rtb",
    "gateway_endpoints": "vpce",
}
TARGETS = {
    TargetKind.INTERNET_GATEWAY: ("internet_gateways", "GatewayId"),
    TargetKind.VPN_GATEWAY: ("vpn_gateways", "GatewayId"),
    TargetKind.GATEWAY_ENDPOINT: ("gateway_endpoints", "GatewayId"),
    TargetKind.EGRESS_ONLY_GATEWAY: ("egress_only_gateways", "EgressOnlyInternetGatewayId"),
    TargetKind.NAT_GATEWAY: ("nat_gateways", "NatGatewayId"),
    TargetKind.PEERING: ("peerings", "VpcPeeringConnectionId"),
    TargetKind.TRANSIT_GATEWAY: ("transit_gateways", "TransitGatewayId"),
    TargetKind.INTERFACE: ("interfaces", "NetworkInterfaceId"),
}


def with_aws_ids(network: Network) -> Network:
    """The same Network, its things and all references to them called as AWS would."""

    services = {each.prefix_list for each in network.gateway_endpoints if each.prefix_list}

    def to(kind: str, name: str | None) -> Any:
        return None if name is None else prefixed(PREFIXES[kind] + "-", name)

    def prefixed(prefix: str, name: str) -> str:
        return prefix + name if name else ""

    def target(table: str, index: int, route: Route) -> Route:
        # A list of its own for each route: as many blocks as the table has of it.
        listed = f"pl-{table}-{index}" if route.prefix_list else None
        if route.prefix_list in services:
            listed = f"pl-{route.prefix_list}"
        route = replace(route, prefix_list=listed)
        if route.target is TargetKind.FIREWALL:
            return replace(route, target_id=prefixed("vpce-", route.target_id))
        if route.target is TargetKind.UNMODELLED:
            return replace(route, target_id=prefixed("cagw-", route.target_id))
        if route.target not in TARGETS:
            return route
        kind, _ = TARGETS[route.target]
        return replace(route, target_id=to(kind, route.target_id))

    def gateway(name: str | None) -> str | None:
        known = {each.id for each in network.internet_gateways}
        return to("internet_gateways" if name in known else "vpn_gateways", name)

    def attached(name: str) -> str:
        """Both ends of a peering of transit gateways go by one id."""
        peers = {
            each.id: each.resource for each in network.transit_attachments if each.peer_gateway
        }
        return to("transit_attachments", min(name, peers.get(name, name)))

    def resource(each: Any) -> str:
        if each.peer_gateway:
            return attached(each.id)
        kinds = {AttachmentKind.VPC: "vpcs", AttachmentKind.VPN: "vpn_connections"}
        return to(kinds.get(each.kind, "transit_attachments"), each.resource)

    return replace(
        network,
        vpcs=tuple(replace(each, id=to("vpcs", each.id)) for each in network.vpcs),
        subnets=tuple(
            replace(
                each,
                id=to("subnets", each.id),
                vpc=to("vpcs", each.vpc),
                nacl=to("nacls", each.nacl),
                route_table=to("route_tables", each.route_table),
            )
            for each in network.subnets
        ),
        interfaces=tuple(
            replace(
                each,
                id=to("interfaces", each.id),
                subnet=to("subnets", each.subnet),
                security_groups=tuple(to("security_groups", one) for one in each.security_groups),
            )
            for each in network.interfaces
        ),
        security_groups=tuple(
            replace(
                each,
                id=to("security_groups", each.id),
                vpc=to("vpcs", each.vpc),
                rules=tuple(
                    replace(
                        rule,
                        id=prefixed("sgr-", rule.id),
                        peer=GroupPeer(to("security_groups", rule.peer.group))
                        if isinstance(rule.peer, GroupPeer)
                        else rule.peer,
                    )
                    for rule in each.rules
                ),
            )
            for each in network.security_groups
        ),
        nacls=tuple(
            replace(each, id=to("nacls", each.id), vpc=to("vpcs", each.vpc))
            for each in network.nacls
        ),
        route_tables=tuple(
            replace(
                each,
                id=to("route_tables", each.id),
                vpc=to("vpcs", each.vpc),
                routes=tuple(target(each.id, n, route) for n, route in enumerate(each.routes)),
                gateway=gateway(each.gateway),
            )
            for each in network.route_tables
        ),
        **{
            kind: tuple(
                replace(each, id=to(kind, each.id), vpc=to("vpcs", each.vpc))
                for each in getattr(network, kind)
            )
            for kind in (
                "internet_gateways",
                "vpn_gateways",
                "egress_only_gateways",
            )
        },
        gateway_endpoints=tuple(
            replace(
                each,
                id=to("gateway_endpoints", each.id),
                vpc=to("vpcs", each.vpc),
                prefix_list=each.prefix_list and f"pl-{each.prefix_list}",
            )
            for each in network.gateway_endpoints
        ),
        nat_gateways=tuple(
            replace(
                each,
                id=to("nat_gateways", each.id),
                vpc=to("vpcs", each.vpc),
                subnet=each.subnet and to("subnets", each.subnet),
                route_table=each.route_table and to("route_tables", each.route_table),
            )
            for each in network.nat_gateways
        ),
        customer_gateways=tuple(
            replace(each, id=to("customer_gateways", each.id)) for each in network.customer_gateways
        ),
        vpn_connections=tuple(
            replace(
                each,
                id=to("vpn_connections", each.id),
                vpn_gateway=to("vpn_gateways", each.vpn_gateway),
                customer_gateway=to("customer_gateways", each.customer_gateway),
            )
            for each in network.vpn_connections
        ),
        sites=tuple(
            replace(each, vpn_connection=to("vpn_connections", each.vpn_connection))
            for each in network.sites
        ),
        services=tuple(
            replace(each, security_group=to("security_groups", each.security_group))
            for each in network.services
        ),
        peerings=tuple(
            replace(
                each,
                id=to("peerings", each.id),
                requester=replace(each.requester, vpc=to("vpcs", each.requester.vpc)),
                accepter=replace(each.accepter, vpc=to("vpcs", each.accepter.vpc)),
            )
            for each in network.peerings
        ),
        transit_gateways=tuple(
            replace(each, id=to("transit_gateways", each.id)) for each in network.transit_gateways
        ),
        transit_attachments=tuple(
            replace(
                each,
                id=attached(each.id),
                gateway=to("transit_gateways", each.gateway),
                resource=resource(each),
                table=to("transit_route_tables", each.table),
                subnets=tuple(to("subnets", one) for one in each.subnets),
                peer_gateway=to("transit_gateways", each.peer_gateway),
            )
            for each in network.transit_attachments
        ),
        transit_route_tables=tuple(
            replace(
                each,
                id=to("transit_route_tables", each.id),
                gateway=to("transit_gateways", each.gateway),
                routes=tuple(
                    replace(
                        route,
                        attachments=tuple(attached(one) for one in route.attachments),
                    )
                    for route in each.routes
                ),
            )
            for each in network.transit_route_tables
        ),
        firewalls=tuple(
            replace(
                each,
                vpc=to("vpcs", each.vpc),
                endpoints=tuple(
                    (prefixed("vpce-", end), to("subnets", subnet))
                    for end, subnet in each.endpoints
                ),
                # Suricata's 'icmp' is that of both families.
                stateful=tuple(
                    replace(rule, protocols=(*rule.protocols, 58)) if 1 in rule.protocols else rule
                    for rule in each.stateful
                ),
                # In action order what matches nothing passes: nothing else can be set.
                stateful_default=FirewallAction.PASS
                if each.action_order
                else each.stateful_default,
            )
            for each in network.firewalls
        ),
        # None is written in these dumps; an interface of one that nobody names is asked nothing.
        load_balancers=(),
        unmodelled=(),
    )


def as_aws_shows(network: Network) -> Network:
    """The same Network, its sites where AWS has them: where the routes to them lead.

    A connection that ends at a transit gateway has no routes of its own: the
    gateway's tables do. A VPN gateway propagates what its connections announce,
    so its first one announces what none did; one without any carries nothing. Of each it
    shows which family its tunnels carry.
    """
    network = with_aws_ids(_each_vpc_its_own_acls(network))
    ended = {each.vpn_gateway for each in network.vpn_connections}
    network = replace(
        network,
        route_tables=tuple(
            replace(table, routes=routes_as_shown(table.routes, ended))
            for table in network.route_tables
        ),
    )
    led = {each.id: leads_to(network, each) for each in network.vpn_connections}
    sites: dict[str | None, dict[Any, None]] = {}
    for each in network.vpn_connections:
        sites.setdefault(each.site, {}).update(dict.fromkeys(led[each.id]))
    return replace(
        network,
        vpn_connections=tuple(
            replace(each, routes=led[each.id], version=_inside(each))
            for each in network.vpn_connections
        ),
        sites=tuple(replace(each, cidrs=tuple(sites[each.name])) for each in network.sites),
    )


def _inside(connection: VpnConnection) -> int:
    """The family that its tunnels carry: at a VPN gateway IPv4 alone.

    (docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html)
    """
    return 4 if connection.vpn_gateway else connection.version or 4


def _each_vpc_its_own_acls(network: Network) -> Network:
    """An ACL that subnets of several VPCs share, once for each: in AWS it is of one VPC alone.

    (docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html)
    """
    home = {each.id: each.vpc for each in network.nacls}

    def of(acl: str, vpc: str) -> str:
        return acl if home.get(acl, vpc) == vpc else f"{acl}-{vpc}"

    shared = {
        (each.nacl, each.vpc) for each in network.subnets if of(each.nacl, each.vpc) != each.nacl
    }
    return replace(
        network,
        subnets=tuple(replace(each, nacl=of(each.nacl, each.vpc)) for each in network.subnets),
        nacls=(
            *network.nacls,
            *(
                replace(network.nacl[acl], id=of(acl, vpc), name=of(acl, vpc), vpc=vpc)
                for acl, vpc in sorted(shared)
            ),
        ),
    )


def routes_as_shown(routes: Iterable[Route], ended: Container[str]) -> tuple[Route, ...]:
    """One of a kind for each destination; only VPN gateways propagate."""
    shown: dict[Any, Route] = {}
    for route in routes:
        propagated = route.propagated and to_vpn_gateway(route)
        loose = to_vpn_gateway(route) and route.target_id not in ended
        one = replace(route, propagated=propagated, blackhole=route.blackhole or loose)
        shown.setdefault((route.destination, propagated, bool(route.prefix_list)), one)
    return tuple(shown.values())


def to_vpn_gateway(route: Route) -> bool:
    return route.target is TargetKind.VPN_GATEWAY


def leads_to(network: Network, connection: VpnConnection) -> tuple[Any, ...]:
    """The destinations for which a connection is there, as AWS tells them."""
    if not connection.vpn_gateway:
        attached = {
            each.id
            for each in network.transit_attachments
            if each.kind is AttachmentKind.VPN and each.resource == connection.id
        }
        found = (
            route.destination
            for table in network.transit_route_tables
            for route in table.routes
            if attached.intersection(route.attachments) and not route.blackhole
        )
        return tuple(dict.fromkeys(found))
    beside = [
        each for each in network.vpn_connections if each.vpn_gateway == connection.vpn_gateway
    ]
    if beside[0] is not connection:
        return connection.routes
    told = {route for each in beside[1:] for route in each.routes}
    propagated = (
        route.destination
        for table in network.route_tables
        for route in table.routes
        if to_vpn_gateway(route)
        and route.target_id == connection.vpn_gateway
        and route.propagated
        and route.destination not in told
    )
    return tuple(dict.fromkeys((*connection.routes, *propagated)))


def can_be_shown(network: Network) -> bool:
    """Whether AWS shows all of a Network: each site behind one gateway, and with a route, and
    no group held in another Region (docs.aws.amazon.com/vpc/latest/userguide/
    security-group-assoc.html)."""
    homes: dict[str | None, set[str]] = {}
    for each in network.vpn_connections:
        homes.setdefault(each.site, set()).add(each.vpn_gateway)
    region = {each.id: each.region for each in network.vpcs}
    group = {each.id: region.get(each.vpc) for each in network.security_groups}
    held = (
        (region.get(network.subnet[each.subnet].vpc), group.get(name))
        for each in network.interfaces
        for name in each.security_groups
    )
    return (
        all(len(each) == 1 for each in homes.values())
        and all(each.routes for each in network.vpn_connections)
        and all(None in both or both[0] == both[1] for both in held)
    )
