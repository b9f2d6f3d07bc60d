"""What a thing of AWS might do at the least, and at the most, if it did something new.

`extremes(network, key, id)` is the network with the thing that one item of an answer speaks of
fully shut, and fully open, in each of the ways that it could be: what nobody knows of it lies
between these. A verdict that is decided while that is unknown must be that of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, ip_network
from typing import Any

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Action,
    BalancedPort,
    CidrPeer,
    Direction,
    FirewallAction,
    GroupRule,
    Network,
    NetworkAcl,
    PublicAccess,
    Route,
    RouteTable,
    SecurityGroup,
    TargetKind,
    TransitRoute,
)

EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
PUBLIC = IPv4Address("203.0.113.7")
"""One that the networks know already: the internet is cut into no more ends."""
LISTENED = (22, 80, 81, 443)

Change = Callable[[Network, str], Iterator[Network]]


def extremes(network: Network, key: str, name: str) -> list[Network]:
    """None where `key` is no kind of thing here."""
    found = _EXTREMES[key](network, name) if key in _EXTREMES else ()
    return [each for each in found if each != network]


# Parts of a network changed


def _with(network: Network, field: str, names: Iterable[str], **changes: Any) -> Network:
    chosen = set(names)
    things = tuple(
        replace(each, **changes) if each.id in chosen else each for each in getattr(network, field)
    )
    return replace(network, **{field: things})


def _less(network: Network, field: str, name: str) -> Network:
    things = tuple(each for each in getattr(network, field) if each.id != name)
    return replace(network, **{field: things})


def _every_rule(name: str) -> tuple[GroupRule, ...]:
    return tuple(
        GroupRule(
            id=f"{name}/{way}/{block}",
            direction=way,
            protocol=ANY_PROTOCOL,
            ports=ALL_PORTS,
            peer=CidrPeer(block),
        )
        for way in Direction
        for block in EVERYWHERE
    )


def _every_entry(action: Action) -> tuple[AclEntry, ...]:
    return tuple(
        AclEntry(
            number=1 + number,
            direction=way,
            action=action,
            protocol=ANY_PROTOCOL,
            ports=ALL_PORTS,
            cidr=block,
        )
        for way in Direction
        for number, block in enumerate(EVERYWHERE)
    )


def _held(network: Network, interfaces: Iterable[str], rules: tuple[GroupRule, ...]) -> Network:
    """These with a group of their own, and no other."""
    names = set(interfaces) & set(network.interface)
    vpcs = {network.subnet_of(network.interface[each]).vpc for each in names}
    own = tuple(SecurityGroup(id=f"own-{vpc}", name="own", vpc=vpc, rules=rules) for vpc in vpcs)
    found = replace(network, security_groups=(*network.security_groups, *own))
    for each in names:
        vpc = network.subnet_of(network.interface[each]).vpc
        found = _with(found, "interfaces", [each], security_groups=(f"own-{vpc}",))
    return found


def _guarded(network: Network, subnets: set[str], action: Action) -> Network:
    """These with a NACL of their own that does one thing."""
    own = {
        each: NetworkAcl(
            id=f"own-{each}",
            name="own",
            vpc=network.subnet[each].vpc,
            entries=_every_entry(action),
        )
        for each in sorted(subnets & set(network.subnet))
    }
    found = replace(network, nacls=(*network.nacls, *own.values()))
    for each, acl in own.items():
        found = _with(found, "subnets", [each], nacl=acl.id)
    return found


def _ways(network: Network, vpc: str) -> Iterator[tuple[Route, ...]]:
    """All that a route table may say of everything: to each thing of the VPC that leads on."""
    leading: list[tuple[TargetKind, str]] = [
        *(
            (TargetKind.INTERNET_GATEWAY, each.id)
            for each in network.internet_gateways
            if each.vpc == vpc
        ),
        *((TargetKind.NAT_GATEWAY, each.id) for each in network.nat_gateways if each.vpc == vpc),
        *((TargetKind.VPN_GATEWAY, each.id) for each in network.vpn_gateways if each.vpc == vpc),
        *((TargetKind.PEERING, each.id) for each in network.peerings if each.other(vpc)),
        *(
            (TargetKind.TRANSIT_GATEWAY, each.gateway)
            for each in network.transit_attachments
            if each.resource == vpc
        ),
        *(
            (TargetKind.FIREWALL, end)
            for each in network.firewalls
            if each.vpc == vpc
            for end, _ in each.endpoints
        ),
    ]
    yield ()
    for kind, name in dict.fromkeys(leading):
        yield tuple(
            Route(destination=block, target=kind, target_id=name) for block in _reach(network, kind)
        )


def _reach(network: Network, kind: TargetKind) -> tuple[Any, ...]:
    """A middlebox may stand in the way of the VPC's own blocks too."""
    boxes = (TargetKind.NAT_GATEWAY, TargetKind.FIREWALL)
    return (*EVERYWHERE, *(each.cidr for each in network.subnets)) if kind in boxes else EVERYWHERE


