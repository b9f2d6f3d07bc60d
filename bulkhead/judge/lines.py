"""Where a topology says what a finding is about: of everything some line, the narrowest known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.labels import owner
from bulkhead.judge.state.content import ids_in
from bulkhead.judge.state.differing import Difference, Unknown
from bulkhead.judge.state.matching import Matching
from bulkhead.network import Flow, Listener, Origin, Origins


class TopologyLines:
    """Looks up the lines of a topology; what has none of its own has that of its name."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def flow(self, flow: Flow) -> Origin | None:
        """The line on which its client connects."""
        return self._origins.flow(flow) or self._first([])

    def ends(self, sockets: Iterable[Listener], *ends: Endpoint) -> Origin | None:
        """Of the first of the sockets; else of the first end that is declared, or its segment."""
        return self._first(self._of_ends(sockets, ends))

    def between(self, *ends: Endpoint) -> Origin | None:
        """Of the first segment of these ends, or site: what a NACL stands before."""
        return self._first(
            self._segment(each.segment) or self._origins.owners.get(owner(each) or "")
            for each in ends
        )

    def named(self, *names: str | None, segment: str | None = None) -> Origin | None:
        """Of the first that is a service or a site, else of a segment."""
        owners = [self._origins.owners.get(each or "") for each in names]
        return self._first([*owners, self._segment(segment)])

    def of(self, id_: str) -> Origin | None:
        """Of a thing by its id."""
        return self._first([self._origins.things.get(id_)])

    def difference(self, each: Difference, found: Matching) -> Origin | None:
        """Of what was planned; of what nobody planned, that of the thing it stands at."""
        if each.planned is not None:
            return self._first([self._of_planned(each.planned, each.planned_part)])
        return self._first(self._around(each.observed, found))

    def unseen(self, each: Unknown) -> Origin | None:
        """Of a planned thing that nobody observed."""
        return self._first([self._of_planned(each.thing)])

    def _first(self, found: Iterable[Origin | None]) -> Origin | None:
        """The first that says more than that it is about this topology."""
        whole = self._origins.whole
        return next((each for each in found if each is not None and each != whole), whole)

    def _segment(self, name: str | None) -> Origin | None:
        return self._origins.segments.get(name or "")

    def _of_ends(
        self, sockets: Iterable[Listener], ends: Iterable[Endpoint]
    ) -> Iterator[Origin | None]:
        for socket in sockets:
            yield self._origins.owners.get(socket.name)
        for end in ends:
            yield self._origins.owners.get(owner(end) or "")
            yield self._segment(end.segment)

    def _of_planned(self, thing: Any, part: object = None) -> Origin | None:
        known_as = getattr(thing, "id", None)
        if known_as is None:
            return self._origins.owners.get(thing.name)
        return self._origins.of(known_as, part)

    def _around(self, thing: Any, found: Matching) -> Iterator[Origin | None]:
        """What it says it is for, then what it is in or refers to."""
        for name in (getattr(thing, each, None) for each in ("service", "site")):
            yield self._origins.owners.get(name or "")
        yield self._segment(getattr(thing, "segment", None))
        if not hasattr(thing, "id"):
            yield self._origins.owners.get(thing.name)
        for each in ids_in(thing):
            yield self._origins.of(found.account.ids.get(each, ""))
