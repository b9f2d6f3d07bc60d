"""Loading: any bytes give a topology or a list of problems, quickly, and never anything else."""

from __future__ import annotations

import os
from collections.abc import Callable
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bulkhead.intent import SocketType, Topology, legal_peers, load
from bulkhead.problems import InputError
from tests.support.examples import ONE_FOLDER, examples

TOPOLOGIES = sorted((Path(__file__).parents[2] / "topologies").glob("*.yaml"))
WRITTEN = [path.read_bytes() for path in TOPOLOGIES]

short = examples(2, ONE_FOLDER)
whole_file = examples(1, ONE_FOLDER)


OVER_TCP = [kind for kind in SocketType if "tcp" in kind.transports]


def outcome(path: Path, *more: Path) -> Topology | InputError:
    try:
        return load(path)
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.file in map(str, (path, *more))
            assert problem.line >= 0
            assert problem.what
            assert problem.remedy
            assert "\n" not in str(problem)
        str(error).encode()
        return error


@short
@given(data=st.binary(max_size=400))
@example(data=b"\xff\xfe")
@example(data=b'"\\Uffffffff"')
@example(data=b"%YAML 9999999999.1\n---\n")
@example(data=b"a: !<tag:x> b\n")
@example(data=b"--- >9999999999999999999\n x")
@example(data="\ufeffname: x".encode())
@example(data=b"? ? ? a")
@example(data=b"&a *a")
def test_any_bytes_are_answered_with_problems(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "topology.yaml"
    path.write_bytes(data)
    assert isinstance(outcome(path), InputError)


@short
@given(text=st.text("abc:-[]{}&*!|>'\"#%@,?\n \t0123456789~.<", max_size=200))
def test_any_punctuation_is_answered_with_problems(tmp_path: Path, text: str) -> None:
    path = tmp_path / "topology.yaml"
    path.write_text(text)
    assert isinstance(outcome(path), InputError)


@whole_file
@given(data=st.data())
def test_a_damaged_topology_loads_or_is_answered_with_problems(
    tmp_path: Path, data: st.DataObject
) -> None:
    text = bytearray(data.draw(st.sampled_from(WRITTEN)))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text[start:end] = data.draw(st.binary(max_size=12))
    path = tmp_path / "topology.yaml"
    path.write_bytes(bytes(text))
    outcome(path)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("abz", max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(data: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in nested dicts and lists."""
    if not isinstance(data, dict | list):
        return [place]
    parts = data.items() if isinstance(data, dict) else enumerate(data)
    inner = [found for part, value in parts for found in places(value, (*place, part))]
    return [*inner, place] if place else inner


@whole_file
@given(data=st.data())
def test_any_value_in_any_place_is_answered_with_problems_or_taken(
    tmp_path: Path, data: st.DataObject
) -> None:
    """Whatever type a value has, whatever key it replaces or removes."""
    topology = yaml.safe_load(data.draw(st.sampled_from(WRITTEN)))
    for _ in range(data.draw(st.integers(1, 3))):
        *around, last = data.draw(st.sampled_from(places(topology)))
        holder = topology
        for part in around:
            holder = holder[part]
        if data.draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = data.draw(JSON)
        if not topology:
            break
    path = tmp_path / "topology.yaml"
    with path.open("w") as file:
        yaml.safe_dump(topology, file, allow_unicode=True)
    outcome(path)


PARTED = """\
name: demo
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
include: [part.yaml]
defaults: { service: { replicas: 2, labels: { tier: edge } }, socket: { mechanism: CURVE } }
segments: { left: { purpose: a, defaults: { socket: { zap: true } } }, right: { purpose: b } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
"""
PART = """\
defaults: { segment: { isolation: service }, site: { trust: trusted } }
include: more.yaml
services: { b: { segment: right, sockets: { s: { type: SUB, connect: [a.s] } } } }
tests: [{ from: b, accept: [a.s] }]
"""


@short
@given(data=st.data())
def test_any_value_in_any_place_of_several_files_is_answered_with_problems_or_taken(
    tmp_path: Path, data: st.DataObject
) -> None:
    files = {"top.yaml": PARTED, "part.yaml": PART, "more.yaml": "sites: {}\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    name = data.draw(st.sampled_from(["top.yaml", "part.yaml"]))
    held = yaml.safe_load(files[name])
    for _ in range(data.draw(st.integers(1, 2))):
        *around, last = data.draw(st.sampled_from(places(held)))
        holder = held
        for part in around:
            holder = holder[part]
        holder[last] = data.draw(st.one_of(JSON, st.sampled_from([*files, "..", "x.yaml", "*"])))
    (tmp_path / name).write_text(yaml.safe_dump(held, allow_unicode=True))
    outcome(tmp_path / "top.yaml", tmp_path / "part.yaml", tmp_path / "more.yaml")


def nested(depth: int) -> bytes:
    return b"a: " + b"[" * depth + b"]" * depth


def laughs(levels: int) -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} [{aliases}]")
    return "\n".join(lines).encode()


def ladder(rungs: int) -> bytes:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, rungs))]
    return "\n".join(lines).encode()


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(nested(30), "nested too deeply", id="a deep list"),
        pytest.param(nested(100_000), "nested too deeply", id="a list deeper than any stack"),
        pytest.param(b"- " * 50_000, "nested too deeply", id="a deep block"),
        pytest.param(b"{" * 5_000, "nested too deeply", id="braces that never close"),
        pytest.param(laughs(9), "too many values", id="a billion laughs"),
        pytest.param(ladder(2_000), "nested too deeply", id="aliases of aliases"),
        pytest.param(b"a: [" + b"x," * 300_000 + b"]", "too many values", id="a long list"),
        pytest.param(b"#" * (5 << 20), "is larger than 4 MiB", id="a large file"),
        pytest.param(b"replicas: " + b"9" * 100_000, "has no key", id="a number of 100 kB"),
        pytest.param(b"name: a\nregion: \xff", "not UTF-8", id="Latin-1"),
        pytest.param(b"name: a\x00", "control character", id="a NUL"),
        pytest.param(b"", "is empty", id="nothing"),
        pytest.param(b"# only a comment\n", "is empty", id="a comment"),
    ],
)
def test_what_would_cost_too_much_or_is_no_text_is_refused(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "topology.yaml"
    path.write_bytes(data)
    error = outcome(path)
    assert isinstance(error, InputError)
    assert any(said in problem.what for problem in error.problems), error


def test_the_line_of_a_byte_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "topology.yaml"
    path.write_bytes(b"name: a\nregion: \xff")
    error = outcome(path)
    assert isinstance(error, InputError)
    assert [problem.line for problem in error.problems] == [2]


def test_a_path_that_is_no_file_is_a_problem(tmp_path: Path) -> None:
    for path, said in [
        (tmp_path, "is a directory"),
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path / "a\0b", "cannot be read"),
        (tmp_path / ("x" * 300), "cannot be read"),
    ]:
        error = outcome(path)
        assert isinstance(error, InputError)
        assert [said in problem.what for problem in error.problems] == [True]
        assert error.problems[0].line == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "topology.yaml"
    path.touch(mode=0)
    assert "cannot be read" in str(outcome(path))


@st.composite
def valid_topologies(draw: st.DrawFn) -> dict[str, Any]:
    """Servers that bind one socket of each type, clients that connect to some of them."""
    segments = draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True))
    types = draw(st.lists(st.sampled_from(OVER_TCP), min_size=1, max_size=8))
    services: dict[str, Any] = {}
    for index, kind in enumerate(types):
        bound = {"type": str(kind), "bind": f"tcp://*:{draw(st.integers(1, 65535))}"}
        services[f"server-{index}"] = {
            "segment": draw(st.sampled_from(segments)),
            "sockets": {"s": bound},
        }
        if draw(st.booleans()):
            peer = draw(st.sampled_from(legal_peers(kind)))
            alone = kind.has_one_peer
            services[f"client-{index}"] = {
                "segment": draw(st.sampled_from(segments)),
                "replicas": 1 if alone else draw(st.integers(1, 200)),
                "sockets": {"c": {"type": str(peer), "connect": f"server-{index}.s"}},
            }
    return {
        "name": "random",
        "region": draw(st.sampled_from(["eu-west-1", "us-east-2", "sa-east-1"])),
        "cidr": f"10.{draw(st.integers(0, 255))}.0.0/{draw(st.integers(16, 26))}",
        "zones": draw(st.integers(1, 3)),
        "segments": {name: {"purpose": f"segment {name}"} for name in segments},
        "services": services,
        "tests": [{"from": "internet", "deny": ["*"]}],
    }


@short
@given(written=valid_topologies())
def test_every_valid_topology_loads_with_all_that_it_says(
    tmp_path: Path, written: dict[str, Any]
) -> None:
    path = tmp_path / "topology.yaml"
    with path.open("w") as file:
        yaml.safe_dump(written, file)
    topology = load(path)
    assert topology.cidr == IPv4Network(written["cidr"])
    assert len(topology.zones) == written["zones"]
    assert all(zone.startswith(topology.region) for zone in topology.zones)
    assert set(topology.services) == set(written["services"])
    declared = {
        (f"{name}.{socket}", wanted["connect"])
        for name, service in written["services"].items()
        for socket, wanted in service["sockets"].items()
        if "connect" in wanted
    }
    connected = {
        (each.client_socket.reference, each.server_socket.reference)
        for each in topology.connections
    }
    assert connected == declared
    for each in topology.connections:
        assert each.endpoints == each.server_socket.bind
    [test] = topology.tests
    listening = {ref for ref, socket in topology.sockets.items() if socket.listens}
    assert set(map(str, test.deny)) == listening


@pytest.fixture
def trading() -> Topology:
    return load(next(path for path in TOPOLOGIES if path.stem == "trading"))


@pytest.mark.parametrize("path", TOPOLOGIES, ids=lambda path: path.stem)
def test_the_example_topologies_load_and_serialize(path: Path) -> None:
    topology = load(path)
    assert topology.name == path.stem
    assert topology.connections
    assert topology.tests
    assert Topology.model_json_schema()
    assert path.stem in topology.model_dump_json()


def test_the_line_of_every_key_is_known(trading: Topology) -> None:
    lines = Path(trading.file).read_text().splitlines()
    for path, place in trading.places.items():
        assert place.file == trading.file
        if path and isinstance(path[-1], str):
            assert f"{path[-1]}:" in lines[place.line - 1]


def test_the_line_of_a_key_that_is_not_written_is_that_of_what_is_around_it(
    trading: Topology,
) -> None:
    around = trading.place_of("services", "broker")
    assert trading.place_of("services", "broker", "replicas") == around
    assert around.line > 1
    assert trading.place_of("nowhere") == (trading.file, 1)


def test_connections_within_a_host_ask_nothing_of_the_network(trading: Topology) -> None:
    within = {str(each): each for each in trading.connections if not each.endpoints}
    assert {name: each.transport for name, each in within.items()} == {
        "gateway.decoded -> gateway.decoder": "inproc",
        "recorder.indexer -> recorder.index": "ipc",
    }


def test_a_connection_over_the_network_has_only_endpoints_that_others_reach(
    completed: Callable[[str], str], load_text: Callable[[str], Topology]
) -> None:
    bind = '["ws://*:1/x", "tcp://lo:2", "tcp://lo:*", "tcp://[::1]:3", "ipc:///x", "inproc://x"]'
    snippet = f"""
services:
  a: {{ segment: left, sockets: {{ s: {{ type: PUB, bind: {bind} }} }} }}
  b: {{ segment: left, sockets: {{ s: {{ type: SUB, connect: a.s }} }} }}
"""
    [connection] = load_text(completed(snippet)).connections
    assert connection.transport == "ws"
    assert [str(endpoint) for endpoint in connection.endpoints] == ["ws://*:1/x"]


def test_star_in_deny_is_every_listener_that_the_same_test_does_not_accept(
    trading: Topology,
) -> None:
    [test] = [each for each in trading.tests if each.from_ == "momentum"]
    assert [*map(str, test.deny)] == ["gateway.prices", "broker.in", "limits.current"]
    assert not set(test.accept) & set(test.deny)


def test_star_covers_the_sockets_of_other_replicas_and_not_of_a_single_copy(
    completed: Callable[[str], str], load_text: Callable[[str], Topology]
) -> None:
    for replicas, expected in ((1, ["b.s"]), (2, ["a.s", "b.s"])):
        snippet = f"""
services:
  a: {{ segment: left, replicas: {replicas}, sockets: {{ s: {{ type: PUB, bind: "tcp://*:1" }} }} }}
  b: {{ segment: left, sockets: {{ s: {{ type: PUB, bind: "tcp://*:1" }} }} }}
tests:
  - {{ from: a, deny: ["*"] }}
"""
        [test] = load_text(completed(snippet)).tests
        assert [*map(str, test.deny)] == expected


def test_a_service_named_alone_is_all_its_listeners(
    completed: Callable[[str], str], load_text: Callable[[str], Topology]
) -> None:
    snippet = """
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:1" }, t: { type: PUB, bind: "tcp://*:2" }, u: { type: PUB, bind: "ipc:///x" } } }
  b: { segment: left }
tests:
  - { from: b, accept: [a.s], deny: [a] }
  - { from: internet, accept: ["*"] }
"""  # noqa: E501 - one service a line
    first, second = load_text(completed(snippet)).tests
    assert [*map(str, first.accept)] == ["a.s"]
    assert [*map(str, first.deny)] == ["a.t"]
    assert [*map(str, second.accept)] == ["a.s", "a.t"]


def test_a_selector_means_services_in_accept_and_everybody_who_may_be_there_in_deny(
    completed: Callable[[str], str], load_text: Callable[[str], Topology]
) -> None:
    snippet = """
sites:
  x: { cidrs: [192.168.1.0/24], gateway: { address: 203.0.113.1 } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:1" } } }
  b: { segment: left, labels: { tier: edge } }
  c: { segment: right }
tests:
  - { from: segment:left, accept: [a.s], deny: ["c:22"], name: far, why: reasons }
  - { from: label:tier=edge, deny: [c] }
  - { from: "*", deny: ["c:23"] }
  - { from: b, deny: ["segment:right:24", "*:25"] }
"""
    tests = load_text(completed(snippet)).tests
    said = [(each.from_, [*map(str, each.accept)], [*map(str, each.deny)]) for each in tests[:-1]]
    assert said == [
        ("a", [], ["c:6/22-22"]),
        ("b", ["a.s"], ["c:6/22-22"]),
        ("segment:left", [], ["c:6/22-22"]),
        ("b", [], ["c:*"]),
        *(
            (each, [], ["c:6/23-23"])
            for each in ("a", "b", "x", "segment:left", "segment:right", "internet")
        ),
    ]
    assert {(each.name, each.why) for each in tests[:3]} == {("far", "reasons")}
    everybody = ("a", "c", "x", "segment:left", "segment:right", "internet")
    assert [*map(str, tests[-1].deny)] == [
        "c:6/24-24",
        "segment:right:6/24-24",
        *(f"{each}:6/25-25" for each in everybody),
    ]


def test_a_topology_cannot_be_changed(trading: Topology) -> None:
    with pytest.raises(ValueError, match="frozen"):
        trading.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        del trading.services["broker"]  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        del trading.services["broker"].sockets["in"]  # type: ignore[attr-defined]
