"""Comparing the sets of packets that a proof claims with those that the graph yields."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from bulkhead.doubt.answers import Disagreement, Opinion, Packet, disagreement
from bulkhead.doubt.bdd.sets import PacketSet, Value
from bulkhead.doubt.bdd.verdicts import Verdicts
from bulkhead.doubt.claims import Claim, Claims, Span
from bulkhead.network import Network, Verdict

NAME = "BDD"


class BddOpinion:
    def __init__(self, network: Network, claims: Claims, *, limit: int) -> None:
        self.network, self.claims, self.limit = network, claims, limit
        self.questions = 0

    def ask(self, say: Callable[[str], None]) -> Opinion:
        """Every question about every packet of this family."""
        start = time.monotonic()
        say(f"BDD, IPv{self.claims.version}: pushing packets through the network")
        self.sets = Verdicts(self.network, self.claims.version, self.claims.client)
        self.u = self.sets.u
        self._places = {number: place for place, number in self.sets.f.number.items()}
        say(f"BDD, IPv{self.claims.version}: comparing")
        found = tuple(self._compared())
        return Opinion(
            name=f"{NAME} (IPv{self.claims.version})",
            questions=self.questions,
            cells=self.claims.cells,
            seconds=time.monotonic() - start,
            disagreements=found,
            exhaustive=True,
        )

    def _compared(self) -> Iterator[Disagreement]:
        u, sets = self.u, self.sets
        senders = self._classes(u.origin, u.source)
        receivers = self._classes(u.target, u.destination)
        yield from self._ends(senders)
        within = u.union(senders) & u.union(receivers) & ~sets.places.one_host()
        within &= sets.places.inhabited(u.origin, u.source)
        within &= sets.places.inhabited(u.target, u.destination)
        products = [
            (each, within & self._product(each, senders, receivers)) for each in self.claims.claims
        ]

        def claimed(verdict: Verdict) -> PacketSet:
            return u.union([packets for each, packets in products if each.verdict is verdict])

        said: dict[Verdict, PacketSet] = {
            each: claimed(each) for each in Verdict if each is not Verdict.DENIED
        }
        said[Verdict.DENIED] = within & ~u.union(list(said.values()))
        found = {
            Verdict.ALLOWED: sets.allowed,
            Verdict.HALF_OPEN: sets.half_open,
            Verdict.UNDETERMINED: sets.undetermined,
            Verdict.DENIED: ~sets.may_arrive,
        }
        for verdict, packets in said.items():
            question = f"proved {verdict}, and it is not"
            wrong = packets & ~found[verdict]
            yield from self._witnesses(question, wrong, senders, receivers)
        yield from self._lost_ports(products, senders, receivers)

    def _lost_ports(
        self,
        products: Sequence[tuple[Claim, PacketSet]],
        senders: Sequence[PacketSet],
        receivers: Sequence[PacketSet],
    ) -> Iterator[Disagreement]:
        u, sets = self.u, self.sets
        half = [
            (packets, packets & self._spans(u.client, each.lost))
            for each, packets in products
            if each.verdict is Verdict.HALF_OPEN
        ]
        asked = u.union([packets for packets, _ in half])
        asked &= u.one_of(u.protocol, (6, 17)) & ~sets.translated & sets.legal & sets.half_open
        lost = u.union([packets for _, packets in half])
        wrong = asked & ~(lost ^ sets.may_return)
        question = "proved half-open, with other client ports lost"
        yield from self._witnesses(question, wrong, senders, receivers)

    def _ends(self, senders: Sequence[PacketSet]) -> Iterator[Disagreement]:
        u = self.u
        lives = self.sets.places.inhabited(u.origin, u.source)
        once, twice = u.none, u.none
        for each in senders:
            twice |= once & each
            once |= each
        asked = (
            ("an address that no endpoint holds", lives & ~once, "somebody may have it"),
            ("an endpoint where nobody is", once & ~lives, "nobody can have it"),
            ("an address that two endpoints hold", twice, "only one end can have it"),
        )
        for question, wrong, found in asked:
            self.questions += 1
            odd = wrong
            for _ in range(self.limit):
                if not odd.satisfiable():
                    break
                packet = self._packet(odd)
                twin = Packet(
                    version=packet.version,
                    origin=packet.origin,
                    source=packet.source,
                    target=packet.origin,
                    destination=packet.source,
                    protocol=6,
                    port=0,
                )
                yield disagreement(NAME, question, twin, self.claims, found)
                odd &= ~u.is_(u.origin, self.sets.f.number[packet.origin])

    # What the proof claims

    def _classes(self, place: Value, address: Value) -> list[PacketSet]:
        return [
            self.u.is_(place, self.sets.f.number[end.place]) & self._spans(address, end.spans)
            if end.place in self.sets.f.number
            else self.u.none
            for end in self.claims.ends
        ]

    def _spans(self, value: Value, spans: Sequence[Span]) -> PacketSet:
        return self.u.union([self.u.span(value, first, last) for first, last in spans])

    def _product(
        self, claim: Claim, senders: Sequence[PacketSet], receivers: Sequence[PacketSet]
    ) -> PacketSet:
        u = self.u
        found = u.span(u.port, *claim.ports)
        if claim.protocol == -1:
            found &= ~u.one_of(u.protocol, self.claims.named)
        else:
            found &= u.is_(u.protocol, claim.protocol)
        found &= u.union([senders[index] for index in claim.sources])
        return found & u.union([receivers[index] for index in claim.destinations])

    # Witnesses

    def _witnesses(
        self,
        question: str,
        wrong: PacketSet,
        senders: Sequence[PacketSet],
        receivers: Sequence[PacketSet],
    ) -> Iterator[Disagreement]:
        self.questions += 1
        for _ in range(self.limit):
            if not wrong.satisfiable():
                return
            packet = self._packet(wrong)
            yield disagreement(NAME, question, packet, self.claims, self._verdict(packet))
            one = self._is(packet)
            alike = _class_of(senders, one) & _class_of(receivers, one)
            wrong &= ~alike

    def _packet(self, found: PacketSet) -> Packet:
        u = self.u
        cube = u.pick(found)
        protocol = u.read(cube, u.protocol)
        return Packet(
            version=self.claims.version,
            origin=self._places[u.read(cube, u.origin)],
            source=u.read(cube, u.source),
            target=self._places.get(u.read(cube, u.target), ("", "")),
            destination=u.read(cube, u.destination),
            protocol=protocol,
            port=u.read(cube, u.port),
            client_port=u.read(cube, u.client) if protocol in (6, 17) else None,
        )

    def _is(self, packet: Packet) -> PacketSet:
        u, number = self.u, self.sets.f.number
        return (
            u.is_(u.origin, number[packet.origin])
            & u.is_(u.source, packet.source)
            & u.is_(u.target, number[packet.target])
            & u.is_(u.destination, packet.destination)
            & u.is_(u.protocol, packet.protocol)
            & u.is_(u.port, packet.port)
        )

    def _verdict(self, packet: Packet) -> str:
        one, sets = self._is(packet), self.sets
        for verdict, packets in (
            (Verdict.ALLOWED, sets.allowed),
            (Verdict.HALF_OPEN, sets.half_open),
            (Verdict.UNDETERMINED, sets.undetermined),
        ):
            if (packets & one).satisfiable():
                return str(verdict)
        return str(Verdict.DENIED)


def _class_of(classes: Sequence[PacketSet], one: PacketSet) -> PacketSet:
    """The class that a packet is in, or the packet itself."""
    return next((each for each in classes if (each & one).satisfiable()), one)
