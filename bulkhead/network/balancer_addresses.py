"""Private addresses of load balancers that AWS chooses: in a plan what stands for them.

Of one within the VPC they are the plan's. Of one for peers on the internet nobody can say them
beforehand (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html),
and nothing depends on which they are: its subnets are its own, groups name its group, and network
ACLs its block. Who compares a plan with what was found takes them from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bulkhead.network.addresses import IPNetwork
from bulkhead.network.balancers import is_public_balancer
from bulkhead.network.model import Network
from bulkhead.network.places import Interface, InterfaceKind
from bulkhead.network.public_addresses import stands_in


def with_places_of(planned: Network, found: Network) -> Network:
    """A plan in which such interfaces are where they are in a network that was found.

    Itself, where it has none.
    """
    if not any(is_public_balancer(each.service) for each in planned.interfaces):
        return planned
    return replace(planned, interfaces=tuple(_placed(planned, found)))


def _placed(planned: Network, found: Network) -> Iterator[Interface]:
    there: dict[tuple[str | None, IPNetwork | None], Interface] = {
        (each.service, cidr): each
        for each, cidr in _in_blocks(found, found.interfaces)
        if each.kind is InterfaceKind.LOAD_BALANCER and each.service
    }
    for each, cidr in _in_blocks(planned, planned.interfaces):
        own = there.get((each.service, cidr)) if is_public_balancer(each.service) else None
        if own is None:
            yield each
        else:
            public = own.public_address if stands_in(each.public_address) else None
            yield replace(each, address=own.address, public_address=public or each.public_address)


def _in_blocks(
    network: Network, interfaces: Iterable[Interface]
) -> Iterator[tuple[Interface, IPNetwork | None]]:
    """Each with the block of its subnet."""
    for each in interfaces:
        subnet = network.subnet.get(each.subnet)
        yield each, subnet.cidr if subnet is not None else None
