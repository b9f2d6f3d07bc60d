"""From a plan to components: every part of the network, wired to the parts it refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

import pulumi

from bulkhead.components.balancer import Balancer
from bulkhead.components.base import with_two_dots
from bulkhead.components.fabric.subnets_of_others import SubnetsOfOthers
from bulkhead.components.fabric.turns import Turns
from bulkhead.components.flow_logs import FlowLogs
from bulkhead.components.gateway_endpoint import GatewayEndpoint
from bulkhead.components.interface_endpoint import InterfaceEndpoint
from bulkhead.components.monitoring import TunnelAlarms
from bulkhead.components.nat import Nat
from bulkhead.components.peering import Peering
from bulkhead.components.private_names import PrivateNames
from bulkhead.components.public_access import PublicAccessOptions
from bulkhead.components.segment import Segment
from bulkhead.components.service import Service
from bulkhead.components.shared_group import SharedGroup
from bulkhead.components.site import Site
from bulkhead.components.vpc import Vpc
from bulkhead.network import (
    Interface,
    Network,
    NetworkAcl,
    SaidOf,
    SecurityGroup,
    Subnet,
    is_behind,
    is_of_a_cluster,
    is_planned_balancer,
)
from bulkhead.network import within as lies_within
from bulkhead.plan import NAT_SEGMENT, Plan, endpoint_of, group_id, is_endpoint

_Key = TypeVar("_Key")
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The components of a network, each by what its part is called in the topology."""

    vpcs: Mapping[str, Vpc]
    """By what segments call it; '' where there is one alone."""
    peerings: Mapping[str, Peering]
    """By the names of both: 'core-market'."""
    segments: Mapping[str, Segment]
    """By what stands behind one NACL: 'feed', 'risk.limits' of a segment isolated by service."""
    services: Mapping[str, Service]
    sites: Mapping[str, Site]
    names: PrivateNames | None
    nats: Sequence[Nat]
    """One for all zones, or one in each."""
    endpoints: Mapping[str, GatewayEndpoint]
    """By the service of AWS: 's3'."""
    guests: SubnetsOfOthers | None
    """What segments stand in that have no subnets of their own."""
    shared_groups: Mapping[str, SharedGroup]
    """By what stands for those who hold it: 'db+clients-tcp-6000'."""
    interface_endpoints: Mapping[str, InterfaceEndpoint]
    """By what we call the service of AWS: 'AWS ssm'."""
    balancers: Mapping[str, Balancer]
    """By what we call the load balancer: 'NLB-broker', 'public-NLB-broker'."""


@dataclass(frozen=True, slots=True)
class Within:
    """What all components of one network have in common."""

    name: str
    opts: pulumi.ResourceOptions | None

    def called(self, part: str) -> str:
        """The Pulumi name of the component of a part."""
        return f"{self.name}-{part.replace(' ', '-')}"

    def former(
        self, plan: Plan, kind: Literal["segment", "service", "site"], name: str
    ) -> list[str]:
        """What the component of a part was called while that was called otherwise."""
        every = plan.former.get((kind, name), ())
        return [self.called(with_two_dots(old) if kind == "service" else old) for old in every]


