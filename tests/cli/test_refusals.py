"""Bad input: everything at once, where it is, what would be right; exit 2, nothing touched."""

import json

import pytest

BAD = """\
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 9
colour: blue
segments:
  web: { purpose: front }
sites:
  venue:
    cidrs: [10.20.4.0/24]
    gateway: { address: 203.0.113.10 }
    sockets: { out: { type: PUSH, connect: front.ticks } }
services:
  front:
    segment: web
    sockets:
      ticks: { type: PUB, bind: "tcp://*:70001" }
      any:   { type: PUB, bind: "tcp://*:*" }
      sub:   { type: SUB, connect: fornt.ticks }
"""


def test_all_mistakes_are_reported_together_with_their_lines(ask, tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(BAD)
    answer = ask("check", path)
    assert answer.code == 2
    assert answer.out == ""
    said = answer.err
    for line, word in (
        (4, "zones"),
        (5, "colour"),
        (10, "overlaps"),
        (17, "4465"),
        (18, "tcp://*:*"),
        (19, "did you mean front"),
    ):
        mine = [each for each in said.splitlines() if f"{path}:{line}:" in each]
        assert any(word in each for each in mine), (line, word, said)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["shop.yaml"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("prove", "nowhere.yaml"), "there is no such file"),
        (("prove", "README"), "aws:REGION"),
        (("prove", "aws"), "AWS_REGION"),
        (("explain", "{t}", "--from", "momentm", "--to", "risk"), "did you mean momentum"),
        (("explain", "{t}", "--from", "risk", "--to", "auditor"), "--port"),
        (("explain", "{t}", "--from", "risk", "--to", "risk"), "same host"),
        (("explain", "{t}", "--from", "risk", "--to", "limits", "--protocol", "zmq"), "not tcp"),
        (("prove", "aws:eu-wst1"), "such as aws:eu-west-1"),
        (("prove", "aws:eu-west-1,eu-west-1a"), "'eu-west-1a' is not an AWS Region"),
        (("prove", "{t}", "--verdict", "maybe"), "half-open"),
        (("reach", "{t}"), "--from, --to, or both"),
        (("reach", "{t}", "--to", "rsik"), "did you mean risk"),
        (("reach", "{t}", "--to", "127.0.0.1"), "no host can have"),
        (("reach", "{t}", "--to", "10.20.200.0/24"), "no host can have"),
        (("reach", "{t}", "--to", "10.20.0.2"), "resolver of VPC trading"),
        (("reach", "{t}", "--from", "10.20.0.1", "--to", "10.20.0.1"), "same host"),
        (("reach", "{t}", "--from", "risk-1", "--to", "risk-1"), "same host"),
        (("reach", "{t}", "--to", "risk", "--hops", "0"), "--hops 0"),
        (("reach", "{t}", "--to", "risk", "--protocol", "icmp", "--port", "8"), "has no ports"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_the_remedy(ask, trading, words, says):
    answer = ask(*(word.replace("{t}", str(trading)) for word in words))
    assert answer.code == 2
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"version": 3}', "\x00\x01"])
def test_what_is_no_stack_export_is_refused_by_name(ask, tmp_path, text):
    path = tmp_path / "state.json"
    path.write_text(text)
    answer = ask("prove", path)
    assert answer.code == 2
    assert "state.json" in answer.err


def test_an_account_that_does_not_answer_is_one_line_without_a_traceback(ask, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    answer = ask("prove", "aws")
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert "127.0.0.1:9" in answer.err


def test_a_lock_that_cannot_be_written_is_one_line_without_a_traceback(ask, trading):
    trading.with_name("trading.lock.json").unlink()
    trading.with_name("trading.lock.tmp").mkdir()  # where the new lock would be drafted
    answer = ask("plan", trading)
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert "trading.lock.json: cannot be written" in answer.err


def test_with_json_every_mistake_is_in_a_document_too(ask, tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(BAD)
    answer = ask("check", path, "--json")
    assert answer.code == 2
    document = json.loads(answer.out)
    assert document["schema"] == "bulkhead.error/1"
    assert [f"error: {each['message']}" for each in document["errors"]] == answer.err.splitlines()
    assert {(each["file"], each["line"]) for each in document["errors"]} >= {
        (str(path), line) for line in (4, 5, 10, 17, 18, 19)
    }
    assert all(each["what"] and each["remedy"] for each in document["errors"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("prove", "nowhere.yaml"), "there is no such file"),
        (("explain", "{t}", "--from", "momentm", "--to", "risk"), "did you mean momentum"),
        (("prove", "{t}", "--verdict", "maybe"), "half-open"),
        (("reach", "{t}", "--to", "risk", "--port", "zz"), "--port"),
        (("prove", "{t}", "--jsn"), "--jsn"),
        (("prove",), "source"),
    ],
)
def test_with_json_no_refusal_is_silent_on_standard_output(ask, trading, words, says):
    answer = ask(*(word.replace("{t}", str(trading)) for word in words), "--json")
    assert answer.code == 2
    (error,) = json.loads(answer.out)["errors"]
    assert says in error["message"]
    assert error["message"] in answer.err
