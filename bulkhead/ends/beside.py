"""Whose an end is, where what was asked for shares a VPC, or a subnet, with others."""

from __future__ import annotations

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.network import Network


def is_of_others(network: Network, end: Endpoint) -> bool:
    """Whether it stands beside what was asked for: in a neighbour, or as others' in a VPC that is
    shared with them. An interface of ours in a subnet of theirs is ours."""
    if end.kind is EndpointKind.INTERFACE:
        return network.is_others(end.id, end.vpc)
    return network.is_others(end.subnet or "", end.vpc)