def build(plan: Plan, name: str | None = None, opts: pulumi.ResourceOptions | None = None) -> Built:
    """Create the components of a planned network, all with these options.

    `name` is what their names begin with, that of the topology if None.
    """
    within = Within(name or plan.topology, opts)
    network = plan.network
    vpcs = _vpcs(plan, within)
    # What only a network of one VPC has so far is in that.
    vpc = next(iter(vpcs.values()))
    joins = {
        each.id: Peering(
            within.called(each.name),
            plan.topology,
            peering=each,
            requester_id=vpcs[each.requester.vpc].vpc_id,
            accepter_id=vpcs[each.accepter.vpc].vpc_id,
            opts=opts,
        )
        for each in network.peerings
    }
    gateway_ids = _gateway_ids(network, vpcs)
    gateway_ids |= {id_: each.peering_id for id_, each in joins.items()}
    # Subnets of NAT gateways lead to none of these, and stand before whoever leads there.
    beneath = {each.nacl for each in network.subnets if each.segment == NAT_SEGMENT}
    first = [each for each in network.nacls if each.id in beneath]
    segments = _segments(plan, within, vpcs, gateway_ids, first)
    nats = _nats(plan, within, vpc, segments)
    gateway_ids |= {id_: each.nat_gateway_id for id_, each in nats.items()}
    others = [each for each in network.nacls if each.id not in beneath]
    segments |= _segments(plan, within, vpcs, gateway_ids, others)
    _block_public_access(plan, within, vpc, segments)
    endpoints = _endpoints(plan, within, vpc, segments)
    guests = _of_others(plan, within)
    subnet_ids = {**_subnet_ids(segments), **dict(_guest_ids(plan, guests))}
    shared = _shared_groups(plan, within, vpc)
    turns = Turns(plan.network, {id_: one.security_group_id for id_, one in shared.items()})
    services = _services(plan, within, vpcs, segments, subnet_ids=subnet_ids, turns=turns)
    # Most resources are rules, and of each the SDK sends every frame of the stack: the fewer.
    named = _whom_rules_name(plan, services, endpoints, turns)
    far = _in_other_vpcs(network, joins)
    for each, service in services.items():
        service.open(*named, far[each])
    turns.settle(services)
    sites = _sites(plan, within, gateway_ids)
    if plan.monitoring is not None:
        TunnelAlarms(
            within.called("tunnels"),
            plan.topology,
            monitoring=plan.monitoring,
            sites=sites,
            region=network.vpcs[0].region,
            opts=opts,
        )
    return Built(
        vpcs={name: vpcs[id_] for name, id_ in plan.vpc_ids.items()},
        peerings={each.name: joins[each.id] for each in network.peerings},
        segments=segments,
        services=services,
        endpoints=endpoints,
        shared_groups={plan.network.security_group[id_].name: each for id_, each in shared.items()},
        interface_endpoints=_interface_endpoints(plan, within, vpc, services, subnet_ids),
        balancers=_balancers(plan, within, vpc, services, segments),
        sites=sites,
        names=_names(plan, within, vpcs),
        nats=[*nats.values()],
        guests=guests,
    )


def _vpcs(plan: Plan, within: Within) -> dict[str, Vpc]:
    """By what they are called in the plan, each with its gateways and its flow log."""
    network, found = plan.network, dict[str, Vpc]()
    logs = {each.vpc: each for each in plan.logs}
    for name, id_ in plan.vpc_ids.items():
        gateway = _of(network.vpn_gateways, id_)
        purpose = plan.said["vpc", network.vpc[id_].name].purpose if name else ""
        found[id_] = vpc = Vpc(
            within.called(name) if name else within.name,
            network.vpc[id_],
            gateway,
            words=SaidOf(purpose=purpose or f"the network of {plan.topology}"),
            existing=plan.existing or None,
            ipv6_pool=plan.ipv6_pool,
            gateway_exists=gateway is not None and network.is_others(gateway.id),
            internet_gateway=_of(network.internet_gateways, id_),
            egress_only_gateway=_of(network.egress_only_gateways, id_),
            opts=within.opts,
        )
        if id_ in logs:
            FlowLogs(
                within.called(f"{name}-flow-logs" if name else "flow-logs"),
                plan.topology,
                logging=logs[id_],
                vpc_id=vpc.vpc_id,
                vpc_arn=vpc.vpc_arn,
                opts=within.opts,
            )
    return found


class _InVpc(Protocol):
    @property
    def vpc(self) -> str: ...


_Gateway = TypeVar("_Gateway", bound=_InVpc)


def _of(several: Iterable[_Gateway], vpc: str) -> _Gateway | None:
    """The one of a VPC, which has no more."""
    return next((each for each in several if each.vpc == vpc), None)


def _gateway_ids(network: Network, vpcs: Mapping[str, Vpc]) -> dict[str, pulumi.Input[str]]:
    """By what they are called in the plan."""
    found: dict[str, pulumi.Output[str] | None] = {}
    for each in network.vpn_gateways:
        found[each.id] = vpcs[each.vpc].vpn_gateway_id
    for gateway in network.internet_gateways:
        found[gateway.id] = vpcs[gateway.vpc].internet_gateway_id
    for out in network.egress_only_gateways:
        found[out.id] = vpcs[out.vpc].egress_only_gateway_id
    return {name: id_ for name, id_ in found.items() if id_ is not None}


def _in_other_vpcs(
    network: Network, joins: Mapping[str, Peering]
) -> Mapping[str, Mapping[str, pulumi.Resource]]:
    """By service, of each group of another VPC what joins the two."""
    between: dict[str, dict[str, pulumi.Resource]] = defaultdict(dict)
    for each in network.peerings:
        one, other = each.requester.vpc, each.accepter.vpc
        between[one][other] = between[other][one] = joins[each.id].made
    return {
        service.name: {
            group.id: between[own][group.vpc]
            for group in network.security_groups
            if group.vpc in between[own]
        }
        for service in network.services
        for own in (network.security_group[service.security_group].vpc,)
    }


