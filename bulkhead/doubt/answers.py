"""What a doubt found: which opinions were asked what, and each packet on which one contradicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from bulkhead.doubt.claims import Claims, Interval, Location
from bulkhead.network import PortRange, Verdict
from bulkhead.network.traffic import traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One concrete packet: a request, and the client port of its reply where it matters.

    `port` is the destination port; for icmp the message, as type * 256 + code.
    """

    version: int
    origin: Location
    source: int
    target: Location
    destination: int
    protocol: int
    port: int
    client_port: int | None = None

    @property
    def source_address(self) -> IPv4Address | IPv6Address:
        return _address(self.version, self.source)

    @property
    def destination_address(self) -> IPv4Address | IPv6Address:
        return _address(self.version, self.destination)

    def __str__(self) -> str:
        what = traffic(self.protocol, (PortRange(self.port, self.port),))
        client = "" if self.client_port is None else f", client port {self.client_port}"
        return (
            f"{self.origin} {self.source_address} -> {self.target} "
            f"{self.destination_address} {what}{client}"
        )


def _address(version: int, number: int) -> IPv4Address | IPv6Address:
    return IPv4Address(number) if version == 4 else IPv6Address(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A packet on which an opinion differs from the proof: one of the two is wrong.

    `source` and `destination` are the ends as the proof calls them; `proved`
    and `found` are what either side says, in words.
    """

    opinion: str
    question: str
    witness: Witness
    source: str
    destination: str
    proved: str
    found: str

    def __str__(self) -> str:
        return (
            f"{self.witness}: proved {self.proved}, "
            f"{self.opinion} says {self.found} ({self.question})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one opinion was asked, and what it said.

    `cells`: how many cells (or single packets) its answer covers. `left_out` says
    what was not asked, or got no answer in time: '' where nothing was.
    """

    name: str
    questions: int
    cells: int
    seconds: float
    contradictions: tuple[Contradiction, ...]
    exhaustive: bool
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """All opinions on one proof."""

    opinions: tuple[Opinion, ...]

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        return tuple(each for opinion in self.opinions for each in opinion.contradictions)

    @property
    def ok(self) -> bool:
        """Whether nobody contradicts the proof."""
        return not self.contradictions

    @property
    def complete(self) -> bool:
        """Whether the opinions that answer for all packets have answered every question."""
        return not self.left_out

    @property
    def left_out(self) -> tuple[str, ...]:
        """What an opinion that answers for all packets could not answer."""
        return tuple(
            f"{each.name}: {each.left_out}"
            for each in self.opinions
            if each.exhaustive and each.left_out
        )

    @property
    def questions(self) -> int:
        return sum(each.questions for each in self.opinions)


def contradiction(
    opinion: str, question: str, witness: Witness, claims: Claims, found: str
) -> Contradiction:
    """Put a packet in the words of the proof."""
    sources = claims.holding(witness.origin, witness.source)
    destinations = claims.holding(witness.target, witness.destination)
    proved = "nothing: no endpoint has that address"
    if sources and destinations:
        proved = _proved(claims, sources[0], destinations[0], witness)
    return Contradiction(
        opinion=opinion,
        question=question,
        witness=witness,
        source=claims.classes[sources[0]].name if sources else str(witness.origin),
        destination=claims.classes[destinations[0]].name if destinations else str(witness.target),
        proved=proved,
        found=found,
    )


def in_words(verdict: str, lost: Iterable[Interval | PortRange]) -> str:
    """A verdict, and the client ports to which no reply returns."""
    ports = ", ".join(map(str, lost))
    return f"{verdict} (lost from client ports {ports})" if ports else verdict


def _proved(claims: Claims, source: int, destination: int, witness: Witness) -> str:
    claimed = claims.about(source, destination, witness.protocol, witness.port)
    if not claimed:
        return str(Verdict.DENIED)
    said = sorted({(str(each.verdict), each.lost) for each in claimed})
    verdicts = sorted({verdict for verdict, _ in said})
    return in_words(" and ".join(verdicts), (each for _, lost in said for each in lost))
