"""From an account as `aws ec2 describe-*` shows it to a Network.

The one conversion behind every source: a live account answers in this shape,
a Pulumi state is brought into it, and a folder of dumps is in it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

from bulkhead.network import Interface, Network
from bulkhead.observe.describe import (
    acls,
    balancers,
    firewalls,
    gateways,
    groups,
    losses,
    places,
    public_access,
    routes,
    transit,
    transit_routes,
    vpn,
)
from bulkhead.observe.describe import tag_words as words
from bulkhead.observe.describe.described import Described, described, topologies
from bulkhead.observe.describe.interfaces import interface_records, interfaces
from bulkhead.observe.errors import MalformedDescriptionError, TopologyNotFoundError
from bulkhead.observe.record import Gaps, UnreadableError


def network(
    document: Mapping[str, object],
    *,
    region: str,
    where: str | None = None,
    topology: str | None = None,
    missing: Mapping[str, str] | None = None,
    gaps: Gaps | None = None,
    strict: bool = True,
) -> Network:
    """The Network that {"Vpcs": [...], "Subnets": [...], ...} describes.

    `missing` says why a key is not there, or why only a part of it is; `gaps` holds
    what a source could not bring into this shape. With `strict`, an essential key
    must be there; without, its absence is one more thing that is not known. With
    `topology`, only the VPCs that were built from it, with everything in them.
    References are closed: whatever a subnet or an interface names is in the
    Network, if need be as an empty stand-in that `unmodelled` speaks of. A scope
    there is a thing of the Network; an entry with its own id as scope, of a thing
    that is not in it, leaves no cell open.

    Raises MalformedDescriptionError, or TopologyNotFoundError.
    """
    gaps = gaps if gaps is not None else Gaps()
    shown = described(document, missing or {}, gaps, strict=strict)
    _refuse(gaps)
    try:
        found = _network(_chosen(shown, topology, where or f"region {region}"), region, gaps)
    except UnreadableError as fault:
        gaps.faults.append(str(fault))
        raise MalformedDescriptionError(gaps.faults) from None
    there = _ids(found)
    return replace(
        found,
        unmodelled=tuple(
            each if each.scope in there else replace(each, scope=each.id)
            for each in gaps.unmodelled
        ),
    )


def _ids(found: Network) -> set[str]:
    """Whatever may be a scope: every thing of the Network that has an id."""
    named = {"services", "sites", "listeners", "unmodelled"}
    kinds = (each.name for each in fields(Network) if each.name not in named)
    ids = {each.id for kind in kinds for each in getattr(found, kind)}
    return ids | {endpoint for each in found.firewalls for endpoint, _ in each.endpoints}


def _chosen(shown: Described, topology: str | None, where: str) -> Described:
    if topology is None:
        return shown
    built_from = topologies(shown)
    vpcs = frozenset(vpc for vpc, found in built_from.items() if found == topology)
    if not vpcs:
        raise TopologyNotFoundError(topology, built_from.values(), where)
    return shown.within(vpcs)


def _network(shown: Described, region: str, gaps: Gaps) -> Network:
    lists = groups.prefix_lists(shown)
    names = words.service_names(shown)
    seen = places.vpcs(shown, region, gaps)
    inside = seen + places.unseen_vpcs(shown, region, seen, gaps)
    subnets = places.subnets(shown, gaps)
    records = interface_records(shown, gaps)
    hosts = interfaces(shown, records, subnets, names, gaps)
    guarded = {each.id for each in subnets}
    walls = firewalls.firewalls(shown, inside, guarded, gaps)
    services = gateways.gateway_endpoints(shown, gaps)
    targets = routes.Targets(
        firewall_endpoints={endpoint for each in walls for endpoint, _ in each.endpoints},
        gateway_endpoints={each.id for each in services},
        other_endpoints=gateways.other_endpoints(shown),
        interface_of=balancers.first_interfaces(records, hosts),
        blocks={each.id: each.cidrs for each in seen},
        endpoints_known="VpcEndpoints" not in shown.missing,
        known=gateways.known_by_id(shown),
    )
    tables = routes.route_tables(shown, lists, targets, gaps)
    guards = acls.network_acls(shown, gaps)
    more_guards, more_tables = places.stand_ins(shown, subnets, guards, tables, gaps)
    security_groups = groups.security_groups(shown, lists, names, gaps)
    security_groups += groups.unseen_groups(shown, hosts, subnets, security_groups, gaps)
    attachments = transit.transit_attachments(shown, region, inside, subnets, gaps)
    transit_tables = transit_routes.transit_route_tables(shown, attachments, inside, lists, gaps)
    remotes = vpn.customer_gateways(shown, gaps)
    ends = gateways.vpn_gateways(shown, gaps)
    ends += gateways.unseen_vpn_gateways(shown, tables, ends)
    around = vpn.Around(ends, tables, attachments, transit_tables)
    connections, sites = vpn.vpn_connections(shown, remotes, around, gaps)
    vpn.unexplained_gateways(shown, around, gaps)
    internet = gateways.internet_gateways(shown, gaps)
    public = _public(hosts, subnets_of={each.id: each.vpc for each in subnets})
    internet += gateways.unseen_gateways(
        shown, inside, public=public, tables=tables, internet=internet
    )
    found = Network(
        vpcs=inside,
        subnets=subnets,
        interfaces=hosts,
        security_groups=security_groups,
        nacls=guards + more_guards,
        route_tables=tables + more_tables,
        internet_gateways=internet,
        vpn_gateways=ends,
        customer_gateways=remotes,
        vpn_connections=connections,
        services=words.services(shown, names, hosts, subnets),
        sites=sites,
        listeners=words.listeners(shown, names, connections, gaps),
        egress_only_gateways=gateways.egress_only_gateways(shown, gaps),
        nat_gateways=gateways.nat_gateways(shown, guarded, gaps),
        peerings=gateways.peerings(shown, inside, gaps),
        transit_gateways=transit.transit_gateways(shown, region, attachments, gaps),
        transit_attachments=attachments,
        transit_route_tables=transit_tables,
        gateway_endpoints=services,
        firewalls=walls,
        load_balancers=balancers.load_balancers(shown, records, hosts, gaps),
    )
    out = {each.id: each.vpc for each in found.internet_gateways}
    out |= {each.id: each.vpc for each in found.egress_only_gateways}
    public_access.in_doubt(shown, out, gaps)
    losses.unanswered(shown, found, gaps)
    _refuse(gaps)
    return found


def _public(hosts: Iterable[Interface], subnets_of: Mapping[str, str]) -> set[str]:
    """The VPCs in which something has an address that the internet knows."""
    return {
        subnets_of[each.subnet]
        for each in hosts
        if any(each.public_for(address) for address in each.addresses)
    }


def _refuse(gaps: Gaps) -> None:
    if gaps.faults:
        raise MalformedDescriptionError(gaps.faults)
