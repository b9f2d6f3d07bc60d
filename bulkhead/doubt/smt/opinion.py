"""Asking z3 for one packet that contradicts a claim, until there is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

import z3  # type: ignore[import-untyped]  # z3 ships no types

from bulkhead.doubt.answers import Disagreement, Opinion, Packet, disagreement
from bulkhead.doubt.claims import Claim, Claims, Place, Span
from bulkhead.doubt.smt.sentences import Sentences
from bulkhead.doubt.smt.terms import Formula, Vector, all_of, among, any_of, between, negated, same
from bulkhead.network import Network, Verdict

NAME = "z3"
SECONDS = 30
"""For one check; what takes longer is said to be unanswered."""
BUDGET = 120.0
"""Seconds for all questions about one family; then it is said what was not asked."""
AT_ONCE = 120
"""Up to so many ends a question is asked once; beyond, once for each place of the receiver."""


class SmtOpinion:
    """The network as formulas, and the claims of a proof beside them."""

    def __init__(self, network: Network, claims: Claims, *, limit: int) -> None:
        self.claims, self.limit = claims, limit
        self.sentences = Sentences(network, claims.version, claims.client)
        self.header = self.sentences.header
        self.questions = 0
        self.unanswered: list[str] = []
        self._until = 0.0

    def ask(self, say: Callable[[str], None]) -> Opinion:
        """Every question about every packet of this family."""
        start = time.monotonic()
        found: list[Disagreement] = []
        for question, asked in self._questions():
            # No question takes more than half of the time that is left: each gets its turn.
            now = time.monotonic()
            self._until = now + (start + BUDGET - now) / 2
            say(f"z3, IPv{self.claims.version}: {question}")
            found.extend(asked(question))
        return Opinion(
            name=f"{NAME} (IPv{self.claims.version})",
            questions=self.questions,
            cells=self.claims.cells,
            seconds=time.monotonic() - start,
            disagreements=tuple(found),
            exhaustive=True,
            left_out="; ".join(self.unanswered),
        )

    def _questions(self) -> Iterator[tuple[str, Callable[[str], Iterator[Disagreement]]]]:
        denied = negated(any_of(map(self._claimed, _NOT_DENIED)))
        yield "an address that no endpoint holds, or two do", self._ends
        yield "proved denied, yet it may arrive", self._asking(denied, self._may_arrive)
        yield (
            "not proved denied, yet it never arrives",
            self._asking(negated(denied), negated(self._may_arrive)),
        )
        sure = any_of(map(self._claimed, (Verdict.ALLOWED, Verdict.HALF_OPEN)))
        if not _alike(self._may_arrive, self._surely_arrives):
            yield (
                "proved to arrive, yet it depends on the unknown",
                self._asking(sure, negated(self._surely_arrives)),
            )
        legal = self.sentences.legal
        lost = all_of((legal, negated(self._surely_answered)))
        yield (
            "proved allowed, yet a reply may be lost",
            self._asking(self._claimed(Verdict.ALLOWED), lost),
        )
        half = self._claimed(Verdict.HALF_OPEN)
        yield (
            "proved half-open, yet every reply may return",
            self._always(half, self._may_be_answered),
        )
        yield (
            "proved half-open, with other client ports lost",
            self._asking(half, self._other_ports),
        )
        unsure = all_of((self._claimed(Verdict.UNDETERMINED), self._surely_arrives))
        yield (
            "proved undetermined, yet a reply is surely lost",
            self._asking(unsure, all_of((legal, negated(self._may_be_answered)))),
        )
        yield (
            "proved undetermined, yet it arrives and every reply returns",
            self._always(unsure, self._surely_answered),
        )

    # What the network says

    @cached_property
    def _may_arrive(self) -> Formula:
        return self.sentences.arrives(open_=True)

    @cached_property
    def _surely_arrives(self) -> Formula:
        return self.sentences.arrives(open_=False)

    @cached_property
    def _may_be_answered(self) -> Formula:
        return self.sentences.answered(open_=True)

    @cached_property
    def _surely_answered(self) -> Formula:
        """Of a request that surely arrives."""
        return self.sentences.returns()

    # What the proof claims

    @cached_property
    def _senders(self) -> tuple[Formula, ...]:
        return self._classes(self.header.origin, self.header.source)

    @cached_property
    def _receivers(self) -> tuple[Formula, ...]:
        return self._classes(self.header.target, self.header.destination)

    def _classes(self, place: Vector, address: Vector) -> tuple[Formula, ...]:
        numbers = self.sentences.atlas.numbers
        return tuple(
            end.place in numbers
            and all_of((same(place, numbers[end.place]), _spans(address, end.spans)))
            for end in self.claims.ends
        )

    @cached_property
    def _covered(self) -> Formula:
        return all_of((any_of(self._senders), any_of(self._receivers)))

    def _claimed(self, verdict: Verdict) -> Formula:
        return any_of(self._product(each) for each in self.claims.claims if each.verdict is verdict)

    def _product(self, claim: Claim) -> Formula:
        protocol = self.header.protocol
        speaks = (
            negated(among(protocol, self.claims.named))
            if claim.protocol == -1
            else same(protocol, claim.protocol)
        )
        return all_of(
            (
                speaks,
                between(self.header.port, *claim.ports),
                any_of(self._receivers[index] for index in claim.destinations),
                any_of(self._senders[index] for index in claim.sources),
            )
        )

    @cached_property
    def _other_ports(self) -> Formula:
        """A reply that is lost where the claim has it return, or the reverse."""
        sentences = self.sentences
        said = any_of(
            all_of((self._product(each), _spans(sentences.client, each.lost)))
            for each in self.claims.claims
            if each.verdict is Verdict.HALF_OPEN
        )
        ported = among(self.header.protocol, (6, 17))
        if isinstance(said, bool) and isinstance(self._may_be_answered, bool):
            return said == self._may_be_answered
        plain = self.sentences.untranslated
        differs = self._may_be_answered == said
        return all_of((ported, sentences.legal, plain, differs))

    # Questions

    def _asking(
        self, claim: Formula, contradiction: Formula
    ) -> Callable[[str], Iterator[Disagreement]]:
        return lambda question: self._search(
            question, (self.sentences.domain, self._covered, claim, contradiction)
        )

    def _search(self, question: str, formulas: Iterable[Formula]) -> Iterator[Disagreement]:
        for part in self._parts(question, formulas):
            solver = _solver((part,))
            for _ in range(self.limit):
                model = self._check(solver, question)
                if model is None:
                    break
                packet = self._packet(model)
                yield disagreement(NAME, question, packet, self.claims, self._verdict(packet))
                solver.add(negated(self._alike(packet)))

    def _parts(self, question: str, formulas: Iterable[Formula]) -> Iterator[Formula]:
        """The question, or for a large network the same once for each place of the receiver.

        Most of a network has nothing to do with one receiver: what is left when
        its place is put in is small.
        """
        whole = all_of(formulas)
        if whole is False:
            return
        if len(self.claims.ends) <= AT_ONCE or whole is True:
            yield whole
            return
        target = self.header.target
        numbers = list(self.sentences.atlas.numbers.values())
        # If time runs out, what was asked is spread over the network.
        places = [number for start in range(8) for number in numbers[start::8]]
        for asked, number in enumerate(places):
            if time.monotonic() > self._until:
                left = f"{len(places) - asked} of {len(places)} places of receivers"
                self.unanswered.append(f"{left}: {question}")
                return
            value = z3.BitVecVal(number, target.size())
            part = z3.simplify(z3.substitute(whole, (target, value)))
            if not z3.is_false(part):
                yield z3.And(part, target == number)

    def _always(self, claim: Formula, answered: Formula) -> Callable[[str], Iterator[Disagreement]]:
        """A packet of the claim for which every client port is answered.

        One that has no counterexample is found by collecting counterexamples.
        """

        def search(question: str) -> Iterator[Disagreement]:
            whole = (self.sentences.domain, self._covered, claim)
            for part in self._parts(question, whole):
                solver = _solver((part,))
                for _ in range(self.limit):
                    packet = self._without_counterexample(solver, answered, question)
                    if packet is None:
                        break
                    yield disagreement(NAME, question, packet, self.claims, self._verdict(packet))
                    solver.add(negated(self._alike(packet)))

        return search

    def _without_counterexample(
        self, solver: Any, answered: Formula, question: str
    ) -> Packet | None:
        while (model := self._check(solver, question)) is not None:
            packet = self._packet(model)
            lost = self._lost(packet, answered)
            if lost is None:
                return packet
            solver.add(_at(answered, lost))
        return None

    def _lost(self, packet: Packet, answered: Formula) -> list[tuple[Vector, int]] | None:
        """Ports to which no reply to this packet returns, or None if there are none."""
        sentences = self.sentences
        solver = _solver((self._is(packet), sentences.legal, negated(answered)))
        model = self._check(solver, "")
        if model is None:
            return None
        return [
            (port, model.eval(port, model_completion=True).as_long())
            for port in (sentences.client, sentences.middle)
        ]

    def _ends(self, question: str) -> Iterator[Disagreement]:
        """Compare who is anywhere, in both directions; then look for an address held twice."""
        header, ends = self.header, self.sentences.ends
        place, address = header.origin, header.source
        held = any_of(self._senders)
        lives = ends.is_end(place, address)
        for odd, found in (
            (all_of((lives, negated(held))), "somebody may have it"),
            (all_of((held, negated(lives))), "nobody can have it"),
        ):
            solver = _solver((odd, same(header.target, place), same(header.destination, address)))
            for _ in range(self.limit):
                model = self._check(solver, question)
                if model is None:
                    break
                packet = self._packet(model)
                yield disagreement(NAME, question, packet, self.claims, found)
                number = self.sentences.atlas.numbers[packet.origin]
                solver.add(negated(same(place, number)))

    def _check(self, solver: Any, question: str) -> Any:
        """A model, or None where there is none (or no answer in time, which is noted)."""
        self.questions += 1
        said = solver.check()
        if said == z3.unknown:
            self.unanswered.append(f"no answer within {SECONDS} s: {question}")
        return solver.model() if said == z3.sat else None

    # One packet

    def _packet(self, model: Any) -> Packet:
        def value(vector: Vector) -> int:
            return int(model.eval(vector, model_completion=True).as_long())

        header, client = self.header, self.sentences.client
        return Packet(
            version=self.claims.version,
            origin=self._place(value(header.origin)),
            source=value(header.source),
            target=self._place(value(header.target)),
            destination=value(header.destination),
            protocol=value(header.protocol),
            port=value(header.port),
            client_port=value(client) if value(header.protocol) in (6, 17) else None,
        )

    def _place(self, number: int) -> Place:
        places = {each: place for place, each in self.sentences.atlas.numbers.items()}
        return places[number]

    def _is(self, packet: Packet) -> Formula:
        header, numbers = self.header, self.sentences.atlas.numbers
        return all_of(
            (
                same(header.origin, numbers[packet.origin]),
                same(header.source, packet.source),
                same(header.target, numbers[packet.target]),
                same(header.destination, packet.destination),
                same(header.protocol, packet.protocol),
                same(header.port, packet.port),
            )
        )

    def _alike(self, packet: Packet) -> Formula:
        """Packets between the same two classes: one witness of each is enough."""
        numbers = self.sentences.atlas.numbers
        senders = [
            formula
            for formula, end in zip(self._senders, self.claims.ends, strict=True)
            if end.place == packet.origin and _holds(end.spans, packet.source)
        ]
        receivers = [
            formula
            for formula, end in zip(self._receivers, self.claims.ends, strict=True)
            if end.place == packet.target and _holds(end.spans, packet.destination)
        ]
        return all_of(
            (
                any_of(senders) if senders else same(self.header.origin, numbers[packet.origin]),
                any_of(receivers) if receivers else True,
            )
        )

    def _verdict(self, packet: Packet) -> str:
        """What the formulas say about one packet."""

        def can(formula: Formula) -> bool:
            return bool(_solver((self._is(packet), formula)).check() == z3.sat)

        if not can(self._may_arrive):
            return str(Verdict.DENIED)
        if not can(self._surely_arrives):
            return str(Verdict.UNDETERMINED)
        if self._lost(packet, self._surely_answered) is None:
            return str(Verdict.ALLOWED)
        if self._lost(packet, self._may_be_answered) is None:
            return str(Verdict.UNDETERMINED)
        return str(Verdict.HALF_OPEN)


_NOT_DENIED = (Verdict.ALLOWED, Verdict.HALF_OPEN, Verdict.UNDETERMINED)


def _solver(formulas: Iterable[Formula]) -> Any:
    """Ready to be asked about packets of which all formulas hold."""
    solver = z3.SolverFor("QF_BV")
    solver.set("timeout", SECONDS * 1000)
    for each in formulas:
        solver.add(each)
    return solver


def _at(formula: Formula, values: list[tuple[Vector, int]]) -> Formula:
    if isinstance(formula, bool):
        return formula
    return z3.substitute(formula, *((port, z3.BitVecVal(value, 16)) for port, value in values))


def _alike(one: Formula, other: Formula) -> bool:
    """Whether two formulas are the same term: where nothing is unknown the readings are one."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one.eq(other))


def _spans(vector: Vector, spans: Iterable[Span]) -> Formula:
    return any_of(between(vector, first, last) for first, last in spans)


def _holds(spans: Iterable[Span], number: int) -> bool:
    return any(first <= number <= last for first, last in spans)
