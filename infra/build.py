"""From a plan to components: every part of the network, wired to the parts it refers to."""

from __future__ import annotations

import pulumi

from bulkhead.network import SaidOf
from bulkhead.plan import Plan
from components import Segment, Service, Site, Vpc


def build(plan: Plan) -> Vpc:
    """Create the components of a planned network; returns the VPC."""
    network = plan.network
    (planned_vpc,) = network.vpcs
    planned_gateway = network.vpn_gateways[0] if network.vpn_gateways else None
    vpc = Vpc(
        plan.topology,
        planned_vpc,
        planned_gateway,
        words=SaidOf(purpose=f"the network of {plan.topology}"),
    )
    gateway_ids: dict[str, pulumi.Input[str]] = {}
    if planned_gateway is not None and vpc.vpn_gateway_id is not None:
        gateway_ids[planned_gateway.id] = vpc.vpn_gateway_id
    subnet_ids = _segments(plan, vpc, gateway_ids)
    _services(plan, vpc, subnet_ids)
    _sites(plan, gateway_ids)
    return vpc


def _segments(
    plan: Plan, vpc: Vpc, gateway_ids: dict[str, pulumi.Input[str]]
) -> dict[str, pulumi.Input[str]]:
    network = plan.network
    subnet_ids: dict[str, pulumi.Input[str]] = {}
    for acl in network.nacls:
        subnets = [each for each in network.subnets if each.nacl == acl.id]
        # The VPC adopts its default NACL itself.
        if subnets and not acl.default:
            segment = Segment(
                acl.name,
                plan.topology,
                subnets=subnets,
                acl=acl,
                route_table=network.route_table[subnets[0].route_table],
                vpc_id=vpc.vpc_id,
                gateway_ids=gateway_ids,
                words=plan.said["segment", subnets[0].segment or acl.name],
            )
            subnet_ids |= segment.subnet_ids
    return subnet_ids


def _services(plan: Plan, vpc: Vpc, subnet_ids: dict[str, pulumi.Input[str]]) -> None:
    network = plan.network
    services = {
        planned.security_group: Service(
            planned.name,
            plan.topology,
            group=network.security_group[planned.security_group],
            interfaces=network.interfaces_of(planned.name),
            listeners=[each for each in network.listeners if each.owner == planned.name],
            vpc_id=vpc.vpc_id,
            subnet_ids=subnet_ids,
            words=plan.said["service", planned.name],
        )
        for planned in network.services
    }
    group_ids = {planned: service.security_group_id for planned, service in services.items()}
    for service in services.values():
        service.open(group_ids)


def _sites(plan: Plan, gateway_ids: dict[str, pulumi.Input[str]]) -> None:
    network = plan.network
    customer_gateway = {each.id: each for each in network.customer_gateways}
    for site in network.sites:
        if site.vpn_connection is None:
            continue
        connection = network.vpn_connection[site.vpn_connection]
        Site(
            site.name,
            plan.topology,
            site=site,
            customer_gateway=customer_gateway[connection.customer_gateway],
            connection=connection,
            listeners=[each for each in network.listeners if each.owner == site.name],
            vpn_gateway_id=gateway_ids[connection.vpn_gateway],
            words=plan.said["site", site.name],
        )
