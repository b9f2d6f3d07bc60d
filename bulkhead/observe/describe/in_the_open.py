"""What is in doubt as a whole may work: nobody knows that it does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bulkhead.network import Network, PublicAccess, Unmodelled

_BLOCKING: Final = frozenset({"block-public-access", "vpc-block-public-access-exclusion"})
"""Kinds of what is said of VPC Block Public Access, whose scopes are the gateways."""


def in_the_open(network: Network, unmodelled: Iterable[Unmodelled]) -> Network:
    """The network, with nothing shut for sure that one of these puts in doubt.

    An unknown field beside 'pending' may say that it carries packets all the same, one of a
    VPN connection that its tunnels carry the other family, and one of VPC Block Public Access
    that it blocks elsewhere.
    """
    every = tuple(unmodelled)
    scopes = {each.scope for each in every}
    blocking = {each.scope for each in every if each.kind in _BLOCKING}
    unblocked = {each.vpc for each in network.internet_gateways if each.id in blocking}
    unblocked |= {each.vpc for each in network.egress_only_gateways if each.id in blocking}
    return replace(
        network,
        subnets=tuple(
            replace(each, public_access=PublicAccess.OPEN) if each.vpc in unblocked else each
            for each in network.subnets
        ),
        nat_gateways=tuple(
            replace(each, available=True) if each.id in scopes else each
            for each in network.nat_gateways
        ),
        peerings=tuple(
            replace(each, active=True) if each.id in scopes else each for each in network.peerings
        ),
        transit_attachments=tuple(
            replace(each, available=True) if each.id in scopes else each
            for each in network.transit_attachments
        ),
        vpn_connections=tuple(
            replace(each, available=True, version=None)
            if not scopes.isdisjoint((each.id, each.customer_gateway))
            else each
            for each in network.vpn_connections
        ),
    )
