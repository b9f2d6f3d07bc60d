"""docs/adding-a-resource.md names every place where a kind of resource has to be known."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPE = (ROOT / "docs" / "adding-a-resource.md").read_text()
ROWS = re.findall(r"^\| \d+ \| ([^|]+) \|", RECIPE, re.M)
PLACES = {place for row in ROWS for place in re.findall(r"`(bulkhead/[^`]+)`", row)}
EXAMPLE = re.compile(r"\bpeerings\b|\.PEERING\b|[vV]pcPeering|\bPeering\b|\bPeeredVpc\b")


def files(place):
    """The modules that a place of the recipe stands for."""
    path = ROOT / place
    return {path} if path.is_file() else set(path.rglob("*.py"))


@pytest.mark.parametrize("place", sorted(PLACES))
def test_the_example_is_in_every_place_that_the_recipe_names(place):
    assert any(EXAMPLE.search(each.read_text()) for each in files(place))


def test_the_example_is_in_no_other_place():
    knowing = {
        each for each in (ROOT / "bulkhead").rglob("*.py") if EXAMPLE.search(each.read_text())
    }
    assert knowing <= set().union(*map(files, PLACES))


def test_every_path_that_the_recipe_names_exists():
    for name in re.findall(r"`((?:bulkhead|docs|local_aws|tests)/[^`]*)`", RECIPE):
        assert (ROOT / name).exists(), name
