"""A topology that is laid out says what it said, with all its comments, and stays as it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.intent import load
from bulkhead.intent.document import read_document
from bulkhead.intent.layout import formatted, formatting
from bulkhead.intent.layout.pieces import take_apart
from bulkhead.intent.load import topology_of
from bulkhead.problems import InputError
from tests.intent.test_documentation import EXAMPLES, PARTS
from tests.support.examples import examples
from tests.support.topologies import documents

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("topologies", "samples/pyzmq", "bulkhead/intent/examples")
TOPOLOGIES = sorted(path for each in FOLDERS for path in (ROOT / each).glob("*.yaml"))
WRITTEN = [path.read_text() for path in TOPOLOGIES]


def laid_out(text: str) -> str:
    root = read_document("topology.yaml", text.encode()).root
    assert root is not None
    return formatting.laid_out("topology.yaml", text.encode(), root)


@pytest.mark.parametrize("path", TOPOLOGIES, ids=lambda path: path.name)
def test_a_topology_of_the_repository_is_laid_out(path: Path) -> None:
    """Write it anew with `bulkhead fmt topologies/*.yaml`."""
    assert laid_out(path.read_text()) == path.read_text()


UNTIDY = """\
# what it is

services:
    momentum:   # three of them
        sockets: {market: {connect: ticker.ticks,  type: SUB}}
        replicas: 3


        # where
        segment: 'strategy'
        # behind
    # who
    ticker: &t
      segment: feed
      sockets:
        ticks:   { type: PUB, bind: 'tcp://*:5556' }
        control: { type: ROUTER, bind: "tcp://*:5557" }
        on: { type: REP, bind: ["tcp://*:1", "tcp://*:2"] }
name:   shop
segments: {
  feed: {purpose: 'it''s',
    owner: on},  # a team
     strategy: { purpose: >-
     x
     } }
tests:
- accept: [ticker.ticks]
  from: momentum
-   from: internet
    deny:
    - "*"
    # last
"""
UNTIDY = UNTIDY.replace(">-\n     x\n     ", "two\n     lines ")
TIDY = """\
# what it is

name: shop
segments: {
  feed: { purpose: 'it''s',
    owner: "on" },  # a team
  strategy: { purpose: two
      lines } }
services:
  momentum:   # three of them
    # where
    segment: "strategy"
    replicas: 3
    sockets: { market: { type: SUB, connect: ticker.ticks } }
    # behind
  # who
  ticker: &t
    segment: feed
    sockets:
      ticks:   { type: PUB, bind: "tcp://*:5556" }
      control: { type: ROUTER, bind: "tcp://*:5557" }
      "on":    { type: REP, bind: ["tcp://*:1", "tcp://*:2"] }
tests:
  - from: momentum
    accept: [ticker.ticks]
  - from: internet
    deny:
      - "*"
    # last
