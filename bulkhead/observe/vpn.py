"""Site-to-site VPN connections, and the sites behind them.

Pre-shared keys stand in the same answers (TunnelOptions, and the XML in
CustomerGatewayConfiguration). Nothing here reads those keys, and `account`
drops both before they get this far.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network

from bulkhead.network import (
    CustomerGateway,
    RouteTable,
    Site,
    TargetKind,
    Tunnel,
    VpnConnection,
    VpnGateway,
)
from bulkhead.network import tags as words
from bulkhead.observe.described import Described, label
from bulkhead.observe.record import Gaps, Record, UnreadableError
from bulkhead.observe.words import Claim, distinct_names

_GONE = ("deleted", "deleting")


def customer_gateways(described: Described, gaps: Gaps) -> tuple[CustomerGateway, ...]:
    """The remote ends of VPN connections, as AWS was told of them."""
    found = []
    for record in described["CustomerGateways"]:
        with gaps.needing():
            if record.maybe("State") in _GONE:
                continue
            gateway = record.text("CustomerGatewayId")
            found.append(
                CustomerGateway(
                    id=gateway,
                    name=label(record, gateway),
                    address=_outer_address(record),
                    asn=record.maybe_integer("BgpAsnExtended") or record.integer("BgpAsn"),
                )
            )
    return tuple(found)


def _outer_address(record: Record) -> IPv4Address | None:
    """None where a certificate stands for the address, or the address is IPv6."""
    text = record.maybe("IpAddress")
    return None if text is None or ":" in text else record.address("IpAddress")


def vpn_connections(
    described: Described,
    gateways: Iterable[VpnGateway],
    remotes: Iterable[CustomerGateway],
    tables: Iterable[RouteTable],
    gaps: Gaps,
) -> tuple[tuple[VpnConnection, ...], tuple[Site, ...]]:
    """The connections that end at a virtual private gateway of a VPC, and their sites."""
    home = {each.id: each.vpc for each in gateways}
    live: list[Record] = []
    for record in described["VpnConnections"]:
        with gaps.needing():
            if record.maybe("State") not in _GONE and _ends_here(record, home, described, gaps):
                live.append(record)
    names = _site_names(live, home, {each.id: each.name for each in remotes}, described)
    learned = _learned(live, tables)
    connections = []
    for record in live:
        with gaps.needing():
            connection = record.text("VpnConnectionId")
            connections.append(
                VpnConnection(
                    id=connection,
                    name=label(record, connection),
                    vpn_gateway=record.text("VpnGatewayId"),
                    customer_gateway=record.text("CustomerGatewayId"),
                    routes=_prefixes(record, live, learned, gaps),
                    tunnels=tuple(_tunnels(record)),
                    site=names[connection],
                )
            )
            _selectors(record, connection, gaps)
    trusted = {
        record.text("VpnConnectionId")
        for record in live
        if record.tags().get(words.TRUST) == words.TRUSTED
    }
    return tuple(connections), tuple(_sites(connections, trusted))


def _ends_here(record: Record, home: dict[str, str], described: Described, gaps: Gaps) -> bool:
    connection = record.text("VpnConnectionId")
    gateway = record.maybe("VpnGatewayId")
    if gateway in home:
        return True
    if gateway is None:
        other = record.maybe("TransitGatewayId") or record.maybe("CoreNetworkArn")
        why = f"it ends at {other or 'no gateway'}, which is not modelled"
    elif "VpnGateways" in described.missing:
        why = f"{described.missing['VpnGateways']}, so the VPC of {gateway} is not known"
    else:
        why = f"its gateway {gateway} is attached to no VPC that was observed"
    gaps.add("vpn-connection", connection, connection, why)
    return False


def _site_names(
    live: Iterable[Record], home: dict[str, str], remotes: dict[str, str], described: Described
) -> dict[str, str]:
    """VPN connection -> its site. Connections of one VPC that name the same site share it."""
    topology = {each.text("VpcId"): each.tags().get(words.TOPOLOGY) for each in described["Vpcs"]}
    claims, places = {}, {}
    for record in live:
        vpc, remote = home[record.text("VpnGatewayId")], record.text("CustomerGatewayId")
        tagged = record.tags().get(words.SITE)
        place = f"{vpc} {tagged or remote}"
        places[record.text("VpnConnectionId")] = place
        claims[place] = Claim(
            place, tagged or remotes.get(remote, remote), topology.get(vpc) or vpc
        )
    names = distinct_names(claims.values())
    return {connection: names[place] for connection, place in places.items()}


def _static(record: Record) -> tuple[IPv4Network, ...]:
    return tuple(
        route.network("DestinationCidrBlock")
        for route in record.records("Routes")
        if route.maybe("State") not in _GONE and ":" not in route.text("DestinationCidrBlock")
    )


def _by_bgp(record: Record) -> bool:
    options = record.inside("Options")
    return options is not None and not options.flag("StaticRoutesOnly")


def _learned(
    live: Iterable[Record], tables: Iterable[RouteTable]
) -> dict[str, tuple[IPv4Network, ...]]:
    """Gateway -> prefixes that it propagates and that no static connection of it explains.

    Routes learned by BGP are shown nowhere but in the route tables they were
    propagated to.
    """
    static: dict[str, set[IPv4Network]] = defaultdict(set)
    for record in live:
        static[record.text("VpnGatewayId")].update(_static(record))
    learned: dict[str, dict[IPv4Network, None]] = defaultdict(dict)
    for table in tables:
        for route in table.routes:
            if (
                route.propagated
                and route.target is TargetKind.VPN_GATEWAY
                and route.destination not in static[route.target_id]
            ):
                learned[route.target_id][route.destination] = None
    return {gateway: tuple(sorted(prefixes)) for gateway, prefixes in learned.items()}


def _prefixes(
    record: Record,
    live: Iterable[Record],
    learned: dict[str, tuple[IPv4Network, ...]],
    gaps: Gaps,
) -> tuple[IPv4Network, ...]:
    connection, gateway = record.text("VpnConnectionId"), record.text("VpnGatewayId")
    static = _static(record)
    if not _by_bgp(record):
        if record.inside("Options") is None and not static:
            gaps.add(
                "vpn-connection", connection, connection, "its options and routes are not shown"
            )
        return static
    by_bgp = Counter(each.text("VpnGatewayId") for each in live if _by_bgp(each))
    if by_bgp[gateway] > 1:
        why = f"several connections of {gateway} use BGP: which announced what is not shown"
    elif gateway not in learned:
        why = f"it uses BGP and {gateway} propagates no learned route: none is shown"
    else:
        return static + learned[gateway]
    gaps.add("vpn-connection", connection, connection, why)
    return static


def _tunnels(record: Record) -> Iterable[Tunnel]:
    options = record.inside("Options")
    for tunnel in options.records("TunnelOptions") if options else ():
        inside = tunnel.maybe("TunnelInsideCidr")
        yield Tunnel(
            inside_cidr=tunnel.network("TunnelInsideCidr") if inside else None,
            ike_versions=_values(tunnel, "IkeVersions"),
            phase1_encryption=_values(tunnel, "Phase1EncryptionAlgorithms"),
            phase1_integrity=_values(tunnel, "Phase1IntegrityAlgorithms"),
            phase1_dh_groups=_numbers(tunnel, "Phase1DHGroupNumbers"),
            phase2_encryption=_values(tunnel, "Phase2EncryptionAlgorithms"),
            phase2_integrity=_values(tunnel, "Phase2IntegrityAlgorithms"),
            phase2_dh_groups=_numbers(tunnel, "Phase2DHGroupNumbers"),
        )


def _values(tunnel: Record, key: str) -> tuple[str, ...]:
    return tuple(each.text("Value") for each in tunnel.records(key))


def _numbers(tunnel: Record, key: str) -> tuple[int, ...]:
    return tuple(each.integer("Value") for each in tunnel.records(key))


def _selectors(record: Record, connection: str, gaps: Gaps) -> None:
    """A tunnel carries only what lies between these two blocks; by default, everything.

    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)
    """
    options = record.inside("Options")
    if options is None:
        return
    for key in ("LocalIpv4NetworkCidr", "RemoteIpv4NetworkCidr"):
        block = options.maybe(key)
        if block not in (None, "0.0.0.0/0"):
            why = f"its {key} is {block}: that it carries nothing else is not modelled"
            gaps.add("vpn-connection", connection, connection, why)


def _sites(connections: Iterable[VpnConnection], trusted: set[str]) -> Iterable[Site]:
    """A site is trusted only if every connection that leads to it says so."""
    together: dict[str, list[VpnConnection]] = defaultdict(list)
    for each in connections:
        if each.site is None:
            raise UnreadableError(f"{each.id} has no site")
        together[each.site].append(each)
    for name, leading in sorted(together.items()):
        yield Site(
            name=name,
            cidrs=tuple(dict.fromkeys(route for each in leading for route in each.routes)),
            vpn_connection=leading[0].id,
            trusted=all(each.id in trusted for each in leading),
        )
