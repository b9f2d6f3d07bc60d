"""Every rule of the language: one titled snippet each, and exactly what is said about it.

The cases are in *.t files beside this one:

    =TITLE= a title
    =INPUT=
    yaml; the needed top-level keys that it lacks are added behind it (with =FILE=: none is)
    =ERROR=
    line: what is wrong; what would be right
    =END=

=ERROR= with nothing behind it means that the snippet loads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

CASE = re.compile(
    r"^=TITLE= (?P<title>[^\n]+)\n=(?P<kind>INPUT|FILE)=\n(?P<text>.*?)"
    r"^=ERROR=\n(?P<error>.*?)^=END=$",
    re.MULTILINE | re.DOTALL,
)


def cases() -> list[object]:
    return [
        pytest.param(
            case["kind"] == "INPUT",
            case["text"],
            case["error"].splitlines(),
            id=f"{path.stem}: {case['title']}",
        )
        for path in sorted(Path(__file__).parent.glob("*.t"))
        for case in CASE.finditer(path.read_text())
    ]


@pytest.mark.parametrize(("incomplete", "text", "expected"), cases())
def test_a_mistake_is_named_with_its_line_and_remedy(
    incomplete: bool,
    text: str,
    expected: list[str],
    completed: Callable[[str], str],
    complaints: Callable[[str], list[str]],
) -> None:
    assert complaints(completed(text) if incomplete else text) == expected


def test_every_case_in_the_files_is_run_and_has_its_own_title() -> None:
    text = "".join(path.read_text() for path in sorted(Path(__file__).parent.glob("*.t")))
    titles = re.findall(r"^=TITLE= (.+)$", text, re.MULTILINE)
    assert len(titles) == len(cases()) > 100
    assert len(set(titles)) == len(titles)
