"""Every opinion on a network agrees with what AWS's pages say of it."""

import pytest

from bulkhead.doubt import doubt
from bulkhead.explain import explain
from bulkhead.network import protocol_number
from bulkhead.prove import Question, ask, prove
from tests.aws_says import between, edges, inside, replies, routes, transit
from tests.aws_says.pages import SAID

MODULES = (inside, replies, routes, between, edges, transit)
ECHO = 8 * 256
PACKETS = 100
"""Those that are asked about are walked anyway."""


def question(source, destination, traffic):
    protocol, _, port = traffic.partition(" ")
    return Question(
        from_=source, to=destination, protocol=protocol, port=int(port) if port else None
    )


@pytest.mark.parametrize("said", SAID, ids=[each.name for each in SAID])
def test_the_proof_and_the_explanation_say_what_the_page_says(said):
    estate, asked = said.read()
    network = estate.build()
    reach = prove(network)
    assert asked
    for source, destination, traffic, verdict in asked:
        cells = list(ask(reach, question(source, destination, traffic)).every())
        assert cells
        wrong = {each.verdict for each in cells} - {verdict}
        assert not wrong, f"{said.page}: {said.fact}: {source} -> {destination} {traffic}: {wrong}"
        number = protocol_number(traffic.partition(" ")[0])
        for cell in cells:
            port = ECHO if number == 1 else cell.ports.first
            walked = explain(network, cell.source, cell.destination, number, port)
            assert walked.verdict is verdict, f"{said.page}: {source} -> {destination} {traffic}"


@pytest.mark.parametrize("said", SAID, ids=[each.name for each in SAID])
def test_the_other_opinions_agree(said):
    network = said.read()[0].build()
    doubts = doubt(network, prove(network), packets=PACKETS)
    assert doubts.complete
    assert not doubts.contradictions


def test_every_page_is_named_where_it_can_be_read():
    for said in SAID:
        assert said.page.endswith(".html")
        assert said.fact
    assert len({said.name for said in SAID}) == len(SAID)
