"""What only stands beside what was asked for: no difference of it. In VPCs that are neighbours, and
as others' in a VPC that is shared with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from bulkhead.network import AttachmentKind, Network

Beside = Callable[[str, Any], bool]
"""Field of a Network, thing of it -> whether it is a neighbour's, or between neighbours."""


def of_neighbours(network: Network) -> Beside:
    """What joins a neighbour to the VPC that was asked for is that one's, and no neighbour's."""
    neighbours = network.neighbours
    if not (neighbours or network.beside):
        return lambda _kind, _thing: False
    asked = set(network.vpc) - neighbours
    foreign = {each.id for each in network.vpn_gateways if each.vpc in neighbours}
    theirs = {
        each.id
        for each in network.vpn_connections
        if each.vpn_gateway in foreign or network.is_others(each.id)
    }
    devices = {each.customer_gateway for each in network.vpn_connections if each.id in theirs}
    devices -= {each.customer_gateway for each in network.vpn_connections if each.id not in theirs}

    def site(thing: Any) -> bool:
        several = network.connections_to(thing.name)
        return bool(several) and all(each.id in theirs for each in several)

    known: Mapping[str, Callable[[Any], bool]] = {
        "vpcs": lambda each: each.id in neighbours,
        "interfaces": lambda each: network.subnet_of(each).vpc in neighbours,
        "peerings": lambda each: asked.isdisjoint((each.requester.vpc, each.accepter.vpc)),
        "vpn_connections": lambda each: each.id in theirs,
        "customer_gateways": lambda each: each.id in devices,
        "sites": site,
        "transit_attachments": lambda each: (
            each.kind is AttachmentKind.VPC and each.resource in neighbours
        ),
    }

    def is_beside(kind: str, thing: Any) -> bool:
        # What is ours in a VPC that is others' stands in that VPC all the same.
        others = kind not in ("vpcs", "sites") and network.is_others(thing.id)
        return others or known.get(kind, _lies_in(neighbours))(thing)

    return is_beside


def _lies_in(vpcs: Collection[str]) -> Callable[[Any], bool]:
    return lambda thing: getattr(thing, "vpc", None) in vpcs
