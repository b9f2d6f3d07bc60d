"""All evidence, joined into edges: what runs first, and code laid beside it.

Ends of what runs have names and ports, so they say which boundaries there are. Code is evidence
for those that it fits: its program is the one that runs, its port is the port. What code says and
nobody saw run are boundaries too, and are said to be that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bulkhead.discover.code.found import CodeScan
from bulkhead.discover.host import HostGraph
from bulkhead.discover.register.binds import BindJoining
from bulkhead.discover.register.boundary import BoundaryRegister
from bulkhead.discover.register.connects import ConnectJoining
from bulkhead.discover.register.drafts import AtServer, BoundaryDraft, EdgeDrafts, PartyDrafts
from bulkhead.discover.register.from_code import CodeEnd, carrier, ends_in_code
from bulkhead.discover.register.from_hosts import ProcessNames, from_hosts, waiting_by_end
from bulkhead.discover.register.from_wire import FlowSeen, from_flows, from_probes, from_wire
from bulkhead.discover.register.grounds import NOWHERE, Grounds
from bulkhead.discover.register.naming import ServiceNames
from bulkhead.discover.register.searched import notes_of, searched_in
from bulkhead.discover.register.sighting import SeenParty, Sighting
from bulkhead.discover.wire import OnTheWire, ProbeAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceGiven:
    """What somebody gave to be searched; None is a kind that nobody gave.

    `declared` are ports, by what carries them, at which a topology says that ZeroMQ waits: flows
    to those are evidence too.
    """

    code: CodeScan | None = None
    hosts: HostGraph | None = None
    wire: OnTheWire | None = None
    probes: Sequence[ProbeAnswer] = ()
    flows: Sequence[FlowSeen] | None = None
    grounds: Grounds = NOWHERE
    declared: frozenset[tuple[str, int]] = frozenset()
    names: ServiceNames = field(default_factory=ServiceNames)


def register_of(given: EvidenceGiven) -> BoundaryRegister:
    """The register: every boundary that any of it shows, the farthest crossing first."""
    return _Joining(given).register()


class _Joining:
    def __init__(self, given: EvidenceGiven) -> None:
        self._given = given
        self._parties = PartyDrafts()
        self._edges = EdgeDrafts()
        self._processes = ProcessNames(given.hosts, given.names) if given.hosts else None
        ends = (
            waiting_by_end(given.hosts, self._processes)
            if given.hosts and self._processes
            else None
        )
        self._waits, self._clients, self._machines = ends or ({}, {}, {})
        self._unplaced = 0

    def register(self) -> BoundaryRegister:
        given = self._given
        for each in self._running():
            self._see(each)
        code = list(ends_in_code(given.code, given.names)) if given.code else []
        flows = given.flows or ()
        known: set[tuple[str, int | None]]
        known = {(carrier(at.carrier), at.port) for at in self._edges.servers()}
        known |= {(carrier(each.transport), each.port) for each in code if each.binds}
        known |= given.declared
        for each in from_flows(flows, self._party):
            if (carrier(each.transport), each.port) in known:
                self._see(each)
            else:
                self._unplaced += 1
        self._edges.share()
        connected = self._lay_code_beside(code)
        self._edges.share()
        for draft in self._edges.every():
            if draft.client is None:
                draft.unbound = "nobody was seen to connect to it"
        drafts = sorted((*self._edges.every(), *connected.unbound), key=_order)
        return BoundaryRegister(
            boundaries=tuple(each.finished(self._parties) for each in drafts),
            searched=searched_in(given.code, given.hosts, given.wire, given.probes, given.flows),
            notes=notes_of(given.code, given.hosts, given.wire, self._unplaced),
            digests=_digests(given),
        )

    def _lay_code_beside(self, code: Sequence[CodeEnd]) -> ConnectJoining:
        """Binds first: connects then find them."""
        binds = BindJoining(self._parties, self._edges, [each for each in code if each.binds])
        joined = ConnectJoining(self._parties, self._edges, binds.join(), self._given.grounds)
        joined.join([each for each in code if not each.binds])
        return joined

    def _running(self) -> Iterator[Sighting]:
        given = self._given
        if given.hosts and self._processes:
            yield from from_hosts(given.hosts, self._processes)
        if given.wire:
            yield from from_wire(given.wire, self._party)
        yield from from_probes(given.probes, self._party)

    def _party(self, address: str, port: int | None, server: str | None) -> SeenParty:
        """Who is at an address: who waits there, or who on that machine is such a client."""
        if server is None:
            if port is not None and (found := self._waits.get((address, port))):
                return found
        elif port is not None and (clients := self._clients.get((address, server, port))):
            return clients[0]
        named = self._given.names.of_address(address)
        if named:
            return SeenParty(name=named.name, because=named.because, address=address)
        if name := self._given.grounds.hosts.get(address):
            return SeenParty(
                name=name, because=f"its address, by {self._given.grounds.source}", address=address
            )
        machine = self._machines.get(address, "")
        because = f"its address, of machine {machine}" if machine else "its address alone"
        return SeenParty(
            name=address, because=because, machine=machine, address=address, known=False
        )

    def _see(self, one: Sighting) -> None:
        client = self._parties.seen(one.client) if one.client else None
        server = self._parties.seen(one.server)
        at = AtServer(server, carrier(one.transport), one.port, one.path)
        draft = self._edges.draft(client, at, one.transport)
        draft.see(one, self._given.grounds)


def _order(draft: BoundaryDraft) -> tuple[object, ...]:
    at = draft.at
    return (
        bool(draft.unbound),
        at.server if at else "",
        at.carrier if at else draft.transport,
        (at.port if at else None) or 0,
        at.path if at else draft.endpoint,
        draft.client or "",
    )


def _digests(given: EvidenceGiven) -> dict[str, str]:
    found = dict(given.code.digests) if given.code else {}
    captures = given.wire.captures if given.wire else ()
    return found | {each.name: each.sha256 for each in captures}
