"""What a matrix calls the ends of a network, so that it stays readable in an account of thousands.

Services, sites, segments and the internet go by their names. Interfaces that
belong to no service, as in an account that no topology described, are one where
nothing here tells them apart: they hold the same groups, behind the same NACL
and route table. Then they go by their groups.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import label
from bulkhead.network import Interface, Network
from bulkhead.prove.reach import Reach

Fold = Callable[[Endpoint], str]


def folding(reach: Reach) -> Fold:
    """The name of each end."""
    names = _names(reach.network)

    def name(endpoint: Endpoint) -> str:
        if endpoint.kind is EndpointKind.INTERFACE and endpoint.id in names:
            return names[endpoint.id]
        return label(endpoint)

    return name


def _names(network: Network) -> dict[str, str]:
    """Per interface without a service."""
    alike: dict[tuple[object, ...], list[Interface]] = defaultdict(list)
    for each in network.interfaces:
        if each.service is None:
            subnet = network.subnet_of(each)
            public = bool(each.public_address or each.more_public)
            key = (frozenset(each.security_groups), each.kind, subnet.nacl, subnet.route_table)
            alike[*key, public, subnet.public_access, subnet.inspected].append(each)
    taken = Counter(_groups(network, members[0]) for members in alike.values() if len(members) > 1)
    shared = Counter(each.name for each in network.interfaces)
    shared.update(each.service for each in network.interfaces if each.service)
    shared.update(each.name for each in network.sites)
    found: dict[str, str] = {}
    for members in alike.values():
        if len(members) == 1:
            (only,) = members
            unique = shared[only.name] == 1
            name = only.name if unique else f"{only.name} ({only.id})"
        else:
            name = _groups(network, members[0])
            where = sorted({network.subnet_of(each).name for each in members})
            name += f" in {', '.join(where)}" if taken[name] > 1 else ""
            name += f" ({len(members)})"
        found.update((each.id, name) for each in members)
    return found


def _groups(network: Network, interface: Interface) -> str:
    groups = (network.security_group.get(each) for each in sorted(interface.security_groups))
    names = [each.name for each in groups if each is not None]
    return "+".join(names) or "no group"
