"""What is open and nobody declared, folded into few sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import Label, labelled
from bulkhead.ends.sockets import named, on
from bulkhead.explain.explain import explain
from bulkhead.judge.declared import Declared
from bulkhead.judge.findings import Finding, FindingKind, rules_of
from bulkhead.judge.guests import BesideGuests
from bulkhead.judge.lines import TopologyLines
from bulkhead.network import ALL_PORTS, Listener, Network, PortRange, Verdict
from bulkhead.network.traffic import Passing, gathered, merge, split, traffic
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import NEVER, ByPort, bits_of, combine, minus, ranges

Example = tuple[int, int, int, int]
"""Sender, destination, protocol and port of one cell."""
_Name = TypeVar("_Name")


@dataclass(frozen=True)
class Undeclared:
    """The findings, and per (destination, protocol) whose packets are uncalled for, for sure.

    `ends` are those that the numbers of both mean.
    """

    findings: tuple[Finding, ...]
    open: Mapping[tuple[int, int], ByPort]
    ends: tuple[Endpoint, ...] = ()


@dataclass
class _Gathered:
    """Ports per protocol between two names, and one example of each."""

    example: Example
    ports: dict[int, list[PortRange]] = field(default_factory=lambda: defaultdict(list))
    sockets: dict[Listener, None] = field(default_factory=dict)


class Passed(NamedTuple):
    """What passes between two names, and the sockets that it is about."""

    passing: Passing
    example: Example
    sockets: Collection[Listener]


class Gathering(Generic[_Name]):
    """Folds cells into pairs of names."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[_Name, _Name], _Gathered] = {}

    def add(
        self,
        pair: tuple[_Name, _Name],
        protocol: int,
        ports: PortRange,
        ends: tuple[int, int],
        sockets: Iterable[Listener] = (),
    ) -> None:
        """Take some ports between two ends."""
        found = self._pairs.get(pair)
        if found is None:
            found = self._pairs[pair] = _Gathered((*ends, protocol, ports.first))
        found.ports[protocol].append(ports)
        found.sockets.update(dict.fromkeys(sockets))

    def folded(self, protocols: Collection[int]) -> dict[tuple[_Name, _Name], Passed]:
        """Per pair what passes."""
        return {
            pair: Passed(gathered(some.ports, protocols), some.example, some.sockets)
            for pair, some in self._pairs.items()
        }


class About(NamedTuple):
    """Who it is about; `beside`: on ports on which sockets wait at other addresses of his."""

    label: Label
    beside: bool = False


AboutPair = tuple[About, About]


def _fold_strangers(found: Mapping[AboutPair, Passed], side: int) -> dict[AboutPair, Passed]:
    """Pairs that differ only in strangers become one."""
    groups: dict[tuple[About, Passing], list[AboutPair]] = defaultdict(list)
    folded: dict[AboutPair, Passed] = {}
    for pair, some in found.items():
        if pair[side].label.kind is EndpointKind.STRANGER:
            groups[pair[1 - side], some.passing].append(pair)
        else:
            folded[pair] = some
    for (other, _), pairs in groups.items():
        names = sorted(name for pair in pairs for name in pair[side].label.names)
        joined = About(Label(EndpointKind.STRANGER, tuple(names)))
        pair = (joined, other) if side == 0 else (other, joined)
        folded[pair] = found[pairs[0]]
    return folded


def undeclared(reach: Reach, declared: Declared, lines: TopologyLines) -> Undeclared:
    """Compare every destination that counts with the flows declared to it."""
    certain: Gathering[_Alike] = Gathering()
    doubtful: Gathering[_Alike] = Gathering()
    first: dict[Label, int] = {}
    alike = [first.setdefault(labelled(each), index) for index, each in enumerate(reach.endpoints)]
    uncalled: dict[tuple[int, int], ByPort] = {}
    beside = BesideGuests(reach, declared)
    for index, endpoint in enumerate(reach.endpoints):
        asked = reach.senders(index) & ~declared.past_groups_of_ours(index)
        there = declared.waiting.at(endpoint), declared.waiting.beside(endpoint)
        for protocol in reach.protocols:
            called = declared.clients_of(endpoint, protocol)
            if (let := beside.let(index, protocol)) is not NEVER:
                called = combine(called, let, int.__or__)
            surely = reach.surely.requests(index, protocol)
            found = minus(surely, called, asked)
            uncalled[index, protocol] = found
            _gather(alike, certain, (index, protocol), found, there)
            if reach.possibly is not reach.surely:
                may = minus(reach.possibly.requests(index, protocol), surely, asked)
                unsure = minus(may, called, asked)
                _gather(alike, doubtful, (index, protocol), unsure, there)
    findings = [
        *_findings(reach, declared, certain, lines, FindingKind.EXTRA),
        *_findings(reach, declared, doubtful, lines, FindingKind.UNDETERMINED),
    ]
    return Undeclared(tuple(findings), uncalled, tuple(reach.endpoints))


_Alike = tuple[int, bool]
"""An end by the first that is called the same, and whether `beside` (see About)."""


