"""From a topology and its plan to what the far end of one of its sites has to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Interface, IPv4Network, collapse_addresses

from bulkhead.intent import Topology
from bulkhead.network import (
    CustomerGateway,
    Flow,
    PortRange,
    SiteRouting,
    VpnConnection,
    is_of_family,
)
from bulkhead.onsite.parts import (
    DevicePassage,
    Onsite,
    OnsiteHost,
    OnsiteTunnel,
    Speaking,
    StandingTunnel,
)
from bulkhead.plan import Plan

_Crossing = tuple[bool, tuple[IPv4Network, ...], tuple[IPv4Network, ...], int, PortRange]


def onsite(
    topology: Topology,
    plan: Plan,
    site: str,
    standing: Sequence[StandingTunnel] = (),
) -> Onsite:
    """What the side of a site needs; `standing` is what AWS gave its tunnels, once they are made.

    Raises KeyError for a site that there is not.
    """
    declared = topology.sites[site]
    network = plan.network
    connection = next(each for each in network.vpn_connections if each.site == site)
    device = next(
        each for each in network.customer_gateways if each.id == connection.customer_gateway
    )
    return Onsite(
        topology=topology.name,
        site=site,
        region=topology.region,
        trusted=declared.trust == "trusted",
        device=device,
        connection=connection.id,
        networks=declared.cidrs,
        beyond=tuple(collapse_addresses(_of_vpc(plan, connection))),
        bgp=_speaking(plan, connection, device),
        tunnels=tuple(_tunnels(connection, standing)),
        passages=tuple(_passages(topology, plan, site)),
        hosts=tuple(
            OnsiteHost(
                name=name,
                at=at,
                purpose=declared.host_purposes.get(name, ""),
                vlan=declared.vlans.get(name),
            )
            for name, at in declared.hosts.items()
        ),
    )


def _of_vpc(plan: Plan, connection: VpnConnection) -> Iterator[IPv4Network]:
    """The blocks of the VPC to whose gateway it leads, and of no other that is joined to that."""
    gateways = {each.id: each.vpc for each in plan.network.vpn_gateways}
    blocks = plan.network.vpc[gateways[connection.vpn_gateway]].cidrs
    return (each for each in blocks if isinstance(each, IPv4Network))


def _speaking(plan: Plan, connection: VpnConnection, device: CustomerGateway) -> Speaking | None:
    if connection.routing is not SiteRouting.BGP:
        return None
    gateways = {each.id: each.asn for each in plan.network.vpn_gateways}
    aws = gateways[connection.vpn_gateway]
    if aws is None:
        raise ValueError(f"{connection.id}: a plan with BGP knows the number of AWS's side")
    return Speaking(
        own=device.asn,
        aws=aws,
        announces=tuple(each for each in connection.routes if isinstance(each, IPv4Network)),
        accepts=tuple(_of_vpc(plan, connection)),
    )


def _tunnels(
    connection: VpnConnection, standing: Sequence[StandingTunnel]
) -> Iterator[OnsiteTunnel]:
    stands = {each.number: each for each in standing}
    for number, each in enumerate(connection.tunnels, start=1):
        if (inside := each.inside_cidr) is None:
            raise ValueError(f"{connection.id}: a plan gives every tunnel its inside network")
        there = stands.get(number)
        yield OnsiteTunnel(
            number=number,
            outside=there.outside if there else None,
            inside=IPv4Interface((inside[2], inside.prefixlen)),
            beyond=inside[1],
            options=each,
            key=there.key if there else "",
        )


def _passages(topology: Topology, plan: Plan, site: str) -> Iterator[DevicePassage]:
    crossing: dict[_Crossing, list[str]] = defaultdict(list)
    for flow in plan.flows:
        if is_of_family(flow.server.protocol, 4) and site in (flow.client, flow.server.owner):
            crossing[_crossing(topology, plan, site, flow)].append(str(flow))
    for (outward, inside, beyond, protocol, ports), flows in sorted(
        crossing.items(), key=lambda each: (not each[0][0], each[0][3:], each[0][1:3])
    ):
        yield DevicePassage(
            outward=outward,
            inside=inside,
            beyond=beyond,
            protocol=protocol,
            ports=ports,
            flows=tuple(dict.fromkeys(flows)),
        )


def _crossing(topology: Topology, plan: Plan, site: str, flow: Flow) -> _Crossing:
    server = flow.server
    if flow.client == site:
        inside = flow.clients_at or topology.sites[site].cidrs
        other = server.owner
    else:
        inside = topology.sites[site].cidrs if server.alone_at is None else (server.alone_at,)
        other = flow.client
    beyond = _places(topology, plan, other)
    return flow.client == site, _joined(inside), beyond, server.protocol, server.ports


def _places(topology: Topology, plan: Plan, end: str) -> tuple[IPv4Network, ...]:
    """The addresses of a service's copies; of those that come and go the subnets where they do."""
    here = [each for each in plan.network.interfaces if each.service == end]
    service = topology.services.get(topology.whose(end))  # none of a load balancer
    if service is not None and service.comes_and_goes:
        subnets = {each.subnet for each in here}
        cidrs = (each.cidr for each in plan.network.subnets if each.id in subnets)
        return _joined(each for each in cidrs if isinstance(each, IPv4Network))
    return _joined(IPv4Network(each.address) for each in here if each.address)


def _joined(networks: Iterable[IPv4Network]) -> tuple[IPv4Network, ...]:
    return tuple(collapse_addresses(networks))
