"""Who asks from which ports, as formulas over where a request comes from.

(docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.doubt.claims import Interval, Location, LocationKind
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.terms import Formula, Vector, all_of, among, any_of, negated
from bulkhead.network import Interface, PortRange, Site, within

LINUX: Final = Interval(32768, 60999)
ANY: Final = Interval(1024, 65535)


def clients(encoding: Encoding, origin: Vector, source: Vector) -> Mapping[Interval, Formula]:
    """By the ports that a sender may use: whether the sender is one of those who do."""
    network = encoding.network
    known: dict[Interval, list[Interface]] = defaultdict(list)
    for each in network.interfaces:
        known[Interval(each.client_ports.first, each.client_ports.last)].append(each)
    users: dict[Interval, list[Formula]] = defaultdict(list)
    for ports, interfaces in known.items():
        users[ports].append(encoding.is_one_of(interfaces, origin, source))
    unknown = negated(encoding.is_one_of(network.interfaces, origin, source))
    users[LINUX].append(all_of((among(origin, encoding.subnets()), unknown)))
    outside: dict[Interval, list[int]] = defaultdict(list)
    for location, number in encoding.numbers.items():
        site = _site(encoding, location)
        if site is not None and site.host_ports:
            for ports, some in _of_hosts(encoding, site, source):
                users[ports].append(all_of((among(origin, [number]), some)))
        elif location.kind is not LocationKind.SUBNET:
            said = ANY if site is None else _interval(site.client_ports)
            outside[said].append(number)
    for ports, numbers in outside.items():
        users[ports].append(among(origin, numbers))
    return {ports: any_of(several) for ports, several in users.items()}


def _site(encoding: Encoding, location: Location) -> Site | None:
    """Of which alone it is said; of all else outside nothing is."""
    named = (
        site
        for site in encoding.network.sites
        if location == Location(LocationKind.SITE, site.name)
    )
    return next(named, None)


def _of_hosts(encoding: Encoding, site: Site, source: Vector) -> Iterator[tuple[Interval, Formula]]:
    """Who asks from which ports, of those with addresses of their own and of the rest."""
    every = site.host_ports
    for addresses, ports in every:
        inside = [each for each, _ in every if each != addresses and within(each, addresses)]
        own = encoding.within(source, [addresses])
        yield _interval(ports), all_of((own, negated(encoding.within(source, inside))))
    rest = negated(encoding.within(source, [each for each, _ in every]))
    yield _interval(site.client_ports), rest


def _interval(ports: PortRange) -> Interval:
    return Interval(ports.first, ports.last)
