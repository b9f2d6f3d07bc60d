"""Sheets with whatever somebody may have written into an account, for tests of the forms."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from bulkhead.audit import Outcome
from bulkhead.lint import Severity
from bulkhead.network import Origin, Provenance
from bulkhead.report.sheet import Entry, EntryKind, sheet

WORDS = st.text(st.characters(exclude_categories=()), max_size=30)
SAID = WORDS.filter(str.strip)
KIND = EntryKind(
    id="flow-opened",
    title="A flow opens",
    describes="Requests arrive that did not.",
    remedy="Take it back.",
    severity=Severity.MEDIUM,
    controls=("cis-5.2",),
)
PROVENANCE = Provenance(time=datetime(2026, 11, 30, 1, 2, 3, tzinfo=UTC), version="0.1.0")


def entry(message="a opens", **more):
    return Entry(
        **{"kind": KIND, "message": message, "subject": "a -> b", "identity": (message,), **more}
    )


def sheet_of(*entries, ok=False, subject="shop.yaml", notes=()):
    return sheet(
        "diff",
        subject,
        entries,
        verdict="some flow differs",
        ok=ok,
        notes=notes,
        provenance=PROVENANCE,
    )


@st.composite
def kinds(draw):
    return EntryKind(
        id=draw(st.from_regex(r"[a-z]{1,5}(-[a-z]{1,5})?", fullmatch=True)),
        title=draw(SAID),
        describes=draw(SAID),
        remedy=draw(WORDS),
        severity=draw(st.sampled_from(Severity)),
        controls=tuple(f"cis-{each}" for each in range(draw(st.integers(0, 12)))),
        undecided=draw(st.booleans()),
    )


@st.composite
def entries(draw, depth=1):
    origins = st.builds(
        Origin,
        file=st.sampled_from(("", "a b.yaml", "../ä#?.yaml")),
        line=st.integers(0, 9),
        urn=st.sampled_from(("", "urn:pulumi:dev::x::aws:ec2/vpc:Vpc::main")),
    )
    return Entry(
        kind=draw(kinds()),
        message=draw(SAID),
        subject=draw(SAID),
        identity=tuple(draw(st.lists(WORDS, min_size=1, max_size=3))),
        outcome=draw(st.sampled_from(Outcome)),
        severity=draw(st.none() | st.sampled_from(Severity)),
        why=draw(WORDS),
        remedy=draw(WORDS),
        origin=draw(st.none() | origins),
        evidence=tuple(draw(st.lists(WORDS, max_size=2))),
        under=tuple(draw(st.lists(entries(depth - 1), max_size=2))) if depth else (),
    )


@st.composite
def sheets(draw):
    return sheet(
        draw(st.sampled_from(("check", "audit"))),
        draw(st.text(min_size=1, max_size=20).filter(lambda word: "\0" not in word)),
        draw(st.lists(entries(), max_size=5)),
        verdict=draw(SAID),
        ok=draw(st.booleans()),
        notes=draw(st.lists(WORDS, max_size=2)),
        provenance=draw(st.none() | st.just(PROVENANCE)),
    )
