"""Topologies to begin with: whole, small and commented, one a file in `examples/`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from bulkhead.intent.regions import parse_region, zones_by_number
from bulkhead.intent.values import parse_name
from bulkhead.intent.wrong import Wrong

FIRST: Final = "first"
"""The one to begin with where nobody asks for another."""
DEFAULT_REGION: Final = "eu-west-1"

_NAME: Final = re.compile(r"^name: .*$", re.MULTILINE)
_REGION: Final = re.compile(r"^region: .*$", re.MULTILINE)
_ZONES: Final = re.compile(r"^zones: ([0-9])$", re.MULTILINE)
_NO_PART: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME: Final = 31


@cache
def examples() -> dict[str, str]:
    """Their texts, by name."""
    folder = files("bulkhead.intent") / "examples"
    found = {
        each.name.removesuffix(".yaml"): each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.endswith(".yaml")
    }
    return dict(sorted(found.items(), key=lambda each: (each[0] != FIRST, each[0])))


def summary(example: str) -> str:
    """What one is about: its first line that is for people."""
    return examples()[example].splitlines()[1].removeprefix("# ")


def begun(example: str, *, name: str | None, region: str | None) -> str:
    """The text of an example for a place: a Region, and a name; its own where they are None."""
    text = examples()[example]
    if name is not None:
        text = _NAME.sub(f"name: {name}", text, count=1)
    if region is None:
        said = "# No Region is configured on this machine; write yours."
        return _REGION.sub(f"{said}\nregion: {DEFAULT_REGION}", text, count=1)
    text = _REGION.sub(f"region: {region}", text, count=1)
    number = _ZONES.search(text)
    try:
        zones_by_number(region, int(number[1]) if number else 1)
    except Wrong:
        zones = f"[{region}a, {region}c]"
        said = f"# Which zones an account has here differs; list yours.\nzones: {zones}"
        text = _ZONES.sub(said, text, count=1)
    return text


def name_like(text: str) -> str | None:
    """The name nearest to what somebody else is called, as a folder; None where there is none."""
    like = _NO_PART.sub("-", text.lower()).strip("-").lstrip("0123456789-")
    try:
        return parse_name(like[:_LONGEST_NAME].rstrip("-"))
    except Wrong:
        return None


def region_like(text: str | None) -> str | None:
    """The same text where it is a Region that can be written; None where it is none."""
    try:
        return parse_region(text)
    except Wrong:
        return None