"""


def test_it_orders_indents_quotes_and_aligns_and_no_more() -> None:
    assert laid_out(UNTIDY) == TIDY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: b\r\nc: d  \r\n\r\n\r\n\r\n# e", "a: b\nc: d\n\n# e\n", id="line ends"),
        pytest.param("a:\n- b\n-   - c\n    - d\n", "a:\n  - b\n  - - c\n    - d\n", id="lists"),
        pytest.param(
            "b: &x {c: d}\na: *x\nname: e\n",
            "b: &x { c: d }\na: *x\nname: e\n",
            id="an alias, behind its anchor still",
        ),
        pytest.param("a: |\n     b\n       c\n\n", "a: |\n  b\n    c\n", id="a text of lines"),
        pytest.param("a: |+\n b\n\nc: d\n", "a: |+\n  b\n\nc: d\n", id="a text that keeps its end"),
        pytest.param("a: >\n  b", "a: >-\n  b\n", id="a text that the file ends"),
        pytest.param(
            "--- # a\n{b: c}\n...\n", "---  # a\n{ b: c }\n...\n", id="a document's marks"
        ),
        pytest.param(
            "mechanism: NULL\na: 08\nb: 0x10\nc: 1e3\nd: yes\n",
            'mechanism: NULL\na: 08\nb: "0x10"\nc: 1e3\nd: "yes"\n',
            id="words that mean something elsewhere",
        ),
        pytest.param(
            "a:  [b, # c\n d,]  # e\n", "a: [b,  # c\n  d,]  # e\n", id="brackets over lines"
        ),
        pytest.param("one:  1\nthree: 3\n", "one: 1\nthree: 3\n", id="one blank is no alignment"),
        pytest.param(
            "a:     1\nthree: 3\nfourteen: 14\nxy:    7\n",
            "a:        1\nthree:    3\nfourteen: 14\nxy:       7\n",
            id="a longer key among those in a column",
        ),
    ],
)
def test_a_form(text: str, expected: str) -> None:
    assert laid_out(text) == expected
    assert laid_out(expected) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [b", "is not YAML"),
        ("a: b\na: c\n", "the key 'a' is already on line 1"),
        ("- a\n", "is not a mapping"),
        ("Vpcs:\n- VpcId: vpc-1\n", "is an answer of AWS"),
        ("", "is empty"),
        (
            "servces: {}\ncidrs: 10.0.0.0/16\n",
            "the topology has no key 'servces'; did you mean services?",
        ),
    ],
)
def test_what_is_no_topology_is_refused_as_by_every_verb(text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        formatted("topology.yaml", text.encode())
    assert said in str(error.value)
    with pytest.raises(InputError) as loading:
        topology_of("topology.yaml", text.encode())
    assert set(loading.value.problems) >= set(error.value.problems)


def expect_kept(text: str) -> None:
    before = read_document("topology.yaml", text.encode())
    if before.problems or before.root is None or not isinstance(before.root.value, dict):
        return
    made = laid_out(text)
    after = read_document("topology.yaml", made.encode())
    assert after.root is not None
    assert after.root.plain() == before.root.plain()
    remarks = [Counter(each.text for each in take_apart(one).remarks) for one in (text, made)]
    assert remarks[0] == remarks[1]
    assert laid_out(made) == made


@pytest.mark.timeout(60)
def test_a_large_file_full_of_comments_is_no_wait() -> None:
    entry = "  s{0}: # {0}\n    # above\n    a: [b, c]   # c\n"
    text = "services:\n" + "".join(map(entry.format, range(8_000)))
    assert laid_out(text).count("#") == 24_000


@pytest.mark.parametrize("text", [*PARTS.values(), *(str(each.values[0]) for each in EXAMPLES)])
def test_every_example_of_the_guide_keeps_what_it_says(text: str) -> None:
    expect_kept(text)


LINES = ["# a", "  # b", "      # c: d", "", "   ", "# - {"]


@examples(2)
@given(document=documents(coming=True), data=st.data())
def test_whatever_a_topology_looks_like_it_keeps_what_it_says(
    document: dict[str, Any], data: st.DataObject
) -> None:
    """Written by another program, or by hand; with comments wherever there may be one."""
    dumped = yaml.safe_dump(
        document,
        sort_keys=data.draw(st.booleans()),
        default_flow_style=data.draw(st.sampled_from([True, False, None])),
        default_style=data.draw(st.sampled_from([None, None, "'", '"', "|"])),
        indent=data.draw(st.integers(2, 6)),
        width=data.draw(st.sampled_from([15, 80])),
    )
    lines = data.draw(st.sampled_from([dumped, *WRITTEN])).split("\n")
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        if data.draw(st.booleans()):
            lines.insert(at, data.draw(st.sampled_from(LINES)))
        else:
            lines[at] += data.draw(st.sampled_from(["  # e", " # f", "   "]))
    expect_kept(data.draw(st.sampled_from(["\n", "\r\n"])).join(lines))


@examples(1 / 2)
@given(document=documents(coming=True))
def test_the_topology_that_is_loaded_is_the_same(
    document: dict[str, Any], tmp_path_factory: Any
) -> None:
    text = yaml.safe_dump(document)
    path = tmp_path_factory.getbasetemp() / "topology.yaml"
    path.write_text(text)
    before = load(path)
    path.write_text(laid_out(text))
    after = load(path)
    unplaced = {"places": {}, "warnings": (), "connections": (), "tests": ()}
    assert after.model_copy(update=unplaced) == before.model_copy(update=unplaced)
    assert Counter(map(str, after.connections)) == Counter(map(str, before.connections))
