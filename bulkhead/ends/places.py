"""Whole places, where the ends in them are too many to be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Final

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.labels import label
from bulkhead.network import Network, Subnet, Vpc

MOST_SUBNETS: Final = 12
"""So many are told apart; of more, their VPCs are."""


def places(*networks: Network) -> Callable[[Endpoint], str]:
    """Names the place of an end of any of these networks: its subnet where they are few in each,
    else its VPC; what is outside is a place of its own."""
    fine = all(len(network.subnets) <= MOST_SUBNETS for network in networks)
    names: dict[str, str] = {}
    for network in networks:
        names |= _unmistakable(network.subnets if fine else network.vpcs)

    def place(end: Endpoint) -> str:
        inside = end.subnet if fine else end.vpc
        return label(end) if end.external else names[inside or ""]

    return place


def _unmistakable(things: Collection[Subnet] | Collection[Vpc]) -> Mapping[str, str]:
    often = Counter(each.name for each in things)
    return {
        each.id: each.name if often[each.name] == 1 else f"{each.name} ({each.id})"
        for each in things
    }
