"""Which subnets an Automated Internet Firewall inspects before their internet gateway.

It is of a VPC, and treats each subnet in its own way; of none does any answer that is read tell
its policy (docs.aws.amazon.com/network-security-manager/latest/APIReference/
API_IgwFirewallConfig.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bulkhead.network import Network
from bulkhead.observe.describe.described import Described
from bulkhead.observe.known import is_nothing
from bulkhead.observe.record import Record

_TREATED: Final = "NetworkFirewallConnectivityType"
_LEFT_ALONE: Final = ("exclude", "az-unsupported")


def inspected(described: Described, found: Network) -> Network:
    """The network, with each subnet inspected that is in such a VPC and is not left alone."""
    vpcs = {each.values.get("VpcId") for each in _of_one(described)}
    alone = {
        each.values.get("SubnetId")
        for each in described["Subnets"]
        if each.values.get(_TREATED) in _LEFT_ALONE
    }
    return replace(
        found,
        subnets=tuple(
            replace(each, inspected=each.vpc in vpcs and each.id not in alone)
            for each in found.subnets
        ),
    )


def _of_one(described: Described) -> Iterator[Record]:
    """What speaks of such a firewall: a VPC, a subnet, or a table with a route to it."""
    for each in described["Vpcs"]:
        if not is_nothing(each.values.get("NetworkFirewallAssociations")):
            yield each
    for each in described["Subnets"]:
        if not is_nothing(treated := each.values.get(_TREATED)) and treated not in _LEFT_ALONE:
            yield each
    for each in described["RouteTables"]:
        routes = each.values.get("Routes")
        for route in routes if isinstance(routes, list | tuple) else ():
            if isinstance(route, Mapping) and not is_nothing(route.get("IgwFirewall")):
                yield each
