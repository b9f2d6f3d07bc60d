"""`discover host` as people ask it."""

import json

import pytest

from bulkhead.discover.host import COLLECTOR
from tests.support.fake_proc import FakeProc, mapped


@pytest.fixture
def proc(tmp_path):
    fake = FakeProc()
    fake.process(
        7,
        "python3",
        cmdline=["python3", "/srv/router.py"],
        maps=mapped("/usr/lib/libzmq.so.5"),
        inodes=[70, 71],
        cgroup=f"/docker/{'0123456789abcdef' * 4}",
    )
    fake.process(8, "sshd", inodes=[80])
    fake.tcp(70, "listening", ("0.0.0.0", 5555))
    fake.tcp(71, "established", ("10.0.0.7", 5555), ("10.0.0.8", 40_000))
    fake.tcp(80, "listening", ("0.0.0.0", 22))
    return fake.write(tmp_path / "proc")


def test_a_machine_is_told_with_its_containers_and_what_was_not_asked(ask, proc):
    answer = ask("discover", "host", "--proc", proc)
    assert answer.code == 0
    assert "router.py (pid 7, container 0123456789ab of docker)" in answer.out
    assert "waits at tcp 0.0.0.0:5555" in answer.out
    assert "1 listener of processes that are not known to use ZeroMQ" in answer.out
    assert answer.out.endswith(
        "1 process of ZeroMQ on 1 machine, 1 edge (0 with both ends known).\n"
    )


def test_a_record_says_elsewhere_what_the_machine_said(ask, proc, tmp_path):
    file = tmp_path / "host.json"
    here = ask("discover", "host", "--proc", proc, "--record", file, "--json").json
    there = ask("discover", "host", file, "--json").json
    assert here["schema"] == "bulkhead.discover-host/1"
    assert {**here, "provenance": None} == {**there, "provenance": None}
    assert [each["name"] for each in there["provenance"]["digests"]] == [str(file)]
    (edge,) = here["edges"]
    assert (edge["server"]["port"], edge["because"]) == (5555, "one")


def test_what_could_not_be_read_is_no_success(ask, proc):
    (proc / "8" / "maps").unlink()
    (proc / "8" / "maps").symlink_to(proc / "8" / "maps")
    answer = ask("discover", "host", "--proc", proc)
    assert answer.code == 1
    assert "what 1 of 2 processes have loaded could not be read" in answer.out


def test_the_collector_is_printed_as_it_is(ask):
    assert ask("discover", "host", "--collector").out == COLLECTOR.read_text()


def test_what_cannot_be_asked_is_said_in_a_sentence_and_all_of_it_at_once(ask, proc, tmp_path):
    record = tmp_path / "host.json"
    ask("discover", "host", "--proc", proc, "--record", record)
    bad = {
        "text.json": "no",
        "other.json": '{"schema": "bulkhead.plan/2"}',
        "short.json": '{"schema": "bulkhead.host-record/1"}',
        "again.json": record.read_text(),
        "deep.json": "[" * 100_000,
    }
    for name, text in bad.items():
        (tmp_path / name).write_text(text)
    answer = ask("discover", "host", record, *(tmp_path / name for name in bad))
    assert answer.code == 2
    for said in ("is no JSON", "not bulkhead.host-record/1", "Field required", "is of the machine"):
        assert said in answer.err
    for words, said in (
        ((record, "--greet"), "--greet is about this machine"),
        (("--proc", tmp_path / "nowhere"), "cannot be read"),
        (("--proc", proc, "--pid", "99"), "there is no such process"),
    ):
        answer = ask("discover", "host", *words)
        assert (answer.code, said in answer.err) == (2, True)


def test_a_record_from_elsewhere_cannot_speak_to_the_terminal(ask, proc, tmp_path):
    record = tmp_path / "host.json"
    ask("discover", "host", "--proc", proc, "--record", record)
    value = json.loads(record.read_text())
    value["processes"][0]["script"] = "\x1b[2Jrouter"
    record.write_text(json.dumps(value))
    assert "\x1b" not in ask("discover", "host", record).out


def test_a_watch_prints_what_changed_and_nothing_of_what_stayed(ask, proc, tmp_path, monkeypatch):
    def changing(_):
        fake = FakeProc()
        fake.process(9, "worker", maps=mapped("/usr/lib/libzmq.so.5"), inodes=[90])
        fake.tcp(90, "listening", ("0.0.0.0", 6000))
        proc.rename(tmp_path / "before")
        fake.write(proc)
        return ()

    monkeypatch.setattr("bulkhead.cli.discover.watching.asleep", changing)
    answer = ask("discover", "host", "--proc", proc, "--every", "5m", "--times", "1")
    assert answer.code == 0
    assert "watching: 1 process of ZeroMQ" in answer.err
    signs = [line.strip()[:2] for line in answer.out.splitlines()[1:]]
    assert signs == ["+ ", "+ ", "- ", "- ", "- "]
    assert "waits at tcp 0.0.0.0:6000" in answer.out
    proc.rename(tmp_path / "after")
    (tmp_path / "before").rename(proc)
    monkeypatch.setattr("bulkhead.cli.discover.watching.asleep", changing)
    line = ask("discover", "host", "--proc", proc, "--every", "5m", "--times", "1", "--json").json
    assert line["schema"] == "bulkhead.host-change/1"
    assert [each["port"] for each in line["came"]["listeners"]] == [6000]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--times", "3"), "--times goes with --every TIME"),
        (("--every", "soon"), "is no time from 1s to 24h"),
        (("--every", "0.1s"), "is no time from 1s to 24h"),
        (("--every", "5s", "--until", "tomorrow"), "is no time"),
        (("--every", "5s", "--until", "2020-01-01"), "is over"),
        (("--every", "5s", "--events", "docker"), "names no socket"),
        (("--every", "5s", "--collector"), "leave the rest out"),
    ],
)
def test_a_watch_that_cannot_be_is_said(ask, proc, words, said):
    answer = ask("discover", "host", "--proc", proc, *words)
    assert answer.code == 2
    assert said in answer.err
