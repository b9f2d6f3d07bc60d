"""What a doubt found: which opinions were asked what, and each packet on which they differ."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from bulkhead.doubt.claims import Claims, Place
from bulkhead.network import PortRange
from bulkhead.network.traffic import traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One concrete packet: a request, and the client port of its reply where it matters."""

    version: int
    origin: Place
    source: int
    target: Place
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
            f"{_at(self.origin)} {self.source_address} -> {_at(self.target)} "
            f"{self.destination_address} {what}{client}"
        )


def _address(version: int, number: int) -> IPv4Address | IPv6Address:
    return IPv4Address(number) if version == 4 else IPv6Address(number)


def _at(place: Place) -> str:
    return " ".join(part for part in place if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A packet on which an opinion differs from the proof: one of the two is wrong."""

    opinion: str
    question: str
    packet: Packet | None
    source: str
    destination: str
    proved: str
    found: str

    def __str__(self) -> str:
        what = f"{self.source} -> {self.destination}" if self.packet is None else str(self.packet)
        return f"{what}: proved {self.proved}, {self.opinion} says {self.found} ({self.question})"


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
    disagreements: tuple[Disagreement, ...]
    exhaustive: bool
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """All opinions on one proof."""

    opinions: tuple[Opinion, ...]

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        return tuple(each for opinion in self.opinions for each in opinion.disagreements)

    @property
    def ok(self) -> bool:
        """Whether nobody contradicts the proof."""
        return not self.disagreements

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


def disagreement(
    opinion: str, question: str, packet: Packet, claims: Claims, found: str
) -> Disagreement:
    """Put a packet in the words of the proof."""
    sources = claims.at(packet.origin, packet.source)
    targets = claims.at(packet.target, packet.destination)
    proved = "nothing: no endpoint has that address"
    if sources and targets:
        word, lost = claims.says(sources[0], targets[0], packet.protocol, packet.port)
        ports = ", ".join(f"{first}-{last}" for first, last in lost)
        proved = f"{word} (lost from client ports {ports})" if ports else word
    return Disagreement(
        opinion=opinion,
        question=question,
        packet=packet,
        source=str(sources[0]) if sources else _at(packet.origin),
        destination=str(targets[0]) if targets else _at(packet.target),
        proved=proved,
        found=found,
    )
