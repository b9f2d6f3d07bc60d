"""To whom code connects: to who was seen to be its peer, or to whom its endpoint means.

By the name in it, by the key of configuration that both ends ask for, by the port. What several
could be is not chosen among: it is kept, and that is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.register.binds import BindsAt
from bulkhead.discover.register.drafts import AtServer, BoundaryDraft, EdgeDrafts, PartyDrafts
from bulkhead.discover.register.fitting import Fits, may_be_at, place_of, runs, same_place
from bulkhead.discover.register.from_code import CodeEnd, carrier, same_carrier
from bulkhead.discover.register.grounds import Crossed, CrossingKind, Grounds, crossed, is_address
from bulkhead.discover.register.naming import plain
from bulkhead.discover.register.sighting import Certainty
from bulkhead.discover.register.socket_types import may_meet

_ANYWHERE: Final = frozenset({"", "*", "0.0.0.0", "::"})  # noqa: S104 - as code writes it
_LOCAL: Final = frozenset({"localhost", "lo", "127.0.0.1", "::1"})
_MOST_NAMED: Final = 4


class ConnectJoining:
    """Adds connects to the edges of what runs, and edges of their own. `unbound` are the rest."""

    def __init__(
        self, parties: PartyDrafts, edges: EdgeDrafts, binds: BindsAt, grounds: Grounds
    ) -> None:
        self._parties = parties
        self._edges = edges
        self._binds = binds
        self._grounds = grounds
        self._seen = edges.connected()
        self._unbound: dict[tuple[str, str], BoundaryDraft] = {}
        self._by_key: dict[tuple[str, str], dict[AtServer, None]] = defaultdict(dict)
        for at, some in binds.items():
            for bind, _ in some:
                for key in bind.keys:
                    self._by_key[key][at] = None
        self._told: dict[str, list[str]] = defaultdict(list)
        for address, host in grounds.hosts.items():
            self._told[plain(host)].append(address)

    @property
    def unbound(self) -> tuple[BoundaryDraft, ...]:
        return tuple(self._unbound.values())

    def join(self, connects: Sequence[CodeEnd]) -> None:
        """Each of them."""
        for end in connects:
            if not self._beside_what_runs(end):
                self._to_whom_it_means(end)

    def _beside_what_runs(self, end: CodeEnd) -> bool:
        """Whether its program was seen to have such a peer."""
        seen = {
            draft: why
            for draft in self._seen
            if draft.at is not None
            and same_carrier(end, draft.at.carrier)
            and may_be_at(end, draft.at)
            and (why := runs(end, self._parties.of[draft.client or ""]))
        }
        exact = {each: why for each, why in seen.items() if each.at and same_place(end, each.at)}
        if not exact and len({each.at for each in seen}) == 1:
            exact = seen
        for draft, why in exact.items():
            there = draft.at is not None and same_place(end, draft.at)
            certainty = Certainty.LIKELY if there else Certainty.POSSIBLE
            draft.read(end, f"code: {why}, and it connects there", certainty)
            client = self._parties.of[draft.client or ""]
            client.files[end.end.place.file] = None
            if client.name != end.party.name:
                client.names[end.party.name] = None
        return bool(exact)

    def _to_whom_it_means(self, end: CodeEnd) -> None:
        candidates = self._meant(end, self._candidates(end))
        name = self._parties.in_code(end.party, end.end.place.file)
        if len(candidates) == 1:
            ((at, fits),) = candidates.items()
            draft = self._edge(name, at)
            draft.read(end, fits.why, fits.certainty)
            draft.crossings.append(self._crossed(end, name, at))
        else:
            self._keep(end, name, list(candidates))

    def _candidates(self, end: CodeEnd) -> dict[AtServer, Fits]:
        """The sockets that its endpoint may mean."""
        place = place_of(end)
        at_place = self._edges.at_place(place) if place is not None else ()
        found = {
            at: Fits(Certainty.POSSIBLE, f"code: by {end.said}, which one program binds")
            for at in at_place
        }
        if place is None:
            why = "code: both ends ask for one key of configuration"
            asked = (at for key in sorted(end.keys) for at in self._by_key[key])
            found = {at: Fits(Certainty.LIKELY, why) for at in asked}
        return {
            at: fits
            for at, fits in found.items()
            if same_carrier(end, at.carrier) and self._types_fit(end, at)
        }

    def _types_fit(self, end: CodeEnd, at: AtServer) -> bool:
        """Whether libzmq lets the two talk, as far as the types are known."""
        theirs = [each for draft in self._edges.at(at) for each in draft.server_types]
        return may_meet(end.socket.types, theirs)

    def _meant(self, end: CodeEnd, found: dict[AtServer, Fits]) -> dict[AtServer, Fits]:
        """Of several the one that its host says."""
        host = end.host
        if host in _ANYWHERE or host in _LOCAL or "{" in host:
            own = {at: fits for at, fits in found.items() if at.server == end.party.name}
            return own if own and len(found) > 1 else found
        if is_address(host):
            there = {at: fits for at, fits in found.items() if self._addresses(at.server)}
            here = {
                at: Fits(Certainty.LIKELY, f"code: it connects to {host}, which is that host's")
                for at in there
                if host in self._addresses(at.server)
            }
            return here or {at: fits for at, fits in found.items() if at not in there}
        label = plain(host.partition(".")[0])
        called = {
            at: Fits(Certainty.LIKELY, f"code: it connects to {host}, by name and port")
            for at in found
            if label in {plain(each) for each in (at.server, *self._parties.of[at.server].names)}
        }
        return called or found

    def _edge(self, client: str, at: AtServer) -> BoundaryDraft:
        if (found := self._edges.found(client, at)) is not None:
            return found
        waiting = next(iter(self._edges.at(at)))
        alone = self._edges.found(None, at)
        draft = self._edges.draft(client, at, waiting.transport)
        if alone is not None:
            draft.take(alone)
        for bind, fits in self._binds.get(at, ()):
            draft.read(bind, fits.why, fits.certainty)
        return draft

    def _crossed(self, end: CodeEnd, client: str, at: AtServer) -> Crossed:
        binds = self._binds.get(at, ())
        if end.transport == "ipc":
            return Crossed(CrossingKind.HOST, "ipc never leaves a host")
        if end.host in _LOCAL or (is_address(end.host) and ip_address(end.host).is_loopback):
            return Crossed(CrossingKind.HOST, f"code connects to {end.host}")
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
        return (*(party.addresses if party else ()), *self._told.get(plain(name), ()))

    def _keep(self, end: CodeEnd, name: str, candidates: Sequence[AtServer]) -> None:
        if candidates:
            named = ", ".join(sorted({each.server for each in candidates})[:_MOST_NAMED])
            why = f"several wait at {end.said}, and nothing says which is meant: {named}"
        elif place_of(end) is None:
            why = "only the running program knows to whom it connects"
        else:
            why = f"nobody was seen to wait at {end.said}"
        host = f"{end.host}:" if end.host else ""
        key = name, f"{end.transport} {host}{end.said}"
        at = AtServer("", carrier(end.transport), end.port, end.path if end.port is None else "")
        draft = self._unbound.setdefault(key, BoundaryDraft(name, at, end.transport, unbound=why))
        draft.read(end, "code: it connects there; nobody saw it run", Certainty.LIKELY)
        if end.transport == "ipc" or end.host in _LOCAL:
            local = f"code connects to {end.host or end.path}"
            draft.crossings.append(Crossed(CrossingKind.HOST, local))
            draft.exposed.add(False)
        elif is_address(end.host) and ip_address(end.host).is_global:
            draft.crossings.append(crossed("", end.host, self._grounds))
