"""What is open, as lines of `flows:`. At one server a port has one name, so all who are let in
there alike are in one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import pairwise
from typing import Final

from bulkhead.network import PortRange, has_ports, protocol_name
from bulkhead.network.ports import ICMP, has_types
from bulkhead.network.traffic import OTHER_PROTOCOL, merge
from bulkhead.present.named import PresentParty, PresentSite
from bulkhead.present.opening import PresentOpening

_NAMED: Final = {47: "gre", 50: "esp", 51: "ah", 132: "sctp"}
MOST_MESSAGES: Final = 16
"""Of ICMP that one line names one by one: each needs a rule of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentFlow:
    """A line of `flows:`. `openings` are what it stands for."""

    name: str
    clients: tuple[str, ...]
    servers: tuple[str, ...]
    traffic: tuple[str, ...]
    hosts: tuple[tuple[PresentSite, IPv4Network], ...]
    openings: tuple[PresentOpening, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The evidence that it is used, each piece once."""
        return tuple(dict.fromkeys(one.said for each in self.openings for one in each.shown))


def host_name(network: IPv4Network) -> str:
    """What addresses of a site are called that have no name: 'at-192-168-10-7'."""
    said = str(network.network_address if network.prefixlen == 32 else network)
    return "at-" + said.replace(".", "-").replace("/", "-")


def sayable(opening: PresentOpening) -> tuple[PresentOpening | None, PresentOpening | None, str]:
    """What of it `traffic:` has words for, what it has none for, and why."""
    if opening.protocol == OTHER_PROTOCOL:
        return (
            None,
            opening,
            "protocols that no rule names have no word; name those that are needed",
        )
    if has_types(opening.protocol):
        if len(_messages(opening.ports)) > MOST_MESSAGES:
            return None, opening, "its messages are more than can be named one by one"
        return opening, None, ""
    if has_ports(opening.protocol) and opening.ports.first == 0:
        zero, rest = opening.at(PortRange(0, 0)), None
        if opening.ports.last:
            rest = opening.at(PortRange(1, opening.ports.last))
        return rest, zero, "no program waits at port 0"
    return opening, None, ""


def _messages(ports: PortRange) -> list[str]:
    """Of ICMP, as a topology names them: '8', '3/4'; [''] of all."""
    if len(ports) == 65536:
        return [""]
    found: list[str] = []
    at = ports.first
    while at <= ports.last and len(found) <= MOST_MESSAGES:
        if at % 256 == 0 and at + 255 <= ports.last:
            found.append(f" {at // 256}")
            at += 256
        else:
            found.append(f" {at // 256}/{at % 256}")
            at += 1
    return found


def words(protocol: int, ports: PortRange) -> list[str]:
    """'tcp 22', 'tcp 1-65535', 'icmp 8', 'gre', 'protocol 89'."""
    if has_ports(protocol):
        return [f"{protocol_name(protocol)} {ports}"]
    if protocol == ICMP:
        return [f"icmp{each}" for each in _messages(ports)]
    return [_NAMED.get(protocol, f"protocol {protocol}")]


_Key = tuple[frozenset[int], frozenset[int]]
"""Places of the server, and who comes to all of them, by their numbers among the parties."""


def flows_of(
    openings: Sequence[PresentOpening], parties: Sequence[PresentParty]
) -> tuple[PresentFlow, ...]:
    """The fewest lines in which no port of a server is twice."""
    number = {id(each): index for index, each in enumerate(parties)}
    by_server: dict[str, list[PresentOpening]] = defaultdict(list)
    for each in openings:
        by_server[each.server.name].append(each)
    found: list[PresentFlow] = []
    for several in by_server.values():
        taken: set[str] = set()
        for (servers, clients), traffic in _alike(several, number).items():
            said = [
                each
                for protocol, ranges in traffic.items()
                for ports in merge(ranges)
                for each in words(protocol, ports)
            ]
            to, hosts = _ends(parties[each] for each in sorted(servers))
            by, more = _ends(parties[each] for each in sorted(clients))
            found.append(
                PresentFlow(
                    name=_name(said, taken),
                    clients=tuple(by),
                    servers=tuple(to),
                    traffic=tuple(said),
                    hosts=(*hosts, *more),
                    openings=tuple(_samples(several, servers, clients, traffic, number)),
                )
            )
    return tuple(found)


def _alike(
    openings: Iterable[PresentOpening], number: dict[int, int]
) -> dict[_Key, dict[int, list[PortRange]]]:
    """At one server by who comes where: what for."""
    found: dict[_Key, dict[int, list[PortRange]]] = {}
    by_protocol: dict[int, list[PresentOpening]] = defaultdict(list)
    for each in openings:
        by_protocol[each.protocol].append(each)
    for protocol, several in by_protocol.items():
        edges = {each.ports.first for each in several} | {each.ports.last + 1 for each in several}
        for first, after in pairwise(sorted(edges)):
            coming: dict[int, set[int]] = defaultdict(set)
            for each in several:
                if first in each.ports:
                    coming[number[id(each.server)]].add(number[id(each.client)])
            places: dict[frozenset[int], set[int]] = defaultdict(set)
            for place, clients in coming.items():
                places[frozenset(clients)].add(place)
            for clients_, servers in places.items():
                traffic = found.setdefault((frozenset(servers), clients_), {})
                traffic.setdefault(protocol, []).append(PortRange(first, after - 1))
    return found


def _samples(
    openings: Iterable[PresentOpening],
    servers: frozenset[int],
    clients: frozenset[int],
    traffic: dict[int, list[PortRange]],
    number: dict[int, int],
) -> Iterator[PresentOpening]:
    """Of each client and protocol the first of it, as an exact part of what is open."""
    for each in openings:
        if number[id(each.server)] in servers and number[id(each.client)] in clients:
            for ports in traffic.get(each.protocol, ()):
                if each.ports.covers(ports):
                    yield each.at(ports)


def _ends(
    several: Iterable[PresentParty],
) -> tuple[list[str], list[tuple[PresentSite, IPv4Network]]]:
    """What `from` and `to` call them; of a site of which these are not all ends, its hosts."""
    names: list[str] = []
    sites: dict[int, tuple[PresentSite, list[int]]] = {}
    for each in several:
        if each.site is None:
            names.append(each.name)
        else:
            sites.setdefault(id(each.site), (each.site, []))[1].append(each.at)
    hosts: list[tuple[PresentSite, IPv4Network]] = []
    for site, places in sites.values():
        if len(places) == len(site.places):
            names.append(site.name)
            continue
        for network in site.at(places):
            names.append(f"{site.name}/{host_name(network)}")
            hosts.append((site, network))
    return names, hosts


def _name(said: Sequence[str], taken: set[str]) -> str:
    first = said[0].replace(" ", "-").replace("/", "-")
    name, count = first if len(said) == 1 else f"{first}-and-more", 2
    while name in taken:
        name, count = f"{first}-{count}", count + 1
    taken.add(name)
    return name
