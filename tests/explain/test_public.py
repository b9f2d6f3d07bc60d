"""A packet to a public address of something here goes out to the internet, and comes in again."""

import io
from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from rich.console import Console

from bulkhead.ends import asked, partition, received
from bulkhead.explain import Code, answer, explain, explain_public
from bulkhead.network import ICMP, TCP, PortRange, Unmodelled, Verdict
from bulkhead.prove import Question, ask, prove
from bulkhead.report.documents import explain as documents
from bulkhead.report.explanation import print_answer
from tests.support.estate import Estate

OUT = "out all 0.0.0.0/0"


def street(*rules, client_table=("0.0.0.0/0 igw",), client_acl="open", **client):
    """A client and a server with a public address each; `rules` let the server's callers in."""
    estate = Estate()
    estate.igw()
    estate.table("ours", *client_table)
    estate.table("theirs", "0.0.0.0/0 igw")
    estate.subnet("front", "10.0.1.0/24", acl=client_acl, table="ours")
    estate.subnet("back", "10.0.2.0/24", table="theirs")
    estate.subnet("edge", "10.0.3.0/24", table="theirs")
    estate.group("callers", OUT)
    estate.group("served", OUT, *rules)
    estate.host("client", "front", "10.0.1.10", "callers", **{"public": "203.0.113.5", **client})
    estate.host("server", "back", "10.0.2.10", "served", public="203.0.113.9")
    return estate


def said(network, source, destination, protocol=TCP, port=5556):
    """What is said of the only pair, the same by the walk and by the proof."""
    ends = partition(network).endpoints
    (one, *_) = asked(network, ends, source)
    rest, (public,) = received(network, ends, destination)
    assert rest == ()
    found = explain_public(network, one, public, protocol, port)
    reach = prove(network)
    index = reach.index(one)
    (cells,) = [ask(reach, Question(from_=source, to=destination))]
    verdicts = {
        cell.verdict
        for cell in cells.every()
        if cell.protocol == protocol and port in cell.ports and reach.index(cell.source) == index
    }
    assert verdicts == {found.verdict}
    return found


def test_a_group_as_source_does_not_match_who_comes_by_a_public_address():
    network = street("in tcp 5556 callers").build()
    found = said(network, "client", "203.0.113.9")
    assert found.verdict is Verdict.DENIED
    assert [str(leg.verdict) for leg in found.legs] == ["allowed", "denied"]
    assert [hop.name for hop in found.blocking] == ["served"]
    assert found.codes == (Code.ENI_SG_RULES_MISMATCH, Code.SG_REFERENCES_NOT_PRESERVED)
    (server,) = [each for each in partition(network).endpoints if each.id == "server"]
    (client,) = [each for each in partition(network).endpoints if each.id == "client"]
    assert explain(network, client, server, TCP, 5556).verdict is Verdict.ALLOWED


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("in tcp 5556 203.0.113.5/32", Verdict.ALLOWED),
        ("in tcp 5556 203.0.113.0/29", Verdict.ALLOWED),
        ("in tcp 5556 203.0.113.4/32", Verdict.DENIED),
        ("in tcp 5556 10.0.0.0/16", Verdict.DENIED),
        ("in tcp 5557 0.0.0.0/0", Verdict.DENIED),
    ],
)
def test_a_rule_for_the_senders_public_address_matches(rule, verdict):
    assert said(street(rule).build(), "client", "203.0.113.9").verdict is verdict


def test_a_remedy_lets_in_the_address_that_the_sender_comes_by_and_opens_the_cell():
    network = street("in tcp 5556 callers").build()
    found = answer(network, said(network, "client", "203.0.113.9"))
    (change,) = found.remedy.changes
    assert str(change.rule.peer.cidr) == "203.0.113.5/32"
    assert said(change.apply(network), "client", "203.0.113.9").verdict is Verdict.ALLOWED


