"""The fewest NACL entries, and those that let least besides, by trying: written apart from the
planner, for cases so small that every packet can be listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_network

from hypothesis import strategies as st

from bulkhead.network import Direction, PortRange
from bulkhead.plan.acls import Need

CODES = 256
EVERY = 256 * CODES


@dataclass(frozen=True)
class Family:
    """Eight addresses, and the networks of one, two, four and eight of them."""

    block: str

    @cached_property
    def networks(self):
        whole = ip_network(self.block)
        every = range(whole.prefixlen, whole.max_prefixlen + 1)
        return [each for length in every for each in whole.subnets(new_prefix=length)]

    @cached_property
    def addresses(self):
        return [each for each in self.networks if each.prefixlen == each.max_prefixlen]


FAMILIES = (Family("10.0.0.0/29"), Family("2001:db8:a::/125"))
PORTS = {6: range(1, 7), 17: range(1, 7)}
MESSAGES = {1: ((8, 0), (3, 4), (3, 1), (3, None)), 58: ((128, 0), (2, 0), (2, 3), (2, None))}


def ranges_of(protocol):
    """What an entry may say of ports, or of messages: a range, and the packets of it that are
    told apart, each with how many there are of its kind."""
    if protocol in PORTS:
        ports = PORTS[protocol]
        for first in ports:
            for last in range(first, ports.stop):
                yield PortRange(first, last), {(port, 1) for port in range(first, last + 1)}
        return
    codes = {}
    for kind, code in MESSAGES[protocol]:
        codes.setdefault(kind, set()).update(() if code is None else {code})
    of_types = {
        kind: {((kind, code), 1) for code in known} | {((kind, "else"), CODES - len(known))}
        for kind, known in codes.items()
    }
    for kind, packets in of_types.items():
        yield PortRange(kind * CODES, kind * CODES + CODES - 1), packets
        for (_, code), size in packets:
            if code != "else":
                yield PortRange(kind * CODES + code, kind * CODES + code), {((kind, code), size)}
    others = {("others", EVERY - CODES * len(of_types))}
    yield PortRange(0, EVERY - 1), set().union(others, *of_types.values())


def entries_over(family, protocols):
    """Every entry that can be written, and what it lets: (protocol, address, port), size."""
    for protocol in protocols:
        for network in family.networks:
            inside = [each for each in family.addresses if each.subnet_of(network)]
            for ports, packets in ranges_of(protocol):
                let = frozenset(
                    (protocol, address, port, size) for address in inside for port, size in packets
                )
                yield (protocol, network, ports), let


def let_by(needs: Iterable[Need], family, protocols):
    """What some entries let."""
    known = dict(entries_over(family, protocols))
    return frozenset().union(*(known[each.protocol, each.cidr, each.ports] for each in needs))


def pairs_in(packets):
    return sum(size for *_, size in packets)


def fewest_by_hand(wanted, family, protocols):
    """How many entries say exactly this, at the least."""
    inside = {let for _, let in entries_over(family, protocols) if let <= wanted}
    largest = [each for each in inside if not any(each < other for other in inside)]
    most = 0
    while not _covered(wanted, largest, most):
        most += 1
    return most


def _covered(wanted, entries, most):
    if not wanted:
        return True
    if not most:
        return False
    holding = min(([each for each in entries if packet in each] for packet in wanted), key=len)
    return any(_covered(wanted - each, entries, most - 1) for each in holding)


def least_by_hand(wanted, most, family, protocols):
    """How many pairs `most` entries let besides at the least; None where they cannot let all."""
    entries = {}
    for _, let in entries_over(family, protocols):
        if held := let & wanted:
            # Of those that hold the same of what is needed none needs to be larger.
            entries[held] = min(let, entries.get(held, let), key=pairs_in)
    best = None

    def look(left, spare, room):
        nonlocal best
        if best is not None and pairs_in(spare) >= best:
            return
        if not left:
            best = pairs_in(spare)
            return
        if not room:
            return
        packet = min(left, key=str)
        for held, let in sorted(entries.items(), key=lambda each: pairs_in(each[1])):
            if packet in held:
                look(left - held, spare | (let - wanted), room - 1)

    look(wanted, frozenset(), most)
    return best


@st.composite
def needs_by_hand(draw, most=12):
    """Needs of one direction and family, requests and replies, of one or two protocols."""
    family = draw(st.sampled_from(FAMILIES))
    icmp = 1 if family is FAMILIES[0] else 58
    protocols = draw(st.sampled_from(((6,), (6, 17), (icmp,), (6, icmp))))
    direction = draw(st.sampled_from(Direction))
    count = draw(st.integers(1, most))
    needs = []
    for _ in range(count):
        protocol = draw(st.sampled_from(protocols))
        ports = draw(
            st.sampled_from(
                [ports for ports, _ in ranges_of(protocol) if len(ports) < EVERY]
                if protocol in MESSAGES
                else [ports for ports, _ in ranges_of(protocol) if len(ports) <= 3]
            )
        )
        network = draw(st.sampled_from(family.networks))
        band = draw(st.sampled_from(("request", "reply")))
        needs.append(Need(band, direction, protocol, ports, network))
    return family, protocols, tuple(dict.fromkeys(needs))
