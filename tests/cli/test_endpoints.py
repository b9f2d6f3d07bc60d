"""`endpoints`: what a program is told, and what nobody can be told."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "pyzmq"


def test_the_three_forms_say_the_same(ask, trading):
    as_json = ask("endpoints", trading, "--service", "recorder", "--json").json
    assert as_json["schema"] == "bulkhead.endpoints/1"
    again = json.loads(ask("endpoints", trading, "-s", "recorder", "--format", "json").out)
    as_yaml = YAML(typ="safe").load(
        ask("endpoints", trading, "-s", "recorder", "--format", "yaml").out
    )
    for each in (as_json, again, as_yaml):
        each.pop("provenance")
    assert as_json == again == as_yaml
    (bound,) = as_json["sockets"]["in"]["bind"]
    lines = ask("endpoints", trading, "-s", "recorder", "--format", "env").out.splitlines()
    assert f"BULKHEAD_IN_BIND={bound['endpoint']}" in lines
    shown = ask("endpoints", trading, "-s", "recorder").out
    assert bound["endpoint"] in shown and "idle     350 s" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-s", "tickr"), "--service tickr: no service or site is called so; did you mean ticker?"),
        (("-s", "ticker", "--replica", "2"), "--replica 2: ticker has 1; write 1, or leave it out"),
        (("-s", "momentum", "--replica", "0"), "--replica 0: momentum has 3; write 1 to 3"),
        (("-s", "exchange", "--replica", "1"), "exchange is a site, which has no copies"),
        (("-s", "momentum", "--format", "env"), "momentum has 3 copies, and variables are of one"),
        (("-s", "ticker", "--json", "--format", "env"), "--json and --format env exclude"),
        (("-s", "ticker", "--format", "toml"), "'toml' is not one of"),
        ((), "Missing option '--service'"),
    ],
)
def test_a_question_that_cannot_be_asked_is_explained(ask, trading, words, said):
    answer = ask("endpoints", trading, *words)
    assert answer.code == 2
    assert said in answer.err


def test_who_asks_for_json_by_its_form_has_the_refusal_as_json_too(ask, trading):
    answer = ask("endpoints", trading, "-s", "tickr", "--format", "json")
    assert json.loads(answer.out)["schema"] == "bulkhead.error/1"


def test_addresses_that_no_lock_holds_yet_are_said_to_be_so(ask, trading, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    trading.with_suffix(".lock.json").unlink()
    answer = ask("endpoints", trading, "-s", "ticker")
    assert answer.code == 0
    assert "does not hold all of this yet" in answer.err


def test_what_a_topology_warns_of_is_on_stderr_and_in_the_documents(ask, tmp_path):
    text = (SAMPLE / "topology.yaml").read_text()
    path = tmp_path / "topology.yaml"
    path.write_text(text.replace(", zap: true", ""))
    for words in (("check", path), ("plan", path), ("endpoints", path, "-s", "reader")):
        answer = ask(*words, "--json")
        (warning,) = answer.json["warnings"]
        assert warning["what"].startswith("ticker.ticks is CURVE without ZAP")
        assert warning["line"] == 1 + text[: text.index("mechanism: CURVE")].count("\n")
        assert f"warning: {warning['message']}" in answer.err
    (result,) = (
        each
        for each in json.loads(ask("check", path, "--sarif", "-").out)["runs"][0]["results"]
        if each["ruleId"] == "topology-warning"
    )
    assert result["level"] == "note"
    place = result["locations"][0]["physicalLocation"]
    assert place["region"]["startLine"] == warning["line"]
