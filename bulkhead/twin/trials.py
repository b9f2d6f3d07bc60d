"""What a drill tries: who connects to which port of whom. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import islice
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    TCP,
    Direction,
    Flow,
    Listener,
    Network,
    PortRange,
)
from bulkhead.network.traffic import merge, without
from bulkhead.twin.asked import ports_asked
from bulkhead.twin.layout import Host, Layout
from bulkhead.twin.measured import PartyKind, TwinError
from bulkhead.twin.patterns import exchange

_PORTS_OF_AN_INTERFACE: Final = 8
_PORTS_OF_A_STRANGER: Final = 16

_TELLING_PORTS: Final = (22, 65000)
"""Asked where a rule opens everything: the first that somebody would try, and a high one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A port of a host where something waits: a declared socket, or a plain TCP listener."""

    host: Host
    port: int
    listener: Listener | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One connection to try. With a `flow`, by the socket types that it declares."""

    source: Host
    door: Door
    address: IPv4Address
    """The one of the target's addresses that is tried."""
    flow: Flow | None = None


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Everything to measure, and what had to be left out."""

    doors: tuple[Door, ...]
    every: tuple[Trial, ...]
    notes: tuple[str, ...] = ()


def trials(layout: Layout, flows: Sequence[Flow], asked: Iterable[Listener] = ()) -> Trials:
    """Every source with every door; declared flows by their own client type.

    `asked` is traffic to somebody that a test speaks of, whatever waits there.
    Of protocols other than tcp nothing is tried: what is left to the proof is named.
    """
    unspoken = [
        f"not measured: {each}, for the twin speaks tcp alone"
        for each in dict.fromkeys(layout.network.listeners)
        if each.protocol != TCP
    ]
    flows = [each for each in flows if each.server.protocol == TCP]
    for flow in flows:
        if exchange(flow.server.type, flow.client_type) is None:
            raise TwinError(
                f"flow {flow}: {flow.client_type} cannot talk to a bound {flow.server.type} socket"
            )
    doors, notes = doors_of(layout, asked)
    declared, more = _declared(layout, doors, flows)
    covered = {(each.source.party, each.door, each.address) for each in declared}
    swept = tuple(
        each
        for door in doors
        for source in layout.hosts
        for each in _between(layout, source, door)
        if (each.source.party, each.door, each.address) not in covered
    )
    every, left = _buildable(layout, (*declared, *swept))
    return Trials(doors=doors, every=every, notes=(*unspoken, *notes, *more, *left))


def _buildable(layout: Layout, some: Iterable[Trial]) -> tuple[tuple[Trial, ...], tuple[str, ...]]:
    """Those of which the twin has every part, and what the others would need."""
    kept: list[Trial] = []
    left: Counter[str] = Counter()
    for each in some:
        why = layout.limits.why(each.source.party, each.door.host.party, each.address)
        if why is None:
            kept.append(each)
        else:
            left[why] += 1
    notes = (
        f"not measured: {number} connection{'s' * (number > 1)} by way of {why}, "
        "which the twin does not build"
        for why, number in sorted(left.items())
    )
    return tuple(kept), tuple(notes)


def undeclared_ports(
    network: Network, groups: Iterable[str], direction: Direction, used: Iterable[PortRange]
) -> tuple[int, ...]:
    """TCP ports that rules of these groups open and no listener uses.

    The first, the middle and the last of each range, or two telling ones where
    a rule opens everything: enough to show that an opening is there.
    """
    taken = merge(used)
    found: dict[int, None] = {}
    for group in groups:
        for rule in network.security_group[group].towards(direction):
            if rule.protocol in (TCP, ANY_PROTOCOL):
                found.update(dict.fromkeys(_samples(rule.ports, taken)))
    return tuple(sorted(found))


def _samples(ports: PortRange, taken: Iterable[PortRange] = ()) -> Iterable[int]:
    """The first, the middle and the last of the ports that are not taken."""
    if len(ports) > 60000:
        return [port for port in _TELLING_PORTS if not _held(port, taken)]
    free = without(ports, (*taken, PortRange(0, 0)))
    if not free:
        return ()
    middle = sum(map(len, free)) // 2
    for each in free:
        if middle < len(each):
            return sorted({free[0].first, each.first + middle, free[-1].last})
        middle -= len(each)
    return ()


def _beside(ports: PortRange, taken: Iterable[PortRange]) -> Iterable[int]:
    """The ports next to a range, where they are nobody's: there its openings must end."""
    if len(ports) == 1:
        return ()
    both = (ports.first - 1, ports.last + 1)
    return [each for each in both if 0 < each <= ALL_PORTS.last and not _held(each, taken)]


def _held(port: int, taken: Iterable[PortRange]) -> bool:
    return any(port in each for each in taken)


def doors_of(
    layout: Layout, asked: Iterable[Listener] = ()
) -> tuple[tuple[Door, ...], tuple[str, ...]]:
    """Every port where something waits, and which of those that rules open have none."""
    doors, notes = _doors_of(layout)
    taken = {(each.host.party, each.port) for each in doors}
    more, left = ports_asked(layout, taken, asked)
    also = (Door(host=host, port=port) for host, port in more)
    return (*doors, *also), (*notes, *left)


