"""Intent -> Network: pure and deterministic.

The same topology and lock always give the same plan; nothing here reads a
file, a clock or an account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network

from bulkhead.cost import Month, PaidBeside, month
from bulkhead.intent import Topology
from bulkhead.network import (
    AclEntry,
    CutOff,
    Declaration,
    Expectation,
    Flow,
    FlowLogging,
    Former,
    IPNetwork,
    Network,
    NetworkAcl,
    Origins,
    Route,
    RouteTable,
    Service,
    SpokenOf,
    TargetKind,
    ToldTooLarge,
    TunnelMonitoring,
    Vpc,
)
from bulkhead.network.dns import PrivateZone
from bulkhead.network.quotas import DEFAULTS, Quotas
from bulkhead.network.service_addresses import https_of
from bulkhead.network.widened import WidenedAcl
from bulkhead.plan.acl_needs import AclNeeds
from bulkhead.plan.acl_turns import behind
from bulkhead.plan.addressing import address
from bulkhead.plan.allot import Allotment
from bulkhead.plan.allowed import claimed, quotas_of
from bulkhead.plan.aws_needs import answering, is_endpoint, with_endpoints
from bulkhead.plan.balancers import load_balancers, with_balancers
from bulkhead.plan.clusters import cluster_groups, with_cluster_groups
from bulkhead.plan.dns import private_zone, too_many_names
from bulkhead.plan.entries import entries_of
from bulkhead.plan.existing import others_in, told_by_bgp, unfit, unread, vpc_id, vpc_name
from bulkhead.plan.expectations import expectations_of
from bulkhead.plan.flow_logs import flow_logging
from bulkhead.plan.gateway_endpoints import gateway_endpoints, routes_to_services
from bulkhead.plan.groups import group_id, rules_of, security_groups
from bulkhead.plan.ids import acl_id, acl_name, expect_distinct, own
from bulkhead.plan.joins import FarBlocks, peerings_of
from bulkhead.plan.lists import lists_of, prefix_lists, with_lists
from bulkhead.plan.lock import Lock, moved
from bulkhead.plan.monitoring import monitoring_of
from bulkhead.plan.origins import origins_of
from bulkhead.plan.peers import WaysOut, peers_of
from bulkhead.plan.public_access import not_excludable, with_public_access
from bulkhead.plan.quarantine import Quarantined
from bulkhead.plan.quotas import over_quota
from bulkhead.plan.renaming import former_names, with_new_names
from bulkhead.plan.rules_asked import asked_of
from bulkhead.plan.shared_groups import with_shared
from bulkhead.plan.shares import shared_out
from bulkhead.plan.sites import networks_at, networks_of_clients
from bulkhead.plan.standing import ids_of, not_let, standing_subnets
from bulkhead.plan.too_large import told_by_everybody, told_too_large
from bulkhead.plan.units import Unit, made, units_of
from bulkhead.plan.vpc_encryption import excluded_of, no_longer_needed, with_encryption
from bulkhead.plan.vpc_facts import VpcFacts
from bulkhead.plan.vpn import gateway_id, vpns
from bulkhead.plan.wiring import Wiring
from bulkhead.plan.words import SaidBy, said_by, words_of
from bulkhead.plan.zonal_nat import with_zonal_nat
from bulkhead.plan.zones import nobody_knows_which
from bulkhead.problems import InputError, Problem
from bulkhead.uncollected import uncollected


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The network that a topology needs, what it is for, and what to remember of it."""

    topology: str
    network: Network
    flows: tuple[Flow, ...]
    expectations: tuple[Expectation, ...]
    lock: Lock
    words: tuple[SpokenOf, ...]
    """What the topology says of its parts, for people."""
    said: SaidBy
    """The same of segments, services and sites, as their tags carry it."""
    former: Former = field(default_factory=dict)
    """What each component was called before."""
    hosts: Mapping[str, IPv4Network] = field(default_factory=dict)
    """Addresses of sites that have a name: 'exchange/bloomberg'."""
    vpc_ids: Mapping[str, str] = field(default_factory=dict)
    """What each VPC is called in the network, by what segments call it ('' of one alone)."""
    existing: str = ""
    """The id of the VPC, where that is there already and others'; '' where it is made."""
    standing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By segment and zone the ids of subnets of others that segments stand in."""
    ipv6_pool: str | None = None
    """Of which the block of IPv6 is: '' where Amazon gives one, None where the VPC has none."""
    quotas: Quotas = DEFAULTS
    """Of the account that it is for."""
    open_segments: frozenset[str] = frozenset()
    """Those whose NACLs let the whole VPC through."""
    quarantine: tuple[CutOff, ...] = ()
    """The services that are cut off; of `flows` theirs are no part but for the responders'."""
    too_large: tuple[ToldTooLarge, ...] = ()
    """Who may be told that a packet of his is larger than the way takes."""
    widened: tuple[WidenedAcl, ...] = ()
    """Where NACLs let more than is declared, because exact entries do not fit."""
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
    """What the topology says that can be planned, and somebody should know."""
    logs: tuple[FlowLogging, ...] = ()
    """What is recorded of the traffic of each VPC; none where the topology says why nothing is."""
    monitoring: TunnelMonitoring | None = None
    """What watches the tunnels; None where the topology does not ask for it."""
    log_retention: Mapping[str, int] = field(default_factory=dict)
    """By site for how many days CloudWatch keeps what its tunnels log."""
    zone: PrivateZone | None = None
    """What hosts are called in DNS; None where the topology gives no names."""
    origins: Origins = field(compare=False, repr=False)
    """The line of the topology that each of these is there for."""

    @property
    def purposes(self) -> Mapping[str, str]:
        """What each segment is for."""
        return {each.name: each.purpose for each in self.words if each.kind == "segment"}

    @property
    def logging(self) -> FlowLogging | None:
        """What is recorded of the first VPC, and in the like way of each other; None: nothing."""
        return next(iter(self.logs), None)

    @property
    def month(self) -> Month:
        """What it costs a month, less what is charged by the GB."""
        return month(self.network, self._paid_beside)

    @property
    def _paid_beside(self) -> PaidBeside:
        return PaidBeside(logging=self.logging, keys_in_secrets=True, zone=self.zone)

    @property
    def declaration(self) -> Declaration:
        """What a judge holds a network against."""
        return Declaration(
            topology=self.topology,
            flows=self.flows,
            expectations=self.expectations,
            planned=self.network,
            origins=self.origins,
            former=self.former,
            quotas=self.quotas,
            open_segments=self.open_segments,
            quarantine=self.quarantine,
            too_large=self.too_large,
            zone=self.zone,
            widened=self.widened,
        )


