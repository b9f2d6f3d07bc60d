"""Network ACLs: the firewall by segment, the second layer.

Stateless, so each flow between two units needs four entries: the request out
of one and into the other, the reply out of the other and into the one. Only
allow entries are written for it, so their order never matters and a new entry can
stand beside the old one that it replaces. Last come those for whom no block is
named: everybody, but for private addresses. Among replies is what tells that a packet is too
large for the way (`too_large`). An entry whose packets another one
lets pass already is left out: a declared port among the client ports, where
replies come the same way, or one address of a site of which all may pass.
Numbers come from bands and are remembered per entry (`lock`): requests
from 100 and replies from 16000 in tens, what is for everybody from 30991. Before all of them,
from 41, stand those that keep a service in quarantine (`quarantine`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import groupby, product
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    TOO_LARGE,
    AclEntry,
    Action,
    Direction,
    IPNetwork,
    PortRange,
    answers,
    has_types,
    icmp_range,
    in_a_rule,
    is_of_family,
    protocol_name,
    protocol_number,
    within,
)
from bulkhead.network.addresses import in_order
from bulkhead.network.traffic import runs, traffic_of_rule
from bulkhead.plan.allot import Allotment, allot
from bulkhead.plan.lock import Lock

STEP = 10
EVERYBODY: Final = IPv4Network("0.0.0.0/0")
"""What an entry names where it would have to name a prefix list
(docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html, "Security")."""
EVERYBODY_OVER: Final[Mapping[int, IPNetwork]] = {4: EVERYBODY, 6: IPv6Network("::/0")}
BAND_SIZE = 1500
BANDS = {"request": 100, "reply": 16000, "private": 30991, "everybody": 30995}
"""First rule number of each band; of the first two 1500 tens each. Numbers from 1 to 40 and from
31000 to 32766 are left to others: Firewall Manager writes a policy's entries there
(`network.policies`)."""
OF_QUARANTINE = {"responder": 41, "quarantine": 61}
"""The same of what comes first while a service is in quarantine: who still may, and then nobody."""
SIZES = {"request": BAND_SIZE, "reply": BAND_SIZE, "private": 4, "everybody": 5}
SIZES |= {"responder": 20, "quarantine": 39}
STEPS = {"request": STEP, "reply": STEP}
DENYING = ("private", "quarantine")


Refused = Mapping[Direction, tuple[IPv4Network, ...]]
"""Whom a NACL refuses before it lets everybody through."""


@dataclass(frozen=True, slots=True)
class Need:
    """Traffic that one unit's NACL must let pass, before it has a number."""

    band: str
    direction: Direction
    protocol: int
    ports: PortRange
    cidr: IPNetwork

    @property
    def key(self) -> str:
        """What the entry says; the same text keeps the same number."""
        return f"{protocol_name(self.protocol)} {self.ports} {self.cidr}"

    def __str__(self) -> str:
        way = "from" if self.direction is Direction.INGRESS else "to"
        return f"{traffic_of_rule(self.protocol, self.ports)} {way} {self.cidr}"


def need_said(key: str, band: str, direction: Direction) -> Need | None:
    """What a key of a lock says; None of one that no entry can say."""
    try:
        name, ports, cidr = key.split()
        first, _, last = ports.partition("-")
        protocol, said = protocol_number(name), PortRange(int(first), int(last or first))
        network = ip_network(cidr)
    except ValueError:
        return None
    message = in_a_rule(protocol, said) if has_types(protocol) else None
    if message is not None and icmp_range(*message) != said:
        return None
    return Need(band, direction, protocol, said, network)


def open_needs(space: Iterable[IPNetwork]) -> Iterator[Need]:
    """Everything of a VPC, into a unit and out of it."""
    for cidr, direction in product(space, Direction):
        yield Need("request", direction, ANY_PROTOCOL, ALL_PORTS, cidr)


def client_needs(
    protocol: int, ports: PortRange, server: IPNetwork, client_ports: PortRange
) -> Iterator[Need]:
    """Where the client lives: the request leaves, the reply returns to its own port."""
    yield Need("request", Direction.EGRESS, protocol, ports, server)
    for back in answers(protocol, ports, client_ports):
        yield Need("reply", Direction.INGRESS, protocol, back, server)


def server_needs(
    protocol: int, ports: PortRange, client: IPNetwork, client_ports: PortRange
) -> Iterator[Need]:
    """Where the server lives: the request arrives, the reply leaves for the client's port."""
    yield Need("request", Direction.INGRESS, protocol, ports, client)
    for back in answers(protocol, ports, client_ports):
        yield Need("reply", Direction.EGRESS, protocol, back, client)


def outside_needs(
    protocol: int,
    ports: PortRange,
    client_ports: PortRange,
    refused: Mapping[Direction, Iterable[IPNetwork]],
) -> Iterator[Need]:
    """Where a client lives whose server has no block to be named by: everybody is let through,
    after all that is for others, but whom a NACL can refuse."""
    for direction, several in refused.items():
        for cidr in several:
            yield Need("private", direction, ANY_PROTOCOL, ALL_PORTS, cidr)
    for need in client_needs(protocol, ports, EVERYBODY, client_ports):
        yield replace(need, band="everybody")


