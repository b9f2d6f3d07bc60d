"""What the tests of the language share: snippets, and what is said about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bulkhead.intent import Topology, load
from bulkhead.problems import InputError

# Keys that every topology needs. Those a snippet does not have are put behind
# it, so that the lines of a snippet count from 1.
NEEDED = {
    "name": "name: demo",
    "region": "region: eu-west-1",
    "cidr": "cidr: 10.20.0.0/16",
    "zones": "zones: 2",
    "segments": "segments: { left: { purpose: one side }, right: { purpose: the other } }",
    "services": "services: {}",
}

Load = Callable[[str], Topology]
Complaints = Callable[[str], list[str]]


def complete(snippet: str) -> str:
    """A snippet with what every topology needs."""
    written = set(re.findall(r"^([a-z]+):", snippet, re.MULTILINE))
    if "vpcs" in written:
        written.add("cidr")
    return "\n".join([snippet.rstrip(), *(NEEDED[key] for key in NEEDED if key not in written)])


@pytest.fixture
def completed() -> Callable[[str], str]:
    """Gives a snippet what every topology needs."""
    return complete


@pytest.fixture
def load_text(tmp_path: Path) -> Load:
    """Loads a topology from its text."""

    def load_it(text: str) -> Topology:
        path = tmp_path / "topology.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return load_it


@pytest.fixture
def complaints(load_text: Load) -> Complaints:
    """What is said about a text, as 'line: what; remedy'; nothing if it loads."""

    def of(text: str) -> list[str]:
        try:
            load_text(text)
        except InputError as error:
            return [f"{each.line}: {each.what}; {each.remedy}" for each in error.problems]
        return []

    return of
