"""A topology of several files: put together, and every mistake at the file and line of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bulkhead.intent import Topology, load
from bulkhead.intent.including import OF_THE_ROOT
from bulkhead.intent.load import topology_of
from bulkhead.intent.written import WrittenTopology
from bulkhead.problems import InputError

ROOT = """\
name: demo
region: eu-west-1
cidr: 10.20.0.0/16
zones: 2
segments: { left: { purpose: one side }, right: { purpose: the other } }
services:
  ticker: { segment: left, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
tests: [{ from: internet, deny: ["*"] }]
"""
CLIENT = """\
services:
  {name}:
    segment: right
    sockets: {{ ticks: {{ type: SUB, connect: ticker.ticks }} }}
"""

Write = Callable[[Mapping[str, str]], Path]
Complaints = Callable[..., list[str]]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes files by their paths; the root is the first of them."""
    monkeypatch.chdir(tmp_path)

    def write_all(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        return Path(next(iter(files)))

    return write_all


@pytest.fixture
def complaints(write: Write) -> Complaints:
    """What is said of a root that includes something."""

    def of(include: str, **files: str) -> list[str]:
        named = {f"{each.replace('__', '/')}.yaml": text for each, text in files.items()}
        root = write({"top.yaml": f"include: {include}\n{ROOT}", **named})
        try:
            load(root)
        except InputError as error:
            return [str(each) for each in error.problems]
        return []

    return of


def client(name: str) -> str:
    return CLIENT.format(name=name)


def test_what_is_included_is_there_as_if_the_root_had_it(write: Write) -> None:
    parts = {
        "teams/risk.yaml": client("risk")
        + "include: common/audit.yaml\ntests: [{ from: risk, accept: [ticker.ticks] }]\n",
        "teams/common/audit.yaml": client("audit")
        + "segments: { vault: { purpose: evidence } }\n"
        + "sites: { home: { cidrs: [192.168.0.0/24], gateway: { address: 203.0.113.1 } } }\n",
    }
    several = load(write({"top.yaml": f"include: [teams/risk.yaml]\n{ROOT}", **parts}))
    clients = "".join(client(each).removeprefix("services:\n") for each in ("risk", "audit"))
    home = "{ home: { cidrs: [192.168.0.0/24], gateway: { address: 203.0.113.1 } } }"
    tests = 'tests: [{ from: internet, deny: ["*"] }, { from: risk, accept: [ticker.ticks] }]'
    head = ROOT.partition("tests:")[0]
    one = load(write({"top.yaml": f"{head}{clients}sites: {home}\n{tests}"}))
    assert set(several.segments) == {"left", "right", "vault"}
    for part in ("services", "sites", "connections"):
        assert getattr(several, part) == getattr(one, part)
    said = [(each.from_, each.accept, each.deny) for each in several.tests]
    assert said == [(each.from_, each.accept, each.deny) for each in one.tests]


def test_everything_has_the_file_and_the_line_in_which_it_is_written(write: Write) -> None:
    topology = load(
        write(
            {
                "some/top.yaml": f"include: [a.yaml, in/b.yaml]\n{ROOT}",
                "some/a.yaml": client("a") + "tests:\n- { from: a, accept: [ticker] }\n",
                "some/in/b.yaml": "# of b\n" + client("b"),
            }
        )
    )
    assert topology.file == "some/top.yaml"
    assert topology.place_of("name") == ("some/top.yaml", 2)
    assert topology.place_of("services", "ticker") == ("some/top.yaml", 8)
    assert topology.place_of("services", "a", "segment") == ("some/a.yaml", 3)
    assert topology.place_of("services", "b", "replicas") == ("some/in/b.yaml", 3)
    assert [(each.file, each.line) for each in topology.tests] == [
        ("some/top.yaml", 9),
        ("some/a.yaml", 6),
    ]


def test_flows_of_all_files_are_there_each_with_its_place(write: Write) -> None:
    flow = "flows:\n- { name: NAME, from: ticker, to: ticker, traffic: tcp PORT, why: a }\n"
    one, two = flow.replace("PORT", "22"), flow.replace("PORT", "23").replace("NAME", "b")
    root = ROOT.replace("segment: left,", "segment: left, replicas: 2,")
    topology = load(
        write(
            {
                "top.yaml": f"include: a.yaml\n{root}{one.replace('NAME', 'a')}",
                "a.yaml": f"# a\n{two}",
            }
        )
    )
    assert topology.place_of("flows", 0) == ("top.yaml", 11)
    assert topology.place_of("flows", 1) == ("a.yaml", 3)
    assert topology.place_of("flows", 1, "why") == ("a.yaml", 3)


def test_a_mistake_is_in_the_file_that_holds_it(complaints: Complaints) -> None:
    assert complaints(
        "[teams/a.yaml]", teams__a=client("a").replace("right", "rigt").replace(".ticks", ".tick")
    ) == [
        "teams/a.yaml:3: service a is in segment 'rigt', which is not declared; "
        "did you mean right?",
        "teams/a.yaml:4: a.ticks connects to 'ticker.tick': service ticker has no socket 'tick'; "
        "did you mean ticks?",
    ]


def test_a_file_that_is_no_yaml_does_not_hide_what_is_wrong_elsewhere(
    complaints: Complaints,
) -> None:
    said = complaints("[a.yaml, b.yaml]", a="services: [", b=client("b").replace("SUB", "SUBB"))
    assert [each.split(":")[0] for each in said] == ["a.yaml", "b.yaml"]


def test_what_may_be_in_a_file_that_is_not_there_is_not_said_to_be_missing(
    complaints: Complaints, write: Write
) -> None:
    (said,) = complaints(
        "[a.yaml, b.yaml]", b=client("b").replace("ticker.ticks", "other.s").replace("right", "r")
    )
    assert said.startswith("top.yaml:1: include: 'a.yaml': there is no such file")
    head = ROOT.partition("segments:")[0]
    with pytest.raises(InputError) as told:
        load(write({"top.yaml": f"include: c.yaml\n{head}zone: 1\n"}))
    assert [each.what for each in told.value.problems] == [
        "include: 'c.yaml': there is no such file",
        "the topology has no key 'zone'",
    ]


CLIENT_A = client("a")
WRONG = {
    "a name that the root has": (
        "a.yaml",
        {"a": client("ticker")},
        ["a.yaml:2: service 'ticker' is on top.yaml:8 already; keep one of the two"],
    ),
    "a name that another part has": (
        "[a.yaml, in/b.yaml]",
        {"a": CLIENT_A, "in__b": CLIENT_A},
        ["in/b.yaml:2: service 'a' is on a.yaml:2 already; keep one of the two"],
    ),
    "what the root alone says": (
        "a.yaml",
        {"a": "zones: 1\n"},
        [
            "a.yaml:1: zones: is for the whole topology, and this is a part of it; "
            "write it in top.yaml"
        ],
    ),
    "a key that no topology has": (
        "a.yaml",
        {"a": "service: {}\n"},
        ["a.yaml:1: the topology has no key 'service'; did you mean services?"],
    ),
    "a mapping and a list": (
        "a.yaml",
        {"a": "services: [b]\n"},
        [
            "a.yaml:1: services: is on top.yaml:7 already, and the two cannot be joined; "
            "write one of them, or both as mappings or lists"
        ],
    ),
    "a test that contradicts one elsewhere": (
        "a.yaml",
        {"a": "tests:\n- { from: internet, accept: [ticker.ticks] }\n"},
        [
            "a.yaml:2: the test on top.yaml:9 denies internet -> ticker.ticks, and this one "
            "accepts it; put what internet may reach into one test"
        ],
    ),
    "no file": (
        "teams/a.yaml",
        {},
        [
            "top.yaml:1: include: 'teams/a.yaml': there is no such file; "
            "write its path from the file that includes it, as in teams/risk.yaml"
        ],
    ),
    "a file twice": (
        "[a.yaml, ./a.yaml]",
        {"a": CLIENT_A},
        ["top.yaml:1: include: './a.yaml' is included on line 1; include it once"],
    ),
    "a file by two ways": (
        "[a.yaml, b.yaml]",
        {"a": "include: b.yaml\n" + CLIENT_A, "b": client("b")},
        ["top.yaml:1: include: 'b.yaml' is included on a.yaml:1; include it once"],
    ),
    "a circle": (
        "in/a.yaml",
        {"in__a": CLIENT_A + "include: [../top.yaml]\n"},
        ["in/a.yaml:5: include: '../top.yaml' is the topology itself; remove it"],
    ),
    "a circle of parts": (
        "a.yaml",
        {"a": "include: b.yaml\n", "b": "include: a.yaml\n"},
        ["b.yaml:1: include: 'a.yaml' is included on top.yaml:1; include it once"],
    ),
    "a path that leads out": (
        "in/../../a.yaml",
        {},
        [
            "top.yaml:1: include: 'in/../../a.yaml' is outside the folder of top.yaml; "
            "move it into that folder, or the topology further up"
        ],
    ),
    "an absolute path": (
        "/etc/a.yaml",
        {},
        [
            "top.yaml:1: include: '/etc/a.yaml' is no relative path; "
            "write its path from the file that includes it, as in teams/risk.yaml"
        ],
    ),
    "an address": (
        "https://there.example/a.yaml",
        {},
        [
            "top.yaml:1: include: 'https://there.example/a.yaml' is no relative path; "
            "write its path from the file that includes it, as in teams/risk.yaml"
        ],
    ),
    "a pattern": (
        '"teams/*.yaml"',
        {},
        [
            "top.yaml:1: include: 'teams/*.yaml' is a pattern; "
            "name each file: a review then shows which are added"
        ],
    ),
    "another kind of file": (
        "passwd",
        {},
        [
            "top.yaml:1: include: 'passwd' is no .yaml file; "
            "write its path from the file that includes it, as in teams/risk.yaml"
        ],
    ),
    "a folder": (
        "in.yaml",
        {"in.yaml__b": CLIENT_A},
        ["top.yaml:1: include: 'in.yaml': is a directory; name a topology file that can be read"],
    ),
    "no name of a file": (
        "[5, {a: b}]",
        {},
        [
            f"top.yaml:1: include: {each} is no path; "
            "write its path from the file that includes it, as in teams/risk.yaml"
            for each in ("5", "a mapping")
        ],
    ),
    "nothing": (
        "[]",
        {},
        [
            "top.yaml:1: include: names no file; "
            "write its path from the file that includes it, as in teams/risk.yaml"
        ],
    ),
    "a list": ("a.yaml", {"a": "[a]"}, ["a.yaml:1: is not a mapping; start with 'services:'"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_put_together_is_named_where_it_is_written(
    case: str, complaints: Complaints
) -> None:
    include, files, said = WRONG[case]
    assert complaints(include, **files) == said


def test_a_link_is_followed_within_the_folder_and_no_further(write: Write, tmp_path: Path) -> None:
    root = write({"in/top.yaml": f"include: a.yaml\n{ROOT}", "in/b.yaml": CLIENT_A})
    Path("out.yaml").write_text(CLIENT_A)
    link = Path("in/a.yaml")
    link.symlink_to("b.yaml")
    assert "a" in load(root).services
    link.unlink()
    link.symlink_to("../out.yaml")
    with pytest.raises(InputError, match="link that leads out of the folder"):
        load(root)
    link.unlink()
    link.symlink_to("a.yaml")
    with pytest.raises(InputError, match=r"top\.yaml:1: include: 'a.yaml': cannot be read"):
        load(root)
    link.unlink()
    os.mkfifo(link)
    with pytest.raises(InputError, match="is a named pipe"):
        load(root)


def test_files_are_bounded_in_depth_number_and_size(write: Write) -> None:
    deep = {f"{n}.yaml": f"include: {n + 1}.yaml\n" for n in range(20)}
    with pytest.raises(InputError, match=r"^7\.yaml:1: include: more than 8 files include one"):
        load(write({"top.yaml": f"include: 1.yaml\n{ROOT}", **deep}))
    many = {f"{n}.yaml": "services: {}\n" for n in range(150)}
    with pytest.raises(InputError, match="these are over 100 files") as told:
        load(write({"top.yaml": f"include: [{', '.join(many)}]\n{ROOT}", **many}))
    assert len(told.value.problems) == 1
    large = {f"{n}.yaml": "#" * (1 << 20) + "\n" + client(f"s{n}") for n in range(6)}
    with pytest.raises(InputError, match=r"up to '3\.yaml' these are over 4 MiB"):
        load(write({"top.yaml": f"include: [{', '.join(large)}]\n{ROOT}", **large}))


def test_what_an_alias_stands_for_does_not_grow_with_what_it_is_an_alias_of(
    write: Write,
) -> None:
    root = ROOT.replace("services:", "services: &all")
    top = write({"top.yaml": f"include: a.yaml\n{root}sites: *all\n", "a.yaml": CLIENT_A})
    with pytest.raises(InputError) as told:
        load(top)
    assert not [each for each in told.value.problems if "'a' names a site" in each.what]


def test_of_every_key_of_a_topology_it_is_decided_who_may_write_it() -> None:
    """One that a topology has as a whole is refused in a part; all others are put together."""
    fields = WrittenTopology.model_fields
    merged = {
        each.alias or name
        for name, each in fields.items()
        if re.search(r"dict\[str|tuple\[.*Written", str(each.annotation))
    }
    keys = {each.alias or name for name, each in fields.items()}
    assert keys == merged | {"include", "defaults", *OF_THE_ROOT}


def test_a_topology_that_is_read_by_itself_includes_nothing() -> None:
    with pytest.raises(InputError, match="write all of it in one file"):
        topology_of("top.yaml", f"include: a.yaml\n{ROOT}".encode())


def test_parts_make_the_same_plan_in_any_folder(write: Write) -> None:
    files = {"top.yaml": f"include: a.yaml\n{ROOT}", "a.yaml": CLIENT_A}
    here = load(write(files))
    there = load(write({f"some/where/{name}": text for name, text in files.items()}))

    def said(topology: Topology) -> dict[str, object]:
        return topology.model_dump(exclude={"file": True, "tests": {"__all__": {"file"}}})

    assert said(here) == said(there)