def _routed(network: Network, subnets: set[str]) -> Iterator[Network]:
    """These subnets with a table of their own that says one thing of everything."""
    for vpc in {network.subnet[each].vpc for each in subnets}:
        inside = [each for each in subnets if network.subnet[each].vpc == vpc]
        for routes in _ways(network, vpc):
            own = RouteTable(id="own-table", name="own", vpc=vpc, routes=routes)
            found = replace(network, route_tables=(*network.route_tables, own))
            yield _with(found, "subnets", inside, route_table="own-table")


# Kinds of things


def _vpc(network: Network, name: str) -> Iterator[Network]:
    inside = {each.id for each in network.subnets if each.vpc == name}
    yield from _places(network, inside)
    shut = network
    for field in ("internet_gateways", "vpn_gateways", "egress_only_gateways"):
        left = tuple(each for each in getattr(network, field) if each.vpc != name)
        shut = replace(shut, **{field: left})
    shut = _with(shut, "peerings", [p.id for p in network.peerings if p.other(name)], active=False)
    attached = [each.id for each in network.transit_attachments if each.resource == name]
    yield _with(shut, "transit_attachments", attached, available=False)


def _subnet(network: Network, name: str) -> Iterator[Network]:
    if name in network.subnet:
        yield from _places(network, {name})
        boxes = [each.id for each in network.nat_gateways if each.subnet == name]
        yield _with(network, "nat_gateways", boxes, available=False)


def _places(network: Network, subnets: set[str]) -> Iterator[Network]:
    hosts = [each.id for each in network.interfaces if each.subnet in subnets]
    yield _guarded(network, subnets, Action.DENY)
    yield _held(network, hosts, ())
    open_ = _guarded(network, subnets, Action.ALLOW)
    open_ = _with(open_, "subnets", subnets, public_access=PublicAccess.OPEN)
    open_ = _held(open_, hosts, _every_rule("own"))
    open_ = _with(open_, "interfaces", hosts, public_address=PUBLIC)
    yield open_
    yield from _routed(open_, subnets)


def _interface(network: Network, name: str) -> Iterator[Network]:
    yield from _hosts(network, [name])
    boxes = [
        each.id
        for each in network.nat_gateways
        if name in network.interface and network.interface[name].address == each.address
    ]
    yield _with(network, "nat_gateways", boxes, available=False)


def _hosts(network: Network, names: Iterable[str]) -> Iterator[Network]:
    hosts = list(names)
    yield _held(network, hosts, ())
    open_ = _held(network, hosts, _every_rule("own"))
    yield open_
    yield _with(open_, "interfaces", hosts, public_address=PUBLIC)


def _instance(network: Network, name: str) -> Iterator[Network]:
    """'r-i-1' is the reservation of 'i-1'."""
    instance = name.removeprefix("r-")
    yield from _hosts(network, [e.id for e in network.interfaces if e.instance == instance])


