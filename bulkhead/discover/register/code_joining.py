"""Code laid beside what runs, and then beside other code: which connect comes to which bind?

A bind fits a socket that waits where its program is the one that runs there and its port the port;
where no program is known, where that port is one alone. A connect comes to whom its endpoint names:
by the name, by the key that both ask for, by the port. What several could be is not chosen among.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.code.found import SocketInCode
from bulkhead.discover.register.drafts import AtServer, BoundaryDraft, PartyDrafts
from bulkhead.discover.register.from_code import CodeEnd, carrier, same_carrier
from bulkhead.discover.register.grounds import Crossed, CrossingKind, Grounds, crossed, is_address
from bulkhead.discover.register.naming import plain
from bulkhead.discover.register.sighting import Certainty
from bulkhead.discover.register.socket_types import may_meet

_ANYWHERE: Final = frozenset({"", "*", "0.0.0.0", "::"})  # noqa: S104 - as code writes it
_LOCAL: Final = frozenset({"localhost", "lo", "127.0.0.1", "::1"})
_MOST_NAMED: Final = 4

EdgeKey = tuple[str | None, AtServer]


@dataclass(frozen=True, slots=True)
class _Fits:
    """That an end in code fits something, and why."""

    certainty: Certainty
    why: str


class CodeJoining:
    """Adds what code says to the edges of what runs. `unbound` are connects to nobody known."""

    def __init__(
        self, parties: PartyDrafts, edges: dict[EdgeKey, BoundaryDraft], grounds: Grounds
    ) -> None:
        self._parties = parties
        self._edges = edges
        self._grounds = grounds
        self._seen = list(edges)
        self._binds: dict[AtServer, list[tuple[CodeEnd, _Fits]]] = {}
        self._unbound: dict[tuple[str, str], BoundaryDraft] = {}

    @property
    def unbound(self) -> tuple[BoundaryDraft, ...]:
        return tuple(self._unbound.values())

    def join(self, ends: Sequence[CodeEnd]) -> None:
        """Binds first: connects then find them."""
        for each in ends:
            if each.binds:
                self._bind(each, [other for other in ends if other.binds])
        for each in ends:
            if not each.binds:
                self._connect(each)

    # Binds

    def _bind(self, bind: CodeEnd, all_: Sequence[CodeEnd]) -> None:
        at = {key[1]: None for key in self._seen if same_carrier(bind, key[1].carrier)}
        ours = [(each, why) for each in at if (why := self._runs(bind, each.server))]
        exact = [(each, why) for each, why in ours if _same_place(bind, each)]
        found = {
            each: _Fits(Certainty.LIKELY, f"code: {why}, and it binds there") for each, why in exact
        }
        if not found and bind.open_port and not bind.path:
            taken = {_place(each) for each in all_ if not each.open_port}
            free = [(each, why) for each, why in ours if (each.port or each.path) not in taken]
            alike = [
                each
                for each in all_
                if each.party == bind.party and each.open_port and not each.path
            ]
            if len(free) == 1 and len({each.socket.place for each in alike}) == 1:
                (only, why) = free[0]
                why = f"code: {why}; its port is chosen when it runs, and this is the only one left"
                found = {only: _Fits(Certainty.POSSIBLE, why)}
        if not found and not ours and _place(bind) is not None:
            others = {each.party.name for each in all_ if _place(each) == _place(bind)}
            same = [each for each in at if _same_place(bind, each)]
            if len(same) == 1 and len(others) == 1:
                why = f"code: by {bind.said} alone; whether {same[0].server} runs it is not sure"
                found = {same[0]: _Fits(Certainty.POSSIBLE, why)}
        if not found:
            server = self._parties.in_code(bind.party, bind.end.place.file)
            place = (
                bind.path
                if bind.port is None and bind.path
                else ("" if bind.port else bind.end.text)
            )
            alone = AtServer(server, carrier(bind.transport), bind.port, place)
            self._edges.setdefault((None, alone), BoundaryDraft(None, alone, bind.transport))
            found = {alone: _Fits(Certainty.LIKELY, "code: it binds there; nobody saw it run")}
        for each, fits in found.items():
            self._binds.setdefault(each, []).append((bind, fits))
            party = self._parties.of[each.server]
            party.files[bind.end.place.file] = None
            if party.name != bind.party.name:
                party.names[bind.party.name] = None
            for key, draft in self._edges.items():
                if key[1] == each:
                    draft.read(bind, fits.why, fits.certainty)

    def _runs(self, end: CodeEnd, name: str) -> str:
        """Why a party of what runs is the program that this code is of; '' where it is not told."""
        party = self._parties.of[name]
        if not party.known:
            return ""
        if party.name == end.party.name or plain(party.name) == plain(end.party.name):
            return f"{end.party.because} is called as what runs"
        for script in party.scripts:
            if why := _script_of(script, end.socket):
                return why
        return ""

    # Connects

    def _connect(self, end: CodeEnd) -> None:
        seen = [
            (key, why)
            for key in self._seen
            if key[0] is not None
            and same_carrier(end, key[1].carrier)
            and _may_be_at(end, key[1])
            and (why := self._runs(end, key[0]))
        ]
        exact = [(key, why) for key, why in seen if _same_place(end, key[1])] or (
            seen if len({key[1] for key, _ in seen}) == 1 else []
        )
        for key, why in exact:
            certainty = Certainty.LIKELY if _same_place(end, key[1]) else Certainty.POSSIBLE
            self._edges[key].read(end, f"code: {why}, and it connects there", certainty)
            client = self._parties.of[key[0] or ""]
            client.files[end.end.place.file] = None
            if client.name != end.party.name:
                client.names[end.party.name] = None
        if exact:
            return
        candidates = self._servers(end)
        name = self._parties.in_code(end.party, end.end.place.file)
        if len(candidates) == 1:
            ((at, fits),) = candidates.items()
            self._edge(name, at).read(end, fits.why, fits.certainty)
            self._edge(name, at).crossings.append(self._crossed(end, name, at))
            return
        self._keep_unbound(end, name, list(candidates))

    def _servers(self, end: CodeEnd) -> dict[AtServer, _Fits]:
        """The sockets to which it may connect: one, where its endpoint tells."""
        found: dict[AtServer, _Fits] = {}
        for at in dict.fromkeys(key[1] for key in self._edges):
            if not same_carrier(end, at.carrier) or not self._types_fit(end, at):
                continue
            if _same_place(end, at):
                where = f"by {end.said}"
                found[at] = _Fits(Certainty.POSSIBLE, f"code: {where}, which one program binds")
            elif end.keys and any(end.keys & bind.keys for bind, _ in self._binds.get(at, ())):
                found[at] = _Fits(
                    Certainty.LIKELY, "code: both ends ask for one key of configuration"
                )
        return self._meant(end, found)

    def _meant(self, end: CodeEnd, found: dict[AtServer, _Fits]) -> dict[AtServer, _Fits]:
        """Of several the one that its host says."""
        host = end.host
        if is_address(host) and host not in _LOCAL and host not in _ANYWHERE:
            there = {at: fits for at, fits in found.items() if self._addresses(at.server)}
            here = {
                at: _Fits(Certainty.LIKELY, f"code: it connects to {host}, which is that host's")
                for at in there
                if host in self._addresses(at.server)
            }
            return here or {at: fits for at, fits in found.items() if at not in there}
        if host and host not in _LOCAL and host not in _ANYWHERE and "{" not in host:
            label = plain(host.partition(".")[0])
            called = {
                at: _Fits(Certainty.LIKELY, f"code: it connects to {host}, by name and port")
                for at in found
                if label
                in {plain(each) for each in (at.server, *self._parties.of[at.server].names)}
            }
            return called or found
        if len(found) > 1:
            own = {at: fits for at, fits in found.items() if at.server == end.party.name}
            return own or found
        return found

    def _types_fit(self, end: CodeEnd, at: AtServer) -> bool:
        """Whether libzmq lets the two talk, as far as the types are known."""
        theirs = [
            each
            for key, draft in self._edges.items()
            if key[1] == at
            for each in draft.server_types
        ]
        return may_meet(end.socket.types, theirs)

    def _edge(self, client: str, at: AtServer) -> BoundaryDraft:
        if (found := self._edges.get((client, at))) is not None:
            return found
        waiting = next(draft for key, draft in self._edges.items() if key[1] == at)
        draft = self._edges[client, at] = BoundaryDraft(client, at, waiting.transport)
        if (None, at) in self._edges:
            draft.take(self._edges[None, at])
        for bind, fits in self._binds.get(at, ()):
            draft.read(bind, fits.why, fits.certainty)
        return draft

    def _crossed(self, end: CodeEnd, client: str, at: AtServer) -> Crossed:
        if end.transport == "ipc":
            return Crossed(CrossingKind.HOST, "ipc never leaves a host")
        if end.host in _LOCAL or (is_address(end.host) and ip_address(end.host).is_loopback):
            return Crossed(CrossingKind.HOST, f"code connects to {end.host}")
        binds = self._binds.get(at, ())
        if binds and all(bind.exposed is False for bind, _ in binds):
            return Crossed(CrossingKind.HOST, "code binds a loopback")
        sides = [next(iter(self._addresses(each)), "") for each in (client, at.server)]
        if is_address(end.host) and end.host not in _ANYWHERE:
            sides[1] = end.host
        if not any(sides):
            return Crossed(CrossingKind.UNKNOWN, "code does not say on which hosts it runs")
        return crossed(sides[0], sides[1], self._grounds)

    def _addresses(self, name: str) -> tuple[str, ...]:
        party = self._parties.of.get(name)
        told = [
            address for address, host in self._grounds.hosts.items() if plain(host) == plain(name)
        ]
        return (*(party.addresses if party else ()), *told)

    def _keep_unbound(self, end: CodeEnd, name: str, candidates: Sequence[AtServer]) -> None:
        if candidates:
            named = ", ".join(sorted({each.server for each in candidates})[:_MOST_NAMED])
            why = f"several wait at {end.said}, and nothing says which is meant: {named}"
        elif _place(end) is None:
            why = "only the running program knows to whom it connects"
        else:
            why = f"nobody was seen to wait at {end.said}"
        host = f"{end.host}:" if end.host else ""
        key = name, f"{end.transport} {host}{end.said}"
        at = AtServer("", carrier(end.transport), end.port, end.path if end.port is None else "")
        draft = self._unbound.setdefault(key, BoundaryDraft(name, at, end.transport, unbound=why))
        draft.read(end, "code: it connects there; nobody saw it run", Certainty.LIKELY)
        local = end.transport == "ipc" or end.host in _LOCAL
        if local:
            draft.crossings.append(
                Crossed(CrossingKind.HOST, f"code connects to {end.host or end.path}")
            )
            draft.exposed.add(False)
        elif is_address(end.host) and ip_address(end.host).is_global:
            draft.crossings.append(crossed("", end.host, self._grounds))


def _place(end: CodeEnd) -> int | str | None:
    """Its port or its path; None where only the running program knows it."""
    return end.port if end.port is not None else end.path or None


def _same_place(end: CodeEnd, at: AtServer) -> bool:
    place = _place(end)
    return place is not None and place == (at.port if at.port is not None else at.path)


def _may_be_at(end: CodeEnd, at: AtServer) -> bool:
    return end.open_port or _same_place(end, at)


def _script_of(script: str, socket: SocketInCode) -> str:
    """Why what a process runs is the code of a socket: its file, or the module of its package."""
    words = script.removeprefix("-m ").strip()
    file = socket.place.file
    if words.endswith(f"/{file}") or words == file:
        return f"it runs {file}"
    base = words.rpartition("/")[2]
    if script.startswith("-m"):
        module = words.split(".")
        parts = re.sub(r"\.\w+$", "", file).split("/")
        if module[0] in parts or plain(module[0]) == plain(socket.program):
            return f"it runs -m {words}, of the package that makes the socket"
    elif base and base == file.rpartition("/")[2]:
        return f"it runs {base}, the name of the file that makes the socket"
    elif base and plain(base) == plain(socket.program):
        return f"it runs {base}, the name of the package that makes the socket"
    return ""
