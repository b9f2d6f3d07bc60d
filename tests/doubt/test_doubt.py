"""Three opinions that share nothing with the prover, on plain and on messy networks."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from rich.console import Console

from bulkhead.doubt import doubt
from bulkhead.doubt.bdd import ask_bdds
from bulkhead.doubt.proved import claims_of
from bulkhead.doubt.smt import ask_z3
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.report.documents.doubt import doubted
from bulkhead.report.doubt import print_doubts
from tests.support.estate import Estate
from tests.support.examples import examples
from tests.support.faults import fault
from tests.support.fleet import fleet
from tests.support.messy import networks
from tests.support.shop import shop
from tests.support.topologies import documents, topology_from
from tests.support.town import town
from tests.support.wide import wide_networks


def agree(network):
    doubts = doubt(network, prove(network), limit=1, packets=300)
    assert doubts.ok and doubts.complete, [*map(str, doubts.contradictions), *doubts.left_out]


def a_firewall_that_sends_packets_back_to_itself():
    """Found by a random network: nobody knows whether a firewall in doubt leads out of the loop."""
    estate = Estate()
    estate.table("to-firewall", "0.0.0.0/0 fwe")
    estate.subnet("a", "10.0.1.0/24", table="to-firewall")
    estate.firewall("fw", {"fwe": "a"})
    estate.unmodelled("fw", protocol=6)
    return estate.build()


def a_blackhole_that_names_the_local_target():
    """Found by a random network: it drops, and is not taken for the VPC's own route."""
    estate = Estate()
    estate.table("holed", "10.0.2.0/24 local blackhole")
    estate.subnet("a", "10.0.1.0/24", table="holed")
    estate.subnet("b", "10.0.2.0/24")
    return estate.build()


@pytest.mark.parametrize(
    "made",
    [
        lambda: shop()[0],
        pytest.param(lambda: town().build(), marks=pytest.mark.slow),
        a_firewall_that_sends_packets_back_to_itself,
        a_blackhole_that_names_the_local_target,
    ],
)
def test_three_opinions_agree_with_the_proof(made):
    doubts = doubt(made(), prove(made()))
    assert doubts.ok and doubts.complete
    assert {each.name.split()[0] for each in doubts.opinions} == {"z3", "BDD", "packets"}
    assert all(each.questions and each.cells for each in doubts.opinions)


def test_three_opinions_agree_on_a_planned_fleet():
    agree(fleet(60)[0].build())


@examples(1 / 8, shrink=False)
@given(documents(max_services=3) | documents(max_services=3, vpcs=True))
def test_three_opinions_agree_on_what_is_planned(document):
    with TemporaryDirectory() as folder:
        agree(plan(topology_from(Path(folder), document)).network)


@examples(1 / 4, shrink=False)
@given(networks())
def test_three_opinions_agree_on_networks_that_nobody_would_design(network):
    agree(network)


@examples(1 / 4, shrink=False)
@given(wide_networks())
def test_three_opinions_agree_on_networks_of_every_kind(network):
    agree(network)


@examples(3 / 4, shrink=False)
@given(wide_networks())
def test_the_sets_of_packets_are_those_that_were_proved(network):
    for claims in claims_of(prove(network)):
        said = ask_bdds(network, claims, limit=1)
        assert not said.contradictions, [*map(str, said.contradictions)]


# A claim that is not so


def test_a_disagreement_is_a_packet_with_what_both_say():
    network, _ = shop()
    with fault(
        "prove.sets.layers.acls", "entry.action is Action.ALLOW,", "entry.action is Action.DENY,"
    ):
        doubts = doubt(network, prove(network))
    assert not doubts.ok
    assert {each.opinion for each in doubts.contradictions} == {"z3", "BDD", "packets"}
    one = doubts.contradictions[0]
    assert one.proved != one.found
    assert str(one.witness.source_address) in str(one)


def _said(network, reach):
    return [
        each
        for claims in claims_of(reach)
        for ask in (ask_z3, ask_bdds)
        for each in ask(network, claims, limit=1).contradictions
    ]


def test_an_interface_that_the_proof_does_not_know_is_found_by_both():
    network, _ = shop()
    less = replace(network, interfaces=network.interfaces[1:])
    gone = network.interfaces[0].address
    found = [each for each in _said(network, prove(less)) if each.witness.source_address == gone]
    assert {each.opinion for each in found} == {"z3", "BDD"}


def test_addresses_that_no_class_holds_are_found_by_both():
    network, _ = shop()
    smaller = replace(network, sites=(), vpn_connections=())
    found = _said(network, prove(smaller))
    assert {each.opinion for each in found if "no endpoint" in each.proved} == {"z3", "BDD"}