def test_what_carries_it_alone_and_how_long_it_lasts_are_of_both_legs():
    network = street("in tcp 5556 203.0.113.5/32").build()
    found = answer(network, said(network, "client", "203.0.113.9"))
    assert {each.name for each in found.pillars} >= {"callers", "served", "ours", "theirs", "open"}
    assert [each.end for each in found.conditions.cut.quarantines] == ["client", "server"]
    assert not found.conditions.secrecy.encrypted


def test_a_subnet_without_a_route_to_the_address_is_denied():
    network = street("in all 0.0.0.0/0", client_table=()).build()
    found = said(network, "client", "203.0.113.9")
    assert (found.verdict, found.codes[0]) == (Verdict.DENIED, Code.NO_ROUTE_TO_DESTINATION)
    assert [hop.why for hop in found.blocking][:1] == ["no route to 203.0.113.9"]


def test_nobody_is_let_in_whose_address_is_not_known_yet():
    network = street("in tcp 5556 203.0.113.0/24", client_table=(), public=None).build()
    assert not answer(network, said(network, "client", "203.0.113.9")).remedy.opens
    network = street("in tcp 5556 0.0.0.0/0", client_table=(), public=None).build()
    assert answer(network, said(network, "client", "203.0.113.9")).remedy.opens


def behind_nat(*rules, acl="open"):
    estate = street(*rules, client_table=("0.0.0.0/0 nat",), public=None)
    estate.acl("narrow", "in 1 allow all 0.0.0.0/0", "out 1 allow tcp 32768-65535 0.0.0.0/0")
    estate.parts["subnets"] = [
        replace(each, nacl=acl) if each.name == "back" else each for each in estate.parts["subnets"]
    ]
    estate.nat("nat", "edge", "10.0.3.5", public="198.51.100.1", eni=True)
    return estate.build()


def test_whoever_leaves_through_a_nat_gateway_comes_in_as_that():
    network = behind_nat("in tcp 5556 198.51.100.1/32")
    found = said(network, "client", "203.0.113.9")
    assert found.verdict is Verdict.ALLOWED
    assert found.legs[1].source.name == "internet (198.51.100.1 of NAT gateway nat)"
    assert found.legs[1].client_ports == PortRange(1024, 65535)
    network = behind_nat("in tcp 5556 10.0.1.10/32")
    assert said(network, "client", "203.0.113.9").verdict is Verdict.DENIED


def test_every_port_that_a_nat_gateway_may_choose_needs_its_reply():
    network = behind_nat("in tcp 5556 0.0.0.0/0", acl="narrow")
    found = said(network, "client", "203.0.113.9")
    assert (found.verdict, found.lost) == (Verdict.HALF_OPEN, (found.client_ports,))


def test_of_several_addresses_of_a_nat_gateway_nobody_knows_which_it_takes():
    for rules, verdict in (
        (("in tcp 5556 198.51.100.1/32",), Verdict.UNDETERMINED),
        (("in tcp 5556 198.51.100.1/32", "in tcp 5556 198.51.100.2/32"), Verdict.ALLOWED),
        (("in tcp 5556 198.51.100.3/32",), Verdict.DENIED),
    ):
        network = behind_nat(*rules)
        nats = (replace(network.nat_gateways[0], more_public=(IPv4Address("198.51.100.2"),)),)
        network = replace(network, nat_gateways=nats)
        assert said(network, "client", "203.0.113.9").verdict is verdict
        assert said(network, "8.8.8.8", "198.51.100.2").verdict is Verdict.DENIED