def telling_needs(direction: Direction, network: IPNetwork) -> Iterator[Need]:
    """Where somebody is, or comes in, who tells that a packet is too large."""
    for protocol, message in TOO_LARGE:
        if is_of_family(protocol, network.version):
            yield Need("reply", direction, protocol, message, network)


def told_by_anybody(version: int, refused: Iterable[IPNetwork]) -> Iterator[Need]:
    """Where routers of the internet tell it over a family, which nobody can name."""
    for cidr in refused:
        if cidr.version == version:
            yield Need("private", Direction.INGRESS, ANY_PROTOCOL, ALL_PORTS, cidr)
    for need in telling_needs(Direction.INGRESS, EVERYBODY_OVER[version]):
        yield replace(need, band="everybody")


def merged(needs: Iterable[Need]) -> tuple[Need, ...]:
    """The same traffic in fewer entries: neighbouring ports of one peer become a range."""

    def but_ports(need: Need) -> tuple[str, Direction, int, tuple[int, int, int]]:
        return need.band, need.direction, need.protocol, in_order(need.cidr)

    needs = frozenset(needs)
    others = len({(each.protocol, each.cidr) for each in needs if each.band == "everybody"}) - 1
    room = {**SIZES, "everybody": SIZES["everybody"] - max(others, 0)}
    result: list[Need] = []
    for (band, direction, protocol, _), group in groupby(
        sorted(needs, key=lambda each: (*but_ports(each), each.ports)), key=but_ports
    ):
        alike = list(group)
        cidr = alike[0].cidr
        every = runs(protocol, (need.ports for need in alike))
        if len(every) > room[band]:
            # Numbers run out for whom no block can be named: what is between is let through too.
            every = (PortRange(every[0].first, every[-1].last),)
        result += [Need(band, direction, protocol, ports, cidr) for ports in every]
    return tuple(result)


def spare(needs: Iterable[Need]) -> frozenset[Need]:
    """Those among merged needs that an entry for replies, or for everybody, lets pass as well."""
    every = tuple(needs)
    refused = [each for each in every if each.band == "private"]
    open_to_all = [each for each in every if each.band == "everybody"]
    replies: dict[tuple[Direction, int, IPNetwork], list[PortRange]] = defaultdict(list)
    for each in every:
        if each.band == "reply":
            replies[each.direction, each.protocol, each.cidr].append(each.ports)
    lengths = {(cidr.version, cidr.prefixlen) for _, _, cidr in replies}

    def around(need: Need) -> Iterator[PortRange]:
        """The replies to all addresses that the need is about; of a reply, to more than those. And
        what is for everybody, if none of its addresses is refused before."""
        if need.band in ("request", "reply") and not any(
            need.direction is each.direction and within(need.cidr, each.cidr) for each in refused
        ):
            yield from (
                each.ports
                for each in open_to_all
                if (each.direction, each.protocol) == (need.direction, need.protocol)
                and within(need.cidr, each.cidr)
            )
        own = need.cidr.prefixlen
        for version, length in lengths:
            if version != need.cidr.version:
                continue
            if length < own or (length == own and need.band == "request"):
                cidr = need.cidr.supernet(new_prefix=length)
                yield from replies.get((need.direction, need.protocol, cidr), ())

    return frozenset(
        each for each in every if any(ports.covers(each.ports) for ports in around(each))
    )


def numbered(
    unit: str, needs: Iterable[Need], lock: Lock, bands: Mapping[str, int] = BANDS
) -> tuple[tuple[AclEntry, ...], Mapping[str, Allotment]]:
    """The entries of a unit's NACL, and what the lock must remember of them.

    It remembers the numbers of spare ones too: they may be needed again.
    """
    entries: list[AclEntry] = []
    remembered: dict[str, Allotment] = {}
    every = merged(needs)
    left_out = spare(every)
    for direction in Direction:
        for band, start in bands.items():
            mine = [each for each in every if (each.direction, each.band) == (direction, band)]
            name = f"{unit}/{direction}/{band}"
            before = lock.acl_rules.get(name, Allotment())
            if not mine and before == Allotment():
                continue
            slots = allot((each.key for each in mine), before, SIZES[band], first=lock.first)
            remembered[name] = slots
            entries += [
                AclEntry(
                    number=start + STEPS.get(band, 1) * slots.taken[each.key],
                    direction=direction,
                    action=Action.DENY if band in DENYING else Action.ALLOW,
                    protocol=each.protocol,
                    ports=each.ports,
                    cidr=each.cidr,
                )
                for each in mine
                if each not in left_out
            ]
    return tuple(sorted(entries, key=lambda each: (each.direction, each.number))), remembered
