"""Who asks from which ports, as formulas over where a request comes from.

(docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from bulkhead.doubt.claims import Interval, Location, LocationKind
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.terms import Formula, Vector, all_of, among, any_of, negated
from bulkhead.network import Interface

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
        if location.kind is not LocationKind.SUBNET:
            outside[_at_site(encoding, location)].append(number)
    for ports, numbers in outside.items():
        users[ports].append(among(origin, numbers))
    return {ports: any_of(several) for ports, several in users.items()}


def _at_site(encoding: Encoding, location: Location) -> Interval:
    """What is said of a site; of all else outside nothing is."""
    for site in encoding.network.sites:
        if location == Location(LocationKind.SITE, site.name):
            return Interval(site.client_ports.first, site.client_ports.last)
    return ANY
