"""docs/architecture.md says of every room what it may import, and no room imports more."""

import re
from collections import defaultdict
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
SECTION = PAGE.partition("| room of `bulkhead/` |")[2].partition("\n\n")[0]
ROOMS = {
    name.removesuffix(".py"): text.split(", ") if text else []
    for name, text in re.findall(r"^\| `(\w+(?:\.py)?)/?` \|.*\| ?([^|]*?) ?\|$", SECTION, re.M)
}
EVERYTHING = "everything below"


@pytest.fixture(scope="module")
def imported():
    """Room -> the rooms that its modules import."""
    graph = grimp.build_graph("bulkhead", cache_dir=None)
    found = defaultdict(set)
    for module in graph.modules:
        _, _, inside = module.partition(".")
        for other in graph.find_modules_directly_imported_by(module):
            found[inside.partition(".")[0]].add(other.split(".")[1])
    return {room: others - {room} for room, others in found.items()}


def test_every_room_has_its_row():
    there = {
        each.stem
        for each in (ROOT / "bulkhead").iterdir()
        if (each.is_dir() or each.suffix == ".py") and not each.stem.startswith("_")
    }
    assert set(ROOMS) == there


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_no_more_than_its_row_says(imported, room):
    if ROOMS[room] != [EVERYTHING]:
        assert imported.get(room, set()) <= set(ROOMS[room])
