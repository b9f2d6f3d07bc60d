"""What hosts are called in DNS: each service that waits for others, and each of its copies.

All copies of a service have its name, `ticker.trading.internal`; who connects by ZeroMQ needs each
by itself, for libzmq takes one address of a name: `1.ticker.trading.internal`. An interface beside
the first is called before its host: `eth1.router.trading.internal`, and a load balancer within the
VPC before its service: `nlb.broker.trading.internal`, at all its addresses, any of which is as good
as the others. No two names can be the same: a service and an interface begin with a letter, no name
of either has a dot, and what is behind a load balancer has one interface.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import Interface, IPAddress, Listener
from bulkhead.network.balancers import is_behind, is_planned_balancer, is_public_balancer
from bulkhead.network.dns import AAAA, A, NameRecord, PrivateZone
from bulkhead.plan.aws_needs import is_endpoint
from bulkhead.plan.existing import vpc_id
from bulkhead.problems import Problem

_MOST_RECORDS: Final = 10_000
"""docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html; a zone begins with two
records of its own. Of a name it takes 400 addresses, and no service has so many copies."""


def private_zone(
    topology: Topology, interfaces: Iterable[Interface], listeners: Iterable[Listener]
) -> PrivateZone | None:
    """The zone of a topology; None where it has no domain."""
    if not topology.dns:
        return None
    waiting = {each.owner for each in listeners}
    placed: dict[str, list[IPv4Address]] = defaultdict(list)
    over_ipv6: dict[str, list[IPv6Address]] = defaultdict(list)
    asking = _asking(topology)
    for each in interfaces:
        owner = each.service or ""
        asked = owner in waiting and not (is_endpoint(owner) or is_public_balancer(owner))
        if asked and isinstance(each.address, IPv4Address):
            placed[owner].append(each.address)
            if _is_met_over_ipv6(topology, owner, asking[owner]):
                over_ipv6[owner] += each.ipv6_addresses
    vpc, *more_vpcs = (vpc_id(topology, name) for name in topology.own_vpcs)
    return PrivateZone(
        id=zone_id(topology),
        domain=topology.dns,
        vpc=vpc,
        more_vpcs=tuple(more_vpcs),
        records=(*_records(placed, A), *_records(over_ipv6, AAAA)),
    )


def _asking(topology: Topology) -> Mapping[str, set[str]]:
    """By who waits, the segments of the services that connect there."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in topology.connections:
        if each.client in topology.services:
            client = topology.interfaces[each.client_socket.connects_by]
            for end in each.server_socket.ends:
                found[end].add(client.segment)
    return found


def _is_met_over_ipv6(topology: Topology, end: str, asking: Iterable[str]) -> bool:
    """Whether whoever asks for a name of IPv6 gets to every socket that waits there.

    A client that sets ZMQ_IPV6 takes the first address that it is told, and where there is an AAAA
    record that is one of IPv6 (libzmq src/ip_resolver.cpp): so all of them bind [::], and all
    who connect, but sites and peers, who cannot ask, have IPv6.
    """
    segment = topology.interfaces[end].segment
    waiting = [
        (socket, endpoint)
        for socket in topology.services[topology.interfaces[end].service].sockets.values()
        for endpoint in socket.listens
        if socket.reached_at(endpoint) == end
    ]
    return (
        topology.has_ipv6(segment)
        and bool(waiting)
        and all(endpoint.ipv6 and endpoint.everywhere for _, endpoint in waiting)
        and all(map(topology.has_ipv6, asking))
    )


def zone_id(topology: Topology) -> str:
    """What the zone is called in a plan."""
    return f"zone/{topology.name}"


def too_many_names(topology: Topology, zone: PrivateZone | None) -> Iterator[Problem]:
    """What Route 53 does not take."""
    if zone is None:
        return
    place = topology.place_of("dns")
    if len(zone.records) > _MOST_RECORDS - 2:
        what = f"{zone.domain} would have {len(zone.records)} records"
        yield Problem(*place, f"{what}, and Route 53 takes {_MOST_RECORDS} records", "remove dns:")


def host_name(end: str, number: int | None = None) -> str:
    """What a service is called under the domain, or a copy of it: 'ticker', '1.ticker', of an
    interface 'eth1.router', of a load balancer 'nlb.broker'."""
    if is_planned_balancer(end):
        return f"nlb.{is_behind(end)}"
    whole = ".".join(reversed(end.split(".")))
    return whole if number is None else f"{number}.{whole}"


def _records(placed: Mapping[str, Sequence[IPAddress]], kind: str) -> Iterator[NameRecord]:
    for end, addresses in placed.items():
        if not addresses:
            continue
        yield NameRecord(name=host_name(end), addresses=tuple(addresses), kind=kind)
        if is_planned_balancer(end):
            continue
        for number, address in enumerate(addresses, start=1):
            yield NameRecord(name=host_name(end, number), addresses=(address,), kind=kind)
