"""From an account as `aws ec2 describe-*` shows it to a Network.

The one conversion behind every source: a live account answers in this shape,
a Pulumi state is brought into it, and a folder of dumps is in it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypedDict, Unpack

from bulkhead.network import Interface, Network, Unlisted
from bulkhead.network.service_addresses import https_of
from bulkhead.observe.describe import public_access
from bulkhead.observe.describe.associations import associations
from bulkhead.observe.describe.choosing import choose
from bulkhead.observe.describe.concerned import carried
from bulkhead.observe.describe.contradictions import contradictions
from bulkhead.observe.describe.described import Described, described, unknown_keys
from bulkhead.observe.describe.in_the_open import in_the_open
from bulkhead.observe.describe.inspected import inspected
from bulkhead.observe.describe.instances import interface_records, with_vanished
from bulkhead.observe.describe.internet_gateways import (
    egress_only_gateways,
    internet_gateways,
    unseen_gateways,
)
from bulkhead.observe.describe.listing import unlisted as not_listed
from bulkhead.observe.describe.load_balancers import first_interfaces, load_balancers
from bulkhead.observe.describe.nat_gateways import nat_gateways
from bulkhead.observe.describe.network_acls import network_acls
from bulkhead.observe.describe.network_firewalls import firewalls
from bulkhead.observe.describe.network_interfaces import interfaces
from bulkhead.observe.describe.peerings import peerings
from bulkhead.observe.describe.perhaps_held import holders, perhaps_held, referring
from bulkhead.observe.describe.prefix_lists import prefix_lists
from bulkhead.observe.describe.route_tables import Targets, gateways_by_id, route_tables
from bulkhead.observe.describe.security_groups import security_groups, unseen_groups
from bulkhead.observe.describe.shared import beside
from bulkhead.observe.describe.tag_words import listeners, service_names, services
from bulkhead.observe.describe.transit_gateways import transit_attachments, transit_gateways
from bulkhead.observe.describe.transit_route_tables import transit_route_tables
from bulkhead.observe.describe.tunnel_endpoints import tunnelled
from bulkhead.observe.describe.unanswered import unanswered
from bulkhead.observe.describe.unheard import unheard
from bulkhead.observe.describe.vpc_endpoints import families_of_endpoints, gateway_endpoints
from bulkhead.observe.describe.vpcs import (
    outside_their_vpc,
    stand_ins,
    subnets,
    unseen_vpcs,
    vpcs,
)
from bulkhead.observe.describe.vpn_connections import (
    Around,
    customer_gateways,
    unexplained_gateways,
    vpn_connections,
)
from bulkhead.observe.describe.vpn_gateways import unseen_vpn_gateways, vpn_gateways
from bulkhead.observe.errors import MalformedDescriptionError
from bulkhead.observe.record import Gaps, UnreadableError
from bulkhead.observe.wanted import EVERYTHING, Chosen, Wanted


class How(TypedDict, total=False):
    """How a document is to be understood.

    `source` is what people write for what is read here, and `where` says it in words.
    `missing` says why a key is not there, or why only a part of it is; `gaps` holds
    what a source could not bring into this shape, and `unlisted` what it does not list, where
    it knows; `in_full`: nobody filtered the answers. With `strict`, an essential key must be
    there; without, its absence is one more thing that is not known.
    """

    where: str | None
    source: str
    missing: Mapping[str, str] | None
    gaps: Gaps | None
    strict: bool
    unlisted: Iterable[Unlisted] | None
    in_full: bool


def network(
    document: Mapping[str, object],
    *,
    region: str,
    topology: str | None = None,
    only: str | None = None,
    **how: Unpack[How],
) -> Network:
    """The Network that {"Vpcs": [...], "Subnets": [...], ...} describes (`chosen_network`).

    With `topology`, only the VPC that was built from it, with everything in it; with `only`,
    the VPC of that id or stack.
    """
    wanted = Wanted(topology=topology, only=only)
    return chosen_network(document, region=region, wanted=wanted, **how).network


def chosen_network(
    document: Mapping[str, object],
    *,
    region: str,
    wanted: Wanted = EVERYTHING,
    where: str | None = None,
    source: str = "",
    missing: Mapping[str, str] | None = None,
    gaps: Gaps | None = None,
    strict: bool = True,
    unlisted: Iterable[Unlisted] | None = None,
    in_full: bool = False,
) -> Chosen:
    """The Network of what is wanted of a document, and what that leaves out (`How` says the rest).

    References are closed: whatever a subnet or an interface names is in the
    Network, if need be as an empty stand-in that `unmodelled` speaks of. A scope
    there is a thing of the Network; an entry with its own id as scope, of a thing
    that is not in it, leaves no cell open.

    Raises MalformedDescriptionError, TopologyNotFoundError, VpcNotFoundError, or
    SeveralVpcsError where several were built from the topology.
    """
    gaps = gaps if gaps is not None else Gaps()
    shown = described(document, missing or {}, gaps, strict=strict)
    _refuse(gaps)
    try:
        shown = with_vanished(shown, gaps)
        chosen, scope = choose(shown, wanted, where or f"region {region}", source)
        found = _network(chosen, region, gaps)
        found = replace(found, prefix_lists=tuple(prefix_lists(shown).held(wanted.lists)))
        if unlisted is None:
            unlisted = not_listed(shown, chosen, found, in_full=in_full)
        found = replace(found, unlisted=tuple(dict.fromkeys((*found.unlisted, *unlisted))))
    except UnreadableError as fault:
        gaps.spoil(str(fault))
        raise MalformedDescriptionError(gaps.faults) from None
    for key in unknown_keys(document):
        gaps.add("answer", key, key, "nobody here knows what it says of a network")
    there = _ids(found)
    said = tuple(
        each if each.scope in there else replace(each, scope=each.id) for each in gaps.unmodelled
    )
    return Chosen(replace(in_the_open(found, said), unmodelled=said), scope)


def _ids(found: Network) -> set[str]:
    """Whatever may be a scope: every thing of the Network that has an id."""
    ids = {each.id for each in found.things}
    return ids | {endpoint for each in found.firewalls for endpoint, _ in each.endpoints}


def _network(shown: Described, region: str, gaps: Gaps) -> Network:
    lists = prefix_lists(shown)
    names = service_names(shown)
    seen = vpcs(shown, region, gaps)
    inside = seen + unseen_vpcs(shown, region, seen, gaps)
    placed = subnets(shown, gaps)
    outside_their_vpc(seen, placed, gaps)
    records = interface_records(shown, gaps)
    hosts = interfaces(shown, records, placed, names, gaps)
    guarded = {each.id for each in placed}
    walls = firewalls(shown, inside, guarded, gaps)
    endpoints = gateway_endpoints(shown, lists, gaps)
    targets = Targets(
        firewall_endpoints={endpoint for each in walls for endpoint, _ in each.endpoints},
        gateway_endpoints=families_of_endpoints(shown, endpoints),
        interface_of=first_interfaces(records, hosts),
        blocks={each.id: each.cidrs for each in seen},
        known=gateways_by_id(shown),
        serving=shown.serving,
    )
    tables = route_tables(shown, lists, targets, gaps)
    guards = network_acls(shown, gaps)
    more_guards, more_tables = stand_ins(shown, placed, guards, tables, gaps)
    perhaps = perhaps_held(records)
    held = referring(security_groups(shown, lists, names, gaps), perhaps)
    held += unseen_groups(shown, hosts, placed, held, gaps)
    attachments = transit_attachments(shown, region, inside, placed, gaps)
    transit_tables = transit_route_tables(shown, attachments, inside, lists, gaps)
    remotes = customer_gateways(shown, gaps)
    ends = vpn_gateways(shown, gaps)
    ends += unseen_vpn_gateways(shown, tables, ends)
    around = Around(ends, tables, attachments, transit_tables)
    connections, sites = vpn_connections(shown, remotes, around, gaps)
    unexplained_gateways(shown, around, gaps)
    internet = internet_gateways(shown, gaps)
    public = _public(hosts, subnets_of={each.id: each.vpc for each in placed})
    internet += unseen_gateways(shown, inside, public=public, tables=tables, internet=internet)
    found = Network(
        vpcs=inside,
        subnets=placed,
        interfaces=hosts,
        security_groups=held,
        nacls=guards + more_guards,
        route_tables=tables + more_tables,
        internet_gateways=internet,
        vpn_gateways=ends,
        customer_gateways=remotes,
        vpn_connections=connections,
        services=services(shown, names, hosts, placed),
        sites=sites,
        listeners=(*listeners(shown, names, connections, gaps), *https_of(endpoints)),
        egress_only_gateways=egress_only_gateways(shown, gaps),
        nat_gateways=nat_gateways(shown, guarded, gaps),
        peerings=peerings(shown, inside, gaps),
        transit_gateways=transit_gateways(shown, region, attachments, gaps),
        transit_attachments=attachments,
        transit_route_tables=transit_tables,
        gateway_endpoints=endpoints,
        firewalls=walls,
        load_balancers=load_balancers(shown, records, hosts, gaps),
        unobserved=shown.unobserved,
        associations=associations(shown, gaps),
        unlisted=tuple(holders(perhaps)),
    )
    found = inspected(shown, tunnelled(shown, found, gaps))
    out = {each.id: each.vpc for each in found.internet_gateways}
    out |= {each.id: each.vpc for each in found.egress_only_gateways}
    public_access.in_doubt(shown, out, gaps)
    unanswered(shown, found, gaps)
    contradictions(shown, found, gaps)
    unheard(shown, found, gaps)
    carried(found, gaps)
    _refuse(gaps)
    return found if shown.own is None else replace(found, beside=beside(found, shown.own))


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
