"""What is in doubt: things that nobody could model, and the ends that fall with them."""

from __future__ import annotations

from typing import Any

from bulkhead.doubt.claims import LocationKind
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.sites import connections_to
from bulkhead.doubt.smt.terms import Formula, Vector, all_of, among, any_of, same
from bulkhead.network import Interface, Network


def in_doubt(encoding: Encoding, scope: str, protocol: Vector) -> Formula:
    """Whether somebody noted that this very thing could not be modelled."""
    return any_of(
        True if each.protocol is None else same(protocol, each.protocol)
        for each in encoding.network.unmodelled
        if each.scope == scope
    )


def interface_in_doubt(encoding: Encoding, interface: Interface, protocol: Vector) -> Formula:
    """Whether the interface itself is in doubt, by itself or by where it is."""
    network = encoding.network
    known = _ids(network)
    around = (interface.id, interface.subnet, network.subnet[interface.subnet].vpc)
    return any_of(
        True if each.protocol is None else same(protocol, each.protocol)
        for each in network.unmodelled
        if each.scope in around or (each.scope not in known and each.scope != each.id)
    )


def end_in_doubt(
    encoding: Encoding, location: Vector, address: Vector, protocol: Vector
) -> Formula:
    """Whether this end as a whole (or everything) is in doubt."""
    network = encoding.network
    known = _ids(network)
    doubts = []
    for each in network.unmodelled:
        spoken = each.protocol is None or same(protocol, each.protocol)
        if each.scope in known:
            doubts.append(all_of((spoken, _touches(encoding, each.scope, location, address))))
        else:
            doubts.append(all_of((spoken, each.scope != each.id)))
    lost = (
        encoding.site(each.name)
        for each in network.sites
        if each.vpn_connection is not None and each.vpn_connection not in network.vpn_connection
    )
    return any_of((*doubts, among(location, lost)))


def is_in_doubt(encoding: Encoding, site: str, protocol: Vector) -> Formula:
    """Whether a site as a whole is in doubt: it, a connection of it, or what that leads to."""
    network = encoding.network
    scopes = {site}
    for each in connections_to(network, site):
        scopes |= {each.id, each.customer_gateway}
    led = [each.vpn_connection for each in network.sites if each.name == site]
    lost = any(each is not None and each not in network.vpn_connection for each in led)
    return any_of((lost, *(in_doubt(encoding, each, protocol) for each in sorted(scopes))))


def _touches(encoding: Encoding, scope: str, location: Vector, address: Vector) -> Formula:
    """Whether the end is the thing, or lies in it."""
    network = encoding.network
    places = [encoding.subnet(each.id) for each in network.subnets if scope in (each.id, each.vpc)]
    places.extend(
        number
        for (kind, name), number in encoding.numbers.items()
        if kind is LocationKind.SITE
        and (
            name == scope
            or any(
                scope in (each.id, each.customer_gateway) for each in connections_to(network, name)
            )
        )
    )
    interfaces = [each for each in network.interfaces if each.id == scope]
    return any_of((among(location, places), encoding.is_one_of(interfaces, location, address)))


def _ids(network: Network) -> set[str]:
    """Every id that a note may be about."""
    things: tuple[Any, ...] = (
        *network.vpcs,
        *network.subnets,
        *network.interfaces,
        *network.security_groups,
        *network.nacls,
        *network.route_tables,
        *network.internet_gateways,
        *network.vpn_gateways,
        *network.customer_gateways,
        *network.vpn_connections,
        *network.egress_only_gateways,
        *network.nat_gateways,
        *network.peerings,
        *network.transit_gateways,
        *network.transit_attachments,
        *network.transit_route_tables,
        *network.gateway_endpoints,
        *network.firewalls,
        *network.load_balancers,
    )
    return {
        *(each.id for each in things),
        *(each.name for each in network.sites),
        *(each.customer_gateway for each in network.vpn_connections),
        *(endpoint for each in network.firewalls for endpoint, _ in each.endpoints),
    }