def test_a_regional_nat_gateway_is_known_by_the_addresses_of_the_zone():
    for zones, verdict in (
        (("eu-west-1a 198.51.100.1", "eu-west-1b 198.51.100.2"), Verdict.ALLOWED),
        (("eu-west-1a 198.51.100.2", "eu-west-1b 198.51.100.1"), Verdict.DENIED),
        (("eu-west-1a 198.51.100.1", "eu-west-1a 198.51.100.2"), Verdict.UNDETERMINED),
        (("eu-west-1b 198.51.100.1",), Verdict.UNDETERMINED),
    ):
        estate = street("in tcp 5556 198.51.100.1/32", client_table=("0.0.0.0/0 nat",), public=None)
        estate.table("own", "0.0.0.0/0 igw")
        estate.regional("nat", "own", zones)
        network = estate.build()
        assert said(network, "client", "203.0.113.9").verdict is verdict
        assert said(network, "8.8.8.8", "198.51.100.1").verdict is Verdict.DENIED


@pytest.mark.parametrize("source", ["client", "203.0.113.77", "server"])
def test_a_nat_gateway_takes_no_connection_at_its_own_address(source):
    network = behind_nat("in all 0.0.0.0/0")
    found = said(network, source, "198.51.100.1")
    assert found.verdict is Verdict.DENIED
    assert Code.CANNOT_ROUTE in found.codes
    assert found.destination.name == "internet (198.51.100.1 of NAT gateway nat)"


def test_a_secondary_address_has_a_public_one_of_its_own():
    estate = street("in tcp 5556 198.51.100.4/32", more=("10.0.1.11",))
    network = estate.build()
    hosts = tuple(
        replace(each, more_public=((IPv4Address("10.0.1.11"), IPv4Address("198.51.100.4")),))
        if each.id == "client"
        else each
        for each in network.interfaces
    )
    network = replace(network, interfaces=hosts)
    assert said(network, "10.0.1.10", "203.0.113.9").verdict is Verdict.DENIED
    assert said(network, "10.0.1.11", "203.0.113.9").verdict is Verdict.ALLOWED
    assert said(network, "server", "198.51.100.4").destination.holders == ("client",)


def test_a_host_reaches_its_own_public_address_over_the_internet():
    network = street("in tcp 5556 203.0.113.9/32").build()
    assert said(network, "server", "203.0.113.9").verdict is Verdict.ALLOWED
    assert said(network, "server", "203.0.113.5").verdict is Verdict.DENIED


def test_the_internet_has_only_the_second_leg():
    network = street("in tcp 5556 8.8.8.0/24").build()
    found = said(network, "8.8.8.8", "203.0.113.9")
    assert (found.verdict, len(found.legs)) == (Verdict.ALLOWED, 1)
    assert said(network, "9.9.9.9", "203.0.113.9").verdict is Verdict.DENIED


def test_a_public_address_that_sends_is_one_of_the_internet():
    network = street("in tcp 5556 callers").build()
    (source,) = asked(network, partition(network).endpoints, "203.0.113.5")
    assert source.name == "internet (203.0.113.5 of client)"
    assert said(network, "203.0.113.5", "203.0.113.9").verdict is Verdict.DENIED


def test_a_load_balancer_is_asked_by_its_listeners():
    estate = street("in all 0.0.0.0/0")
    estate.host(
        "front-door", "edge", "10.0.3.9", "served", public="198.51.100.9", kind="load-balancer"
    )
    estate.balancer("lb", ["front-door"], "tcp 443")
    network = estate.build()
    assert said(network, "client", "198.51.100.9", port=443).verdict is Verdict.ALLOWED
    found = said(network, "client", "198.51.100.9", port=80)
    assert Code.ELBV2_LISTENERS_MISMATCH in found.codes


def test_a_public_address_in_another_vpc_is_reached_without_any_peering():
    estate = street("in all 0.0.0.0/0")
    estate.vpc("other", "10.1.0.0/16")
    estate.igw("igw-other", "other")
    estate.table("out", "0.0.0.0/0 igw-other", vpc="other")
    estate.subnet("far", "10.1.1.0/24", table="out", vpc="other")
    estate.group("far", OUT, "in tcp 80 203.0.113.5/32", vpc="other")
    estate.host("far", "far", "10.1.1.10", "far", public="198.51.100.7")
    network = estate.build()
    assert said(network, "client", "198.51.100.7", port=80).verdict is Verdict.ALLOWED
    assert said(network, "server", "198.51.100.7", port=80).verdict is Verdict.DENIED


