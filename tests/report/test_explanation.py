"""One packet's way, as people and as programs read it."""

import io
import json
from dataclasses import replace

from rich.console import Console

from bulkhead.ends import resolve
from bulkhead.explain import answer, explain
from bulkhead.judge import judge
from bulkhead.network import ANY_CLIENT_PORTS, Verdict
from bulkhead.prove import Question, ask, prove
from bulkhead.report.documents import explain as documents
from bulkhead.report.explanation import print_answer
from bulkhead.report.reach import print_reach
from tests.support.estate import Estate


def asked(network, source, destination, port=6000):
    (one, *_), (other, *_) = resolve(network, source), resolve(network, destination)
    return explain(network, one, other, 6, port)


def text(network, said):
    file = io.StringIO()
    print_answer(Console(file=file, width=250, color_system=None), answer(network, said))
    return file.getvalue()


def read(network, said):
    return documents.explain("here", network, "a", "b", [answer(network, said)])["answers"][0]


def test_an_allowed_flow_shows_what_carries_it_alone_and_what_it_depends_on(shop):
    said = asked(shop.network, "front", "db")
    assert said.verdict is Verdict.ALLOWED
    shown = text(shop.network, said)
    assert "carried alone by" in shown
    assert "idle: forgotten after 350 s by security groups of" in shown
    assert "(not known which instance type: 432000 s" in shown
    assert "not at once: the flow is tracked" in shown
    assert "it crosses nothing but the network of AWS in one Region" in shown


def test_a_half_open_flow_shows_the_entry_that_would_mend_it(shop, narrowed):
    network = narrowed(shop.network)
    shown = text(network, asked(network, "front", "db"))
    assert "no reply returns to client ports 50000-60999" in shown
    assert "to open it\n    add to web: ingress" in shown


def test_the_same_is_there_for_programs(shop, narrowed):
    allowed = read(shop.network, asked(shop.network, "front", "db"))
    assert allowed["remedy"] is None
    assert {each["then"] for each in allowed["carried_alone_by"]} == {"denied", "half-open"}
    assert allowed["conditions"]["idle"]["seconds"] == 350
    assert "not known which" in allowed["conditions"]["idle"]["timeouts"][0]["why"]
    assert allowed["conditions"]["encrypted_on_every_untrusted_hop"] is True
    network = narrowed(shop.network)
    half = read(network, asked(network, "front", "db"))
    assert half["remedy"]["opens"] is True
    assert half["remedy"]["changes"][0]["kind"] == "NACL entry"
    assert json.loads(json.dumps([allowed, half])) == [allowed, half]


def test_a_hop_that_blocks_lists_all_its_codes(shop):
    (first, *_) = read(shop.network, asked(shop.network, "front", "db", port=1))["blocking"]
    assert first["codes"] == ["ENI_SG_RULES_MISMATCH"]
    assert first["source_becomes"] is first["destination_becomes"] is None


def test_of_a_class_the_address_that_was_asked_is_shown_and_its_block_once():
    estate = Estate()
    estate.table("astray", "172.16.0.0/12 odd")
    estate.subnet("a", "10.0.1.0/24", table="astray")
    estate.group("g", "in tcp 22 172.16.0.0/12")
    estate.host("h", "a", "10.0.1.10", "g")
    network = estate.build()
    shown = text(network, asked(network, "172.16.1.1", "h", port=22))
    first, *lines = shown.splitlines()
    assert first == "elsewhere (172.16.1.1 of 172.16.0.0/12) -> h (10.0.1.10)  tcp 22: undetermined"
    assert [line[:23] for line in lines if "cannot tell" in line] == [
        "    cannot tell  gatewa",
        "    cannot tell  unmode",
    ]
    shown = text(network, asked(network, "h", "8.8.8.8", port=22))
    assert shown.startswith("h (10.0.1.10) -> internet (8.8.8.8)  tcp 22: denied")


def of_unknown_system(network):
    """The same, where nobody knows what runs the clients, and any port may be theirs."""
    why = "which system i-1 runs is not known: describe-instances would tell"
    guessed = tuple(
        replace(each, client_ports=ANY_CLIENT_PORTS, why_any_port=why)
        if each.name.startswith("front")
        else each
        for each in network.interfaces
    )
    return replace(network, interfaces=guessed)


def test_a_lost_reply_says_that_the_client_was_guessed_and_what_would_tell(shop):
    network = of_unknown_system(shop.network)
    said = asked(network, "front", "db")
    assert said.verdict is Verdict.HALF_OPEN
    line = "front-1 counts as asking from any of 1024-65535: which system i-1 runs is not known"
    assert line in text(network, said)
    assert read(network, said)["why_any_client_port"].startswith("which system i-1 runs")
    file = io.StringIO()
    reached = ask(prove(network), Question(from_="front", to="db"))
    print_reach(Console(file=file, width=250, color_system=None), reached)
    assert f"note: {line}" in file.getvalue()
    declared = replace(shop.declaration, planned=None)
    assert line in judge(prove(network), declared).findings[0].why


def test_where_the_client_is_known_nothing_is_said_of_its_system(shop, narrowed):
    network = narrowed(shop.network)
    assert "counts as asking" not in text(network, asked(network, "front", "db"))