def _nats(plan: Plan, within: Within, vpc: Vpc, segments: Mapping[str, Segment]) -> dict[str, Nat]:
    """By what each is called in the plan: a regional one, or one in each zone, made once the
    subnets there lead out: until then nothing leads to it."""
    found: dict[str, Nat] = {}
    subnet_ids = _subnet_ids(segments)
    guards = [each for several in _guards(segments).values() for each in several]
    for planned in plan.network.nat_gateways:
        subnet = plan.network.subnet[planned.subnet] if planned.subnet else None
        found[planned.id] = Nat(
            within.called(f"nat-{subnet.zone}" if subnet else "nat"),
            plan.topology,
            nat=planned,
            vpc_id=vpc.vpc_id,
            subnet=(subnet.zone, subnet_ids[subnet.id]) if subnet else None,
            after=[*vpc.attached, *vpc.held, *guards],
            was=[within.called(f"nat-{each}") for each in _was_zone(plan, subnet)],
            zones_were=_zones_were(plan),
            opts=within.opts,
        )
    return found


def _was_zone(plan: Plan, subnet: Subnet | None) -> list[str]:
    were = _zones_were(plan)
    return [were[subnet.zone]] if subnet is not None and subnet.zone in were else []


def _zones_were(plan: Plan) -> dict[str, str]:
    """What zones were called, of those that are called otherwise now."""
    return {zone: was[0] for (kind, zone), was in plan.former.items() if kind == "zone"}


def _names(plan: Plan, within: Within, vpcs: Mapping[str, Vpc]) -> PrivateNames | None:
    if plan.zone is None:
        return None
    vpc = vpcs[plan.zone.vpc]
    return PrivateNames(
        within.called("names"),
        plan.topology,
        zone=plan.zone,
        vpc_id=vpc.vpc_id,
        more_vpc_ids=[vpcs[each].vpc_id for each in plan.zone.more_vpcs],
        ipv6=vpc.ipv6,
        opts=within.opts,
    )


def _block_public_access(
    plan: Plan, within: Within, vpc: Vpc, segments: Mapping[str, Segment]
) -> None:
    """Once everything is excluded that has to be, where this stack is to turn it on."""
    planned = plan.network.vpcs[0]
    if planned.access_block is not None and planned.access_block.by_account:
        PublicAccessOptions(
            within.called("public-access"),
            plan.topology,
            block=planned.access_block,
            after=[
                *vpc.exclusions,
                *(one for each in segments.values() for one in each.exclusions),
            ],
            opts=within.opts,
        )


def _subnet_ids(segments: Mapping[str, Segment]) -> dict[str, pulumi.Input[str]]:
    return {id_: each for one in segments.values() for id_, each in one.subnet_ids.items()}


def _guards(segments: Mapping[str, Segment]) -> dict[str, list[pulumi.Resource]]:
    return {id_: each for one in segments.values() for id_, each in one.guards.items()}


def _guest_ids(
    plan: Plan, guests: SubnetsOfOthers | None
) -> Iterator[tuple[str, pulumi.Input[str]]]:
    """Those of others, by their planned ids."""
    for segment, zones in guests.subnet_ids.items() if guests else ():
        yield from ((plan.standing[segment][zone], each) for zone, each in zones.items())


def _of_others(plan: Plan, within: Within) -> SubnetsOfOthers | None:
    """The subnets that segments stand in; None where all have their own."""
    if not plan.standing:
        return None
    network = plan.network
    return SubnetsOfOthers(
        within.called("subnets-of-others"),
        plan.topology,
        subnets={
            segment: {zone: network.subnet[id_] for zone, id_ in zones.items()}
            for segment, zones in plan.standing.items()
        },
        main=frozenset(each.id for each in network.route_tables if each.main),
        opts=within.opts,
    )


