"""Site-to-site VPN connections, and the sites behind them.

Pre-shared keys stand in the same answers (TunnelOptions, and the XML in
CustomerGatewayConfiguration). Nothing here reads those keys, and `account`
drops both before they get this far.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import product

from bulkhead.network import (
    AttachmentKind,
    CustomerGateway,
    IPNetwork,
    PortRange,
    Route,
    RouteTable,
    Site,
    SiteRouting,
    TargetKind,
    TransitAttachment,
    TransitRouteTable,
    Tunnel,
    VpnConnection,
    VpnGateway,
    within,
)
from bulkhead.network import tags as words
from bulkhead.observe.describe.clients import (
    HostPorts,
    client_ports_of_connections,
    client_ports_of_site,
    host_ports_of_connections,
    host_ports_of_site,
)
from bulkhead.observe.describe.described import Described, NamesApart, homes, name_of
from bulkhead.observe.describe.tag_words import NameClaim, distinct_names
from bulkhead.observe.known import in_item
from bulkhead.observe.record import Gaps, Record, UnreadableError

_GONE = ("deleted", "deleting")


def customer_gateways(described: Described, gaps: Gaps) -> tuple[CustomerGateway, ...]:
    """The remote ends of VPN connections, as AWS was told of them."""
    found = []
    for record in described["CustomerGateways"]:
        with gaps.needing(record):
            if record.maybe("State") in _GONE:
                continue
            gateway = record.text("CustomerGatewayId")
            found.append(
                CustomerGateway(
                    id=gateway,
                    name=name_of(record, gateway),
                    address=_outer_address(record),
                    asn=record.maybe_integer("BgpAsnExtended") or record.integer("BgpAsn"),
                )
            )
    return tuple(found)


def _outer_address(record: Record) -> IPv4Address | None:
    """None where a certificate stands for the address, or the address is IPv6."""
    text = record.maybe("IpAddress")
    return None if text is None or ":" in text else record.address("IpAddress")


@dataclass(frozen=True, slots=True)
class Around:
    """What connections end at: gateways of a VPC, and transit gateways with their tables."""

    gateways: tuple[VpnGateway, ...]
    tables: tuple[RouteTable, ...]
    attachments: tuple[TransitAttachment, ...]
    transit_tables: tuple[TransitRouteTable, ...]

    def home(self, connection: Record) -> str | None:
        """The VPC or the transit gateway that a connection ends at."""
        at = connection.maybe("VpnGatewayId")
        if at is not None:
            return next((each.vpc for each in self.gateways if each.id == at), None)
        return connection.maybe("TransitGatewayId")

    def attachment(self, connection: str) -> TransitAttachment | None:
        """How a connection is attached to a transit gateway."""
        for each in self.attachments:
            if each.kind is AttachmentKind.VPN and each.resource == connection:
                return each
        return None

    def leading_to(self, gateway: VpnGateway) -> Iterator[Route]:
        """The routes by which packets get to a gateway of a VPC."""
        for table in self.tables:
            for route in table.routes:
                here = route.target is TargetKind.VPN_GATEWAY and route.target_id == gateway.id
                if here and not route.blackhole:
                    yield route

    def leads_beyond(self, gateway: str, known: Collection[IPNetwork]) -> bool:
        """Whether somebody leads more to a gateway than it is known to have learned."""
        return any(
            not any(within(route.destination, each) for each in known)
            for each in self.gateways
            if each.id == gateway
            for route in self.leading_to(each)
            if not route.propagated or not route.certain
        )

    def may_learn_of(self, attachment: TransitAttachment) -> bool:
        """Whether more may lead into an attachment than the gateway's tables show."""
        return any(
            attachment.id in route.attachments and not route.certain
            for table in self.transit_tables
            if table.gateway == attachment.gateway
            for route in table.routes
        )

    def towards(self, attachment: TransitAttachment) -> tuple[IPNetwork, ...]:
        """What the gateway's tables send into an attachment."""
        return tuple(
            dict.fromkeys(
                route.destination
                for table in self.transit_tables
                if table.gateway == attachment.gateway
                for route in table.routes
                if attachment.id in route.attachments and route.certain and not route.blackhole
            )
        )


@dataclass(frozen=True, slots=True)
class _Prefixes:
    """What is known to lead into a connection, and whether there may be more."""

    known: tuple[IPNetwork, ...]
    learns: bool


