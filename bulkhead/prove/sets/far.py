"""By gateways, standing by standing: whom no local route leads there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bulkhead.prove.sets.local import Local
from bulkhead.prove.sets.routing import LOCAL, NOWHERE
from bulkhead.prove.sets.ways.passage import Options
from bulkhead.prove.sets.ways.travel import Ways


class Far:
    """Sets of ends, each with its ways, per standing; each is looked for once."""

    def __init__(self, ways: Ways, local: Local) -> None:
        self._survey = survey = ways.survey
        self._ways = ways
        self._local = local
        self._users: dict[tuple[str, str], list[int]] = defaultdict(list)
        """(VPC, route table) -> the standings whose subnet uses it."""
        for first, seen in ways.standings.seen.items():
            if seen.subnet is not None:
                table = survey.network.subnet[seen.subnet].route_table
                self._users[seen.vpc or "", table].append(first)
        self._to: dict[int, tuple[tuple[int, Options], ...]] = {}

    def to(self, standing: int) -> tuple[tuple[int, Options], ...]:
        """Everybody whom no local route leads to the standing, with the ways they have."""
        if standing not in self._to:
            self._to[standing] = tuple(self._found(standing))
        return self._to[standing]

    def _found(self, standing: int) -> Iterator[tuple[int, Options]]:
        local, doubtful = self._local.to(standing), self._survey.in_doubt
        if doubtful >> standing & 1:
            return
        for origin in self._origins(standing):
            members = self._ways.standings.members[origin] & ~local & ~doubtful
            if members:
                ways = self._ways.request(origin, standing)
                if any(each is not None for candidates in ways for each in candidates):
                    yield members, ways

    def _origins(self, standing: int) -> Iterator[int]:
        """Those whose route table names a gateway for the standing, and whoever is outside."""
        seen = self._ways.standings.seen
        for (vpc, table), users in self._users.items():
            if self._survey.routing.choices(table, vpc, seen[standing].home) not in (
                LOCAL,
                NOWHERE,
            ):
                yield from users
        for origin in self._ways.standings.members:
            if seen[origin].subnet is None:
                yield origin