def _segments(
    plan: Plan,
    within: Within,
    vpcs: Mapping[str, Vpc],
    gateway_ids: Mapping[str, pulumi.Input[str]],
    acls: Iterable[NetworkAcl],
) -> dict[str, Segment]:
    network = plan.network
    behind = _by(network.subnets, lambda each: each.nacl)
    segments: dict[str, Segment] = {}
    for acl in acls:
        subnets, vpc = behind[acl.id], vpcs[acl.vpc]
        # The VPC adopts its default NACL itself, and others have their own.
        if subnets and not acl.default and not network.is_others(acl.id):
            segments[acl.place] = Segment(
                within.called(acl.place),
                plan.topology,
                subnets=subnets,
                acl=acl,
                route_table=[
                    network.route_table[each]
                    for each in dict.fromkeys(each.route_table for each in subnets)
                ],
                vpc_id=vpc.vpc_id,
                gateway_ids=gateway_ids,
                ipv6=vpc.ipv6,
                after=[
                    *vpc.held,
                    *(
                        made
                        for at, made in vpc.more_blocks.items()
                        if lies_within(subnets[0].cidr, at)
                    ),
                ],
                words=plan.said["segment", subnets[0].segment or acl.place],
                was=within.former(plan, "segment", acl.place),
                zones_were=_zones_were(plan),
                opts=within.opts,
            )
    return segments


def _endpoints(
    plan: Plan, within: Within, vpc: Vpc, segments: Mapping[str, Segment]
) -> dict[str, GatewayEndpoint]:
    network = plan.network
    found: dict[str, GatewayEndpoint] = {}
    for planned in network.gateway_endpoints:
        service = planned.service.rpartition(".")[2]
        found[service] = GatewayEndpoint(
            within.called(service),
            plan.topology,
            endpoint=planned,
            vpc_id=vpc.vpc_id,
            vpc_arn=vpc.vpc_arn,
            opts=within.opts,
        )
        leading = {
            table.id: table.name
            for table in network.route_tables
            for route in table.routes
            if route.target_id == planned.id
        }
        found[service].reach(
            {
                leading[table]: id_
                for each in segments.values()
                for table, id_ in each.route_table_ids.items()
                if table in leading
            }
        )
    return found


def _shared_groups(plan: Plan, within: Within, vpc: Vpc) -> dict[str, SharedGroup]:
    """By what they are called in the plan."""
    return {
        planned.id: SharedGroup(
            within.called(_shared_called(planned, planned.named_by)),
            plan.topology,
            group=planned,
            vpc_id=vpc.vpc_id,
            was=[
                within.called(_shared_called(planned, old))
                for old in plan.former.get(("service", planned.named_by), ())
            ],
            opts=within.opts,
        )
        for planned in plan.network.security_groups
        if planned.named_by
    }


def _shared_called(group: SecurityGroup, named_by: str) -> str:
    """'db+clients-tcp-6000', with what the service that names it is, or was, called."""
    return with_two_dots(named_by) + group.name.removeprefix(group.named_by)


def _services(
    plan: Plan,
    within: Within,
    vpcs: Mapping[str, Vpc],
    segments: Mapping[str, Segment],
    *,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    turns: Turns,
) -> dict[str, Service]:
    network = plan.network
    # The NACL and the table that a VPC of others gives a new subnet may let everything pass.
    guards = _guards(segments) if plan.existing else {}
    interfaces = _by(network.interfaces, lambda each: each.service)
    listeners = _by(network.listeners, lambda each: each.owner)
    made = [each for each in network.security_groups if not is_of_a_cluster(each.id)]
    more = _by(made, lambda each: each.more_of)
    return {
        planned.name: Service(
            within.called(with_two_dots(planned.name)),
            plan.topology,
            group=network.security_group[planned.security_group],
            more=more[planned.name],
            shared=turns.shared_by(planned.name),
            interfaces=_made_here(planned.name, interfaces[planned.name]),
            listeners=listeners[planned.name],
            interface=planned.interface,
            of=planned.of,
            vpc_id=(vpc := vpcs[network.security_group[planned.security_group].vpc]).vpc_id,
            subnet_ids=subnet_ids,
            ipv6=vpc.ipv6,
            words=plan.said["service", planned.name],
            was=within.former(plan, "service", planned.name),
            after=turns.before(
                planned.name,
                [
                    guard
                    for subnet in dict.fromkeys(each.subnet for each in interfaces[planned.name])
                    for guard in guards.get(subnet, ())
                ],
            ),
            attached=vpc.attached,
            opts=within.opts,
        )
        for planned in network.services
    }