def vpn_connections(
    described: Described, remotes: Iterable[CustomerGateway], around: Around, gaps: Gaps
) -> tuple[tuple[VpnConnection, ...], tuple[Site, ...]]:
    """The connections that end at a gateway of a VPC or at a transit gateway, and their sites."""
    live: list[Record] = []
    for record in described["VpnConnections"]:
        with gaps.needing(record):
            if record.maybe("State") not in _GONE and _ends_here(record, around, described, gaps):
                live.append(record)
    names = _site_names(live, around, {each.id: each.name for each in remotes}, described)
    learning = _learning(live, around.tables, names, gaps)
    connections = []
    for record in live:
        with gaps.needing(record):
            connection = record.text("VpnConnectionId")
            prefixes = (
                _prefixes(record, learning, around, gaps)
                if record.has("VpnGatewayId")
                else _transit_prefixes(record, around, gaps)
            )
            connections.append(
                VpnConnection(
                    id=connection,
                    name=name_of(record, connection),
                    vpn_gateway=record.maybe("VpnGatewayId") or "",
                    customer_gateway=record.maybe("CustomerGatewayId") or "",
                    routes=prefixes.known,
                    routing=_routing(record),
                    learns=prefixes.learns,
                    version=family_inside(record),
                    tunnels=tuple(_tunnels(record)),
                    site=names[connection],
                    # Not by its tunnels: whether those are up changes by the minute.
                    # Of one with something unknown everything is in doubt: it may carry packets.
                    available=(record.maybe("State") or "available") == "available"
                    or any(in_item("VpnConnections", record.values)),
                )
            )
            _selectors(record, connection, gaps)
    trusted = {
        record.text("VpnConnectionId")
        for record in live
        if record.tags().get(words.TRUST) == words.TRUSTED
    }
    stated = client_ports_of_connections(live, gaps)
    hosts = host_ports_of_connections(live, gaps)
    return tuple(connections), tuple(_sites(connections, trusted, stated, hosts))


def _ends_here(record: Record, around: Around, described: Described, gaps: Gaps) -> bool:
    connection = record.text("VpnConnectionId")
    if around.home(record) is not None:
        return True
    gateway = record.maybe("VpnGatewayId")
    if gateway is not None and gateway not in described.serving:
        reason = described.missing.get("VpnGateways", f"{gateway} shows no attachments")
        why = f"{reason}, so the VPC of {gateway} is not known"
        gaps.add("vpn-connection", connection, connection, why)
        return True
    if gateway is None:
        other = record.maybe("CoreNetworkArn")
        why = f"it ends at {other or 'no gateway'}, which is not modelled"
    else:
        why = f"its gateway {gateway} is attached to no VPC that was observed"
    gaps.add("vpn-connection", connection, connection, why, unseen=gateway is not None)
    return False


def _transit_prefixes(record: Record, around: Around, gaps: Gaps) -> _Prefixes:
    connection = record.text("VpnConnectionId")
    attachment = around.attachment(connection)
    if attachment is None:
        gateway = record.maybe("TransitGatewayId")
        why = f"how it is attached to {gateway} is not shown"
        gaps.add("vpn-connection", connection, connection, why)
        return _Prefixes(static_routes(record), learns=by_bgp(record))
    found = tuple(dict.fromkeys((*static_routes(record), *around.towards(attachment))))
    learns = around.may_learn_of(attachment)
    if not found and not learns:
        why = f"no table of {attachment.gateway} shows a route that leads into it"
        _named(connection, why, gaps)
    return _Prefixes(found, learns=learns)


def _named(connection: str, why: str, gaps: Gaps) -> None:
    """What leaves nothing but its own addresses open."""
    place = f"{connection}/announced"
    gaps.add("vpn-connection", place, place, why)


def _site_names(
    live: Iterable[Record], around: Around, remotes: dict[str, str], described: Described
) -> dict[str, str]:
    """VPN connection -> its site. Connections of one VPC that name the same site share it."""
    home_of, apart = homes(described), NamesApart(described)
    claims, places = {}, {}
    for record in live:
        name = record.text("VpnConnectionId")
        home = around.home(record) or record.maybe("VpnGatewayId") or name
        remote = record.maybe("CustomerGatewayId") or name
        tagged = record.tags().get(words.SITE)
        place = f"{home} {tagged or remote}"
        places[name] = place
        called = apart.of(home, tagged or remotes.get(remote, remote), record)
        claims[place] = NameClaim(place, called, home_of.get(home, home))
    names = distinct_names(claims.values())
    return {connection: names[place] for connection, place in places.items()}


def static_routes(record: Record) -> tuple[IPNetwork, ...]:
    """The prefixes that somebody wrote down for a connection."""
    return tuple(
        route.block("DestinationCidrBlock")
        for route in record.records("Routes")
        if route.maybe("State") not in _GONE
    )