def plan(topology: Topology, lock: Lock | None = None) -> Plan:
    """Plan the network of a topology, keeping every allotment that `lock` remembers.

    Raises InputError, with every problem, where the plan does not fit an AWS
    account's quotas, its own VPC, or one that is there.
    """
    with uncollected():
        return _planned(topology, lock)


def _planned(topology: Topology, lock: Lock | None) -> Plan:
    before = lock or Lock(topology=topology.name, first=True)
    topology = with_balancers(with_endpoints(with_lists(topology, before.lists)))
    topology = with_zonal_nat(topology)
    units = units_of(topology)
    before = with_new_names(topology, units, before)
    facts = before.vpc.for_segments_of(topology) if topology.vpc and before.vpc else None
    if problems := (*nobody_knows_which(topology, before), *unread(topology, facts)):
        raise InputError(problems)
    standing = standing_subnets(topology, facts.standing) if facts else {}
    where = address(topology, units, before, standing)
    vpn = vpns(topology, before)
    have = quotas_of(topology, before.quotas)
    others = others_in(topology, facts, standing)
    wiring = Wiring(topology)
    needs = AclNeeds(wiring, units, where)
    lacking = not_let(wiring, units, standing, facts.standing, needs.of) if facts else ()
    asked = asked_of(wiring, have, before)
    problems = (
        *unfit(topology, facts, len(where.subnets), have),
        *over_quota(topology, units, where, have, asked),
        *lacking,
    )
    if problems:
        raise InputError(problems)
    quarantined = Quarantined(topology, wiring.flows, units, where)
    flows = quarantined.stay
    entries = entries_of(units, needs, quarantined, before)
    units = tuple(replace(each, turn=entries.turns.get(each.name, 1)) for each in units)
    declared = rules_of(topology, wiring.flows)
    now = rules_of(topology, flows) if quarantined else declared
    rules, shared = with_shared(topology, declared, now, asked.shared)
    groups = shared_out(topology, rules, shared, have, before)
    acls = _acls(topology, units, entries.by_unit)
    vpcs = (
        Vpc(
            id=vpc_id(topology, name),
            name=facts.id if facts else vpc_name(topology, name),
            region=topology.region,
            cidrs=own.cidrs if topology.vpcs else where.space,
            topology=topology.name,
            called=name,
        )
        for name, own in topology.own_vpcs.items()
    )
    pairs = ((each.client, each.server.owner) for each in flows)
    far = FarBlocks(topology, units, where.blocks, pairs)
    endpoints = gateway_endpoints(topology)
    out = WaysOut(topology, units, wiring.flows, flows, where.lock_zones.taken)
    nats = out.nat_gateways(where.subnets)
    network = Network(
        vpcs=tuple(vpcs),
        subnets=(*behind(units, out.with_tables(where.subnets)), *others.subnets),
        interfaces=(
            *with_cluster_groups(
                topology,
                shared.held_by(groups.held(out.with_public_addresses(where.interfaces))),
            ),
            *out.interfaces_of(nats),
        ),
        security_groups=(
            *shared.with_members(security_groups(topology, groups.of, ids_of(standing))),
            *cluster_groups(topology),
            *shared.of(topology),
        ),
        nacls=(*acls, *others.nacls),
        route_tables=(
            *_route_tables(topology, units, flows, facts, (out, far)),
            *out.route_tables,
            *others.route_tables,
        ),
        internet_gateways=out.internet_gateways,
        nat_gateways=nats,
        egress_only_gateways=out.egress_only_gateways,
        peerings=peerings_of(topology),
        peers=peers_of(topology),
        prefix_lists=prefix_lists(topology, before.lists),
        beside=others.beside,
        vpn_gateways=vpn.gateways,
        customer_gateways=vpn.customer_gateways,
        vpn_connections=vpn.connections,
        services=tuple(
            Service(
                name=each.name,
                segment=each.segment,
                security_group=group_id(each.name),
                interface=each.interface if each.name != each.service else "",
                of=each.service if each.name != each.service else "",
            )
            for each in topology.interfaces.values()
        ),
        sites=vpn.sites,
        listeners=(
            *wiring.listeners,
            *https_of(endpoints),
            *(answering(name) for name in topology.services if is_endpoint(name)),
        ),
        gateway_endpoints=endpoints,
        load_balancers=tuple(load_balancers(topology, where.interfaces)),
    )
    network = with_public_access(topology, with_encryption(topology, network, before), out)
    expect_distinct(network)
    zone = private_zone(topology, network.present, network.listeners)
    origins = origins_of(topology, network, units, flows, needs.of)
    if problems := (
        *too_many_names(topology, zone),
        *not_excludable(topology, network, out, origins),
    ):
        raise InputError(problems)
    words = tuple(words_of(topology, str(network.vpcs[0].encryption or "")))
    after = Lock(
        topology=topology.name,
        units=where.lock_units,
        blocks=where.lock_blocks,
        zones=where.lock_zones,
        hosts={at: each for at, each in where.lock_hosts.items() if each != Allotment()},
        acl_rules=entries.remembered,
        nacls={name: turn for name, turn in entries.turns.items() if turn > 1},
        groups=groups.remembered,
        shared=asked.shared.members,
        tunnels=vpn.lock_tunnels,
        vpc=facts,
        lists={each: before.lists[each] for each in lists_of(topology)},
        quotas=before.quotas,
        excluded=excluded_of(network),
        options=vpn.steps.remembered,
    )
    if problems := tuple(moved(before, after)):
        raise InputError(problems)
    return Plan(
        topology=topology.name,
        network=network,
        flows=flows,
        expectations=expectations_of(wiring),
        lock=after,
        logs=flow_logging(topology),
        monitoring=monitoring_of(topology, network),
        log_retention={name: site.tunnels.log_retention for name, site in topology.sites.items()},
        zone=zone,
        words=words,
        said=said_by(topology, words),
        former=former_names(topology, units),
        hosts={
            f"{site.name}/{name}": network
            for site in topology.sites.values()
            for name, network in site.hosts.items()
        },
        vpc_ids={name: vpc_id(topology, name) for name in topology.own_vpcs},
        existing=facts.id if facts else "",
        standing=ids_of(standing),
        ipv6_pool=None if topology.ipv6 is None else topology.ipv6.pool,
        quotas=have,
        open_segments=frozenset(unit.segment for unit in units if unit.open),
        widened=entries.widened,
        quarantine=quarantined.cut_off(entries.by_unit),
        too_large=(*told_too_large(topology, flows), *told_by_everybody(units, entries.by_unit)),
        warnings=(
            *topology.warnings,
            *told_by_bgp(topology, facts),
            *claimed(topology, before.quotas),
            *no_longer_needed(topology, network, before),
            *vpn.steps.waiting,
        ),
        origins=origins,
    )


