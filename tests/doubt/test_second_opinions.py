"""Programs that share nothing but the model must agree on every cell."""

from hypothesis import given

from bulkhead.ends import EndpointKind
from bulkhead.explain import explain
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.fleet import fleet
from tests.support.messy import networks
from tests.support.wide import wide_networks


def every_cell(network):
    """Each cell with both ends of its ports, as the walk of one packet judges it."""
    reach = prove(network)
    for source in reach.endpoints:
        for destination in reach.endpoints:
            same_host = (source.kind, source.id) == (destination.kind, destination.id)
            if source.version != destination.version:
                continue
            if same_host and source.kind is EndpointKind.INTERFACE:
                continue
            for cell in reach.between(source, destination):
                for port in {cell.ports.first, cell.ports.last}:
                    yield cell, port, explain(network, source, destination, cell.protocol, port)


def agree(network):
    for cell, port, said in every_cell(network):
        lost = said.lost if said.verdict == "half-open" else ()
        assert (said.verdict, lost) == (cell.verdict, cell.lost), (
            f"{cell} at {port}: {[*map(str, said.request), *map(str, said.reply)]}"
        )


@examples(1 / 4)
@given(networks())
def test_the_packet_walk_agrees_on_every_cell_of_a_messy_vpc(network):
    agree(network)


@examples(1 / 4)
@given(wide_networks())
def test_the_packet_walk_agrees_on_every_cell_through_every_gateway(network):
    agree(network)


def test_the_walk_agrees_on_a_planned_fleet():
    estate, _ = fleet(30, per_segment=6)
    network = estate.build()
    reach = prove(network)
    for source in reach.endpoints:
        for destination in reach.endpoints:
            for cell in reach.between(source, destination):
                if cell.protocol == 6:
                    said = explain(network, source, destination, 6, cell.ports.first)
                    assert said.verdict is cell.verdict, str(cell)
