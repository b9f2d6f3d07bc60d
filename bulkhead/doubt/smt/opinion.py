"""Asking z3 for one packet that contradicts a claim, until there is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import z3  # type: ignore[import-untyped]  # z3 ships no types

from bulkhead.doubt.answers import Contradiction, Opinion, Witness, contradiction
from bulkhead.doubt.claims import Claims
from bulkhead.doubt.smt.claimed import ClaimFormulas
from bulkhead.doubt.smt.inhabitants import is_end
from bulkhead.doubt.smt.round_trip import RoundTrip, round_trip
from bulkhead.doubt.smt.solving import (
    Tally,
    are_one_term,
    is_witness,
    lost_to,
    satisfiable,
    solver_of,
    with_ports,
    witness_in,
)
from bulkhead.doubt.smt.terms import PORTED, Formula, all_of, among, any_of, negated, same
from bulkhead.doubt.smt.verdicts import (
    arrives,
    is_answered,
    is_cell,
    is_untranslated,
    surely_returns,
)
from bulkhead.network import Network, Verdict

NAME = "z3"
BUDGET = 120.0
"""Seconds for all questions about one family; then it is said what was not asked."""
AT_ONCE = 120
"""Up to so many classes a question is asked once; beyond, once for each location of receivers."""
ROUNDS = 8
"""Locations are asked about in so many rounds over all of them."""


def ask_z3(
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
    inquiry = _Inquiry(claims, round_trip(network, claims.version), limit)
    family = f"IPv{claims.version}"
    found: list[Contradiction] = []
    for question, contradictions in inquiry.questions():
        # No question takes more than half of the time that is left: each gets its turn.
        now = time.monotonic()
        inquiry.until = now + (start + BUDGET - now) / 2
        say(f"{NAME}, {family}: {question}")
        found.extend(contradictions)
    return Opinion(
        name=f"{NAME} ({family})",
        questions=inquiry.tally.checks,
        cells=claims.cells,
        seconds=time.monotonic() - start,
        contradictions=tuple(found),
        exhaustive=True,
        left_out="; ".join(inquiry.tally.unanswered),
    )


@dataclass
class _Inquiry:
    """The network as formulas, and the claims of a proof beside them."""

    claims: Claims
    trip: RoundTrip
    limit: int
    tally: Tally = field(default_factory=Tally)
    until: float = 0.0
    """When the question that is being asked has had its time."""

    def questions(self) -> Iterator[tuple[str, Iterator[Contradiction]]]:
        """Each question in words, and what contradicts: looked for when it is asked for."""
        claimed, legal = self.claimed, self.trip.legal
        question = "an address that no endpoint holds, or two do"
        yield question, self._misplaced(question)
        question = "proved denied, yet it may arrive"
        yield question, self._any(question, claimed.denied, self._may_arrive)
        question = "not proved denied, yet it never arrives"
        yield question, self._any(question, negated(claimed.denied), negated(self._may_arrive))
        if not are_one_term(self._may_arrive, self._surely_arrives):
            question = "proved to arrive, yet it depends on the unknown"
            sure = any_of(map(claimed.verdict, (Verdict.ALLOWED, Verdict.HALF_OPEN)))
            yield question, self._any(question, sure, negated(self._surely_arrives))
        question = "proved allowed, yet a reply may be lost"
        may_be_lost = all_of((legal, negated(self._surely_answered)))
        yield question, self._any(question, claimed.verdict(Verdict.ALLOWED), may_be_lost)
        half = claimed.verdict(Verdict.HALF_OPEN)
        question = "proved half-open, yet every reply may return"
        yield question, self._always(question, half, self._may_be_answered)
        question = "proved half-open, with other client ports lost"
        yield question, self._any(question, half, self._other_ports())
        unsure = all_of((claimed.verdict(Verdict.UNDETERMINED), self._surely_arrives))
        question = "proved undetermined, yet a reply is surely lost"
        surely_lost = all_of((legal, negated(self._may_be_answered)))
        yield question, self._any(question, unsure, surely_lost)
        question = "proved undetermined, yet it arrives and every reply returns"
        yield question, self._always(question, unsure, self._surely_answered)

    @cached_property
    def claimed(self) -> ClaimFormulas:
        return ClaimFormulas(self.claims, self.trip)

    # What the network says

    @cached_property
    def _may_arrive(self) -> Formula:
        return arrives(self.trip, unknown=True)

    @cached_property
    def _surely_arrives(self) -> Formula:
        return arrives(self.trip, unknown=False)

    @cached_property
    def _may_be_answered(self) -> Formula:
        return is_answered(self.trip, unknown=True)

    @cached_property
    def _surely_answered(self) -> Formula:
        """Of a request that surely arrives."""
        return surely_returns(self.trip)

    @cached_property
    def _asked_about(self) -> Formula:
        return all_of((is_cell(self.trip), self.claimed.covered))

    def _other_ports(self) -> Formula:
        """A reply that is lost where the claim has it return, or the reverse."""
        said, found = self.claimed.lost(), self._may_be_answered
        if isinstance(said, bool) and isinstance(found, bool):
            return said == found
        ported = among(self.trip.request.protocol, PORTED)
        return all_of((ported, self.trip.legal, is_untranslated(self.trip), found == said))

    # Looking for what contradicts

    def _any(self, question: str, claim: Formula, denial: Formula) -> Iterator[Contradiction]:
        """A packet of a claim of which something holds that denies the claim."""
        for part in self._parts(question, all_of((self._asked_about, claim, denial))):
            solver = solver_of((part,))
            for _ in range(self.limit):
                model = self.tally.model(solver, question)
                if model is None:
                    break
                yield self._contradicted(question, self._witness(model), solver)

    def _always(self, question: str, claim: Formula, answered: Formula) -> Iterator[Contradiction]:
        """A packet of a claim of which a reply returns to every port."""
        for part in self._parts(question, all_of((self._asked_about, claim))):
            solver = solver_of((part,))
            for _ in range(self.limit):
                witness = self._without_lost_port(solver, answered, question)
                if witness is None:
                    break
                yield self._contradicted(question, witness, solver)

    def _without_lost_port(self, solver: Any, answered: Formula, question: str) -> Witness | None:
        """Found by collecting ports to which replies are lost, until a packet has none of them."""
        while (model := self.tally.model(solver, question)) is not None:
            witness = self._witness(model)
            lost = lost_to(self.trip, witness, answered, self.tally)
            if lost is None:
                return witness
            returns = any_of((answered, negated(self.trip.legal)))
            solver.add(with_ports(returns, self.trip, lost))
        return None

    def _misplaced(self, question: str) -> Iterator[Contradiction]:
        """Compare who is anywhere, in both directions; then look for an address held twice."""
        request = self.trip.request
        held = any_of(self.claimed.senders)
        lives = is_end(self.trip.encoding, request.origin, request.source)
        itself = all_of(
            (same(request.target, request.origin), same(request.destination, request.source))
        )
        for odd, found in (
            (all_of((lives, negated(held))), "somebody may have it"),
            (all_of((held, negated(lives))), "nobody can have it"),
        ):
            solver = solver_of((odd, itself))
            for _ in range(self.limit):
                model = self.tally.model(solver, question)
                if model is None:
                    break
                witness = self._witness(model)
                yield contradiction(NAME, question, witness, self.claims, found)
                number = self.trip.encoding.numbers[witness.origin]
                solver.add(negated(same(request.origin, number)))

    def _parts(self, question: str, whole: Formula) -> Iterator[Formula]:
        """The question, or for a large network the same once for each location of the receiver.

        Most of a network has nothing to do with one receiver: what is left when
        its location is put in is small.
        """
        if whole is False:
            return
        if len(self.claims.classes) <= AT_ONCE or whole is True:
            yield whole
            return
        target = self.trip.request.target
        numbers = list(self.trip.encoding.numbers.values())
        # If time runs out, what was asked is spread over the network.
        spread = [number for start in range(ROUNDS) for number in numbers[start::ROUNDS]]
        for asked, number in enumerate(spread):
            if time.monotonic() > self.until:
                left = f"{len(spread) - asked} of {len(spread)} places of receivers"
                self.tally.unanswered.append(f"{left}: {question}")
                return
            value = z3.BitVecVal(number, target.size())
            part = z3.simplify(z3.substitute(whole, (target, value)))
            if not z3.is_false(part):
                yield z3.And(part, target == number)

    # One packet

    def _witness(self, model: Any) -> Witness:
        return witness_in(model, self.trip, self.claims.version)

    def _contradicted(self, question: str, witness: Witness, solver: Any) -> Contradiction:
        """One witness for each pair of classes is enough: the solver is to find no other."""
        alike = all_of(
            (
                self.claimed.from_class_of(witness.origin, witness.source),
                self.claimed.for_class_of(witness.target, witness.destination),
            )
        )
        found = self._verdict_of(witness)
        solver.add(negated(alike))
        return contradiction(NAME, question, witness, self.claims, found)

    def _verdict_of(self, witness: Witness) -> str:
        """What the formulas say about one packet."""
        this = is_witness(self.trip, witness)
        if not satisfiable(this, self._may_arrive):
            return str(Verdict.DENIED)
        if not satisfiable(this, self._surely_arrives):
            return str(Verdict.UNDETERMINED)
        if lost_to(self.trip, witness, self._surely_answered, self.tally) is None:
            return str(Verdict.ALLOWED)
        if lost_to(self.trip, witness, self._may_be_answered, self.tally) is None:
            return str(Verdict.UNDETERMINED)
        return str(Verdict.HALF_OPEN)
