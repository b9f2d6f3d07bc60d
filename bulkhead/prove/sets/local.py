"""Within a VPC, for all senders at once: whom local routes lead there, and back."""

from __future__ import annotations

from bulkhead.prove.sets.routing import LOCAL
from bulkhead.prove.sets.survey import Survey


class Local:
    """Sets of ends, per standing; each is looked for once."""

    def __init__(self, survey: Survey, *, unknown_passes: bool) -> None:
        self._survey = survey
        self._unknown_passes = unknown_passes
        self._always = {
            vpc: {table: survey.routing.always_local(table, vpc) for table in tables}
            for vpc, tables in survey.by_table.items()
        }
        self._to: dict[int, int] = {}
        self._back: dict[int, int] = {}

    def to(self, standing: int) -> int:
        """Whose packets a local route, or none at all, leads to the standing."""
        if standing not in self._to:
            self._to[standing] = self._doubt(self._leading_to(standing), standing)
        return self._to[standing]

    def back(self, standing: int) -> int:
        """To whom a local route, or none at all, leads the replies of the standing."""
        if standing not in self._back:
            self._back[standing] = self._doubt(self._led_back(standing), standing)
        return self._back[standing]

    def _leading_to(self, standing: int) -> int:
        survey = self._survey
        endpoint, home = survey.endpoints[standing], survey.classes.grounds[standing]
        if endpoint.vpc is None or endpoint.subnet is None:
            return 0
        # Within a subnet no route table is asked.
        found = survey.in_subnet[endpoint.subnet]
        for table, users in survey.by_table[endpoint.vpc].items():
            if (
                self._always[endpoint.vpc][table]
                or survey.routing.choices(table, endpoint.vpc, home) == LOCAL
            ):
                found |= users
        return found

    def _led_back(self, standing: int) -> int:
        survey = self._survey
        endpoint = survey.endpoints[standing]
        if endpoint.vpc is None or endpoint.subnet is None:
            return 0
        table = survey.network.subnet[endpoint.subnet].route_table
        if self._always[endpoint.vpc][table]:
            return survey.in_vpc[endpoint.vpc]
        found = survey.in_subnet[endpoint.subnet]
        for home, peers in survey.homes_in[endpoint.vpc].items():
            if survey.routing.choices(table, endpoint.vpc, home) == LOCAL:
                found |= peers
        return found

    def _doubt(self, led: int, standing: int) -> int:
        """An end in doubt may be led anywhere, or nowhere."""
        everyone, in_doubt = self._survey.everyone, self._survey.in_doubt
        doubtful = everyone if in_doubt >> standing & 1 else in_doubt
        return led | doubtful if self._unknown_passes else led & ~doubtful
