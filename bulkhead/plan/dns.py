"""What hosts are called in DNS: each service that waits for others, and each of its copies.

All copies of a service have its name, `ticker.trading.internal`; who connects by ZeroMQ needs each
by itself, for libzmq takes one address of a name: `1.ticker.trading.internal`. An interface beside
the first is called before its host: `eth1.router.trading.internal`. No two can be the same:
a service and an interface begin with a letter, and no name of either has a dot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import Interface, Listener
from bulkhead.network.dns import NameRecord, PrivateZone
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
    for each in interfaces:
        owner = each.service or ""
        if owner in waiting and not is_endpoint(owner) and isinstance(each.address, IPv4Address):
            placed[owner].append(each.address)
    return PrivateZone(
        id=zone_id(topology),
        domain=topology.dns,
        vpc=vpc_id(topology),
        records=tuple(_records(placed)),
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
        what = f"{zone.domain} would have {len(zone.records)} names"
        yield Problem(*place, f"{what}, and Route 53 takes {_MOST_RECORDS} records", "remove dns:")


def host_name(end: str, number: int | None = None) -> str:
    """What a service is called under the domain, or a copy of it: 'ticker', '1.ticker', of an
    interface 'eth1.router'."""
    whole = ".".join(reversed(end.split(".")))
    return whole if number is None else f"{number}.{whole}"


def _records(placed: Mapping[str, list[IPv4Address]]) -> Iterator[NameRecord]:
    for end, addresses in placed.items():
        yield NameRecord(name=host_name(end), addresses=tuple(addresses))
        for number, address in enumerate(addresses, start=1):
            yield NameRecord(name=host_name(end, number), addresses=(address,))
