"""A plan for people: where things are, what may talk to whom, by which rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.text import Text

from bulkhead.cost import ceilings
from bulkhead.network import (
    Direction,
    Flow,
    FlowLogging,
    Network,
    NetworkAcl,
    Route,
    Service,
    SiteRouting,
    Subnet,
    TargetKind,
    Vpc,
    VpnConnection,
)
from bulkhead.network.dns import PrivateZone
from bulkhead.network.ipv6_blocks import stands_in
from bulkhead.network.quotas import DEFAULTS, NAMES, key_of
from bulkhead.plan import Plan
from bulkhead.report.cost import ceiling_lines, cost_table, cost_title
from bulkhead.report.encryption import encryption_of
from bulkhead.report.long_table import LongTable
from bulkhead.report.public_access import public_access_of
from bulkhead.report.quarantine import quarantine_lines
from bulkhead.report.words import count


def print_plan(console: Console, plan: Plan) -> None:
    """Write the planned network, readable top to bottom."""
    network = plan.network
    vpc = network.vpcs[0]
    console.print(
        Text.assemble(
            (plan.topology, "bold"),
            f"  {vpc.region}  {f'in {plan.existing} ' if plan.existing else ''}"
            f"{_space(plan)}  "
            f"{count(len(network.services), 'service')}, "
            f"{count(len(network.present), 'interface')}, {count(len(plan.flows), 'flow')}",
        )
    )
    if said := _of_ipv6(plan):
        console.print(Text(f"  {said}", "dim"))
    console.print(Text(f"  {_recorded(plan.logging)}", "dim"))
    if plan.zone is not None:
        console.print(Text(f"  {_named(plan.zone)}", "dim"))
    if said := encryption_of(vpc):
        console.print(Text(f"  {said}", "dim"))
    if said := public_access_of(network, vpc):
        console.print(Text(f"  {said}", "dim"))
    for title, body in _sections(plan):
        console.print()
        console.print(Text(title, "bold"))
        console.print(body)


def _space(plan: Plan) -> str:
    """The blocks of the VPC, or how many VPCs there are."""
    vpc, *more = plan.network.vpcs
    if more:
        return count(1 + len(more), "VPC")
    return str(vpc.cidrs[0]) if plan.existing else _blocks(vpc)


def _vpcs(network: Network) -> RenderableType:
    names = {each.id: each.name for each in network.vpcs}
    lines = [f"  {each.name}  {_blocks(each)}" for each in network.vpcs]
    for peering in network.peerings:
        ends = (names[each.vpc] for each in (peering.requester, peering.accepter))
        lines.append(f"  {' and '.join(ends)}: a VPC peering connection")
    return Group(*map(Text, lines))


def _blocks(vpc: Vpc) -> str:
    """'10.20.0.0/16', or '10.20.0.0/16 and 10.21.0.0/20'."""
    return " and ".join(str(each) for each in vpc.cidrs if each.version == 4)


def _of_ipv6(plan: Plan) -> str:
    """'' of a VPC that has IPv4 alone."""
    blocks = [each for each in plan.network.vpcs[0].cidrs if each.version == 6]
    if plan.ipv6_pool is None or not blocks:
        return ""
    if plan.ipv6_pool:
        return f"ipv6: {blocks[0]} of {plan.ipv6_pool}"
    if stands_in(blocks[0]):
        return f"ipv6: a /56 that AWS gives when it makes the VPC; {blocks[0]} stands for it here"
    return f"ipv6: {blocks[0]}, which AWS gave"


def _recorded(logging: FlowLogging | None) -> str:
    if logging is None:
        return "flow logs: none"
    kept = f"for {logging.retention} days" if logging.retention else f"in {logging.bucket}"
    return f"flow logs: all that is let pass or refused, to {_PLACES[logging.to]} {kept}"


def _named(zone: PrivateZone) -> str:
    names = count(len(zone.names), "name")
    whose = "the VPCs" if zone.more_vpcs else "the VPC"
    return f"dns: {names} in {zone.domain}, a private zone that hosts of {whose} alone can ask"


_PLACES: Final = {"cloudwatch": "CloudWatch", "s3": "S3"}


def _sections(plan: Plan) -> Iterator[tuple[str, RenderableType]]:
    network = plan.network
    if len(network.vpcs) > 1:
        yield "VPCs, and what joins them", _vpcs(network)
    yield "Subnets, by NACL", _subnets(plan)
    yield "Services", _services(network)
    if network.vpn_connections:
        yield "Sites, each behind a VPN connection of two tunnels", _sites(network)
    if unlike := [*_quotas(plan)]:
        yield "Quotas of the account that are not AWS's defaults", Group(*unlike)
    if plan.quarantine:
        every = (line for each in plan.quarantine for line in quarantine_lines(each))
        yield "In quarantine", Group(*(Text(f"  {line}") for line in every))
    if shared := [*_shared_out(plan)]:
        yield "Rules over several groups, all of which each interface holds", Group(*shared)
    if plan.widened:
        yield (
            "Wider than declared, because exact entries do not fit (nacl-overflow: widen)",
            Group(*(Text(f"  {each}; security groups alone deny them") for each in plan.widened)),
        )
    yield "Flows", _flows(plan)
    yield "Security groups: who may connect", _groups(network)
    yield (
        "NACLs: what may cross a subnet's edge (deny is the rest)",
        Group(
            *(_acl(acl) for acl in network.nacls if acl.entries and not network.is_others(acl.id))
        ),
    )
    month = plan.month
    yield cost_title(month), cost_table(month)
    if known := ceilings(network, plan.flows):
        yield "What it costs in speed", Group(*map(Text, ceiling_lines(known)))


def _quotas(plan: Plan) -> Iterator[Text]:
    for field, quota in asdict(plan.quotas).items():
        if quota != getattr(DEFAULTS, field):
            key = key_of(field)
            told = plan.lock.quotas.get(key) == quota
            yield Text(f"  {key}: {quota}, {NAMES[field]}{', as the account told' * told}")


def _shared_out(plan: Plan) -> Iterator[Text]:
    """What was done where one group has no room for the rules of a service, and why."""
    network, holds = plan.network, plan.quotas.rules_per_group
    for service in network.services:
        first = network.security_group[service.security_group]
        beside = (network.security_group[each] for each in network.groups_beside(first))
        several = (first, *(each for each in beside if each.more_of))
        if len(several) > 1:
            counts = {way: sum(len(each.towards(way)) for each in several) for way in Direction}
            called = ", ".join(each.name for each in several)
            yield Text(
                f"  {service.name}: {counts[Direction.INGRESS]} in, "
                f"{counts[Direction.EGRESS]} out, and a group holds {holds} of each: {called} "
                f"(of {plan.quotas.groups_per_interface} that an interface may hold); rules of "
                f"others name {first.name} alone"
            )
    for group in network.security_groups:
        if group.named_by:
            holders = {each.service: None for each in network.interfaces_with(group.id)}
            yield Text(
                f"  {group.name}: rules of {group.named_by} name it instead of each of "
                f"{_few([*map(str, holders)])}, who hold it beside their own"
            )


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


_SHOWN: Final = 5


def _subnets(plan: Plan) -> LongTable:
    network = plan.network
    standing = {id_: name for name, zones in plan.standing.items() for id_ in zones.values()}
    table = LongTable("nacl", "segment", "zone", "subnet", "routes beside local")
    for subnet in network.subnets:
        routes = network.route_table[subnet.route_table].routes
        table.add_row(
            _guard(network, subnet, standing),
            subnet.segment or standing.get(subnet.id, ""),
            subnet.zone,
            ", ".join(map(str, subnet.cidrs)),
            ", ".join(map(_led, routes)) or "none" if not network.is_others(subnet.id) else "",
        )
    return table


def _guard(network: Network, subnet: Subnet, standing: Collection[str]) -> str:
    """By its name; of a subnet of others by its id, where a segment stands there."""
    if not network.is_others(subnet.id):
        return network.nacl[subnet.nacl].name
    return f"{subnet.nacl} of others" if subnet.id in standing else "of others"


def _led(route: Route) -> str:
    if route.target is TargetKind.GATEWAY_ENDPOINT:
        return f"{route.prefix_list} by gateway endpoint"
    return f"{route.destination} by {_WAYS.get(route.target, route.target)}"


_WAYS: Final = {
    TargetKind.VPN_GATEWAY: "VPN",
    TargetKind.NAT_GATEWAY: "NAT gateway",
    TargetKind.INTERNET_GATEWAY: "internet gateway",
    TargetKind.EGRESS_ONLY_GATEWAY: "egress-only internet gateway",
}


def _services(network: Network) -> LongTable:
    table = LongTable("service", "segment", "interfaces")
    for service in network.services:
        table.add_row(service.name, service.segment or "", ", ".join(_places(network, service)))
    return table


def _places(network: Network, service: Service) -> Iterator[str]:
    """Each interface; of those that come and go how many there may be, and in which subnets."""
    members = network.security_group[service.security_group].members
    if members is not None:
        yield "come and go" if members.limit is None else f"{members} come and go"
    for each in network.interfaces_of(service.name):
        subnet = network.subnet_of(each)
        places = ", ".join(map(str, subnet.cidrs if each.stand_in else each.addresses))
        where = f"any free of {places}" if each.stand_in else f"{each.name} {places}"
        yield f"{where} ({subnet.zone})"


def _sites(network: Network) -> LongTable:
    table = LongTable("site", "networks", "gateway", "trust", "routing", "tunnels")
    gateways = {each.id: each for each in network.customer_gateways}
    for site in network.sites:
        if site.vpn_connection is None:
            continue
        connection = network.vpn_connection[site.vpn_connection]
        gateway = gateways[connection.customer_gateway]
        first = connection.tunnels[0]
        table.add_row(
            site.name,
            ", ".join(map(str, site.cidrs)),
            f"{gateway.address} AS {gateway.asn}",
            "trusted" if site.trusted else "untrusted",
            _routing(network, connection),
            f"{'/'.join(first.ike_versions)} {'/'.join(first.phase2_encryption)} "
            f"DH {'/'.join(map(str, first.phase2_dh_groups))}",
        )
    return table


def _routing(network: Network, connection: VpnConnection) -> str:
    if connection.routing is not SiteRouting.BGP:
        return "static"
    ours = next(
        (each.asn for each in network.vpn_gateways if each.id == connection.vpn_gateway), None
    )
    return f"BGP with AS {ours}" if ours else "BGP"


def _flows(plan: Plan) -> LongTable:
    table = LongTable("from", "type", "to", "type", "traffic", "mechanism")
    for flow in plan.flows:
        table.add_row(
            flow.client_said,
            flow.client_type,
            flow.server.name,
            flow.server.type,
            flow.server.traffic,
            _secured(flow),
        )
    return table


def _secured(flow: Flow) -> str:
    """'CURVE with ZAP', 'NULL, which the VPC encrypts'."""
    vpc = ", which the VPC encrypts" * flow.relies_on_vpc
    return f"{flow.mechanism or 'none'}{' with ZAP' * flow.zap}{vpc}"


def _groups(network: Network) -> LongTable:
    table = LongTable("service", "lets in", "lets out")
    for group in network.security_groups:
        if group.service is not None or group.more_of:
            table.add_row(
                group.service or group.name,
                *(
                    "\n".join(each.description for each in group.towards(direction)) or "nothing"
                    for direction in (Direction.INGRESS, Direction.EGRESS)
                ),
            )
    return table


def _acl(acl: NetworkAcl) -> LongTable:
    table = LongTable(f"{acl.name} in", "out")
    table.add_row(
        *(
            "\n".join(f"{each.number} {each.says()}" for each in acl.ordered(direction))
            or "nothing"
            for direction in (Direction.INGRESS, Direction.EGRESS)
        )
    )
    return table
