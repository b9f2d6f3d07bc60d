"""`discover register` as people and machines read it."""

import json

import pytest
from lxml import etree

from bulkhead.sources import open_topology
from tests.discover.register.conftest import binds, connects
from tests.discover.register.test_against import DECLARED
from tests.support.flow_logs import V10, Host, talk, write

FORMS = ("sarif", "junit", "csv", "html")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in {
        "code/ticker/main.py": binds("PUB", "tcp://*:5556"),
        "code/strategy/main.py": connects("SUB", "tcp://ticker:5556"),
        "code/spy/main.py": connects("SUB", "tcp://ticker:5556"),
        "topology.yaml": DECLARED,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_boundary_is_told_with_its_evidence_and_what_was_searched(ask, folder):
    answer = ask("discover", "register", "--code", "code")
    assert answer.code == 0
    for each in (
        "strategy -> ticker  tcp 5556, SUB to PUB",
        "code: PUB out binds tcp://*:5556 (code/ticker/main.py:5)",
        "crosses: unknown (code does not say on which hosts it runs)",
        "searched: code in code: 3 files, 3 sockets",
        "2 boundaries (0 sure) between 3 programs.",
    ):
        assert each in answer.out


def test_a_shadow_boundary_is_exit_code_one_in_every_form(ask, folder):
    words = ("discover", "register", "--code", "code", "--against", "topology.yaml")
    files = [word for form in FORMS for word in (f"--{form}", f"out.{form}")]
    answer = ask(*words, *files)
    assert answer.code == 1
    assert "the topology has no spy (code/spy/main.py:5)" in answer.out
    (run,) = json.loads((folder / "out.sarif").read_text())["runs"]
    shadow = [each for each in run["results"] if each["ruleId"] == "boundary-shadow"]
    (location,) = shadow[0]["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 5}
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("code/spy/main.py")
    assert 'type="high"' in (folder / "out.junit").read_text()
    assert "boundary-shadow" in (folder / "out.csv").read_text()
    assert "spy" in (folder / "out.html").read_text()
    assert ask(*words, "--markdown").code == 1
    (folder / "code" / "spy" / "main.py").unlink()
    assert ask(*words).code == 0


def test_its_json_has_both_sides_and_the_digests_of_all_that_was_read(ask, folder):
    words = ("discover", "register", "--code", "code", "--against", "topology.yaml", "--json")
    document = json.loads(ask(*words).out)
    assert document["schema"] == "bulkhead.discover-register/1"
    standings = {each["kind"]: each for each in document["against"]["standings"]}
    assert set(standings) == {"shadow", "as_declared"}
    declared = standings["as_declared"]
    assert declared["declared"] == {"client": "strategy.ticks", "server": "ticker.ticks"}
    assert declared["declared_at"] == {"file": "topology.yaml", "line": 13}
    assert declared["boundary"]["crosses"] == "segment"
    digests = [each["name"] for each in document["provenance"]["digests"]]
    assert "topology.yaml" in digests
    assert "code/ticker/main.py" in digests
    assert json.loads(ask(*words[:4], "--json").out)["against"] is None


def test_a_name_that_looks_like_markup_is_none_in_markdown(ask, folder):
    name = "@everyone <b> `x`"
    (folder / "code" / "spy" / "main.py").rename(folder / "code" / "x.py")
    answer = ask(
        "discover", "register", "--code", "code", "--service", f"{name}=code/x.py", "--markdown"
    )
    assert "<b>" not in answer.out
    assert "@everyone" not in answer.out
    assert "| client | server | at |" in answer.out


@pytest.mark.parametrize("suffix", ["svg", "mmd"])
def test_a_picture_has_every_program_and_the_same_again_is_the_same(ask, folder, suffix):
    words = ("discover", "register", "--code", "code", "--against", "topology.yaml", "--picture")
    assert ask(*words, f"one.{suffix}").code == 1
    assert ask(*words, f"two.{suffix}").code == 1
    text = (folder / f"one.{suffix}").read_text()
    assert text == (folder / f"two.{suffix}").read_text()
    for each in ("spy", "ticker", "strategy", "never declared"):
        assert each in text
    if suffix == "svg":
        etree.fromstring(text.encode())


def test_what_is_written_is_accepted_by_check_and_nothing_is_overwritten(ask, folder):
    words = ("discover", "register", "--code", "code", "--write", "first.yaml")
    assert ask(*words).code == 0
    checked = ask("check", "first.yaml")
    assert checked.code == 0
    assert "2 flows open, nothing else" in checked.out
    again = ask(*words)
    assert again.code == 2
    assert "first.yaml: is there already; --update first.yaml adds what is new" in again.err


def test_an_update_adds_the_shadow_boundary_and_the_answer_is_of_what_is_then_declared(ask, folder):
    text = DECLARED.replace("sockets: { ticks:", "sockets:\n      ticks:").replace(" } }", " }")
    (folder / "topology.yaml").write_text(text)
    answer = ask("discover", "register", "--code", "code", "--update", "topology.yaml")
    assert answer.code == 0
    assert "added 1 boundaries, left 0 to you" in answer.err
    assert set(text.splitlines()) <= set((folder / "topology.yaml").read_text().splitlines())
    assert ask("check", "topology.yaml").code == 0


def test_flow_logs_are_evidence_of_what_a_topology_declares_and_of_who_else_comes(
    ask, tmp_path, trading
):
    interfaces = open_topology(trading).network.interfaces
    at = {each.name: str(each.address) for each in interfaces}
    hosts = {name: Host(f"eni-{name}", at[name]) for name in ("momentum-1", "risk-1", "recorder-1")}
    stranger = Host("eni-x", "10.20.200.9")
    records = [
        *talk(hosts["momentum-1"], hosts["risk-1"], 5570),
        *talk(stranger, hosts["risk-1"], 5570),
        *talk(hosts["recorder-1"], hosts["risk-1"], 443),
    ]
    logs = write(tmp_path / "flows.log", records, V10)
    answer = ask("discover", "register", "--flows", logs, "--against", trading, "--json")
    document = json.loads(answer.out)
    by_kind = {}
    for each in document["against"]["standings"]:
        by_kind.setdefault(each["kind"], []).append(each)
    (seen,) = by_kind["as_declared"]
    assert seen["declared"] == {"client": "momentum.check", "server": "risk.checks"}
    assert seen["boundary"]["crosses"] == "segments"
    (shadow,) = by_kind["shadow"]
    assert shadow["boundary"]["client"] == "10.20.200.9"
    assert "1 flows to ports of which no other evidence says" in document["notes"][0]
    assert answer.code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to look at"),
        (("--code", "nowhere"), "nowhere: there is no such file or folder"),
        (("--code", "code", "--service", "ticker"), "is no NAME=PATH or NAME=ADDRESS"),
        (("--code", "code", "--picture", "a.png"), "name a file that ends in .svg or .mmd"),
        (("--code", "code", "--json", "--markdown"), "exclude each other"),
        (("--host", "topology.yaml"), "is no JSON"),
        (("--code", "code", "--write", "a.txt"), "is no .yaml file"),
        (("--code", "code", "--update", "a.py"), "is no .yaml file"),
        (
            ("--code", "code", "--write", "a.yaml", "--update", "topology.yaml"),
            "exclude each other",
        ),
        (
            ("--code", "code", "--update", "topology.yaml", "--against", "b.yaml"),
            "leave --against out",
        ),
        (("--probe", "10.0.0.0/24"), "is a network, not a host"),
        (("--code", "code", "--against", "nothing.yaml"), "there is no such file"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_would_be_right(ask, folder, words, said):
    answer = ask("discover", "register", *words)
    assert answer.code == 2
    assert said in answer.err
