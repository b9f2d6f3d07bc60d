"""A finding is told once, with what follows from it underneath."""

import io

import pytest
from rich.console import Console

from bulkhead.judge import Finding, FindingKind, Judgement
from bulkhead.network import Network
from bulkhead.report import documents
from bulkhead.report.verdict import print_findings, print_verdict

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
    assert told.index(CAUSE.message) < told.index(EFFECTS[0].message)
    assert depth[CAUSE.message] < depth[EFFECTS[0].message] == depth[EFFECTS[1].message]


def test_what_follows_from_a_finding_is_not_counted_again(judgement):
    verdict = said(print_verdict, "the plan", judgement)
    assert verdict.startswith(
        "NOT AS DECLARED the plan is not what shop declares: 1 layer weakened;"
    )


def test_a_program_reads_what_follows_from_a_finding_inside_it(judgement):
    (found,) = documents.judgement("shop.yaml", Network(), judgement)["findings"]
    assert [each["message"] for each in found["effects"]] == [each.message for each in EFFECTS]
    assert found["effects"][0]["effects"] == []
