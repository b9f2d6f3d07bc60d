"""`bulkhead discover code`, as people and machines read it."""

import json

import pytest

CODE = """
import os, zmq
ctx = zmq.Context()
pub = ctx.socket(zmq.PUB)
pub.bind(f"tcp://*:{os.environ.get('ZMQ_PORT', '5556')}")
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed" / "a.py").write_text(CODE)
    (tmp_path / "feed" / "bad.py").write_text("import zmq (\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_says_what_is_found_where_and_what_stays_open(ask, folder):
    answer = ask("discover", "code", "feed")
    assert answer.code == 0
    for each in (
        "PUB pub  feed/a.py:4",
        "binds tcp://*:{ZMQ_PORT}",
        "from environment variable ZMQ_PORT, default 5556",
        "medium: null-exposed (1)",
        "skipped: 1 file, does not parse: feed/bad.py",
        "1 socket in 1 program: 1 bind, 0 connects",
    ):
        assert each in answer.out


def test_its_json_has_every_part_of_an_endpoint(ask, folder):
    answer = ask("discover", "code", "feed", "--json")
    document = json.loads(answer.out)
    assert document["schema"] == "bulkhead.discover-code/1"
    (socket,) = document["sockets"]
    assert (socket["type"], socket["file"], socket["line"]) == ("PUB", "feed/a.py", 4)
    (end,) = socket["ends"]
    assert end["parts"] == [
        {"text": "tcp://*:"},
        {"open": "ZMQ_PORT", "from": "environment", "source": "ZMQ_PORT", "default": "5556"},
    ]
    assert (end["default"], end["exposure"]) == ("tcp://*:5556", "network")
    assert [each["name"] for each in document["provenance"]["digests"]] == ["feed/a.py"]


def test_its_sarif_is_at_the_line_in_the_code(ask, folder):
    assert ask("discover", "code", "feed", "--sarif", "out.sarif").code == 0
    (run,) = json.loads((folder / "out.sarif").read_text())["runs"]
    found = [each for each in run["results"] if each["ruleId"] == "code-null-exposed"]
    (location,) = found[0]["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 5}
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("feed/a.py")


@pytest.mark.parametrize(("grade", "code"), [("high", 0), ("medium", 1), ("low", 1)])
def test_findings_fail_it_where_somebody_asks(ask, folder, grade, code):
    assert ask("discover", "code", "feed", "--fail-on", grade).code == code


def test_a_folder_that_is_not_there_cannot_be_asked_about(ask, folder):
    answer = ask("discover", "code", "fed")
    assert answer.code == 2
    assert "fed: there is no such file or folder" in answer.err


def test_a_folder_without_zeromq_is_an_answer_too(ask, tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    answer = ask("discover", "code", tmp_path)
    assert (answer.code, "No ZeroMQ socket is made" in answer.out) == (0, True)