@pytest.mark.parametrize("lost", [((32768, 32768),), ((60999, 60999),), ((40000, 60999),)])
def test_client_ports_that_are_lost_and_not_said_so_are_found_by_both(lost):
    estate = Estate()
    estate.acl("narrow", "in 1 allow all 0.0.0.0/0", "out 1 allow tcp 32768-40000 0.0.0.0/0")
    estate.subnet("a", "10.0.1.0/24")
    estate.subnet("b", "10.0.2.0/24", acl="narrow")
    network = estate.build()
    (claims,) = claims_of(prove(network))
    half = [each for each in claims.claims if each.lost == ((40001, 60999),)]
    assert half
    wrong = replace(
        claims, claims=tuple(replace(c, lost=lost) if c in half else c for c in claims.claims)
    )
    for ask in (ask_z3, ask_bdds):
        said = ask(network, wrong, limit=1)
        assert [each.question for each in said.contradictions] == [
            "proved half-open, with other client ports lost"
        ]


@pytest.mark.slow
@pytest.mark.parametrize("ask", [ask_z3, ask_bdds])
def test_every_cell_that_is_left_out_of_the_claims_is_missed(ask):
    network, _ = shop()
    (claims,) = claims_of(prove(network))
    for index in range(len(claims.claims)):
        less = replace(claims, claims=(*claims.claims[:index], *claims.claims[index + 1 :]))
        assert ask(network, less, limit=1).contradictions, str(claims.claims[index])


@pytest.mark.parametrize("wrong", ["linux", "any"])
def test_a_client_of_another_system_than_was_proved_is_found_by_all(wrong):
    def windows_or(clients):
        estate = Estate()
        estate.acl("narrow", "in 1 allow all 0.0.0.0/0", "out 1 allow tcp 49152-65535 0.0.0.0/0")
        estate.subnet("a", "10.0.1.0/24")
        estate.subnet("b", "10.0.2.0/24", acl="narrow")
        estate.group("g", "in tcp 5556 g", "out tcp 5556 g")
        estate.host("c", "a", "10.0.1.10", "g", clients=clients)
        estate.host("s", "b", "10.0.2.10", "g")
        return estate.build()

    network = windows_or("windows")
    assert doubt(network, prove(network)).ok
    said = doubt(network, prove(windows_or(wrong))).opinions
    assert {each.name for each in said if each.contradictions} == {
        "z3 (IPv4)",
        "BDD (IPv4)",
        "packets",
    }


# What is said about it


def test_what_was_only_sampled_is_said():
    network, _ = shop()
    doubts = doubt(network, prove(network), packets=10)
    (packets,) = [each for each in doubts.opinions if each.name == "packets"]
    assert packets.questions <= 10 and not packets.exhaustive
    assert "packets at the edges of rules" in packets.left_out
    assert doubts.complete


def test_what_is_being_asked_is_told_on_the_way():
    network, _ = shop()
    told = []
    doubt(network, prove(network), progress=told.append)
    assert {each.split(",")[0].split(":")[0] for each in told} == {"z3", "BDD", "packets"}


@pytest.mark.slow
def test_a_large_network_is_asked_about_place_by_place_with_the_same_answer(monkeypatch):
    network = town().build()
    monkeypatch.setattr("bulkhead.doubt.smt.opinion.AT_ONCE", 1)
    assert _said(network, prove(network)) == []
    with fault(
        "prove.sets.layers.acls", "entry.action is Action.ALLOW,", "entry.action is Action.DENY,"
    ):
        reach = prove(network)
        assert {each.opinion for each in _said(network, reach)} == {"z3", "BDD"}


def test_what_there_was_no_time_for_is_said(monkeypatch):
    network = town().build()
    monkeypatch.setattr("bulkhead.doubt.smt.opinion.AT_ONCE", 1)
    monkeypatch.setattr("bulkhead.doubt.smt.opinion.BUDGET", 0.0)
    doubts = doubt(network, prove(network), packets=10)
    assert doubts.ok and not doubts.complete
    assert any("places of receivers" in each for each in doubts.left_out)
    assert doubted(doubts)["verdict"] == "not contradicted"


def _printed(doubts):
    console = Console(width=160, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    print_doubts(console, doubts)
    return console.export_text()


def test_the_verdict_is_printed_and_written():
    network, _ = shop()
    doubts = doubt(network, prove(network), packets=50)
    assert "CONFIRMED" in _printed(doubts)
    document = doubted(doubts)
    assert document["verdict"] == "confirmed" and document["disagreements"] == []
    with fault(
        "prove.sets.layers.acls", "entry.action is Action.ALLOW,", "entry.action is Action.DENY,"
    ):
        doubts = doubt(network, prove(network), packets=50)
    assert "DOUBTED" in _printed(doubts)
    (first, *_) = doubted(doubts)["disagreements"]
    assert first["packet"]["source"] and first["proved"] != first["found"]


def test_a_blackhole_in_the_table_of_a_gateway_swallows_what_comes_in_whatever_its_target():
    made = Estate()
    made.igw()
    made.table("out", "0.0.0.0/0 igw")
    made.table("edge", "10.0.1.0/24 local blackhole", gateway="igw")
    made.subnet("a", "10.0.1.0/24", table="out")
    made.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
    made.host("h", "a", "10.0.1.10", "open", public="203.0.113.7")
    agree(made.build())