def _whom_rules_name(
    plan: Plan,
    services: Mapping[str, Service],
    endpoints: Mapping[str, GatewayEndpoint],
    turns: Turns,
) -> tuple[
    Mapping[str, pulumi.Input[str]], Mapping[str, Sequence[str]], Mapping[str, pulumi.Input[str]]
]:
    """What `Service.open` takes: ids of groups, what these were called, ids of prefix lists."""
    of_services = plan.network.services
    return (
        {
            **{each.security_group: services[each.name].security_group_id for each in of_services},
            **turns.group_ids,
        },
        {
            each.security_group: [
                group_id(old) for old in plan.former.get(("service", each.name), ())
            ]
            for each in of_services
        }
        | {
            each.id: [
                group_id(old + each.name.removeprefix(each.named_by))
                for old in plan.former.get(("service", each.named_by), ())
            ]
            for each in plan.network.security_groups
            if each.named_by
        },
        {name: each.prefix_list_id for name, each in endpoints.items()},
    )


def _made_here(service: str, interfaces: Sequence[Interface]) -> Sequence[Interface]:
    """Those of an endpoint and of a load balancer AWS makes, and those that come and go whoever
    runs the service."""
    if is_endpoint(service) or is_planned_balancer(service):
        return ()
    return [each for each in interfaces if not each.stand_in]


def _interface_endpoints(
    plan: Plan,
    within: Within,
    vpc: Vpc,
    services: Mapping[str, Service],
    subnet_ids: Mapping[str, pulumi.Input[str]],
) -> dict[str, InterfaceEndpoint]:
    network = plan.network
    return {
        planned.name: InterfaceEndpoint(
            within.called(planned.name),
            plan.topology,
            called=planned.name,
            service=endpoint_of(planned.name, network.vpcs[0].region),
            interfaces=network.interfaces_of(planned.name),
            vpc_id=vpc.vpc_id,
            vpc_arn=vpc.vpc_arn,
            group_id=services[planned.name].security_group_id,
            more_group_ids=services[planned.name].security_group_ids[1:],
            subnet_ids=subnet_ids,
            opts=within.opts,
        )
        for planned in network.services
        if is_endpoint(planned.name)
    }


def _balancers(
    plan: Plan,
    within: Within,
    vpc: Vpc,
    services: Mapping[str, Service],
    segments: Mapping[str, Segment],
) -> dict[str, Balancer]:
    network = plan.network
    subnet_ids = _subnet_ids(segments)
    found: dict[str, Balancer] = {}
    for planned in network.load_balancers:
        behind = services[is_behind(planned.name)]
        found[planned.name] = Balancer(
            within.called(planned.name),
            plan.topology,
            balancer=planned,
            interfaces=network.interfaces_of(planned.name),
            targets={
                each.id: _once_there(behind.interface_urns[each.name], str(each.address))
                for each in network.interfaces_of(is_behind(planned.name))
            },
            vpc_id=vpc.vpc_id,
            group_ids=services[planned.name].security_group_ids,
            subnet_ids=subnet_ids,
            zones={each.id: each.zone for each in network.subnets},
            attached=vpc.attached,
            after=[each for several in _guards(segments).values() for each in several],
            was=within.former(plan, "service", planned.name),
            opts=within.opts,
        )
    return found


def _once_there(urn: pulumi.Output[str], address: str) -> pulumi.Output[str]:
    """An address once the interface that has it stands: a target that nobody answers is unhealthy.
    By its URN, which a preview knows."""
    return urn.apply(lambda _: address)


def _sites(
    plan: Plan, within: Within, gateway_ids: Mapping[str, pulumi.Input[str]]
) -> dict[str, Site]:
    network = plan.network
    customer_gateway = {each.id: each for each in network.customer_gateways}
    listeners = _by(network.listeners, lambda each: each.owner)
    sites: dict[str, Site] = {}
    for site in network.sites:
        if site.vpn_connection is None:
            continue
        connection = network.vpn_connection[site.vpn_connection]
        sites[site.name] = Site(
            within.called(site.name),
            plan.topology,
            site=site,
            customer_gateway=customer_gateway[connection.customer_gateway],
            connection=connection,
            listeners=listeners[site.name],
            log_retention=plan.log_retention.get(site.name, 365),
            vpn_gateway_id=gateway_ids[connection.vpn_gateway],
            words=plan.said["site", site.name],
            was=within.former(plan, "site", site.name),
            opts=within.opts,
        )
    return sites


def _by(parts: Iterable[_Part], key: Callable[[_Part], _Key]) -> defaultdict[_Key, list[_Part]]:
    found: defaultdict[_Key, list[_Part]] = defaultdict(list)
    for part in parts:
        found[key(part)].append(part)
    return found
