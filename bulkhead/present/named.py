"""What a topology has words for, and who is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, collapse_addresses
from itertools import chain
from string import ascii_lowercase
from typing import Final

from bulkhead.intent.starting import name_like
from bulkhead.network import PortRange
from bulkhead.network.members import GroupMembers

_A_LINE: Final = 8
"""Names on one line of a comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What is there and is not written, and why, or what would have to be said."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentService:
    """Interfaces that nothing tells apart. `ends` are theirs of IPv4 in the proof, as bits."""

    name: str
    segment: str
    ends: int
    interfaces: tuple[str, ...]
    groups: tuple[str, ...]
    client_ports: PortRange
    members: GroupMembers | None = None
    tagged: str | None = None
    told_apart: bool = False
    """Whether others have the same groups, and are not allowed the same."""
    alike: tuple[str, ...] = ()
    """What those would be called that it stands for, where it is several in one."""

    @property
    def replicas(self) -> str:
        """As a topology has it: '3', or of copies that come and go '2..10'."""
        if self.members is not None:
            return f"{max(1, self.members.fewest)}..{max(2, self.members.most)}"
        return str(len(self.interfaces))

    @property
    def because(self) -> Iterator[str]:
        """What it is, in the words of the account, a line each."""
        if self.alike:
            yield from _lines("one for these, which exchange the same with everybody: ", self.alike)
        said = f"tagged {self.tagged}, " if self.tagged else ""
        groups = _lines(f"{said}in ", self.groups)
        if len(self.groups) + len(self.interfaces) <= _A_LINE:
            yield f"{next(groups)}: {', '.join(self.interfaces)}"
        else:
            yield from groups
            yield from _lines("interfaces ", self.interfaces)
        if self.told_apart:
            yield "apart from others there: rules for some addresses allow not all the same"


def _lines(title: str, names: Sequence[str]) -> Iterator[str]:
    """A few names on a line, all of them."""
    for at in range(0, len(names), _A_LINE):
        yield (title if not at else "  ") + ", ".join(names[at : at + _A_LINE])


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentSite:
    """What lies behind a VPN connection. `places` are the networks of each of its ends, by its
    index in the proof."""

    name: str
    gateway: IPv4Address
    asn: int
    client_ports: PortRange
    trusted: bool
    places: dict[int, tuple[IPv4Network, ...]]

    @property
    def cidrs(self) -> tuple[IPv4Network, ...]:
        return self.at(self.places)

    def at(self, ends: Iterable[int]) -> tuple[IPv4Network, ...]:
        """The fewest networks that are these ends."""
        return tuple(collapse_addresses(chain.from_iterable(self.places[each] for each in ends)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentSegment:
    name: str
    subnets: tuple[str, ...]
    open_now: bool = False
    """Whether the network ACL of these subnets lets the whole VPC through."""
    open: bool = False
    """Whether it is written so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentParty:
    """Who sends and receives as one: a service, an end of a site, or anybody else."""

    name: str
    ends: int
    service: PresentService | None = None
    site: PresentSite | None = None
    at: int = -1
    """Of a site, the end that it is."""
    outer: bool = False
    """Whether it is the internet."""

    @property
    def written(self) -> bool:
        return self.service is not None or self.site is not None


@dataclass(slots=True)
class PresentNames:
    """Those that are given already."""

    taken: set[str] = field(default_factory=lambda: {"internet"})

    def like(self, text: str, otherwise: str) -> str:
        """The legal name nearest to a text that nobody has."""
        base = name_like(text) or otherwise
        name, number = base, 1
        while name in self.taken:
            # No number: `web-2` is the second host of a service `web`.
            name, number = f"{base[:27].rstrip('-')}-{_letters(number)}", number + 1
        self.taken.add(name)
        return name


def _letters(number: int) -> str:
    """'b' for the second, 'z' for the twenty-sixth, 'ba' for the one after."""
    more, last = divmod(number, len(ascii_lowercase))
    return (_letters(more) if more else "") + ascii_lowercase[last]


def hull(ports: Iterable[PortRange]) -> PortRange:
    """From the first to the last of all."""
    several = tuple(ports)
    return PortRange(min(each.first for each in several), max(each.last for each in several))
