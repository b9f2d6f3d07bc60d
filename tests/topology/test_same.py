"""A topology in YAML and the same in Python are one: the same plan, the same lock, the same words
about what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.intent import Topology, load
from bulkhead.intent.document import read_document
from bulkhead.intent.load import topology_of
from bulkhead.network import Origin
from bulkhead.plan import lock_text, plan
from bulkhead.problems import InputError, Problem
from bulkhead.report.documents.plan import plan as document
from bulkhead.topology import Quarantine, Service
from tests.intent.conftest import complete
from tests.intent.test_mistakes import CASE
from tests.support.builders import built
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents

TOPOLOGIES = Path(__file__).parents[2] / "topologies"


def plain(text: str) -> Any:
    read = read_document("topology.yaml", text.encode())
    assert read.root is not None
    return read.root.plain()


def planned(topology: Topology) -> list[str]:
    """A plan and its lock, byte by byte, all but where each thing is written."""
    found = plan(topology)
    expected = [repr(replace(each, file="", line=0)) for each in found.expectations]
    nowhere = [replace(each, file="", line=0) for each in found.warnings]
    cut_off = tuple(replace(each, origin=Origin()) for each in found.quarantine)
    text = json.dumps(document(replace(found, warnings=tuple(nowhere), quarantine=cut_off)))
    return [text, lock_text(found.lock), repr(found.words), *expected]


@examples(1)
@given(documents() | documents(vpcs=True), st.booleans())
def test_yaml_and_python_of_one_topology_give_byte_equal_plans(
    said: dict[str, Any], by_object: bool
) -> None:
    text = yaml.safe_dump(said)
    in_python = built(plain(text), by_object=by_object).load()
    assert planned(in_python) == planned(topology_of("topology.yaml", text.encode()))


def test_a_quarantine_is_the_same_in_python() -> None:
    said = {
        **HEAD,
        "segments": {"feed": {"purpose": "prices"}},
        "services": {name: {"segment": "feed"} for name in ("ticker", "other", "bastion")},
        "flows": [
            {"name": "ssh", "from": "bastion", "to": "ticker", "traffic": "tcp 22", "why": "x"}
        ],
        "quarantine": ["other", {"service": "ticker", "why": "malware", "responder": "bastion"}],
    }
    text = yaml.safe_dump(said, sort_keys=False).encode()
    assert planned(built(said).load()) == planned(topology_of("topology.yaml", text))
    ticker, bastion = (Service(name, segment="feed") for name in ("ticker", "bastion"))
    cut = Quarantine(ticker, responder=bastion)
    assert (cut.service, cut.responder) == (ticker, bastion)


@pytest.mark.parametrize("path", sorted(TOPOLOGIES.glob("*.yaml")), ids=lambda path: path.name)
@pytest.mark.parametrize("by_object", [False, True], ids=["by name", "by object"])
def test_the_examples_are_the_same_in_python(path: Path, by_object: bool) -> None:
    said = plain(path.read_text())
    assert planned(built(said, by_object=by_object).load()) == planned(load(path))


def snippets() -> Iterator[tuple[str, str]]:
    """Every snippet of the language's own tests, by its title."""
    for path in sorted((Path(__file__).parents[1] / "intent").rglob("*.t")):
        for case in CASE.finditer(path.read_text()):
            text = case["text"]
            yield case["title"], complete(text) if case["kind"] == "INPUT" else text


def told(load: Callable[[], Topology]) -> list[str]:
    """All that comes of a topology, without the lines: its plan and warnings, or its mistakes."""
    try:
        topology = load()
        return [*said(topology.warnings), *planned(topology)]
    except InputError as error:
        return said(error.problems)


def said(problems: Iterable[Problem]) -> list[str]:
    found = (f"{each.what}; {each.remedy}" for each in problems)
    return sorted({re.sub(r"line \d+", "line", each) for each in found})


def test_every_example_of_the_language_is_the_same_in_python_right_or_wrong() -> None:
    compared = []
    for title, text in snippets():
        read = read_document("topology.yaml", text.encode())
        if read.root is None or read.problems or "include" in read.root.mapping:
            continue
        of_yaml = told(partial(topology_of, "topology.yaml", text.encode()))
        if any("has no value" in each for each in of_yaml):
            continue  # None is what is not said
        try:
            topology = built(read.root.plain())
        except (AttributeError, KeyError, TypeError):
            continue  # Python itself refuses keys that there are not
        assert told(topology.load) == of_yaml, title
        compared.append(title)
    assert len(compared) > 100
