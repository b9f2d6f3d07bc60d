"""Every finding says on which line of the topology what it is about is declared."""

from dataclasses import replace
from pathlib import Path

import pytest

from bulkhead.judge import FindingKind, judge
from bulkhead.judge.packets import packets
from bulkhead.network import Declaration
from bulkhead.prove import prove
from tests.judge.changes import CHANGES, added, changed, judged, named, removed, told
from tests.support.estate import rule


def line_of(finding):
    """What is written there, and around it."""
    lines = Path(finding.file).read_text().splitlines()
    return lines[finding.line - 1].strip()


STATE_LINES = {
    "a rule in a planned group": "idle:",
    "a rule gone": "ask: {connect: db.ask, type: REQ}",
    "an entry gone": "ask: {connect: db.ask, type: REQ}",
    "an entry of its number replaced": "ask: {connect: db.ask, type: REQ}",
    "a stray allow entry": "spare: {purpose: '-'}",
    "a route of the site gone": "news: {connect: front.news, type: SUB}",
    "a route to the internet with a public address": "db:",
    "a replica deleted": "front:",
    "an interface that holds a planned group": "front:",
    "a tunnel set to IKEv1, SHA-1 and group 2": "plant:",
    "the trust tag flipped": "plant:",
    "the VPN gone": "plant:",
    "an empty subnet gone": "spare: {purpose: '-'}",
    "one more subnet": "web: {purpose: front}",
    "an internet gateway without a route": "name: shop",
    "the default NACL opened": "name: shop",
    "an open group that nobody holds": "name: shop",
}


@pytest.mark.parametrize("name", STATE_LINES)
def test_a_difference_is_at_the_line_of_what_was_planned_or_of_what_it_stands_at(
    planned, account, name
):
    first, *_ = judged(planned, CHANGES[name][0](account)).findings
    assert line_of(first) == STATE_LINES[name]


def beside(network, name):
    """A stranger with all that the interface has."""
    own = named(network, "interfaces", name)
    return replace(own, id="eni-x", name="x", address=own.address + 50, service=None)


SSH = rule("x", "in tcp 22 0.0.0.0/0")
PACKET_LINES = {
    "a declared flow that lost its reply": (
        changed("nacls", "data", entries=lambda each: each.entries[:1]),
        FindingKind.MISSING,
        "ask: {connect: db.ask, type: REQ}",
    ),
    "a declared flow without its server": (
        removed("interfaces", "db-1"),
        FindingKind.MISSING,
        "ask: {connect: db.ask, type: REQ}",
    ),
    "a socket that more than its client can reach": (
        added("interfaces", lambda network: beside(network, "front-1")),
        FindingKind.EXTRA,
        "ask: {bind: 'tcp://*:6000', type: REP}",
    ),
    "a group that admits more": (
        changed(
            "security_groups",
            "db",
            rules=lambda each: (*each.rules, rule("x", "in tcp 22 0.0.0.0/0")),
        ),
        FindingKind.LAYER,
        "db:",
    ),
    "NACLs that let more pass": (
        CHANGES["a stray allow entry"][0],
        FindingKind.LAYER,
        "spare: {purpose: '-'}",
    ),
    "a host that forwards": (
        changed("interfaces", "db-1", source_dest_check=False),
        FindingKind.UNDETERMINED,
        "db:",
    ),
}


@pytest.mark.parametrize("name", PACKET_LINES)
def test_what_packets_do_is_at_the_flow_or_socket_or_place_that_it_is_about(planned, account, name):
    change, kind, text = PACKET_LINES[name]
    found = packets(prove(change(account)), planned.declaration).findings
    assert text in {line_of(each) for each in found if each.kind is kind}


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_that_packets_do_is_without_a_line(planned, account, name):
    """Also where nobody compares with a plan, so that no cause takes it in."""
    alone = replace(planned.declaration, planned=None)
    for each in told(judge(prove(CHANGES[name][0](account)), alone)):
        assert each.file.endswith("topology.yaml"), each
        assert each.line, each


def test_what_was_planned_and_nobody_observed_is_at_its_line(planned, account):
    network = replace(removed("interfaces", "db-1")(account), unobserved=("interfaces",))
    first, *others = told(judged(planned, network))
    assert first.message == "it is not known whether interface db-1 is there"
    assert line_of(first) == "db:"
    assert others, "what it may do to packets comes after it"


def test_a_declaration_that_nobody_wrote_down_has_no_lines(planned, account):
    declared = Declaration(topology="shop", flows=planned.flows)
    (missing, *_) = judge(prove(removed("interfaces", "db-1")(account)), declared).findings
    assert (missing.file, missing.line) == ("", 0)