def _acls(
    topology: Topology, units: Iterable[Unit], entries: Mapping[str, tuple[AclEntry, ...]]
) -> tuple[NetworkAcl, ...]:
    acls: list[NetworkAcl] = []
    for name in topology.own_vpcs if topology.vpc is None else ():  # else others', as main tables
        id_, vpc = own("acl", name), vpc_id(topology, name)
        acls.append(NetworkAcl(id=id_, name="default", vpc=vpc, entries=(), default=True))
    for unit in made(units):
        id_, vpc = acl_id(unit), vpc_id(topology, topology.segments[unit.segment].vpc)
        acls.append(NetworkAcl(id=id_, name=acl_name(unit), vpc=vpc, entries=entries[unit.name]))
    return tuple(acls)


def _route_tables(
    topology: Topology,
    units: Iterable[Unit],
    flows: Iterable[Flow],
    facts: VpcFacts | None,
    leading: tuple[WaysOut, FarBlocks],
) -> tuple[RouteTable, ...]:
    """A table per unit, or per zone of it, with routes to those networks only that its services
    talk with."""
    out, far = leading
    partners: dict[str, set[IPNetwork]] = defaultdict(set)
    for flow in flows:
        if site := topology.sites.get(flow.server.owner):
            partners[flow.client].update(networks_at(site, flow.server))
        if site := topology.sites.get(flow.client):
            partners[flow.server.owner].update(networks_of_clients(site, flow.clients_at))
    tables: list[RouteTable] = []
    for name in topology.own_vpcs if topology.vpc is None else ():
        id_, vpc = own("rtb", name), vpc_id(topology, name)
        tables.append(RouteTable(id=id_, name="main", vpc=vpc, routes=(), main=True))
    for unit in made(units):
        name = topology.segments[unit.segment].vpc
        vpc, gateway = vpc_id(topology, name), gateway_id(topology, facts, name)
        needed = set().union(*(partners[each.name] for each in unit.interfaces))
        routes = tuple(
            Route(
                destination=cidr,
                target=TargetKind.VPN_GATEWAY,
                target_id=gateway,
            )
            for site in topology.sites.values()
            for cidr in site.cidrs
            if cidr in needed
        )
        routes += (*routes_to_services(topology, unit), *far.routes(unit))
        for id_, name, zone in out.tables_of(unit):
            every = (*routes, *out.routes(unit, zone))
            tables.append(RouteTable(id=id_, name=name, vpc=vpc, routes=every))
    return tuple(tables)
