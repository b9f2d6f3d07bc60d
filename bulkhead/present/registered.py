"""What a register of boundaries shows of who asks whom, as a witness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.register import BoundaryEvidence, BoundaryRegister, SeenBoundary
from bulkhead.discover.register.from_code import carrier
from bulkhead.network import PortRange
from bulkhead.network.traffic import split
from bulkhead.present.named import LeftOut
from bulkhead.present.opening import PresentOpening
from bulkhead.present.placing import PlacedEnd, Placing, UnplacedEnd
from bulkhead.present.tightening import ShownAsking

_PROTOCOLS: Final = {"tcp": 6, "udp": 17, "pgm": 113}
"""By what carries it (iana.org/assignments/protocol-numbers)."""
_MOST_SAID: Final = 3


@dataclass(slots=True)
class Registered:
    """A register, held against those who are there."""

    placing: Placing
    register: BoundaryRegister
    shown: list[ShownAsking] = field(default_factory=list)
    _left: dict[LeftOut, None] = field(default_factory=dict)
    _waiting: dict[tuple[int, int], dict[int, dict[str, None]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )

    def __post_init__(self) -> None:
        for each in self.register.boundaries:
            if not each.local:
                self._take(each)

    def _take(self, boundary: SeenBoundary) -> None:
        """What was seen to run says whose both ends are; without that what is written."""
        protocol = _PROTOCOLS.get(carrier(boundary.transport))
        if protocol is None or boundary.port is None:
            self._leave(boundary, "only the running program knows at which port")
            return
        at = self.placing.reach.protocol(protocol), boundary.port
        seen: dict[tuple[PlacedEnd, PlacedEnd], list[BoundaryEvidence]] = defaultdict(list)
        waits: PlacedEnd | None = None
        written: list[BoundaryEvidence] = []
        for each in boundary.evidence:
            if not each.kind.of_running:
                written.append(each)
                continue
            server = self.placing.at(each.server_address, boundary.server)
            if not each.client_address and each.end == "server":
                if isinstance(server, PlacedEnd):
                    self._wait(server, at, each)
                    waits = server
                continue
            client = self.placing.at(each.client_address, boundary.client)
            if isinstance(client, PlacedEnd) and isinstance(server, PlacedEnd):
                seen[client, server].append(each)
            elif not _within_a_host(each):
                self._leave(boundary, _whys(client, server), (each,))
        for (client, server), some in seen.items():
            self._show(client, server, at, (*some, *written))
        if written and not seen:
            self._by_its_words(boundary, at, written, waits)

    def _by_its_words(
        self,
        boundary: SeenBoundary,
        at: tuple[int, int],
        written: Sequence[BoundaryEvidence],
        waits: PlacedEnd | None,
    ) -> None:
        placing = self.placing
        client = placing.called(boundary.client)
        server = waits or placing.called(boundary.server)
        if isinstance(server, UnplacedEnd):
            server = placing.meant_by(boundary.endpoint, server)
        if boundary.client is None:
            if isinstance(server, PlacedEnd):
                for each in written:
                    self._wait(server, at, each)
            else:
                self._leave(boundary, server.why, written)
            return
        if isinstance(client, UnplacedEnd) and isinstance(server, PlacedEnd):
            client = placing.left_by_rules(*at, client, server=server)
        elif isinstance(server, UnplacedEnd) and isinstance(client, PlacedEnd):
            server = placing.left_by_rules(*at, server, client=client)
        if isinstance(client, PlacedEnd) and isinstance(server, PlacedEnd):
            self._show(client, server, at, written)
        else:
            self._leave(boundary, _whys(client, server), written)

    def _show(
        self,
        client: PlacedEnd,
        server: PlacedEnd,
        at: tuple[int, int],
        evidence: Sequence[BoundaryEvidence],
    ) -> None:
        ends = None
        if client.end is not None and server.end is not None:
            ends = client.end, server.end
        how = "; ".join(dict.fromkeys(each.how for each in (client, server) if each.how))
        for each in evidence:
            said = f"{each}; {how}" if how else str(each)
            self.shown.append(
                ShownAsking(
                    client=client.party,
                    server=server.party,
                    protocol=at[0],
                    port=at[1],
                    said=said,
                    ends=ends,
                )
            )

    def _wait(self, server: PlacedEnd, at: tuple[int, int], each: BoundaryEvidence) -> None:
        self._waiting[server.party, at[0]][at[1]][str(each)] = None

    def _leave(
        self, boundary: SeenBoundary, why: str, evidence: Sequence[BoundaryEvidence] | None = None
    ) -> None:
        said = [str(each) for each in (boundary.evidence if evidence is None else evidence)]
        self._left[LeftOut(what=str(boundary), why="; ".join((why, *said[:_MOST_SAID])))] = None

    def why_not(self, opening: PresentOpening) -> Iterator[tuple[PresentOpening, str]]:
        waiting = self._waiting.get((self.placing.place(opening.server), opening.protocol), {})
        here = [PortRange(port, port) for port in waiting if port in opening.ports]
        for ports, waits in split(opening.ports, here):
            why = "and no evidence of ZeroMQ shows it"
            if waits:
                said = "; ".join(list(waiting[ports.first])[:_MOST_SAID])
                why = f"and none of them was seen to come to the socket that waits there: {said}"
            yield opening.at(ports), why

    def remarks(self) -> Iterator[LeftOut]:
        yield from self._left


def _whys(*ends: PlacedEnd | UnplacedEnd) -> str:
    """Why nobody can tell whose these are, each reason once."""
    return "; ".join(dict.fromkeys(each.why for each in ends if isinstance(each, UnplacedEnd)))


def _within_a_host(each: BoundaryEvidence) -> bool:
    """Whether it says of what never left its host."""
    several = [each.client_address, each.server_address]
    return several[0] == several[1] != "" or any(
        one and ip_address(one.partition("%")[0]).is_loopback for one in several
    )