def _group(network: Network, name: str) -> Iterator[Network]:
    yield _with(network, "security_groups", [name], rules=())
    yield _with(network, "security_groups", [name], rules=_every_rule(name))


def _acl(network: Network, name: str) -> Iterator[Network]:
    yield _with(network, "nacls", [name], entries=())
    yield _with(network, "nacls", [name], entries=_every_entry(Action.ALLOW))


def _table(network: Network, name: str) -> Iterator[Network]:
    if name in network.route_table:
        for routes in _ways(network, network.route_table[name].vpc):
            yield _with(network, "route_tables", [name], routes=routes)


def _internet_gateway(network: Network, name: str) -> Iterator[Network]:
    """Which host has a public address, its interface says."""
    yield _less(network, "internet_gateways", name)


def _egress_only(network: Network, name: str) -> Iterator[Network]:
    yield _less(network, "egress_only_gateways", name)


def _nat(network: Network, name: str) -> Iterator[Network]:
    yield _with(network, "nat_gateways", [name], available=False)
    yield _with(network, "nat_gateways", [name], available=True)
    yield _with(network, "nat_gateways", [name], available=True, public_address=PUBLIC)


def _vpn_gateway(network: Network, name: str) -> Iterator[Network]:
    yield _less(network, "vpn_gateways", name)


def _vpn(network: Network, name: str) -> Iterator[Network]:
    yield _with(network, "vpn_connections", [name], available=False)
    yield _with(network, "vpn_connections", [name], available=True, version=None)


def _customer_gateway(network: Network, name: str) -> Iterator[Network]:
    every = [each.id for each in network.vpn_connections if each.customer_gateway == name]
    for available in (False, True):
        yield _with(network, "vpn_connections", every, available=available)


def _peering(network: Network, name: str) -> Iterator[Network]:
    for active in (False, True):
        yield _with(network, "peerings", [name], active=active)


def _transit_gateway(network: Network, name: str) -> Iterator[Network]:
    attached = [each.id for each in network.transit_attachments if each.gateway == name]
    yield _with(network, "transit_attachments", attached, available=False)
    for table in (each for each in network.transit_route_tables if each.gateway == name):
        open_ = _with(network, "transit_gateways", [name], references=True)
        yield _with(
            open_, "transit_attachments", attached, available=True, references=True, table=table.id
        )
        for found in _transit_table(open_, table.id):
            yield _with(found, "transit_attachments", attached, available=True, table=table.id)


def _attachment(network: Network, name: str) -> Iterator[Network]:
    found = next((each for each in network.transit_attachments if each.id == name), None)
    yield _with(network, "transit_attachments", [name], available=False)
    if found is not None:
        tables = [e.id for e in network.transit_route_tables if e.gateway == found.gateway]
        for table in (None, *tables):
            for appliance in (False, True):
                yield _with(
                    network,
                    "transit_attachments",
                    [name],
                    available=True,
                    references=True,
                    table=table,
                    appliance_mode=appliance,
                )


def _transit_table(network: Network, name: str) -> Iterator[Network]:
    found = next((each for each in network.transit_route_tables if each.id == name), None)
    yield _with(network, "transit_route_tables", [name], routes=())
    for each in network.transit_attachments if found else ():
        if found is not None and each.gateway == found.gateway:
            # Whatever leads to a connection for sure lies behind it: that is another end.
            behind = {e.site: e.routes for e in network.vpn_connections if e.id == each.resource}
            blocks = next(iter(behind.values()), EVERYWHERE)
            routes = tuple(
                TransitRoute(destination=block, attachments=(each.id,)) for block in blocks
            )
            yield _with(network, "transit_route_tables", [name], routes=routes)


