"""A finding is told once, with what follows from it underneath."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bulkhead.judge import Finding, FindingKind, Judgement, Residue, ResidueKind, judge
from bulkhead.network import TCP, Declaration, Expectation, Network, PortRange
from bulkhead.prove import prove
from bulkhead.report.documents import check as documents
from bulkhead.report.verdict import print_findings, print_judgement, print_verdict
from tests.support.shop import shop

EFFECTS = tuple(
    Finding(
        kind=FindingKind.MISSING, message=f"web.out -> {name}: denied", why="It cannot connect."
    )
    for name in ("store.orders", "limits.current")
)
CAUSE = Finding(
    kind=FindingKind.LAYER,
    message="the gateway is detached",
    why="Nothing leaves.",
    effects=EFFECTS,
)


@pytest.fixture
def judgement():
    return Judgement(topology="shop", flows=2, findings=(CAUSE,), residue=())


def said(say, *what):
    file = io.StringIO()
    say(Console(file=file, width=200, color_system=None), *what)
    return file.getvalue()


def test_what_follows_from_a_finding_is_told_under_it(judgement):
    lines = said(print_findings, judgement).splitlines()
    depth = {line.strip(): len(line) - len(line.lstrip()) for line in lines}
    told = list(depth)
    (one, other) = (f"{each.kind}: {each.message}" for each in EFFECTS)
    assert told.index(CAUSE.message) < told.index(one)
    assert depth[CAUSE.message] < depth[one] == depth[other]


def test_what_follows_from_a_finding_is_not_counted_again(judgement):
    verdict = said(print_verdict, "the plan", judgement)
    assert verdict.startswith(
        "NOT AS DECLARED the plan is not what shop declares: 1 layer weakened;"
    )


def test_exactly_is_never_said_beside_what_was_not_observed(judgement):
    seen = replace(judgement, findings=())
    assert "exactly what shop declares" in said(print_verdict, "the plan", seen)
    partly = replace(seen, unknown=("of subnet a: whether hosts get public addresses",))
    verdict = said(print_verdict, "what a dump holds", partly)
    assert "exactly" not in verdict
    assert "nothing else" not in verdict
    assert "as far as it was observed: 2 flows open; of 1 things it is not known" in verdict


@pytest.mark.parametrize("under_another", [False, True])
def test_all_packets_is_never_said_beside_what_is_undetermined(judgement, under_another):
    unsure = Finding(kind=FindingKind.UNDETERMINED, message="a -> b: who knows", why="A peer.")
    found = replace(CAUSE, effects=(unsure,)) if under_another else unsure
    verdict = said(print_verdict, "what a dump holds", replace(judgement, findings=(found,)))
    assert "over all packets but those that are undetermined" in verdict


def test_a_program_reads_what_follows_from_a_finding_inside_it(judgement):
    (found,) = documents.check("shop.yaml", Network(), judgement)["findings"]
    assert [each["message"] for each in found["effects"]] == [each.message for each in EFFECTS]
    assert found["effects"][0]["effects"] == []


def test_the_residue_is_said_in_one_line_for_each_thing_it_is():
    def left(source, destination, first, last, kind):
        ports = PortRange(first, last)
        return Residue(source=source, destination=destination, protocol=TCP, ports=ports, kind=kind)

    residue = (
        left("acl-b", "acl-a", 32768, 60999, ResidueKind.REPLIES),
        left("any host in a", "plant", 7000, 7000, ResidueKind.ANY_HOST),
        left("any host in a", "plant", 7005, 7006, ResidueKind.ANY_HOST),
    )
    judgement = Judgement(topology="shop", flows=2, findings=(), residue=residue)
    replies, hosts = said(print_judgement, Network(), judgement).splitlines()
    assert replies.startswith("residue: replies need 28232 ports open between 1 pair of NACLs")
    assert hosts.startswith("residue: any host in a reaches plant on tcp 7000, 7005-7006 if no")
    document = documents.check("shop.yaml", Network(), judgement)
    assert [each["kind"] for each in document["residue"]] == ["replies", "any host", "any host"]


def test_of_a_test_that_fails_the_path_that_decides_is_told_in_place_of_its_rules():
    network, flows = shop()
    wanted = Expectation(
        client="web", server=flows[0].server, accept=False, file="shop.yaml", line=4, name="shut"
    )
    declared = Declaration(topology="shop", flows=tuple(flows), expectations=(wanted,))
    found = judge(prove(network), declared)
    lines = said(print_findings, found).splitlines()
    (finding,) = found.findings
    assert lines[1].strip().startswith("shop.yaml:4: test 'shut': web -> store.")
    assert [line.strip() for line in lines[3:-1]] == [*map(str, finding.path)]
    (told,) = documents.judgement(found)["findings"]
    assert told["test"] == "shut"
    assert [hop["layer"] for hop in told["path"]] == [str(hop.layer) for hop in finding.path]
