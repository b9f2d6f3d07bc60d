"""From an account as `aws ec2 describe-*` shows it to a Network.

The one conversion behind every source: a live account answers in this shape,
a Pulumi state is brought into it, and a folder of dumps is in it already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bulkhead.network import Network
from bulkhead.observe import acls, groups, places, routes, vpn, words
from bulkhead.observe.described import Described, described, topologies
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
) -> Network:
    """The Network that {"Vpcs": [...], "Subnets": [...], ...} describes.

    `missing` says why a key is not there; `gaps` holds what a source could not
    bring into this shape. With `topology`, only the VPCs that were built from
    it, with everything in them. References are closed: whatever a subnet or an
    interface names is in the Network, if need be as an empty stand-in that
    `unmodelled` speaks of. A scope there is a thing of the Network; an entry
    with its own id as scope, of a thing that is not in it, leaves no cell open.

    Raises MalformedDescriptionError, or TopologyNotFoundError.
    """
    gaps = gaps if gaps is not None else Gaps()
    shown = described(document, missing or {}, gaps)
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
    kinds = (
        found.vpcs,
        found.subnets,
        found.interfaces,
        found.security_groups,
        found.nacls,
        found.route_tables,
        found.internet_gateways,
        found.vpn_gateways,
        found.customer_gateways,
        found.vpn_connections,
    )
    return {each.id for kind in kinds for each in kind}


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
    tables = routes.route_tables(shown, lists, gaps)
    guards = acls.network_acls(shown, gaps)
    inside = places.vpcs(shown, region, gaps)
    subnets = places.subnets(shown, gaps)
    interfaces = places.interfaces(shown, subnets, names, gaps)
    gateways = routes.vpn_gateways(shown, gaps)
    remotes = vpn.customer_gateways(shown, gaps)
    connections, sites = vpn.vpn_connections(shown, gateways, remotes, tables, gaps)
    security_groups = groups.security_groups(shown, lists, names, gaps)
    internet_gateways = routes.internet_gateways(shown, gaps)
    services = words.services(shown, names, interfaces, subnets)
    listeners = words.listeners(shown, names, connections, gaps)
    unseen = places.unseen_vpcs(shown, region, inside, gaps)
    more_acls, more_tables = places.stand_ins(subnets, guards, tables, gaps)
    places.ipv6(shown, gaps)
    routes.unseen_edges(shown, tables, gaps)
    routes.other_networks(shown, gaps)
    _refuse(gaps)
    return Network(
        vpcs=inside + unseen,
        subnets=subnets,
        interfaces=interfaces,
        security_groups=security_groups,
        nacls=guards + more_acls,
        route_tables=tables + more_tables,
        internet_gateways=internet_gateways,
        vpn_gateways=gateways,
        customer_gateways=remotes,
        vpn_connections=connections,
        services=services,
        sites=sites,
        listeners=listeners,
    )


def _refuse(gaps: Gaps) -> None:
    if gaps.faults:
        raise MalformedDescriptionError(gaps.faults)
