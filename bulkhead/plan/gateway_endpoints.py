"""Services of AWS that are reached by a route: S3 and DynamoDB, by gateway endpoints.

A gateway endpoint is in the route tables of those units alone whose services need it. Rules of
groups name AWS's prefix list. A NACL cannot, so its entries for it are for everybody (`acls`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import CidrPeer, GatewayEndpoint, IPNetwork, Peer, Route, TargetKind
from bulkhead.network.aws_services import STAND_INS, called, full_name
from bulkhead.plan.aws_needs import called_by, calls_of
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.units import Unit

_CALLED: Final = {called(name): name for name in STAND_INS}
_LISTS: Final[Mapping[IPNetwork, str]] = {block: name for name, block in STAND_INS.items()}


def gateway_calls(topology: Topology) -> Iterator[tuple[str, str]]:
    """Each service that needs one of these, and what that is called: ('ticker', 'AWS s3')."""
    return ((client, name) for client, name in calls_of(topology) if name in _CALLED)


def gateway_endpoints(topology: Topology) -> tuple[GatewayEndpoint, ...]:
    """Those that anybody needs."""
    needed = {name for _, name in gateway_calls(topology)}
    return tuple(
        GatewayEndpoint(
            id=_endpoint_id(name),
            name=f"{topology.name}-{name}",
            vpc=vpc_id(topology),
            service=full_name(topology.region, name),
            prefix_list=name,
            cidrs=(block,),
        )
        for name, block in STAND_INS.items()
        if called(name) in needed
    )


def routes_to_services(topology: Topology, unit: Unit) -> Iterator[Route]:
    """From the subnets of a unit to what its services need."""
    services = topology.services
    inside = (services[each.name] for each in unit.interfaces if each.name in services)
    needed = {name for service in inside for name in called_by(service)}
    for name, block in STAND_INS.items():
        if called(name) in needed:
            yield Route(
                destination=block,
                target=TargetKind.GATEWAY_ENDPOINT,
                target_id=_endpoint_id(name),
                prefix_list=name,
            )


def block_of(name: str) -> IPv4Network | None:
    """What stands for the addresses of 'AWS s3'; None for the name of anybody else."""
    return STAND_INS[_CALLED[name]] if name in _CALLED else None


def list_of(peer: Peer) -> str | None:
    """The prefix list that a rule names where its peer is such a service: 's3'."""
    return _LISTS.get(peer.cidr) if isinstance(peer, CidrPeer) else None


def _endpoint_id(name: str) -> str:
    return f"vpce/{name}"
