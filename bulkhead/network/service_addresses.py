"""Where AWS's services are: in a plan what stands for them, in what was found what AWS says.

Whose addresses are in a prefix list of AWS's, AWS alone knows, and it changes them. Who compares
a plan with what was found takes them from there: that they are others today is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bulkhead.network.addresses import IPNetwork
from bulkhead.network.aws_services import HTTPS, STAND_INS
from bulkhead.network.balancer_addresses import with_places_of
from bulkhead.network.gateways import GatewayEndpoint, Route
from bulkhead.network.model import Listener, Network
from bulkhead.network.ports import TCP
from bulkhead.network.public_addresses import with_public_addresses_of
from bulkhead.network.rules import CidrPeer, GroupRule


def https_of(endpoints: Iterable[GatewayEndpoint]) -> Iterator[Listener]:
    """Where those of them answer whose addresses are known."""
    for name in dict.fromkeys(each.called for each in endpoints if each.cidrs):
        yield Listener(owner=name, socket="", type="TCP", protocol=TCP, ports=HTTPS)


@dataclass(frozen=True, slots=True)
class _Found:
    """The id of a list, and what is in it."""

    prefix_list: str | None
    cidrs: tuple[IPNetwork, ...]


def with_addresses_of(planned: Network, found: Network) -> Network:
    """A plan in which AWS's services are where they are in a network that was found, and public
    addresses the ones that AWS gave there.

    Itself, where nothing stands for anything, or nobody knows for what.
    """
    planned = with_public_addresses_of(with_places_of(planned, found), found)
    known = {
        each.service: _Found(each.prefix_list, each.cidrs)
        for each in found.gateway_endpoints
        if each.cidrs
    }
    real = {
        each.cidrs[0]: known[each.service]
        for each in planned.gateway_endpoints
        if _stands_in(each)
        and known.get(each.service) not in (None, _Found(each.prefix_list, each.cidrs))
    }
    if not real:
        return planned
    return replace(
        planned,
        gateway_endpoints=tuple(_endpoints(planned.gateway_endpoints, real)),
        security_groups=tuple(
            replace(each, rules=tuple(_rules(each.rules, real))) for each in planned.security_groups
        ),
        route_tables=tuple(
            replace(each, routes=tuple(_routes(each.routes, real))) for each in planned.route_tables
        ),
    )


_Real = Mapping[IPNetwork, _Found]
"""What stands in, and for what."""


def _stands_in(endpoint: GatewayEndpoint) -> bool:
    return len(endpoint.cidrs) == 1 and endpoint.cidrs[0] in STAND_INS.values()


def _endpoints(several: Iterable[GatewayEndpoint], real: _Real) -> Iterator[GatewayEndpoint]:
    for each in several:
        there = real.get(each.cidrs[0]) if each.cidrs else None
        yield (replace(each, prefix_list=there.prefix_list, cidrs=there.cidrs) if there else each)


def _rules(several: Iterable[GroupRule], real: _Real) -> Iterator[GroupRule]:
    for each in several:
        there = real.get(each.peer.cidr) if isinstance(each.peer, CidrPeer) else None
        if there is None:
            yield each
            continue
        for cidr in there.cidrs:
            yield replace(each, peer=CidrPeer(cidr), prefix_list=there.prefix_list)


def _routes(several: Iterable[Route], real: _Real) -> Iterator[Route]:
    for each in several:
        there = real.get(each.destination)
        if there is None:
            yield each
            continue
        for cidr in there.cidrs:
            yield replace(each, destination=cidr, prefix_list=there.prefix_list)
