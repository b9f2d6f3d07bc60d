"""Packets about which somebody noted that a thing, or an end, could not be modelled."""

from __future__ import annotations

from bulkhead.doubt.bdd.sets import PacketSet, Value
from bulkhead.doubt.bdd.sites import tunnels_of
from bulkhead.doubt.bdd.space import PacketSpace
from bulkhead.doubt.claims import LocationKind
from bulkhead.network import Interface, Network


def noted(space: PacketSpace, *scopes: str) -> PacketSet:
    """Packets for which one of these things is noted."""
    return space.universe.union(
        [_spoken(space, note.protocol) for note in space.network.unmodelled if note.scope in scopes]
    )


def end_noted(space: PacketSpace, location: Value, address: Value) -> PacketSet:
    """Packets of which this end, as a whole, nobody can judge."""
    network = space.network
    found = []
    for note in network.unmodelled:
        spoken = _spoken(space, note.protocol)
        if _is_here(network, note.scope):
            found.append(spoken & _at(space, note.scope, location, address))
        elif note.scope != note.id:
            found.append(spoken)
    lost = [
        site.name
        for site in network.sites
        if site.vpn_connection is not None and site.vpn_connection not in network.vpn_connection
    ]
    return space.universe.union([*found, space.at_sites(location, lost)])


def interface_noted(space: PacketSpace, interface: Interface) -> PacketSet:
    """Packets for which the interface itself, or all where it lies, is in doubt."""
    network = space.network
    around = {interface.id, interface.subnet, network.subnet[interface.subnet].vpc}
    return space.universe.union(
        [
            _spoken(space, note.protocol)
            for note in network.unmodelled
            if note.scope in around or (note.scope != note.id and not _is_here(network, note.scope))
        ]
    )


def hosts_noted(space: PacketSpace, location: Value, address: Value) -> PacketSet:
    """Packets of which this end is an interface in doubt."""
    return space.universe.union(
        [
            space.hosts((each,), location, address) & interface_noted(space, each)
            for each in space.network.interfaces
        ]
    )


def site_noted(space: PacketSpace, site: str) -> PacketSet:
    """Packets for which a site is noted, or what leads there."""
    network = space.network
    tunnels = tunnels_of(network, site)
    names = {site, *(each.id for each in tunnels), *(each.customer_gateway for each in tunnels)}
    led = [each.vpn_connection for each in network.sites if each.name == site]
    lost = any(each is not None and each not in network.vpn_connection for each in led)
    return noted(space, *names) | space.universe.known(lost)


def _spoken(space: PacketSpace, protocol: int | None) -> PacketSet:
    universe = space.universe
    return universe.all if protocol is None else universe.is_(universe.protocol, protocol)


def _at(space: PacketSpace, scope: str, location: Value, address: Value) -> PacketSet:
    """Ends that are the thing, or lie in it."""
    network, found = space.network, []
    for where in space.numbers:
        names = {where.id}
        match where.kind:
            case LocationKind.SUBNET:
                names.add(network.subnet[where.id].vpc)
            case LocationKind.SITE:
                for tunnel in tunnels_of(network, where.id):
                    names |= {tunnel.id, tunnel.customer_gateway}
            case _:
                continue
        if scope in names:
            found.append(space.at(location, where))
    interface = network.interface.get(scope)
    if interface is not None:
        found.append(space.hosts((interface,), location, address))
    return space.universe.union(found)


def _is_here(network: Network, scope: str) -> bool:
    """Whether anything in the network has this id, or a site this name."""
    if any(scope in (each.id, each.customer_gateway) for each in network.vpn_connections):
        return True
    if any(scope == site.name for site in network.sites):
        return True
    if any(scope == endpoint for each in network.firewalls for endpoint, _ in each.endpoints):
        return True
    return any(
        scope == each.id
        for name, several in vars(network).items()
        if isinstance(several, tuple) and name != "unmodelled"
        for each in several
        if hasattr(each, "id")
    )
