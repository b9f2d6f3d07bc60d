"""`bulkhead review BASE HEAD`: what a person, a pull request and a program read; exit codes."""

import json

import pytest

from tests.support.previews import ACL_RULE, EVERY, RULE, create, document, state_before
from tests.support.previews import changed as updated


@pytest.fixture
def changed(trading):
    """The example beside itself, with pieces of its text replaced."""
    path = trading.with_name("other.yaml")
    path.with_name("other.lock.json").write_bytes(
        trading.with_name("trading.lock.json").read_bytes()
    )

    def edit(*edits):
        text = trading.read_text()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text)
        return path

    return edit


UNTRUSTED = ("connect: gateway.prices", "connect: [gateway.prices, recorder.in]")


def test_two_versions_that_say_the_same_are_one_line_and_exit_0(ask, trading, changed):
    answer = ask("review", trading, changed())
    assert (answer.code, answer.out) == (0, "No flow changes.\n")


def test_what_an_untrusted_site_reaches_is_exit_1_and_leads_to_the_line(ask, trading, changed):
    answer = ask("review", trading, changed(UNTRUSTED))
    assert answer.code == 1
    assert answer.out.startswith("reached from untrusted places (1)")
    assert "exchange -> recorder.in  tcp 5580: denied -> allowed" in answer.out
    assert "other.yaml:21" in answer.out
    assert answer.out.endswith("fails on: opened-from-untrusted, policy\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-on", "none"], 0),
        (["--fail-on", "half-broken,undetermined"], 0),
        (["--fail-on", "half-broken", "--fail-on", "opened"], 1),
        (["--fail-on", "opened-from-internet"], 0),
    ],
)
def test_what_fails_it_is_for_who_asks_to_say(ask, trading, changed, words, code):
    assert ask("review", trading, changed(UNTRUSTED), *words).code == code


def test_json_is_versioned_and_says_from_what_it_was_made(ask, trading, changed):
    made = ask("review", trading, changed(UNTRUSTED), "--json").json
    assert (made["schema"], made["changes"]) == ("bulkhead.review/1", True)
    assert made["failed"] == ["opened-from-untrusted", "policy"]
    assert {len(each["digests"]) for each in made["provenance"].values()} == {2}
    flow = made["flows"][0]
    assert (flow["untrusted"], flow["reached"], flow["undeclared"]) == (True, True, False)
    assert flow["origin"]["line"] == 21


def test_markdown_begins_with_the_verdict_and_has_no_marker(ask, trading, changed):
    text = ask("review", trading, changed(UNTRUSTED), "--markdown").out
    assert text.startswith("**Opens 1 flow: exchange reaches recorder.in tcp 5580;")
    assert "<!--" not in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere.yaml"], "nowhere.yaml"),
        (["trading.yaml", "--fail-on", "open"], "no such condition; there are opened-from-"),
        (["trading.yaml", "--fail-on", ","], "names no condition"),
        (["trading.yaml", "--json", "--markdown"], "exclude each other"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(ask, trading, monkeypatch, words, says):
    monkeypatch.chdir(trading.parent)
    answer = ask("review", "trading.yaml", *words)
    assert answer.code == 2
    assert "bulkhead.review" not in answer.out
    assert says in answer.err


def test_a_preview_before_the_state_is_said_to_be_the_wrong_way_round(ask, tmp_path):
    whole = document(
        *(each for each in EVERY if each is not RULE), updated(RULE, "update", toPort=6000)
    )
    state, preview = tmp_path / "state.json", tmp_path / "preview.json"
    state.write_text(json.dumps(state_before(whole)))
    preview.write_text(json.dumps(whole))
    assert "name the state first" in ask("review", preview, state).out
    assert "name the state first" not in ask("review", state, preview).out


def test_a_residue_that_was_not_compared_passes_no_condition_that_asks_for_it(ask, tmp_path):
    """A state and a preview declare nothing, and their NACLs are others."""
    entry = create(
        ACL_RULE,
        "replies",
        networkAclId="acl-1",
        ruleNumber=100,
        egress=False,
        protocol="6",
        fromPort=1024,
        toPort=65535,
        cidrBlock="10.0.0.0/16",
        ruleAction="allow",
    )
    state, preview = tmp_path / "state.json", tmp_path / "preview.json"
    state.write_text(json.dumps(state_before(document(*EVERY))))
    preview.write_text(json.dumps(document(*EVERY, entry)))
    answer = ask("review", state, preview, "--fail-on", "residue")
    assert answer.code == 2
    assert "--fail-on residue: not compared" in answer.err
    assert "residue: not compared" in ask("review", state, preview, "--fail-on", "none").out
