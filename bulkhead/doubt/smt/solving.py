"""Asking z3 for values of which a formula holds, and reading them as a packet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import z3  # type: ignore[import-untyped]  # z3 ships no types

from bulkhead.doubt.answers import Witness
from bulkhead.doubt.smt.round_trip import RoundTrip
from bulkhead.doubt.smt.terms import PORTED, Formula, Vector, all_of, negated, same

SECONDS = 30
"""For one check; what takes longer is said to be unanswered."""


@dataclass(slots=True)
class Tally:
    """How many checks were made, and which questions got no answer."""

    checks: int = 0
    unanswered: list[str] = field(default_factory=list)

    def model(self, solver: Any, question: str) -> Any:
        """Values of which all that the solver holds is true; None where there are none.

        Or where there was no answer in time, which is noted.
        """
        self.checks += 1
        said = solver.check()
        if said == z3.unknown:
            self.unanswered.append(f"no answer within {SECONDS} s: {question}")
        return solver.model() if said == z3.sat else None


class ReplyPorts(NamedTuple):
    """To which client port a reply comes, and to which port of a NAT gateway."""

    client: int
    middle: int


def solver_of(formulas: Iterable[Formula]) -> Any:
    """Ready to be asked about packets of which all formulas hold."""
    solver = z3.SolverFor("QF_BV")
    solver.set("timeout", SECONDS * 1000)
    for each in formulas:
        solver.add(each)
    return solver


def satisfiable(*formulas: Formula) -> bool:
    """Whether there are values of which all of them hold."""
    return bool(solver_of(formulas).check() == z3.sat)


def witness_in(model: Any, trip: RoundTrip, version: int) -> Witness:
    """The packet that a model is about."""
    request = trip.request
    location_of = {number: location for location, number in trip.encoding.numbers.items()}
    protocol = _value(model, request.protocol)
    return Witness(
        version=version,
        origin=location_of[_value(model, request.origin)],
        source=_value(model, request.source),
        target=location_of[_value(model, request.target)],
        destination=_value(model, request.destination),
        protocol=protocol,
        port=_value(model, request.port),
        client_port=_value(model, trip.client) if protocol in PORTED else None,
    )


def is_witness(trip: RoundTrip, witness: Witness) -> Formula:
    """The request is the one of the witness."""
    request, numbers = trip.request, trip.encoding.numbers
    return all_of(
        (
            same(request.origin, numbers[witness.origin]),
            same(request.source, witness.source),
            same(request.target, numbers[witness.target]),
            same(request.destination, witness.destination),
            same(request.protocol, witness.protocol),
            same(request.port, witness.port),
        )
    )


def lost_to(
    trip: RoundTrip, witness: Witness, answered: Formula, tally: Tally
) -> ReplyPorts | None:
    """Ports to which no reply to a request returns, or None if there are none."""
    solver = solver_of((is_witness(trip, witness), trip.legal, negated(answered)))
    model = tally.model(solver, "whether every reply to one packet returns")
    if model is None:
        return None
    return ReplyPorts(_value(model, trip.client), _value(model, trip.middle))


def with_ports(formula: Formula, trip: RoundTrip, ports: ReplyPorts) -> Formula:
    """What a formula says about a reply to these ports."""
    if isinstance(formula, bool):
        return formula
    pairs = zip((trip.client, trip.middle), ports, strict=True)
    return z3.substitute(formula, *((port, z3.BitVecVal(number, 16)) for port, number in pairs))


def are_one_term(one: Formula, other: Formula) -> bool:
    """Whether two formulas are the same term: where nothing is unknown the readings are one."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one.eq(other))


def _value(model: Any, vector: Vector) -> int:
    return int(model.eval(vector, model_completion=True).as_long())
