"""docs/topology.md: its examples load, and its messages are the real ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bulkhead.intent import SocketType, legal_peers, load, parse_bind, parse_connect
from bulkhead.intent.document import read_document
from bulkhead.intent.schema import topology_schema
from bulkhead.intent.written import (
    WrittenExposure,
    WrittenFlow,
    WrittenFlowLogs,
    WrittenGateway,
    WrittenJoin,
    WrittenMonitoring,
    WrittenNetworkInterface,
    WrittenOwnVpc,
    WrittenPeer,
    WrittenQuarantine,
    WrittenSegment,
    WrittenService,
    WrittenSite,
    WrittenSiteHost,
    WrittenSocket,
    WrittenTest,
    WrittenTopology,
    WrittenTunnels,
    WrittenUse,
)
from bulkhead.intent.wrong import Wrong
from bulkhead.problems import InputError

SCHEMA = topology_schema()
PAGE = (Path(__file__).parents[2] / "docs" / "topology.md").read_text()
EXAMPLE = re.compile(
    r"^```yaml\n(?P<yaml>.*?)^```$(?:\n\n^```text\n(?P<text>.*?)^```$)?", re.MULTILINE | re.DOTALL
)
PART = re.compile(r"# (?P<path>\S+\.yaml)\n")
"""How an example begins that is a file which others include."""
PARTS = {
    part["path"]: found["yaml"]
    for found in EXAMPLE.finditer(PAGE)
    if (part := PART.match(found["yaml"]))
}
EXAMPLES = [
    pytest.param(
        found["yaml"],
        (found["text"] or "").splitlines(),
        id=f"line {PAGE.count(chr(10), 0, found.start()) + 1}",
    )
    for found in EXAMPLE.finditer(PAGE)
    if not PART.match(found["yaml"])
]


@pytest.mark.parametrize(("example", "messages"), EXAMPLES)
def test_an_example_loads_or_says_exactly_what_the_page_says(
    example: str,
    messages: list[str],
    completed: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for path, text in {**PARTS, "topology.yaml": completed(example)}.items():
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(text)
    said = []
    try:
        load(Path("topology.yaml"))
    except InputError as error:
        said = [str(each) for each in error.problems]
    assert said == messages


def test_no_fenced_block_of_the_page_escapes_the_test() -> None:
    fences = PAGE.count("```yaml") + PAGE.count("```text")
    assert fences * 2 == PAGE.count("```")
    assert sum(2 if each.values[1] else 1 for each in EXAMPLES) + len(PARTS) == fences > 10


def test_the_first_example_is_a_whole_topology(complaints: Callable[[str], list[str]]) -> None:
    assert complaints(str(EXAMPLES[0].values[0])) == []


@pytest.mark.parametrize("kind", SocketType)
def test_the_table_of_pairs_is_the_one_that_is_used(kind: SocketType) -> None:
    assert f"| {kind} | {', '.join(legal_peers(kind))} |" in PAGE


@pytest.mark.parametrize(
    "shape",
    [
        WrittenTopology,
        WrittenSegment,
        WrittenService,
        WrittenNetworkInterface,
        WrittenSocket,
        WrittenFlow,
        WrittenFlowLogs,
        WrittenMonitoring,
        WrittenPeer,
        WrittenQuarantine,
        WrittenExposure,
        WrittenSite,
        WrittenSiteHost,
        WrittenGateway,
        WrittenTunnels,
        WrittenJoin,
        WrittenOwnVpc,
        WrittenTest,
        WrittenUse,
    ],
)
def test_every_key_of_the_language_is_on_the_page(shape: type[WrittenTopology]) -> None:
    for name, field in shape.model_fields.items():
        assert f"`{field.alias or name}`" in PAGE


def _is_shape(look: dict[str, Any]) -> bool:
    return "$ref" in look


def used(value: Any, look: dict[str, Any], shape: str = "") -> Iterator[tuple[str, str]]:
    """The keys that a value has, each with the shape that it is a key of."""
    if "$ref" in look:
        shape = look["$ref"].rpartition("/")[2]
        look = SCHEMA["definitions"][shape]
    if names := [each for each in look.get("anyOf", ()) if "additionalProperties" in each]:
        look = names[0] if isinstance(value, dict) else {}
    if named := [*filter(_is_shape, look.get("anyOf", ()))]:
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from used(inner, named[0])
        return
    each = look.get("additionalProperties") or look.get("items")
    if each:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from used(inner, each)
    for key, inside in look.get("properties", {}).items():
        if key in value:
            yield shape, key
            yield from used(value[key], inside)


def test_every_key_of_the_language_is_in_an_example_that_loads(
    completed: Callable[[str], str],
) -> None:
    loading = [str(each.values[0]) for each in EXAMPLES if not each.values[1]]
    found: set[tuple[str, str]] = set()
    for text in (*map(completed, loading), *PARTS.values()):
        root = read_document("topology.yaml", text.encode()).root
        assert root is not None
        found.update(used(root.plain(), SCHEMA))
    shapes = {"": SCHEMA, **SCHEMA["definitions"]}
    every = {
        (name, key)
        for name, shape in shapes.items()
        if not name.startswith("Default")  # a default is written as what it is one for
        for key in shape["properties"]
    }
    left = every - found
    assert [f"{shape}: {key}" for shape, key in sorted(left)] == []


ROW = re.compile(
    r"^\| (?P<side>bind|connect) `(?P<text>[^`]+)` \|[^|]*\| (?P<here>refused|warning|taken)", re.M
)
FORM = re.compile(r"(?P<side>bind|connect) `(?P<text>[^`]+)`")
PARSE = {"bind": parse_bind, "connect": parse_connect}


def test_the_table_of_what_libzmq_makes_of_a_string_says_what_we_do_with_it() -> None:
    rows = [(row["side"], row["text"], row["here"]) for row in ROW.finditer(PAGE)]
    assert len(rows) > 20
    assert [(side, text, _read(side, text)) for side, text, _ in rows] == rows


def test_every_form_of_another_transport_on_the_page_is_read() -> None:
    table = PAGE[PAGE.index("#### Other transports") : PAGE.index("#### Connecting")]
    forms = [(form["side"], form["text"]) for form in FORM.finditer(table)]
    assert {text.partition(":")[0] for _, text in forms} >= {"udp", "pgm", "norm", "tipc", "vsock"}
    assert {_read(*form) for form in forms} == {"taken"}


def _read(side: str, text: str) -> str:
    try:
        return "warning" if PARSE[side](text).warnings else "taken"
    except Wrong:
        return "refused"
