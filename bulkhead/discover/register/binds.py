"""Where code binds, laid beside what was seen to wait.

A bind fits a socket that waits where its program is the one that runs there and its port the port.
Where no program is known it is that port, if nothing else has it. What fits nothing waits by
itself: code says so, and nobody saw it run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bulkhead.discover.register.drafts import AtServer, EdgeDrafts, PartyDrafts
from bulkhead.discover.register.fitting import Fits, place_of, runs, same_place
from bulkhead.discover.register.from_code import CodeEnd, carrier, same_carrier
from bulkhead.discover.register.naming import Named
from bulkhead.discover.register.sighting import Certainty

BindsAt = dict[AtServer, list[tuple[CodeEnd, Fits]]]
"""By socket that waits, the binds in code that are it, and why."""


class BindJoining:
    """All binds of some code, beside the sockets of what runs."""

    def __init__(self, parties: PartyDrafts, edges: EdgeDrafts, binds: Sequence[CodeEnd]) -> None:
        self._parties = parties
        self._edges = edges
        self._binds = binds
        self._waiting = edges.servers()
        self._written = {place_of(each) for each in binds if not each.open_port}
        self._programs: dict[int | str | None, set[str]] = defaultdict(set)
        self._open: dict[Named, set[object]] = defaultdict(set)
        for each in binds:
            self._programs[place_of(each)].add(each.party.name)
            if each.open_port and not each.path:
                self._open[each.party].add(each.socket.place)

    def join(self) -> BindsAt:
        """Each of them read into the drafts of its socket."""
        found: BindsAt = {}
        for bind in self._binds:
            for at, fits in self._fitting(bind).items():
                found.setdefault(at, []).append((bind, fits))
                party = self._parties.of[at.server]
                party.files[bind.end.place.file] = None
                if party.name != bind.party.name:
                    party.names[bind.party.name] = None
                for draft in self._edges.at(at):
                    draft.read(bind, fits.why, fits.certainty)
        return found

    def _fitting(self, bind: CodeEnd) -> dict[AtServer, Fits]:
        at = [each for each in self._waiting if same_carrier(bind, each.carrier)]
        ours = {each: why for each in at if (why := runs(bind, self._parties.of[each.server]))}
        return (
            self._by_place(bind, ours)
            or self._by_what_is_left(bind, ours)
            or (self._by_place_alone(bind, at) if not ours else {})
            or self._by_itself(bind)
        )

    def _by_place(self, bind: CodeEnd, ours: dict[AtServer, str]) -> dict[AtServer, Fits]:
        return {
            each: Fits(Certainty.LIKELY, f"code: {why}, and it binds there")
            for each, why in ours.items()
            if same_place(bind, each)
        }

    def _by_what_is_left(self, bind: CodeEnd, ours: dict[AtServer, str]) -> dict[AtServer, Fits]:
        """The one socket of its program that nothing else in the code is, where it is one alone."""
        if not bind.open_port or bind.path or len(self._open[bind.party]) != 1:
            return {}
        free = {each: why for each, why in ours.items() if each.place not in self._written}
        if len(free) != 1:
            return {}
        ((only, why),) = free.items()
        said = f"code: {why}; its port is chosen when it runs, and this is the only one left"
        return {only: Fits(Certainty.POSSIBLE, said)}

    def _by_place_alone(self, bind: CodeEnd, at: Sequence[AtServer]) -> dict[AtServer, Fits]:
        same = [each for each in at if same_place(bind, each)]
        if len(same) != 1 or len(self._programs[place_of(bind)]) != 1:
            return {}
        why = f"code: by {bind.said} alone; whether {same[0].server} runs it is not sure"
        return {same[0]: Fits(Certainty.POSSIBLE, why)}

    def _by_itself(self, bind: CodeEnd) -> dict[AtServer, Fits]:
        server = self._parties.in_code(bind.party, bind.end.place.file)
        written = "" if bind.port is not None else bind.path or bind.end.text
        alone = AtServer(server, carrier(bind.transport), bind.port, written)
        self._edges.draft(None, alone, bind.transport)
        return {alone: Fits(Certainty.LIKELY, "code: it binds there; nobody saw it run")}