@pytest.mark.parametrize("access", ["blocked", "egress-only"])
def test_block_public_access_of_either_subnet_denies(access):
    estate = street("in all 0.0.0.0/0")
    estate.subnet("shut", "10.0.4.0/24", table="theirs", access=access)
    estate.host("shy", "shut", "10.0.4.10", "served", public="198.51.100.3")
    network = estate.build()
    for ends in (("client", "198.51.100.3"), ("shy", "203.0.113.9")):
        found = said(network, *ends)
        assert found.verdict is Verdict.DENIED
        assert Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED in found.codes


def test_a_firewall_on_the_first_leg_judges_the_public_address():
    estate = street("in all 0.0.0.0/0", client_table=("0.0.0.0/0 fwe",))
    estate.table("edge-igw", "10.0.1.0/24 fwe", gateway="igw")
    estate.firewall("fw", {"fwe": "edge"}, "pass tcp any * -> 203.0.113.9/32 5556", default="drop")
    network = estate.build()
    assert said(network, "client", "203.0.113.9").verdict is Verdict.ALLOWED
    found = said(network, "client", "203.0.113.9", port=80)
    assert Code.FIREWALL_RULES_RESTRICTION in found.codes


def test_replies_of_both_legs_have_to_return():
    shut = ("in 1 allow all 10.0.0.0/8", "in 2 allow tcp 32768-50000 203.0.113.9/32")
    estate = street("in all 0.0.0.0/0", client_acl="narrow")
    estate.acl("narrow", *shut, "out 1 allow all 0.0.0.0/0")
    found = said(estate.build(), "client", "203.0.113.9")
    assert (found.verdict, found.lost) == (Verdict.HALF_OPEN, (PortRange(50001, 60999),))


def test_ping_takes_the_same_two_legs():
    network = street("in icmp:8 203.0.113.5/32").build()
    assert said(network, "client", "203.0.113.9", ICMP, 8 * 256).verdict is Verdict.ALLOWED
    assert said(network, "client", "203.0.113.9", ICMP, 13 * 256).verdict is Verdict.DENIED


def test_of_a_host_that_is_not_there_nobody_knows_the_public_address():
    network = street("in tcp 5556 203.0.113.0/24").build()
    assert said(network, "10.0.1.77", "203.0.113.9").verdict is Verdict.UNDETERMINED
    network = street("in tcp 5556 0.0.0.0/0").build()
    assert said(network, "10.0.1.77", "203.0.113.9").verdict is Verdict.ALLOWED
    network = street().build()
    assert said(network, "10.0.1.77", "203.0.113.9").verdict is Verdict.DENIED


def test_a_site_may_have_a_way_of_its_own_to_the_internet():
    def network(*rules):
        estate = street(*rules)
        estate.vgw()
        estate.site("plant", "192.168.10.0/24")
        return estate.build()

    open_, shut = network("in tcp 5556 0.0.0.0/0"), network("in tcp 5556 callers")
    assert said(open_, "plant", "203.0.113.9").verdict is Verdict.UNDETERMINED
    assert said(shut, "plant", "203.0.113.9").verdict is Verdict.DENIED


def test_nobody_sends_to_a_public_address_out_of_a_tunnel():
    estate = street("in tcp 5556 0.0.0.0/0", client_table=())
    estate.vgw()
    estate.site("plant", "192.168.10.0/24")
    estate.table("shut")
    estate.subnet("shut", "10.0.4.0/24", table="shut", access="blocked")
    estate.host("shy", "shut", "10.0.4.10", "served", public="198.51.100.3")
    network = estate.build()
    (shy,) = [each for each in partition(network).endpoints if each.id == "shy"]
    (world,) = [each for each in partition(network).endpoints if each.name == "internet"]
    assert explain(network, world, shy, TCP, 5556).verdict is Verdict.HALF_OPEN
    assert said(network, "8.8.8.8", "198.51.100.3").verdict is Verdict.DENIED


