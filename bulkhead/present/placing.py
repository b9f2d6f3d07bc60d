"""Whose is what a register tells of? By its address, by its name, or by the rules of today.

Whatever was seen to run has an address, and that says whose it is. Code has none: its program is a
service where one alone is called so, or where the rules of today leave one alone. Of what is left
nobody says whose it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.register import BoundaryParty
from bulkhead.discover.register.grounds import is_address
from bulkhead.discover.register.naming import plain
from bulkhead.ends import EndpointKind, label
from bulkhead.present.named import PresentParty
from bulkhead.present.opening import Passes, PresentOpening
from bulkhead.prove import Reach
from bulkhead.prove.sets.by_port import bits_of

_NOBODYS: Final = (EndpointKind.STRANGER, EndpointKind.ELSEWHERE, EndpointKind.NOWHERE)
"""Ends that are no thing which stands there: hosts that somebody could start, and the rest."""


@dataclass(frozen=True, slots=True)
class PlacedEnd:
    """Whose an end is: a party by its place, the very end where an address says it, and how else
    that is known."""

    party: int
    end: int | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class UnplacedEnd:
    """Why nobody can tell whose an end is."""

    why: str


@dataclass(slots=True)
class Placing:
    """Parties, as evidence calls them. `every` is all that is open between any of them."""

    reach: Reach
    parties: Sequence[PresentParty]
    every: Sequence[PresentOpening]
    _owner: dict[int, int] = field(default_factory=dict)
    _place: dict[int, int] = field(default_factory=dict)
    _known: dict[str, PlacedEnd | UnplacedEnd] = field(default_factory=dict)
    _called: Mapping[str, dict[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, party in enumerate(self.parties):
            self._place[id(party)] = place
            self._owner.update(dict.fromkeys(bits_of(party.ends), place))
        self._called = _names(self.parties)

    def place(self, party: PresentParty) -> int:
        """Its place among them."""
        return self._place[id(party)]

    def at(self, address: str, party: BoundaryParty | None) -> PlacedEnd | UnplacedEnd:
        """Whose an address is; where the evidence has none, by all addresses of its party."""
        several = (address,) if address and _tells(address) else party.addresses if party else ()
        found = {each: self._with(each) for each in several if _tells(each)}
        placed = {each.party: each for each in found.values() if isinstance(each, PlacedEnd)}
        if len(placed) == 1 and all(isinstance(each, PlacedEnd) for each in found.values()):
            return next(iter(placed.values()))
        if party is not None and party.because.startswith("--service"):
            return self.called(party)
        if len(found) > 1:
            return UnplacedEnd(f"{party} has several addresses, and they are not of one service")
        return next(
            iter(found.values()), UnplacedEnd(f"no address of {party or 'an end'} is known")
        )

    def _with(self, address: str) -> PlacedEnd | UnplacedEnd:
        if address not in self._known:
            self._known[address] = self._of_address(address)
        return self._known[address]

    def _of_address(self, address: str) -> PlacedEnd | UnplacedEnd:
        host = ip_address(address.partition("%")[0])
        if host.version == 6:
            return UnplacedEnd(f"{address} is of IPv6, of which no flow is written")
        for index, end in enumerate(self.reach.endpoints):
            if end.kind in _NOBODYS or end.version != host.version or host not in end:
                continue
            place = self._owner.get(index)
            if place is not None and self.parties[place].written:
                return PlacedEnd(place, index)
            return UnplacedEnd(f"{address} is of {label(end)}, which is no service or site here")
        return UnplacedEnd(f"nobody here has {address}")

    def called(self, party: BoundaryParty | None) -> PlacedEnd | UnplacedEnd:
        """The one that goes by a name of the party."""
        if party is None:
            return UnplacedEnd("nobody knows who is at its other end")
        words = dict.fromkeys(map(plain, (party.name, *party.names)))
        found = {place: how for word in words for place, how in self._called.get(word, {}).items()}
        if len(found) == 1:
            ((place, how),) = found.items()
            return PlacedEnd(place, how=f"{self.parties[place].name} by {how}")
        if found:
            named = ", ".join(sorted(self.parties[place].name for place in found))
            return UnplacedEnd(f"several are called as {party}: {named}")
        return UnplacedEnd(
            f"no service is called as {party} (--service NAME=WHAT says whose it is)"
        )

    def meant_by(self, endpoint: str, otherwise: UnplacedEnd) -> PlacedEnd | UnplacedEnd:
        """By the host that code writes in it: an address, or a name."""
        host = endpoint.partition("://")[2].rpartition(":")[0].strip("[]")
        if not host or "{" in host or host == "*":
            return otherwise
        if is_address(host):
            return self._with(host) if _tells(host) else otherwise
        found = self._called.get(plain(host.partition(".")[0]), {})
        if len(found) != 1:
            return otherwise
        ((place, how),) = found.items()
        return PlacedEnd(place, how=f"{self.parties[place].name} by {how}, as its endpoint has it")

    def left_by_rules(
        self,
        protocol: int,
        port: int,
        otherwise: UnplacedEnd,
        *,
        client: PlacedEnd | None = None,
        server: PlacedEnd | None = None,
    ) -> PlacedEnd | UnplacedEnd:
        """The other end, where the rules of today leave one alone for it."""
        there = [
            each
            for each in self.every
            if (each.protocol == protocol and port in each.ports)
            and (client is None or self.place(each.client) == client.party)
            and (server is None or self.place(each.server) == server.party)
        ]
        others = {self.place(each.server if client else each.client) for each in there}
        known = client or server
        if len(others) != 1 or known is None or there[0].passes is not Passes.ALLOWED:
            return otherwise
        only = self.parties[next(iter(others))]
        if not only.written:
            return otherwise
        name = self.parties[known.party].name
        why = f"{name} may ask nobody else" if client else f"nobody else may come to {name}"
        return PlacedEnd(self.place(only), how=f"{only.name} because {why} at that port")


def _tells(address: str) -> bool:
    """Whether an address says whose it is: that of every interface and a loopback do not."""
    host = ip_address(address.partition("%")[0])
    return not (host.is_unspecified or host.is_loopback)


def _names(parties: Sequence[PresentParty]) -> Mapping[str, dict[int, str]]:
    """By a word that is a name those who are called so, and by what: a tag outranks groups."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for place, party in enumerate(parties):
        if party.site is not None:
            found[plain(party.name)][place] = "the name of its connection"
        service = party.service
        if service is None:
            continue
        if service.tagged:
            found[plain(service.tagged)][place] = "its tag"
            continue
        for name in service.interfaces:
            found[plain(name)][place] = f"the name of its interface {name}"
        for group in service.groups:
            found[plain(group)][place] = f"the name of its group {group}"
    return found
