"""Services and segments: interfaces that nothing tells apart, in subnets behind the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.ends import EndpointKind
from bulkhead.intent.values import MOST_REPLICAS
from bulkhead.network import Interface, InterfaceKind, Network, Subnet, TargetKind, Vpc
from bulkhead.present.named import LeftOut, PresentNames, PresentSegment, PresentService, hull
from bulkhead.present.open_now import lets_the_vpc_through
from bulkhead.prove import Reach

_WHAT: Final = {
    InterfaceKind.GATEWAY: "of a gateway: it carries what others send",
    InterfaceKind.LOAD_BALANCER: "of a load balancer, which via: nlb of a socket behind it plans",
    InterfaceKind.ENDPOINT: "of an interface endpoint: needs: of the services that call it",
}


def segments_of(network: Network, vpc: Vpc) -> tuple[tuple[PresentSegment, ...], dict[str, str]]:
    """The segments of a VPC, and by the id of a subnet its own."""
    alike: dict[object, list[Subnet]] = defaultdict(list)
    for each in network.subnets:
        if each.vpc == vpc.id:
            alike[each.nacl, _routes(network, each.route_table)].append(each)
    names = PresentNames()
    found: list[PresentSegment] = []
    of: dict[str, str] = {}
    for subnets in alike.values():
        tagged = {each.segment for each in subnets if each.segment}
        like = tagged.pop() if len(tagged) == 1 else subnets[0].name
        name = names.like(like, "segment")
        found.append(
            PresentSegment(
                name=name,
                subnets=tuple(each.name for each in subnets),
                open_now=lets_the_vpc_through(network, subnets[0].nacl, vpc),
            )
        )
        of.update((each.id, name) for each in subnets)
    return tuple(found), of


def _routes(network: Network, table: str) -> object:
    """What a table says, whichever zone's NAT gateway it leads to."""
    found = network.route_table.get(table)
    if found is None:
        return table
    zonal = TargetKind.NAT_GATEWAY
    return frozenset(
        (each.destination, each.target, "" if each.target is zonal else each.target_id)
        for each in found.routes
    )


def services_of(
    reach: Reach, segment_of: Mapping[str, str], names: PresentNames, left: list[LeftOut]
) -> Iterator[PresentService]:
    """Those in the subnets of some segments; `left` gets what is none, with why."""
    network, ends = reach.network, _ends_by_interface(reach)
    alike: dict[tuple[str | None, frozenset[str], str], list[Interface]] = defaultdict(list)
    for each in sorted(network.interfaces, key=lambda one: (one.service or "~", one.name, one.id)):
        if each.subnet not in segment_of or network.is_others(each.id, None):
            continue
        if why := _not_sayable(each, ends):
            left.append(LeftOut(what=each.name, why=why))
        else:
            groups = frozenset(each.security_groups)
            alike[each.service, groups, segment_of[each.subnet]].append(each)
    for (tagged, groups, segment), members in alike.items():
        called = sorted(_called(network, each) for each in groups)
        coming = [network.security_group[each].members for each in groups if _is(network, each)]
        for first in range(0, len(members), MOST_REPLICAS):
            some = members[first : first + MOST_REPLICAS]
            mask = 0
            for each in some:
                mask |= ends[each.id]
            yield PresentService(
                name=names.like(tagged or called[0], "service"),
                segment=segment,
                ends=mask,
                interfaces=tuple(each.name for each in some),
                groups=tuple(called),
                client_ports=hull(each.client_ports for each in some),
                members=next(filter(None, coming), None) if _come(some) else None,
                tagged=tagged,
            )


def _is(network: Network, group: str) -> bool:
    return group in network.security_group


def _come(members: Iterable[Interface]) -> bool:
    return any(each.stand_in for each in members)


def _called(network: Network, group: str) -> str:
    found = network.security_group.get(group)
    return found.name if found else group


def _not_sayable(each: Interface, ends: dict[str, int]) -> str:
    if each.kind is not InterfaceKind.HOST:
        return _WHAT[each.kind]
    if each.function:
        return "of a function of Lambda, which a service with runs-on: lambda would stand for"
    if not each.security_groups:
        return "it holds no security group, so nobody knows what lets it through"
    return "" if ends.get(each.id) else "it has no address of IPv4"


def _ends_by_interface(reach: Reach) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for index, each in enumerate(reach.endpoints):
        if each.kind is EndpointKind.INTERFACE and each.version == 4:
            found[each.id] |= 1 << index
    return found
