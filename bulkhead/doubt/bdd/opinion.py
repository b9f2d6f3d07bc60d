"""Comparing the sets of packets that a proof claims with those that the network yields."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bulkhead.doubt.answers import Contradiction, Opinion, Witness, contradiction
from bulkhead.doubt.bdd.claimed import ClaimSets
from bulkhead.doubt.bdd.inhabitants import inhabited
from bulkhead.doubt.bdd.sets import Bits, Field, PacketSet
from bulkhead.doubt.bdd.space import PacketSpace, space_of
from bulkhead.doubt.bdd.verdicts import Verdicts, judge
from bulkhead.doubt.claims import Claims, Location
from bulkhead.network import TCP, UDP, Network, Verdict

NAME = "BDD"


def ask_bdds(
    network: Network,
    claims: Claims,
    *,
    limit: int,
    say: Callable[[str], None] = lambda _: None,
) -> Opinion:
    """Every question about every packet of the family that the claims are about.

    `limit`: how many witnesses of a contradiction each question may bring.
    """
    start = time.monotonic()
    family = f"IPv{claims.version}"
    say(f"{NAME}, {family}: pushing packets through the network")
    space = space_of(network, claims.version)
    verdicts = judge(space)
    say(f"{NAME}, {family}: comparing")
    inquiry = _Inquiry(claims, space, verdicts, ClaimSets(claims, space), limit)
    questions = list(inquiry.questions())
    return Opinion(
        name=f"{NAME} ({family})",
        questions=len(questions),
        cells=claims.cells,
        seconds=time.monotonic() - start,
        contradictions=tuple(each for found in questions for each in found),
        exhaustive=True,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Inquiry:
    claims: Claims
    space: PacketSpace
    verdicts: Verdicts
    claimed: ClaimSets
    limit: int

    def questions(self) -> Iterator[list[Contradiction]]:
        """What contradicts, for one question after the other."""
        yield from self._misplaced()
        found = {
            Verdict.ALLOWED: self.verdicts.allowed,
            Verdict.HALF_OPEN: self.verdicts.half_open,
            Verdict.UNDETERMINED: self.verdicts.undetermined,
            Verdict.DENIED: ~self.verdicts.may_arrive,
        }
        for verdict, packets in self.claimed.verdicts.items():
            question = f"proved {verdict}, and it is not"
            yield list(self._contradicted(question, packets & ~found[verdict]))
        question = "proved half-open, with other client ports lost"
        yield list(self._contradicted(question, self._other_ports()))

    def _misplaced(self) -> Iterator[list[Contradiction]]:
        """Compare who is anywhere, in both directions; and is any address held twice?"""
        universe = self.space.universe
        lives = inhabited(self.space, universe.origin, universe.source)
        once, twice = universe.none, universe.none
        for each in self.claimed.senders:
            twice |= once & each
            once |= each
        for question, wrong, found in (
            ("an address that no endpoint holds", lives & ~once, "somebody may have it"),
            ("an endpoint where nobody is", once & ~lives, "nobody can have it"),
            ("an address that two endpoints hold", twice, "only one end can have it"),
        ):
            yield list(self._each_misplaced(question, wrong, found))

    def _each_misplaced(
        self, question: str, wrong: PacketSet, found: str
    ) -> Iterator[Contradiction]:
        """One address in each location, as a packet to itself: there is no other end."""
        universe = self.space.universe
        for _ in range(self.limit):
            if not wrong.satisfiable():
                return
            bits = universe.pick(wrong)
            location = self._location(bits, universe.origin)
            address = universe.read(bits, universe.source)
            itself = Witness(
                version=self.claims.version,
                origin=location,
                source=address,
                target=location,
                destination=address,
                protocol=TCP,
                port=0,
            )
            yield contradiction(NAME, question, itself, self.claims, found)
            wrong &= ~self.space.at(universe.origin, location)

    def _other_ports(self) -> PacketSet:
        """Replies that are lost where the claim has them return, or the reverse."""
        universe, verdicts = self.space.universe, self.verdicts
        asked = self.claimed.verdicts[Verdict.HALF_OPEN] & verdicts.half_open
        asked &= (
            universe.one_of(universe.protocol, (TCP, UDP)) & ~verdicts.translated & verdicts.legal
        )
        return asked & ~(self.claimed.lost ^ verdicts.may_return)

    def _contradicted(self, question: str, wrong: PacketSet) -> Iterator[Contradiction]:
        """One witness for each pair of classes is enough."""
        for _ in range(self.limit):
            if not wrong.satisfiable():
                return
            witness = self._witness(wrong)
            one = self._packets(witness)
            found = self._verdict_of(one)
            yield contradiction(NAME, question, witness, self.claims, found)
            wrong &= ~self.claimed.like(one)

    def _witness(self, found: PacketSet) -> Witness:
        """One packet of a set that is not empty."""
        universe = self.space.universe
        bits = universe.pick(found)
        protocol = universe.read(bits, universe.protocol)
        return Witness(
            version=self.claims.version,
            origin=self._location(bits, universe.origin),
            source=universe.read(bits, universe.source),
            target=self._location(bits, universe.target),
            destination=universe.read(bits, universe.destination),
            protocol=protocol,
            port=universe.read(bits, universe.port),
            client_port=universe.read(bits, universe.client) if protocol in (TCP, UDP) else None,
        )

    def _location(self, bits: Bits, field: Field) -> Location:
        number = self.space.universe.read(bits, field)
        return next(each for each, its in self.space.numbers.items() if its == number)

    def _packets(self, witness: Witness) -> PacketSet:
        """The packets of a witness: one request, whatever the ports of its reply."""
        universe, space = self.space.universe, self.space
        return (
            space.at(universe.origin, witness.origin)
            & universe.is_(universe.source, witness.source)
            & space.at(universe.target, witness.target)
            & universe.is_(universe.destination, witness.destination)
            & universe.is_(universe.protocol, witness.protocol)
            & universe.is_(universe.port, witness.port)
        )

    def _verdict_of(self, one: PacketSet) -> str:
        """What the sets say about one packet."""
        for verdict, packets in (
            (Verdict.ALLOWED, self.verdicts.allowed),
            (Verdict.HALF_OPEN, self.verdicts.half_open),
            (Verdict.UNDETERMINED, self.verdicts.undetermined),
        ):
            if (packets & one).satisfiable():
                return str(verdict)
        return str(Verdict.DENIED)