def _doors_of(layout: Layout) -> tuple[tuple[Door, ...], tuple[str, ...]]:
    network = layout.network
    declared: dict[str, list[Listener]] = defaultdict(list)
    for listener in network.listeners:
        if listener.protocol == TCP:
            declared[listener.owner].append(listener)
    known = [each for several in declared.values() for each in several]
    doors: list[Door] = []
    notes: list[str] = []
    everywhere = {port for each in known for port in _tried(each)}
    for host in layout.of_kind(PartyKind.INTERFACE):
        ours = _waiting(host, declared.get(host.party.service or "", ()))
        used = [each.ports for each in ours]
        doors += _of_sockets(host, ours)
        balanced = {
            port
            for protocol, port in host.listeners or ()
            if protocol == TCP and not _held(port, used)
        }
        everywhere |= balanced
        balanced.update(port for each in used for port in _beside(each, used))
        doors += [Door(host=host, port=port) for port in sorted(balanced)]
        used += map(_alone, sorted(balanced))
        open_in = undeclared_ports(network, host.groups or (), Direction.INGRESS, used)
        anywhere = (*(each.ports for each in known), *map(_alone, everywhere))
        open_out = undeclared_ports(network, host.groups or (), Direction.EGRESS, anywhere)
        everywhere.update(open_in[:_PORTS_OF_AN_INTERFACE], open_out[:_PORTS_OF_AN_INTERFACE])
        doors += [Door(host=host, port=port) for port in open_in[:_PORTS_OF_AN_INTERFACE]]
        if len(open_in) > _PORTS_OF_AN_INTERFACE:
            notes.append(
                f"{host.name}: {len(open_in)} undeclared openings, "
                f"{_PORTS_OF_AN_INTERFACE} of them are tried"
            )
    tried = sorted(everywhere)[:_PORTS_OF_A_STRANGER]
    if len(everywhere) > len(tried):
        notes.append(
            f"strangers listen on {len(tried)} of {len(everywhere)} ports that the network names"
        )
    for host in layout.hosts:
        if host.kind is not PartyKind.INTERFACE:
            here = declared.get(host.party.id, ()) if host.kind is PartyKind.SITE else ()
            ours = _waiting(host, here)
            doors += _of_sockets(host, ours)
            taken = [each.ports for each in ours]
            # Also where a socket waits at another address of the site: beside it, nobody gets in.
            asked = {*tried, *(port for each in here for port in _tried(each))}
            asked.update(port for each in taken for port in _beside(each, taken))
            free = (each for each in sorted(asked) if not _held(each, taken))
            doors += [Door(host=host, port=each) for each in free]
    return tuple(doors), tuple(notes)


def _of_sockets(host: Host, ours: Iterable[Listener]) -> Iterable[Door]:
    """Of each socket its port; of a range the first, the middle and the last. Several that draw
    from one range take turns: each has what comes next to those."""
    together: dict[PortRange, list[Listener]] = defaultdict(list)
    for each in ours:
        together[each.ports].append(each)
    return [
        Door(host=host, port=port, listener=each)
        for ports, several in together.items()
        for number, each in enumerate(several)
        for port in sorted(islice(_telling(ports), 3 * len(several)))[number :: len(several)]
    ]


def _tried(listener: Listener) -> Iterable[int]:
    return sorted(islice(_telling(listener.ports), 3))


def _telling(ports: PortRange) -> Iterator[int]:
    """All of them, each once: first, middle and last, then what is next to these."""
    middle = (ports.first + ports.last) // 2
    told: set[int] = set()
    for step in range(ports.last - ports.first + 1):
        for port in (ports.first + step, middle + step, ports.last - step):
            if ports.first <= port <= ports.last and port not in told:
                told.add(port)
                yield port


def _alone(port: int) -> PortRange:
    return PortRange(port, port)


def _waiting(host: Host, listeners: Iterable[Listener]) -> list[Listener]:
    """The sockets of its owner that wait at this host."""
    return [each for each in listeners if host.is_at(each.alone_at)]


def _declared(
    layout: Layout, doors: Sequence[Door], flows: Sequence[Flow]
) -> tuple[tuple[Trial, ...], tuple[str, ...]]:
    by_listener: Mapping[Listener, list[Door]] = defaultdict(list)
    for door in doors:
        if door.listener:
            by_listener[door.listener].append(door)
    found: list[Trial] = []
    notes: list[str] = []
    for flow in flows:
        clients = [each for each in layout.playing(flow.client) if _may_open(each, flow)]
        servers = by_listener.get(flow.server, [])
        if not clients or not servers:
            missing = flow.client if not clients else flow.server.owner
            notes.append(f"flow {flow} was not measured: {missing} has no interface")
        for door in servers:
            for client in clients:
                found += _between(layout, client, door, flow)
    return tuple(found), tuple(notes)


def _may_open(host: Host, flow: Flow) -> bool:
    """Whether it is where the flow may come from."""
    return not flow.clients_at or any(
        address in network for network in flow.clients_at for address in host.addresses
    )


def _between(layout: Layout, source: Host, door: Door, flow: Flow | None = None) -> list[Trial]:
    return [
        Trial(source=source, door=door, address=address, flow=flow)
        for address in ways(layout, source, door.host)
    ]


def ways(layout: Layout, source: Host, target: Host) -> tuple[IPv4Address, ...]:
    """The addresses by which `source` may mean `target`, none where that is not a question.

    Not asked: a host of itself (that is no network), between two ends that are
    both outside AWS, and of a host that opens nothing.
    """
    both_outside = source.vpc is None and target.vpc is None
    if source.party == target.party or both_outside or not source.opens:
        return ()
    if _without_public_address(source, target):
        return ()
    if source.kind is PartyKind.INTERNET:
        return (target.public_address,) if target.public_address else target.addresses[:1]
    if source.vpc and target.vpc and source.vpc != target.vpc:
        ours = layout.network.vpc[source.vpc].cidrs
        # The same addresses in another VPC mean our own hosts from here.
        return tuple(each for each in target.addresses if not any(each in cidr for cidr in ours))
    return target.addresses


def _without_public_address(source: Host, target: Host) -> bool:
    """A stranger has no public address, so it and the internet cannot mean each other."""
    return {source.kind, target.kind} == {PartyKind.STRANGER, PartyKind.INTERNET}