def _announced(live: Iterable[Record]) -> dict[str, set[IPNetwork]]:
    """Gateway -> the static routes of all connections that end there."""
    found: dict[str, set[IPNetwork]] = defaultdict(set)
    for record in live:
        found[record.maybe("VpnGatewayId") or ""].update(static_routes(record))
    return found


def family_inside(record: Record) -> int | None:
    """4 or 6: what its tunnels carry; at a VPN gateway IPv4 alone.

    (docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html)
    """
    if record.has("VpnGatewayId"):
        return 4
    options = record.inside("Options")
    if options is None:
        return None
    return {"ipv4": 4, "ipv6": 6}.get(options.maybe("TunnelInsideIpVersion") or "ipv4")


def by_bgp(record: Record) -> bool:
    """Whether its routes are such as the other side announces."""
    options = record.inside("Options")
    return options is not None and not options.told("StaticRoutesOnly")


def _routing(record: Record) -> SiteRouting | None:
    if record.inside("Options") is None:
        # Who takes static routes takes no others (VpnConnectionOptionsSpecification).
        return SiteRouting.STATIC if static_routes(record) else None
    return SiteRouting.BGP if by_bgp(record) else SiteRouting.STATIC


def _declared(records: Iterable[Record], gaps: Gaps) -> Mapping[str, tuple[IPNetwork, ...]]:
    """VPN connection -> what its site is to announce, as its tags say it: AWS shows it nowhere."""
    found = {}
    for record in records:
        name = record.text("VpnConnectionId")
        try:
            said = words.networks_from(record.tags()) if by_bgp(record) else None
        except ValueError as error:
            key = f"{name} {words.NETWORKS}"
            gaps.add(
                "networks-tag", key, key, f"it names no networks, as 10.1.0.0/16 would: {error}"
            )
        else:
            if said is not None:
                found[name] = said
    return found


def _accepts_more(record: Record, declared: int) -> bool:
    """Whether AWS accepted more routes of a tunnel than the site is to announce. How many it did
    changes with each session; that there were more is no matter of the moment
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VgwTelemetry.html)."""
    return any(
        (each.maybe_integer("AcceptedRouteCount") or 0) > declared
        for each in record.records("VgwTelemetry")
    )


@dataclass(frozen=True, slots=True)
class _Learning:
    """Of each VPN gateway: what it learned by BGP and nobody is declared to have told it, and
    which sites may have. Of a connection, what it is declared to tell."""

    learned: Mapping[str, tuple[IPNetwork, ...]]
    speakers: Mapping[str, Collection[str]]
    declared: Mapping[str, tuple[IPNetwork, ...]]


def _learning(
    live: Iterable[Record], tables: Iterable[RouteTable], names: Mapping[str, str], gaps: Gaps
) -> _Learning:
    live = tuple(live)
    speakers: dict[str, set[str]] = defaultdict(set)
    for record in live:
        if by_bgp(record):
            speakers[record.maybe("VpnGatewayId") or ""].add(names[record.text("VpnConnectionId")])
    declared = _declared(live, gaps)
    return _Learning(_learned(live, tables, declared), speakers, declared)


def _learned(
    live: Iterable[Record],
    tables: Iterable[RouteTable],
    declared: Mapping[str, tuple[IPNetwork, ...]],
) -> dict[str, tuple[IPNetwork, ...]]:
    """Gateway -> prefixes that it propagates and that nothing known of its connections explains.

    Routes learned by BGP are shown nowhere but in the route tables they were
    propagated to.
    """
    live = tuple(live)
    static = _announced(live)
    for record in live:
        static[record.maybe("VpnGatewayId") or ""].update(
            declared.get(record.text("VpnConnectionId"), ())
        )
    learned: dict[str, dict[IPNetwork, None]] = defaultdict(dict)
    for table in tables:
        for route in table.routes:
            if (
                route.propagated
                and route.certain
                and route.target is TargetKind.VPN_GATEWAY
                and route.destination not in static[route.target_id]
            ):
                learned[route.target_id][route.destination] = None
    return {gateway: tuple(sorted(prefixes, key=_place)) for gateway, prefixes in learned.items()}


def _place(block: IPNetwork) -> tuple[int, int, int]:
    return block.version, int(block.network_address), block.prefixlen


