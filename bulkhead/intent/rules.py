"""What must hold between the parts of a topology, beside its wiring and its tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network

from bulkhead.intent.document import KeyPath
from bulkhead.intent.regions import MOST_ZONES, expect_zone_of, zones_by_number
from bulkhead.intent.values import PUBLIC_INTERNET, expect_asn_free, parse_name, parse_socket_name
from bulkhead.intent.wiring import ends_of, owners_of
from bulkhead.intent.written import Complain, WrittenTopology
from bulkhead.intent.wrong import KnownNames, Wrong, quoted


def check(written: WrittenTopology, complain: Complain) -> None:
    """Complain about every name, segment, network and address that does not fit."""
    _judge_names(written, complain)
    _expect_segments(written, complain)
    _expect_apart(written, complain)
    _judge_gateways(written, complain)
    _judge_bound_addresses(written, complain)


def resolve_zones(written: WrittenTopology, complain: Complain) -> tuple[str, ...]:
    """The full names of the zones; empty when they cannot be told."""
    region, zones = written.region, written.zones
    if zones is None:
        return ()
    if isinstance(zones, int):
        if region is None:
            return ()
        try:
            return zones_by_number(region, zones)
        except Wrong as wrong:
            complain(("zones",), f"zones: {wrong.what}", wrong.remedy)
            return ()
    if len(zones) > MOST_ZONES:
        complain(("zones",), f"zones: {len(zones)} are listed", f"list 1 to {MOST_ZONES}")
    seen: set[str] = set()
    for index, zone in enumerate(zones):
        if zone in seen:
            complain(("zones", index), f"zones: {quoted(zone)} is listed twice", "list it once")
        elif region is not None:
            try:
                expect_zone_of(region, zone)
            except Wrong as wrong:
                complain(("zones", index), f"zones: {wrong.what}", wrong.remedy)
        seen.add(zone)
    return zones


def _judge_names(written: WrittenTopology, complain: Complain) -> None:
    sites, services = written.sites or {}, written.services or {}
    named: dict[str, Iterable[str]] = {
        "segments": written.segments or {},
        "sites": sites,
        "services": services,
    }
    for kind, names in named.items():
        for name in names:
            path: KeyPath = (kind, name)
            try:
                parse_name(name)
            except Wrong as wrong:
                complain(path, f"{kind[:-1]}: {wrong.what}", wrong.remedy)
            if name == PUBLIC_INTERNET and kind != "segments":
                what = f"'{PUBLIC_INTERNET}' is the name of everybody outside"
                complain(path, what, "choose another name")
    for name in services:
        if name in sites:
            what = f"{quoted(name)} names a site and a service"
            complain(("services", name), what, "choose another name for one of them")
    for end in ends_of(owners_of(written)):
        try:
            parse_socket_name(end.name)
        except Wrong as wrong:
            complain(end.path, f"{end.owner.noun}: {wrong.what}", wrong.remedy)


def _expect_segments(written: WrittenTopology, complain: Complain) -> None:
    if written.segments is None:
        return
    if not written.segments:
        complain(("segments",), "there is no segment", "declare at least one, with its purpose")
    known = KnownNames(written.segments)
    for name, service in (written.services or {}).items():
        segment = service and service.segment
        if segment and segment not in written.segments:
            complain(
                ("services", name, "segment"),
                f"service {name} is in segment {quoted(segment)}, which is not declared",
                known.nearest(segment),
            )


def _networks(written: WrittenTopology) -> Iterator[tuple[str, KeyPath, IPv4Network]]:
    if written.cidr is not None:
        yield "the VPC", ("cidr",), written.cidr
    for name, site in (written.sites or {}).items():
        for index, network in enumerate((site and site.cidrs) or ()):
            yield f"site {name}", ("sites", name, "cidrs", index), network


def _expect_apart(written: WrittenTopology, complain: Complain) -> None:
    """A packet's address must say which network it belongs to: routes have no other key."""
    networks = list(_networks(written))
    for first, second in _overlapping([network for _, _, network in networks]):
        other, _, taken = networks[first]
        who, path, network = networks[second]
        complain(
            path,
            f"{network} of {who} overlaps {taken} of {other}",
            "give them separate addresses",
        )


def _overlapping(networks: Sequence[IPv4Network]) -> Iterator[tuple[int, int]]:
    """Each network with the smallest that it lies in, as places in the list, the lower first.

    Two blocks are apart, or one lies in the other. In the order of their addresses
    those around a block are therefore a stack, and nothing else need be compared.
    """
    around: list[int] = []
    for index in sorted(range(len(networks)), key=lambda each: (networks[each], each)):
        start = networks[index].network_address
        while around and networks[around[-1]].broadcast_address < start:
            around.pop()
        if around:
            yield min(index, around[-1]), max(index, around[-1])
        around.append(index)


class _Places:
    """Which of many networks an address lies in: by one look for each length of prefix."""

    def __init__(self, networks: Iterable[tuple[str, IPv4Network]]) -> None:
        self._known: dict[int, dict[int, list[tuple[str, IPv4Network]]]] = {}
        for who, network in networks:
            begins = self._known.setdefault(network.prefixlen, {})
            begins.setdefault(int(network.network_address), []).append((who, network))

    def of(self, address: IPv4Address) -> Iterator[tuple[str, IPv4Network]]:
        for length, begins in self._known.items():
            kept = 32 - length
            yield from begins.get(int(address) >> kept << kept, ())


def _judge_gateways(written: WrittenTopology, complain: Complain) -> None:
    taken: dict[object, str] = {}
    places = _Places((who, network) for who, _, network in _networks(written))
    for name, site in (written.sites or {}).items():
        if site is None or site.gateway is None:
            continue
        gateway = site.gateway
        path: KeyPath = ("sites", name, "gateway")
        if gateway.asn is not None and written.region is not None:
            try:
                expect_asn_free(gateway.asn, written.region)
            except Wrong as wrong:
                complain((*path, "asn"), f"site {name}, gateway, asn: {wrong.what}", wrong.remedy)
        address = gateway.address
        if address is None:
            continue
        for who, network in places.of(address):
            complain(
                (*path, "address"),
                f"gateway {address} of site {name} lies in {network} of {who}, "
                "so the tunnel would be routed into itself",
                "name the device's public address",
            )
        if address in taken:
            complain(
                (*path, "address"),
                f"sites {taken[address]} and {name} have the same gateway {address}",
                "make them one site with all its cidrs",
            )
        taken.setdefault(address, name)


def _judge_bound_addresses(written: WrittenTopology, complain: Complain) -> None:
    """A service's addresses are allocated by the plan; a site's are its own affair."""
    places: dict[str, _Places] = {}
    for end in ends_of(owners_of(written)):
        for index, endpoint in enumerate(end.bind):
            literal = endpoint.literal
            if literal is None or literal.is_loopback:
                continue
            path = (*end.path, "bind", index)
            if not end.owner.is_site:
                what = f"{end.reference} binds {literal}, but a service's addresses are the plan's"
                complain(path, what, f'write "tcp://*:{endpoint.port}"')
                continue
            site = (written.sites or {}).get(end.owner.name)
            cidrs = site and site.cidrs
            if cidrs and end.owner.name not in places:
                places[end.owner.name] = _Places((end.owner.name, each) for each in cidrs)
            if cidrs and not any(places[end.owner.name].of(literal)):
                what = f"{end.reference} binds {literal}, which is not in site {end.owner.name}"
                remedy = f'write an address of its cidrs, or "tcp://*:{endpoint.port}" for all'
                complain(path, what, remedy)
