"""Security groups and the listeners of load balancers, as formulas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bulkhead.doubt.claims import ELSEWHERE
from bulkhead.doubt.smt.acls import speaks_of
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.in_doubt import in_doubt, interface_in_doubt
from bulkhead.doubt.smt.memory import remembered
from bulkhead.doubt.smt.terms import (
    MESSAGED,
    PORTED,
    Formula,
    Header,
    all_of,
    any_of,
    either,
    inside,
    negated,
    same,
)
from bulkhead.network import (
    ICMP,
    ICMP6,
    CidrPeer,
    Direction,
    Interface,
    InterfaceKind,
    Peer,
    PortRange,
)


@remembered
def sends(encoding: Encoding, header: Header, *, references: bool, unknown: bool) -> Formula:
    """Whether the sender is able to open it and its groups let it."""
    network = encoding.network
    silent = (InterfaceKind.GATEWAY, InterfaceKind.ENDPOINT)
    mute = [each for each in network.interfaces if each.kind in silent]
    filtered = [each for each in network.interfaces if each.kind not in silent]
    held = _held(
        encoding, Direction.EGRESS, filtered, header, references=references, unknown=unknown
    )
    return all_of((negated(encoding.is_one_of(mute, header.origin, header.source)), *held))


@remembered
def receives(encoding: Encoding, header: Header, *, references: bool, unknown: bool) -> Formula:
    """Whether the receiver is able to accept it, hears it, and its groups let it."""
    network = encoding.network
    filtered = [each for each in network.interfaces if each.kind is not InterfaceKind.GATEWAY]
    held = _held(
        encoding, Direction.INGRESS, filtered, header, references=references, unknown=unknown
    )
    heard = listeners(encoding, header, unknown=unknown)
    return all_of((is_able_to_accept(encoding, header), *held, *heard))


def is_able_to_accept(encoding: Encoding, header: Header) -> Formula:
    """Whether the receiver is none of those that take nothing of their own."""
    deaf = [each for each in encoding.network.interfaces if each.kind is InterfaceKind.GATEWAY]
    return negated(encoding.is_one_of(deaf, header.target, header.destination))


def _held(
    encoding: Encoding,
    direction: Direction,
    interfaces: list[Interface],
    header: Header,
    *,
    references: bool,
    unknown: bool,
) -> Iterator[Formula]:
    """What the groups ask of each interface; a load balancer may hold none."""
    out = direction is Direction.EGRESS
    end = (header.origin, header.source) if out else (header.target, header.destination)
    alike: dict[tuple[str, ...], list[Interface]] = defaultdict(list)
    for each in interfaces:
        if each.security_groups or each.kind is not InterfaceKind.LOAD_BALANCER:
            alike[tuple(sorted(each.security_groups))].append(each)
    for groups, members in alike.items():
        passes = _groups(
            encoding, groups, direction, header, references=references, unknown=unknown
        )
        yield either(encoding.is_one_of(members, *end), passes, True)


def _groups(
    encoding: Encoding,
    groups: tuple[str, ...],
    direction: Direction,
    header: Header,
    *,
    references: bool,
    unknown: bool,
) -> Formula:
    known = [each for each in encoding.network.security_groups if each.id in groups]
    matching = any_of(
        all_of(
            (
                speaks_of(rule.protocol, rule.ports, header),
                _is_peer(
                    encoding, rule.peer, direction, header, references=references, unknown=unknown
                ),
                unknown or negated(in_doubt(encoding, group.id, header.protocol)),
            )
        )
        for group in known
        for rule in group.rules
        if rule.direction is direction and (unknown or rule.certain)
    )
    if not unknown:
        return matching
    if not groups or len(known) < len(set(groups)):
        return True
    return any_of((matching, *(in_doubt(encoding, each, header.cell) for each in groups)))


def _is_peer(
    encoding: Encoding,
    peer: Peer,
    direction: Direction,
    header: Header,
    *,
    references: bool,
    unknown: bool,
) -> Formula:
    """Whether the other end is whom a rule is about."""
    if isinstance(peer, CidrPeer):
        address = header.destination if direction is Direction.EGRESS else header.source
        return peer.cidr.version == encoding.version and inside(address, peer.cidr)
    return references and holds(encoding, peer.group, direction, header, unknown=unknown)


@remembered
def holds(
    encoding: Encoding, group: str, direction: Direction, header: Header, *, unknown: bool
) -> Formula:
    """Whether the other end holds a group; one in doubt may hold any."""
    out = direction is Direction.EGRESS
    other = (header.target, header.destination) if out else (header.origin, header.source)
    holders = [each for each in encoding.network.interfaces if group in each.security_groups]
    held = encoding.is_one_of(holders, *other)
    if unknown:
        several = encoding.network.interfaces
        unsure = (
            all_of(
                (
                    encoding.is_one_of((each,), *other),
                    interface_in_doubt(encoding, each, header.cell),
                )
            )
            for each in several
        )
        held = any_of((held, *unsure))
    if group in encoding.network.security_group:
        return held
    # Whoever is elsewhere may hold a group that is not here.
    return any_of((held, same(other[0], encoding.numbers[ELSEWHERE])))


def listeners(encoding: Encoding, header: Header, *, unknown: bool) -> Iterator[Formula]:
    """What is asked of packets to load balancers: one of their listeners."""
    for each in encoding.network.interfaces:
        balancers = [one for one in encoding.network.load_balancers if each.id in one.interfaces]
        if balancers:
            unasked = all_of(
                negated(same(header.protocol, number)) for number in (*PORTED, *MESSAGED)
            )
            # (docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html)
            errors = (
                speaks_of(ICMP, PortRange(3 * 256, 4 * 256 - 1), header),
                speaks_of(ICMP6, PortRange(256, 3 * 256 - 1), header),
            )
            spoken = (
                speaks_of(one.protocol, PortRange(one.port, one.port), header)
                for balancer in balancers
                for one in balancer.listeners
            )
            doubts = (
                in_doubt(encoding, balancer.id, header.cell) for balancer in balancers if unknown
            )
            heard = any_of((unasked, *errors, *spoken, *doubts))
            here = encoding.is_one_of([each], header.target, header.destination)
            yield either(here, heard, True)
