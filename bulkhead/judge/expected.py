"""The topology's own tests, asked of this network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.labels import label
from bulkhead.explain.hops import Explanation, Hop
from bulkhead.judge.declared import Declared
from bulkhead.judge.findings import Finding, FindingKind, rules_of
from bulkhead.judge.host_pairs import HostPair, host_pairs, obstacles
from bulkhead.network import ANY_PROTOCOL, Expectation, Listener, PortRange, Verdict
from bulkhead.network.traffic import traffic, without
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of

_WORST: Final = {
    True: (Verdict.DENIED, Verdict.HALF_OPEN, Verdict.UNDETERMINED),
    False: (Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.UNDETERMINED),
}
"""Of what should be accepted, and of what should not, the plainest failure first."""


def failed(
    reach: Reach, declared: Declared, expectations: Iterable[Expectation]
) -> Iterator[Finding]:
    """Every test that does not hold, or whose ends are not there."""
    named = _Ends(reach, declared)
    for each in expectations:
        clients, servers = named.client(each), named.server(each.server)
        asked = [
            (protocol, ports, destinations)
            for protocol in _protocols(reach, each.server)
            for ports, destinations in _asked(named, each, protocol, servers)
        ]
        if asked and all(
            _surely(reach, (clients, destinations), protocol, ports, accept=each.accept)
            for protocol, ports, destinations in asked
        ):
            continue
        pairs = [
            pair
            for protocol, ports, destinations in asked
            for pair in host_pairs(
                reach, (clients, destinations), protocol, ports, meant=each.accept
            )
        ]
        wanted = Verdict.ALLOWED if each.accept else Verdict.DENIED
        failing = [pair for pair in pairs if pair.verdict is not wanted]
        if failing or not pairs:
            worst = _WORST[each.accept].index
            first = min(failing, key=lambda pair: worst(pair.verdict), default=None)
            yield _finding(reach, each, first)


class _Ends:
    """The ends of a proof by the names that tests have for them."""

    def __init__(self, reach: Reach, declared: Declared) -> None:
        self._declared = declared
        self._others: dict[str, int] = defaultdict(int)
        self._known = sum(1 << index for index, each in enumerate(reach.endpoints) if each.known)
        for index, each in enumerate(reach.endpoints):
            if each.kind in (EndpointKind.STRANGER, EndpointKind.INTERNET):
                name = "internet" if each.kind is EndpointKind.INTERNET else label(each)
                # A peer has a name of its own, and is none of all the others.
                self._others[name] |= (1 << index) * (not each.peer)

    def client(self, test: Expectation) -> int:
        """Of who is to ask, as bits; 0 where nobody is there."""
        if test.clients_at:
            return self._declared.some(test.client.partition("/")[0], test.clients_at)
        return self._others.get(test.client, 0) or self._declared.named.get(test.client, 0)

    def server(self, server: Listener) -> int:
        """Where a socket waits, or whatever waits at somebody's."""
        # A service of AWS that has an endpoint here is declared by name, or not at all.
        return self._others.get(server.owner, 0) & ~self._known or self._declared.at(server)


def _protocols(reach: Reach, server: Listener) -> tuple[int, ...]:
    """All that the proof tells apart, where all traffic is meant."""
    return reach.protocols if server.protocol == ANY_PROTOCOL else (server.protocol,)


def _asked(
    named: _Ends, test: Expectation, protocol: int, servers: int
) -> Iterator[tuple[PortRange, int]]:
    """Ports of a protocol, and at which ends: what the same test accepts there is left out."""
    but = [each for each in test.but if each.protocol == protocol]
    taken: dict[int, list[PortRange]] = defaultdict(list)
    for each in but:
        taken[named.server(each) & servers].append(each.ports)
    left = servers
    for ends in taken:
        left &= ~ends
    for ends in _apart([*taken, left]):
        ports = (some for at, several in taken.items() if at & ends for some in several)
        for piece in without(test.server.ports, ports):
            yield piece, ends


def _apart(sets: Iterable[int]) -> Iterator[int]:
    """The same ends, those together that are in the same of the sets."""
    pieces: list[int] = []
    for each in sets:
        cut = [part for piece in pieces for part in (piece & each, piece & ~each)]
        rest = each
        for piece in pieces:
            rest &= ~piece
        pieces = [part for part in (*cut, rest) if part]
    return iter(pieces)


def _surely(
    reach: Reach, ends: tuple[int, int], protocol: int, ports: PortRange, *, accept: bool
) -> bool:
    """Whether it holds at first sight: all clients at once, where every two have one family."""
    clients, servers = ends
    anybody = 0
    for destination in bits_of(servers):
        asking = clients & ~reach.same_host(destination)
        if asking & ~reach.same_family(destination):
            return False
        anybody |= asking
        for piece in reach.masks(destination, reach.protocol(protocol)).pieces(ports):
            if asking & ~piece.allowed if accept else asking & piece.open:
                return False
    return bool(anybody)


def _finding(reach: Reach, test: Expectation, pair: HostPair | None) -> Finding:
    server = test.server
    every = server.protocol == ANY_PROTOCOL
    asked = traffic(None if every else server.protocol, (server.ports,))
    said = pair.explained(reach) if pair else None
    path = _deciding(said, accept=test.accept) if said else ()
    called = f"test {test.name!r}: " if test.name else ""
    word = "accept" if test.accept else "deny"
    because = f" ({test.why})" if test.why else ""
    return Finding(
        kind=FindingKind.EXPECTATION,
        source=test.client,
        destination=server.name,
        protocol=None if every else server.protocol,
        ports=(server.ports,),
        message=f"{called}{_outcome(test, pair, said)}",
        why=f"The topology's own test says {word} {asked}{because}.{_half(test, pair)}",
        verdict=pair.verdict if pair else None,
        rules=rules_of(said.blocking if test.accept else said.request) if said else (),
        codes=said.codes if said else (),
        file=test.file,
        line=test.line,
        revision=test.revision,
        test=test.name,
        path=path,
    )


def _half(test: Expectation, pair: HostPair | None) -> str:
    if test.accept or pair is None or pair.verdict is not Verdict.HALF_OPEN:
        return ""
    return " Requests arrive; to some or all ports of a client no reply returns."


def _outcome(test: Expectation, pair: HostPair | None, said: Explanation | None) -> str:
    if pair is None or said is None:
        wanted = Verdict.ALLOWED if test.accept else Verdict.DENIED
        return f"{test} should be {wanted}, but one of them has no address here"
    plain = (pair.protocol, pair.ports) == (test.server.protocol, (test.server.ports,))
    where = "" if plain else f" on {traffic(pair.protocol, pair.ports)}"
    if test.accept:
        return f"{test} should be allowed and is {pair.verdict}{where}: {obstacles(said)}"
    return f"{test} should be denied and is {pair.verdict}{where} (from {label(said.source)})"


def _deciding(said: Explanation, *, accept: bool) -> tuple[Hop, ...]:
    """How a packet gets through that should not; of one that should, how far it comes."""
    if not accept or said.verdict is Verdict.DENIED:
        return said.request
    return (*said.request, *said.reply)
