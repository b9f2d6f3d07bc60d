"""`bulkhead diff A B`: which flows differ, as a person, a pull request and a program read it."""

import json

import pytest

from tests.support.previews import EVERY, RULE, changed, document, state_before, without_sames


@pytest.fixture
def other(trading):
    """The example beside itself, to be edited."""
    path = trading.with_name("other.yaml")
    path.write_text(trading.read_text())
    lock = trading.with_name("trading.lock.json")
    path.with_name("other.lock.json").write_bytes(lock.read_bytes())
    return path


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_two_topologies_that_say_the_same_have_no_flow_that_differs(ask, trading, other):
    answer = ask("diff", trading, other)
    assert answer.code == 0
    assert "No flow differs" in answer.out
    assert "13 open flows the same on both sides" in answer.out


def test_a_socket_on_another_port_closes_one_flow_and_opens_another(ask, trading, other):
    edit(other, "tcp://*:5571", "tcp://*:5572")
    answer = ask("diff", trading, other)
    assert answer.code == 1
    assert "opened" in answer.out
    assert "risk -> limits.current  tcp 5572: denied -> allowed" in answer.out
    assert "risk -> limits.current  tcp 5571: allowed -> denied" in answer.out
    assert "tcp 5571 from risk is now tcp 5572 from risk" in answer.out
    assert "12 unchanged" in answer.out


def test_json_is_versioned_and_names_rules_and_what_becomes_of_connections(ask, trading, other):
    edit(other, "      limits: { type: REQ, connect: limits.current }\n", "")
    answer = ask("diff", trading, other, "--json")
    assert (answer.code, answer.json["schema"]) == (1, "bulkhead.diff/1")
    assert answer.json["counts"]["closed"] == len(answer.json["changes"])
    change = next(each for each in answer.json["changes"] if each["socket"])
    assert (change["from"]["name"], change["socket"]) == ("risk", "limits.current")
    assert (change["before"], change["after"]) == ("allowed", "denied")
    assert {cause["kind"] for cause in change["causes"]} == {"gone"}
    assert change["established"]["fate"] == "cut"


def test_markdown_is_a_comment_with_the_verdict_first(ask, trading, other):
    edit(other, "tcp://*:5571", "tcp://*:5572")
    answer = ask("diff", trading, other, "--markdown")
    lines = answer.out.splitlines()
    assert lines[0] == "<!-- bulkhead-diff -->"
    assert lines[1].startswith("**")
    assert "| **opened** | risk | limits.current | tcp 5572 | denied | allowed |" in lines
    assert "<details>" in answer.out


@pytest.mark.parametrize(
    "words", [["nowhere.yaml"], ["trading.yaml", "--json", "--markdown"]], ids=["no file", "both"]
)
def test_a_question_that_cannot_be_asked_is_refused(ask, trading, monkeypatch, words):
    monkeypatch.chdir(trading.parent)
    answer = ask("diff", "trading.yaml", *words)
    assert answer.code == 2
    assert "bulkhead.diff" not in answer.out


def test_what_a_preview_leaves_out_comes_from_a_state_beside_it_or_named(ask, tmp_path):
    edited = [changed(RULE, "update", toPort=5557) if each is RULE else each for each in EVERY]
    every = document(*edited)
    contents = {"state": state_before(every), "whole": every, "part": without_sames(every)}
    for name, content in contents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    state, whole, part = (tmp_path / f"{name}.json" for name in contents)

    shown = ask("diff", state, whole, "--json").json["changes"]
    assert shown
    assert ask("diff", state, part, "--json").json["changes"] == shown
    assert ask("review", state, part, "--fail-on", "none").code == 0
    assert ask("diff", part, state).code == 1
    assert ask("diff", whole, part, "--state", state).code == 0
    for refused in (ask("diff", whole, part), ask("diff", whole, part, "--state", whole)):
        assert refused.code == 2
        assert "pulumi stack export" in refused.err


def test_the_json_says_where_each_cause_is_written(ask, trading, tmp_path):
    """A rule comes from the line on which its client connects, of the side that has the rule."""
    before = tmp_path / "before.yaml"
    before.write_text(trading.read_text())
    limits = "      limits: { type: REQ, connect: limits.current }\n"
    prices = "      prices: { type: SUB, connect: broker.out }\n"
    trading.write_text(trading.read_text().replace(limits, limits + prices))
    line = trading.read_text().splitlines(keepends=True).index(prices) + 1
    for sides, kind in (((before, trading), "opened"), ((trading, before), "closed")):
        changes = ask("diff", *sides, "--json").json["changes"]
        change = next(each for each in changes if each["from"]["name"] == "risk")
        assert change["kind"] == kind
        written = {(each["origin"]["file"], each["origin"]["line"]) for each in change["causes"]}
        assert written == {(str(trading), line)}
