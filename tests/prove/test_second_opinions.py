"""Programs that share nothing but the model must agree on every cell."""

from fleet import fleet
from hypothesis import given, settings
from messy import networks
from smt import CLIENT, PORT, PROTOCOL, SOURCE, TARGET, Formula
from z3 import UGE, ULE, And, BoolVal, Not, Or, Solver, unsat

from bulkhead.network import CLIENT_PORTS, Verdict
from bulkhead.prove import OTHER_PROTOCOL, explain, prove


@settings(max_examples=30, deadline=None)
@given(networks())
def test_the_packet_simulator_agrees_on_every_cell(network):
    reach = prove(network)
    for source in reach.endpoints:
        for destination in reach.endpoints:
            for cell in reach.between(source, destination):
                for port in {cell.ports.first, cell.ports.last}:
                    said = explain(network, source, destination, cell.protocol, port)
                    assert (said.verdict, said.lost if said.verdict == "half-open" else ()) == (
                        cell.verdict,
                        cell.lost,
                    ), f"{cell} at {port}: {[*map(str, said.request), *map(str, said.reply)]}"


def _where(endpoint):
    return endpoint.vpc or endpoint.kind.value


def _among(address, endpoint):
    return Or(
        *(And(UGE(address, int(first)), ULE(address, int(last))) for first, last in endpoint.ranges)
    )


def _is(protocol, named):
    if protocol == OTHER_PROTOCOL:
        return And(*(each != PROTOCOL for each in named))
    return protocol == PROTOCOL


def _in_range(variable, ports):
    return And(UGE(variable, ports.first), ULE(variable, ports.last))


@settings(max_examples=6, deadline=None)
@given(networks(known=True))
def test_an_smt_solver_finds_no_packet_that_contradicts_a_verdict(network):
    reach = prove(network)
    formula = Formula(network)
    named = [each for each in reach.protocols if each != OTHER_PROTOCOL]
    for source in reach.endpoints:
        for destination in reach.endpoints:
            cells = reach.between(source, destination)
            here, there = _where(source), _where(destination)
            passing = Or(
                *(
                    And(_is(cell.protocol, named), _in_range(PORT, cell.ports))
                    for cell in cells
                    if cell.verdict is not Verdict.DENIED
                ),
                BoolVal(False),
            )
            between = And(_among(SOURCE, source), _among(TARGET, destination))
            solver = Solver()
            solver.add(between, formula.request(here, there) != passing)
            assert solver.check() == unsat, (source.name, destination.name, solver.model())
            solver = Solver()
            solver.add(between, _in_range(CLIENT, CLIENT_PORTS))
            solver.add(_wrongly_answered(cells, formula.reply(here, there), named))
            assert solver.check() == unsat, (source.name, destination.name, solver.model())


def _wrongly_answered(cells, reply, named):
    """A client port whose reply does other than the cell says."""
    wrong = [BoolVal(False)]
    for cell in cells:
        here = _is(cell.protocol, named)
        if cell.verdict is Verdict.ALLOWED:
            wrong.append(And(here, Not(reply)))
        elif cell.verdict is Verdict.HALF_OPEN and cell.protocol in (6, 17):
            lost = Or(*(_in_range(CLIENT, ports) for ports in cell.lost))
            wrong.append(And(here, reply == lost))
        elif cell.verdict is Verdict.HALF_OPEN:
            wrong.append(And(here, reply))
    return Or(*wrong)


def test_both_opinions_agree_on_a_planned_fleet():
    estate, _ = fleet(30, per_segment=6)
    network = estate.build()
    reach = prove(network)
    for source in reach.endpoints:
        for destination in reach.endpoints:
            for cell in reach.between(source, destination):
                if cell.protocol == 6:
                    said = explain(network, source, destination, 6, cell.ports.first)
                    assert said.verdict is cell.verdict, str(cell)
