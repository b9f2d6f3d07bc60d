"""From end to end: every way that requests and replies can take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.prefixes import Prefix
from bulkhead.prove.sets.standing import Standing, standings_of
from bulkhead.prove.sets.survey import Survey
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.elsewhere import from_beyond, from_elsewhere
from bulkhead.prove.sets.ways.enter import by_tunnels, from_site
from bulkhead.prove.sets.ways.leave import forward, from_internet, leave
from bulkhead.prove.sets.ways.nat import nat_standing
from bulkhead.prove.sets.ways.passage import Candidates, Exit, Options, Outlets, Passage, SentOn


class Ways:
    """The ways between standings, known by number; each is looked for once."""

    def __init__(self, survey: Survey, *, tunnels_for_all: bool = True) -> None:
        """`tunnels_for_all`: whether somebody may send as anybody by a tunnel, or unseen."""
        self.survey = survey
        self._tunnels_for_all = tunnels_for_all
        self.standings = standings_of(survey)
        self.carriers = Carriers(survey.network, survey.classes, survey.unknowns, survey.routing)
        self._requests: dict[tuple[int, int], Options] = {}
        self._replies: dict[tuple[int, int, Exit, str | None, Outlets], Options] = {}

    def request(self, origin: int, target: int) -> Options:
        """How a request can come from one to the other."""
        key = (origin, target)
        if key not in self._requests:
            sender = self.standings.seen[origin]
            self._requests[key] = tuple(
                way
                for each in _meant(self.standings.seen[target])
                for way in self._travel(sender, each, reply=False)
            )
        return self._requests[key]

    def reply(
        self,
        origin: int,
        target: int,
        asked_by: Exit = Exit.OTHER,
        *,
        behind: str | None = None,
        held: Outlets = frozenset(),
    ) -> Options:
        """A reply that follows nothing but routes: origin is who answers.

        `asked_by`: how the request left the target's VPC. `behind` the tunnels of that
        site is whichever of the two is outside. `held`: as of the request.
        """
        if asked_by is not Exit.EGRESS_ONLY_GATEWAY:
            asked_by = Exit.OTHER  # No other lets its replies in by itself.
        key = (origin, target, asked_by, behind, held)
        if key not in self._replies:
            ends = (self._behind(each, behind) for each in (origin, target))
            self._replies[key] = self._travel(*ends, reply=True, asked_by=asked_by, held=held)
        return self._replies[key]

    def reply_to_nat(
        self,
        origin: int,
        nat: SentOn,
        behind: str | None = None,
        *,
        from_ipv6: bool = False,
        held: Outlets = frozenset(),
    ) -> Options:
        """The first stretch of a reply that is translated back: to the gateway."""
        if self.carriers.nat_gateway[nat.gateway].subnet is None:
            return ((self._straight(self.standings.seen[origin], from_ipv6=from_ipv6),),)
        target = nat_standing(self.carriers, nat)
        sender = self._behind(origin, behind)
        return self._travel(sender, target, reply=True, from_ipv6=from_ipv6, held=held)

    def _straight(self, origin: Standing, *, from_ipv6: bool) -> Passage:
        """From the internet to a gateway that stands in no subnet: nothing is asked."""
        return Passage(
            source=origin.home,
            public=origin.public,
            reply=True,
            origin=None,
            from_ipv6=from_ipv6,
        )

    def _behind(self, end: int, site: str | None) -> Standing:
        seen = self.standings.seen[end]
        if site is None or seen.subnet is not None:
            return seen
        return replace(seen, kind=EndpointKind.SITE, id=site)

    def reply_from_nat(self, nat: SentOn, source: Prefix, target: int, held: Outlets) -> Candidates:
        """The last stretch: from the gateway to the client, with the address of who answers."""
        gateway = self.carriers.nat_gateway[nat.gateway]
        subnet, client = gateway.subnet, self.standings.seen[target]
        start = Passage(
            source=source, public=False, reply=True, origin=subnet, transit=True, held=held
        )
        if subnet is None:
            return forward(self.carriers, start, gateway.ground(nat.zone), client)
        return leave(self.carriers, start, subnet, client)

    def _travel(
        self,
        origin: Standing,
        target: Standing,
        *,
        reply: bool,
        asked_by: Exit = Exit.OTHER,
        from_ipv6: bool = False,
        held: Outlets = frozenset(),
    ) -> Options:
        if origin.is_ipv6 != target.is_ipv6 or (origin.opens_nothing and not reply):
            return ()
        if (origin.kind, origin.id) == (target.kind, target.id) and origin.subnet is None:
            return ()
        start = Passage(
            source=origin.home,
            public=origin.public,
            reply=reply,
            origin=origin.subnet,
            asked_by=asked_by,
            client_ports=origin.client_ports,
            from_ipv6=from_ipv6,
            held=held,
        )
        if origin.subnet is not None:
            return (leave(self.carriers, start, origin.subnet, target),)
        match origin.kind:
            case EndpointKind.INTERNET:
                usual = from_internet(self.carriers, start, target)
                return (usual, *(self._unseen(start, target) if self._tunnels_for_all else ()))
            case EndpointKind.SITE:
                return tuple(from_site(self.carriers, start, origin, target))
            case _:
                tunnelled = by_tunnels(self.carriers, start, target)
                return (from_elsewhere(self.carriers, start, origin, target), *tunnelled)

    def _unseen(self, start: Passage, target: Standing) -> Options:
        """From the internet, and not by it."""
        beyond = from_beyond(self.carriers, start, target)
        return (*beyond, *by_tunnels(self.carriers, start, target))


def _meant(target: Standing) -> Iterator[Standing]:
    """Whom a packet may be for: of several who have one address of IPv4, each (NAT64)."""
    if not target.ipv4:
        yield target
    for each in target.ipv4:
        yield replace(target, ipv4=(each,))