def _endpoint(network: Network, name: str) -> Iterator[Network]:
    """A gateway endpoint by its routes, a firewall's by its rules, another by its interface.

    To what a gateway endpoint's routes lead, its prefix list says, and no field of its own.
    """
    yield _rerouted(network, _to(name), lambda route: replace(route, blackhole=True))
    for firewall in network.firewalls:
        if name in dict(firewall.endpoints):
            yield from _firewall(network, firewall.id)
    yield from _hosts(network, [name.replace("vpce", "eni")])


def _to(name: str) -> Callable[[Route], bool]:
    return lambda route: route.target_id == name


def _rerouted(
    network: Network, chosen: Callable[[Route], bool], change: Callable[[Route], Route | None]
) -> Network:
    """With some routes changed, or taken out."""
    tables = tuple(
        replace(
            table,
            routes=tuple(
                found
                for route in table.routes
                if (found := change(route) if chosen(route) else route)
            ),
        )
        for table in network.route_tables
    )
    return replace(network, route_tables=tables)


def _widest(route: Route) -> Any:
    return EVERYWHERE[route.destination.version == 6]


def _prefix_list(network: Network, name: str) -> Iterator[Network]:
    def by_it(route: Route) -> bool:
        return route.prefix_list == name

    yield _rerouted(network, by_it, lambda _: None)
    yield _rerouted(network, by_it, lambda route: replace(route, destination=_widest(route)))


def _firewall(network: Network, name: str) -> Iterator[Network]:
    """A policy and a rule group have the last part of their names from the firewall."""
    own = [e.id for e in network.firewalls if e.id.rpartition("/")[2] == name.rpartition("/")[2]]
    for action in (FirewallAction.DROP, FirewallAction.PASS):
        yield _with(network, "firewalls", own, stateless=(), stateless_default=action, stateful=())


def _balancer(network: Network, name: str) -> Iterator[Network]:
    """A listener and a target group have its name in theirs."""
    kind, *parts = name.split("/")
    called = parts[0] if kind.endswith("targetgroup") else parts[1]
    own = [each.id for each in network.load_balancers if each.id.split("/")[2] == called]
    hosts = [end for each in network.load_balancers if each.id in own for end in each.interfaces]
    yield _with(network, "load_balancers", own, listeners=())
    every = tuple(
        BalancedPort(protocol=protocol, port=port, targets=())
        for protocol in (6, 17)
        for port in LISTENED
    )
    yield _with(_held(network, hosts, _every_rule("own")), "load_balancers", own, listeners=every)


def _public_access(network: Network, _: str) -> Iterator[Network]:
    for access in PublicAccess:
        yield _with(network, "subnets", set(network.subnet), public_access=access)


_EXTREMES: dict[str, Change] = {
    "Vpcs": _vpc,
    "Subnets": _subnet,
    "NetworkInterfaces": _interface,
    "Reservations": _instance,
    "SecurityGroups": _group,
    "NetworkAcls": _acl,
    "RouteTables": _table,
    "InternetGateways": _internet_gateway,
    "EgressOnlyInternetGateways": _egress_only,
    "NatGateways": _nat,
    "VpnGateways": _vpn_gateway,
    "VpnConnections": _vpn,
    "CustomerGateways": _customer_gateway,
    "VpcPeeringConnections": _peering,
    "TransitGateways": _transit_gateway,
    "TransitGatewayAttachments": _attachment,
    "TransitGatewayVpcAttachments": _attachment,
    "TransitGatewayPeeringAttachments": _attachment,
    "TransitGatewayRouteTables": _transit_table,
    "TransitGatewayRoutes": _transit_table,
    "VpcEndpoints": _endpoint,
    "PrefixLists": _prefix_list,
    "Firewalls": _firewall,
    "FirewallPolicies": _firewall,
    "RuleGroups": _firewall,
    "LoadBalancers": _balancer,
    "Listeners": _balancer,
    "TargetGroups": _balancer,
    "VpcBlockPublicAccessOptions": _public_access,
    "VpcBlockPublicAccessExclusions": _public_access,
}
"""By the key of the answer."""