def _gather(
    alike: Sequence[int],
    into: Gathering[_Alike],
    to: tuple[int, int],
    steps: ByPort,
    waiting: tuple[Sequence[Listener], Sequence[tuple[PortRange, Listener]]],
) -> None:
    """`alike`: per end the first that is called the same; `waiting`: there, and beside it."""
    index, protocol = to
    here = [each for each in waiting[0] if each.protocol == protocol]
    beside = [(own, each) for own, each in waiting[1] if each.protocol == protocol]
    for some, bits in ranges(steps):
        for ports, apart in split(some, (own for own, _ in beside)) if bits else ():
            sockets = [each for own, each in beside if own.overlap(ports)] if apart else here
            sockets = on(ports, sockets)
            for source in bits_of(bits):
                pair = (alike[source], False), (alike[index], apart)
                into.add(pair, protocol, ports, (source, index), sockets)


def _findings(
    reach: Reach,
    declared: Declared,
    gathered: Gathering[_Alike],
    lines: TopologyLines,
    kind: FindingKind,
) -> Iterator[Finding]:
    found: Mapping[AboutPair, Passed] = {
        (_about(reach, one), _about(reach, other)): some
        for (one, other), some in gathered.folded(reach.protocols).items()
    }
    for side in (0, 1):
        found = _fold_strangers(found, side)
    told = {
        (one.label.name, other.label.name, other.beside): some
        for (one, other), some in found.items()
    }
    for (source, destination, beside), (passing, example, waiting) in sorted(told.items()):
        ends = reach.endpoints[example[0]], reach.endpoints[example[1]]
        said = explain(reach.network, *ends, example[2], example[3])
        for protocol, ports in passing:
            those = _on(ports, protocol, (each for each in declared.sockets if each in waiting))
            names = list(dict.fromkeys(each.name for each in those))
            to = names[0] if _exactly(those, ports) and not beside else destination
            exposed = ""
            if those and to == destination:
                exposed = beside_them(those) if beside else f" (among them {', '.join(names)})"
            certain = kind is FindingKind.EXTRA
            finding = Finding(
                kind=kind,
                source=source,
                destination=to,
                protocol=protocol,
                ports=ports,
                message=f"{source} {'can' if certain else 'may'} reach {to} on "
                f"{traffic(protocol, ports)}{exposed}; nobody declared it",
                why=_why(ends[0], ends[1]) if certain else doubts_of(said.request),
                verdict=said.verdict if certain else Verdict.UNDETERMINED,
                rules=rules_of(said.request),
            )
            yield finding.at(lines.ends(those, ends[1], ends[0]))


def _why(source: Endpoint, destination: Endpoint) -> str:
    if destination.kind is EndpointKind.STRANGER:
        return "Whoever takes over the sender can connect to any host that is started there."
    if destination.external:
        return "Whoever takes over the sender can send data out there."
    if source.kind is EndpointKind.STRANGER:
        return "A host that someone starts there, in no group at all, can connect."
    if source.kind is EndpointKind.INTERNET:
        return "A ZeroMQ socket talks to whoever reaches its port; this one is public."
    return "A ZeroMQ socket talks to whoever reaches its port."


def doubts_of(hops: Iterable[object]) -> str:
    """What is not known on the way, in words."""
    doubts = [str(hop) for hop in hops if getattr(hop, "passes", True) is None]
    return "; ".join(doubts) or "It depends on something that is not known."


def _about(reach: Reach, alike: _Alike) -> About:
    index, beside = alike
    return About(labelled(reach.endpoints[index]), beside)


def _on(
    ports: tuple[PortRange, ...], protocol: int | None, sockets: Iterable[Listener]
) -> list[Listener]:
    return [
        each
        for each in sockets
        if protocol in (None, each.protocol) and any(each.ports.overlap(some) for some in ports)
    ]


def beside_them(sockets: Iterable[Listener]) -> str:
    """' (beside exchange.orders at 192.168.10.7)'."""
    return f" (beside {named(sockets)})"


def _exactly(sockets: list[Listener], ports: tuple[PortRange, ...]) -> bool:
    """Whether the ports are those of one socket, at however many addresses."""
    one = len({each.name for each in sockets}) == 1
    return one and ports == merge(each.ports for each in sockets)


def forwarders(network: Network, lines: TopologyLines) -> Iterator[Finding]:
    """Interfaces that may pass on packets of others: only their own are judged."""
    for each in network.interfaces:
        subnet = network.subnet_of(each)
        if each.id in network.of_nat_gateways:
            continue
        if not each.source_dest_check and not network.is_others(each.id, subnet.vpc):
            finding = Finding(
                kind=FindingKind.UNDETERMINED,
                source=each.service or each.name,
                destination="anywhere",
                protocol=None,
                ports=(ALL_PORTS,),
                message=f"{each.name} has its source/destination check switched off: "
                "it may send and receive for other addresses",
                why="What a host forwards cannot be seen from outside; only its own "
                "addresses were judged.",
                verdict=Verdict.UNDETERMINED,
            )
            yield finding.at(lines.named(each.service, segment=subnet.segment))