def test_a_way_out_of_sight_leaves_it_undetermined():
    network = street("in tcp 5556 0.0.0.0/0", client_table=("0.0.0.0/0 odd",)).build()
    found = said(network, "client", "203.0.113.9")
    assert found.verdict is Verdict.UNDETERMINED
    assert [hop.code for hop in found.doubtful][-1] is Code.UNKNOWN_DESTINATION


def test_who_lets_nobody_in_stays_shut_to_what_comes_out_of_sight():
    astray = {"client_table": ("0.0.0.0/0 odd",)}
    for rules in ((), ("in tcp 5557 0.0.0.0/0",), ("in all served",)):
        found = said(street(*rules, **astray).build(), "client", "203.0.113.9")
        assert found.verdict is Verdict.DENIED
        assert [hop.name for hop in found.blocking] == ["served"]


def test_a_doubt_about_either_end_is_one_about_the_cell():
    network = street("in tcp 5556 0.0.0.0/0").build()
    for scope in ("client", "server"):
        doubt = Unmodelled(kind="thing", id="x", scope=scope, why="it was not observed")
        found = said(replace(network, unmodelled=(doubt,)), "client", "203.0.113.9")
        assert found.verdict is Verdict.UNDETERMINED


def text(network, found):
    file = io.StringIO()
    print_answer(Console(file=file, width=250, color_system=None), answer(network, found))
    return file.getvalue()


def test_the_answer_shows_the_address_that_was_asked_and_each_leg_with_its_hops():
    network = street("in tcp 5556 callers").build()
    found = said(network, "client", "203.0.113.9")
    shown = text(network, found)
    first, *lines = shown.splitlines()
    assert first == "client (10.0.1.10) -> internet (203.0.113.9 of server)  tcp 5556: denied"
    legs = [line.strip() for line in lines if line.startswith("  ") and " -> " in line[:60]]
    assert legs[:1] == ["client (10.0.1.10) -> internet (203.0.113.9 of server): allowed"]
    assert "  internet (203.0.113.5 of client) -> server (10.0.2.10): denied" in lines
    assert "    add to served: ingress tcp 5556 from 203.0.113.5/32" in lines


def test_programs_get_both_legs_and_who_has_the_address():
    network = street("in tcp 5556 callers").build()
    found = answer(network, said(network, "client", "203.0.113.9"))
    (document,) = documents.explain("here", network, "a", "b", [found])["answers"]
    assert document["to"]["address"] == "203.0.113.9"
    assert document["to"]["public_of"] == ["server"]
    assert [leg["verdict"] for leg in document["legs"]] == ["allowed", "denied"]
    assert [leg["from"]["address"] for leg in document["legs"]] == ["10.0.1.10", "203.0.113.5"]
    hops = [hop for leg in document["legs"] for hop in leg["request"]]
    assert document["request"] == hops
    assert document["remedy"]["opens"] is True


def test_a_block_holds_public_addresses_of_what_is_here_beside_the_rest_of_it():
    network = street("in tcp 5556 203.0.113.5/32").build()
    reach = prove(network)
    ends, public = received(network, reach.endpoints, "203.0.113.0/28")
    assert [each.end.name for each in public] == [
        "internet (203.0.113.5 of client)",
        "internet (203.0.113.9 of server)",
    ]
    assert not any(each.end.address in end for each in public for end in ends)
    found = ask(reach, Question(from_="client", to="203.0.113.0/28", protocol="tcp", port=5556))
    verdicts = {cell.destination.name: str(cell.verdict) for cell in found.every()}
    assert verdicts == {
        "internet (203.0.113.0/28)": "allowed",
        "internet (203.0.113.5 of client)": "denied",
        "internet (203.0.113.9 of server)": "allowed",
    }
