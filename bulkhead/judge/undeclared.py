"""What is open and nobody declared, folded into few sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import Label, labelled, owner
from bulkhead.explain.explain import explain
from bulkhead.judge.declared import Declared
from bulkhead.judge.findings import Finding, FindingKind, rules_of
from bulkhead.network import ALL_PORTS, Listener, Network, PortRange, Verdict
from bulkhead.network.traffic import Passing, gathered, traffic
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ByPort, bits_of, minus, ranges

Example = tuple[int, int, int, int]
"""Sender, destination, protocol and port of one cell."""
_Name = TypeVar("_Name")


@dataclass(frozen=True)
class Undeclared:
    """The findings, and per (destination, protocol) whose packets are uncalled for."""

    findings: tuple[Finding, ...]
    open: Mapping[tuple[int, int], ByPort]


@dataclass
class _Gathered:
    """Ports per protocol between two names, and one example of each."""

    ports: dict[int, list[PortRange]]
    example: Example


class Gathering(Generic[_Name]):
    """Folds cells into pairs of names."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[_Name, _Name], _Gathered] = {}

    def add(
        self, pair: tuple[_Name, _Name], protocol: int, ports: PortRange, source: int, to: int
    ) -> None:
        found = self._pairs.get(pair)
        if found is None:
            example = (source, to, protocol, ports.first)
            found = self._pairs[pair] = _Gathered(defaultdict(list), example)
        found.ports[protocol].append(ports)

    def folded(
        self, protocols: Collection[int]
    ) -> dict[tuple[_Name, _Name], tuple[Passing, Example]]:
        """Per pair what passes."""
        return {
            pair: (gathered(some.ports, protocols), some.example)
            for pair, some in self._pairs.items()
        }


LabelPair = tuple[Label, Label]


def _fold_strangers(
    found: Mapping[LabelPair, tuple[Passing, Example]], side: int
) -> dict[LabelPair, tuple[Passing, Example]]:
    """Pairs that differ only in strangers become one."""
    groups: dict[tuple[Label, Passing], list[LabelPair]] = defaultdict(list)
    folded: dict[LabelPair, tuple[Passing, Example]] = {}
    for pair, (passing, example) in found.items():
        if pair[side].kind is EndpointKind.STRANGER:
            groups[pair[1 - side], passing].append(pair)
        else:
            folded[pair] = passing, example
    for (other, passing), pairs in groups.items():
        names = sorted(name for pair in pairs for name in pair[side].names)
        joined = Label(EndpointKind.STRANGER, tuple(names))
        pair = (joined, other) if side == 0 else (other, joined)
        folded[pair] = passing, found[pairs[0]][1]
    return folded


def undeclared(reach: Reach, declared: Declared) -> Undeclared:
    """Compare every destination that counts with the flows declared to it."""
    certain: Gathering[int] = Gathering()
    doubtful: Gathering[int] = Gathering()
    first: dict[Label, int] = {}
    alike = [first.setdefault(labelled(each), index) for index, each in enumerate(reach.endpoints)]
    uncalled: dict[tuple[int, int], ByPort] = {}
    for index, endpoint in enumerate(reach.endpoints):
        asked = reach.senders(index)
        name = owner(endpoint)
        for protocol in reach.protocols:
            called = declared.clients_of(name, protocol) if name else ((0, 0),)
            surely = reach.surely.requests(index, protocol)
            found = minus(surely, called, asked)
            uncalled[index, protocol] = found
            _gather(alike, certain, index, protocol, found)
            if reach.possibly is not reach.surely:
                may = minus(reach.possibly.requests(index, protocol), surely, asked)
                unsure = minus(may, called, asked)
                _gather(alike, doubtful, index, protocol, unsure)
    findings = [
        *_findings(reach, certain, FindingKind.EXTRA),
        *_findings(reach, doubtful, FindingKind.UNDETERMINED),
    ]
    return Undeclared(tuple(findings), uncalled)


def _gather(
    alike: Sequence[int], into: Gathering[int], index: int, protocol: int, steps: ByPort
) -> None:
    """`alike`: per end the first that is called the same."""
    to = alike[index]
    for ports, bits in ranges(steps):
        for source in bits_of(bits):
            into.add((alike[source], to), protocol, ports, source, index)


def _findings(reach: Reach, gathered: Gathering[int], kind: FindingKind) -> Iterator[Finding]:
    found: Mapping[LabelPair, tuple[Passing, Example]] = {
        (labelled(reach.endpoints[source]), labelled(reach.endpoints[to])): passing
        for (source, to), passing in gathered.folded(reach.protocols).items()
    }
    for side in (0, 1):
        found = _fold_strangers(found, side)
    named = {(one.name, other.name): passing for (one, other), passing in found.items()}
    for (source, destination), (passing, example) in sorted(named.items()):
        ends = reach.endpoints[example[0]], reach.endpoints[example[1]]
        said = explain(
            reach.network, *ends, example[2], example[3], client_ports=reach.client_ports
        )
        for protocol, ports in passing:
            sockets = _sockets(reach.network.listeners, ends[1], protocol, ports)
            to = sockets[0].name if _exactly(sockets, ports) else destination
            exposed = (
                ""
                if to != destination or not sockets
                else (f" (among them {', '.join(each.name for each in sockets)})")
            )
            certain = kind is FindingKind.EXTRA
            yield Finding(
                kind=kind,
                source=source,
                destination=to,
                protocol=protocol,
                ports=ports,
                message=f"{source} {'can' if certain else 'may'} reach {to} on "
                f"{traffic(protocol, ports)}{exposed}; nobody declared it",
                why=_why(ends[0], ends[1]) if certain else _unknown(said.request),
                verdict=said.verdict if certain else Verdict.UNDETERMINED,
                rules=rules_of(said.request),
            )


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


def _unknown(hops: Iterable[object]) -> str:
    doubts = [str(hop) for hop in hops if getattr(hop, "passes", True) is None]
    return "; ".join(doubts) or "It depends on something that is not known."


def _sockets(
    listeners: Iterable[Listener],
    endpoint: Endpoint,
    protocol: int | None,
    ports: tuple[PortRange, ...],
) -> list[Listener]:
    return [
        each
        for each in listeners
        if each.owner == owner(endpoint)
        and protocol in (None, each.protocol)
        and any(each.port in some for some in ports)
    ]


def _exactly(sockets: list[Listener], ports: tuple[PortRange, ...]) -> bool:
    return len(sockets) == 1 and ports == (PortRange(sockets[0].port, sockets[0].port),)


def forwarders(network: Network) -> Iterator[Finding]:
    """Interfaces that may pass on packets of others: only their own are judged."""
    for each in network.interfaces:
        beside = network.subnet_of(each).vpc in network.neighbours
        if not each.source_dest_check and not beside:
            yield Finding(
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
