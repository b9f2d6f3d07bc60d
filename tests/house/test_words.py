"""One word, one thing: what a room speaks of is called as nothing else in the core is."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parents[2] / "bulkhead"
ROOMS = (
    "agree",
    "compare",
    "ends",
    "forge",
    "judge",
    "lint",
    "observe",
    "plan",
    "prove",
    "report",
    "twin",
)
"""Not those that speak of one thing at several stages (a service is declared in `intent`, stands in
`network`, is made by `components`)."""
OPINIONS = ("doubt/bdd/", "doubt/smt/", "explain/walk/")
"""They share nothing with one another or the proof on purpose, and may call alike what is alike."""

AS_WRITTEN = ("topology/",)
"""Calls everything as the language does, in which a program and a file say the same."""


def public_names(module):
    """The classes and the aliases of types that a module defines."""
    for each in ast.parse(module.read_text()).body:
        match each:
            case ast.ClassDef(name=name):
                pass
            case ast.Assign(targets=[ast.Name(id=name)]) if not name.isupper():
                pass
            case _:
                continue
        if name[0].isupper() and len(name) > 1:
            yield name


@pytest.fixture(scope="module")
def named():
    """Name -> the modules that define it."""
    found = defaultdict(set)
    for module in CORE.rglob("*.py"):
        where = str(module.relative_to(CORE))
        if not where.startswith(OPINIONS + AS_WRITTEN):
            for name in public_names(module):
                found[name].add(where)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_no_class_of_the_room_shares_its_name(named, room):
    shared = {
        name: sorted(modules)
        for name, modules in named.items()
        if len(modules) > 1 and any(each.startswith(f"{room}/") for each in modules)
    }
    assert not shared