def _prefixes(record: Record, learning: _Learning, around: Around, gaps: Gaps) -> _Prefixes:
    """Of a VPN gateway: what it propagates to route tables is what it learned, in full."""
    connection, gateway = record.text("VpnConnectionId"), record.text("VpnGatewayId")
    static = static_routes(record)
    if not by_bgp(record):
        if record.inside("Options") is None and not static:
            why = "its options and routes are not shown"
            _named(connection, why, gaps)
            return _Prefixes(static, learns=True)
        return _Prefixes(static, learns=False)
    declared = learning.declared.get(connection)
    if declared is not None and gateway not in learning.learned:
        trusted = record.tags().get(words.TRUST) == words.TRUSTED
        return _Prefixes(declared, learns=not trusted or _accepts_more(record, len(declared)))
    static += declared or ()
    if len(learning.speakers[gateway]) > 1:
        why = f"several sites announce to {gateway} by BGP, and which announced what is not shown"
    elif gateway not in learning.learned:
        why = (
            f"it uses BGP and {gateway} propagates no learned route: none is shown. "
            f"describe-route-tables does, of a table that {gateway} propagates to"
        )
    else:
        known = static + learning.learned[gateway]
        return _Prefixes(known, learns=around.leads_beyond(gateway, known))
    _named(connection, why, gaps)
    return _Prefixes(static, learns=True)


def unexplained_gateways(described: Described, around: Around, gaps: Gaps) -> None:
    """Gateways to which routes lead for what no VPN connection here explains.

    Usually a virtual interface of Direct Connect ends there. EC2 shows none of those:
    only DescribeVirtualInterfaces tells
    (docs.aws.amazon.com/directconnect/latest/APIReference/API_VirtualInterface.html).
    """
    if "VpnConnections" in described.missing:
        return
    live = [each for each in described["VpnConnections"] if each.maybe("State") not in _GONE]
    static = _announced(live)
    speaking = {each.maybe("VpnGatewayId") for each in live if by_bgp(each)}
    for gateway in around.gateways:
        if gateway.id in speaking:
            continue  # whatever it learned is taken to be that connection's: see `_prefixes`
        announced = static.get(gateway.id)
        for route in around.leading_to(gateway):
            if announced is None:
                why = f"{route.destination} is routed to it, and no VPN connection ends there"
            elif route.propagated and route.certain and route.destination not in announced:
                why = f"it propagates {route.destination}, which no VPN connection announced"
            else:
                continue
            why += " (what Direct Connect leads there is not observed)"
            gaps.add("vpn-gateway", gateway.id, gateway.id, why)
            break


def _tunnels(record: Record) -> Iterable[Tunnel]:
    """An option that is not shown has AWS's default
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TunnelOption.html)."""
    options = record.inside("Options")
    usual = Tunnel()
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
            phase1_lifetime=tunnel.maybe_integer("Phase1LifetimeSeconds") or usual.phase1_lifetime,
            phase2_lifetime=tunnel.maybe_integer("Phase2LifetimeSeconds") or usual.phase2_lifetime,
            dpd_action=tunnel.maybe("DpdTimeoutAction") or usual.dpd_action,
            startup_action=tunnel.maybe("StartupAction") or usual.startup_action,
            dpd_timeout=tunnel.maybe_integer("DpdTimeoutSeconds"),
            rekey_margin=tunnel.maybe_integer("RekeyMarginTimeSeconds"),
            rekey_fuzz=tunnel.maybe_integer("RekeyFuzzPercentage"),
            replay_window=tunnel.maybe_integer("ReplayWindowSize"),
            lifecycle_control=tunnel.maybe_flag("EnableTunnelLifecycleControl"),
            logs=is_logged(tunnel),
        )


def is_logged(tunnel: Record) -> bool | None:
    """Off unless somebody names a log group; a client of before 2022 leaves the answer out
    (docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html)."""
    options = tunnel.inside("LogOptions")
    if options is None:
        return None
    cloudwatch = options.inside("CloudWatchLogOptions")
    return bool(cloudwatch and cloudwatch.flag("LogEnabled"))


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
    for end, family in product(("Local", "Remote"), ("4", "6")):
        key = f"{end}Ipv{family}NetworkCidr"
        block = options.maybe(key)
        if block not in (None, "0.0.0.0/0", "::/0"):
            why = f"its {key} is {block}: that it carries nothing else is not modelled"
            gaps.add("vpn-connection", connection, connection, why)


def _sites(
    connections: Iterable[VpnConnection],
    trusted: set[str],
    stated: Mapping[str, PortRange],
    hosts: Mapping[str, HostPorts],
) -> Iterable[Site]:
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
            client_ports=client_ports_of_site((each.id for each in leading), stated),
            host_ports=host_ports_of_site([each.id for each in leading], stated, hosts),
        )
