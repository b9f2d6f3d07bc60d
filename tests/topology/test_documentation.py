"""docs/python.md: its programs run, and its messages are the real ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bulkhead.plan import lock_path, read_lock
from bulkhead.problems import InputError

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text()
PROGRAM = re.compile(
    r"^```python\n(?P<program>.*?)^```$(?:\n\n^```text\n(?P<text>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
PROGRAMS = [
    pytest.param(found["program"], (found["text"] or "").splitlines())
    for found in PROGRAM.finditer(PAGE)
]


@pytest.mark.parametrize(("program", "messages"), PROGRAMS)
def test_a_program_runs_or_says_exactly_what_the_page_says(run, program, messages):
    said = []
    try:
        run(program)
    except InputError as error:
        said = [str(each) for each in error.problems]
    assert said == messages


def test_the_first_program_plans_and_keeps_its_lock(run, capsys):
    planned = run(PROGRAMS[0].values[0])["planned"]
    first, *others = capsys.readouterr().out.splitlines()
    assert f"# {first}\n" in PAGE
    assert len(others) == 4
    assert read_lock(lock_path(Path("trading.py"))) == planned.lock
    assert planned.warnings == ()


def test_no_fenced_block_of_the_page_escapes_the_test():
    assert sum(2 if each.values[1] else 1 for each in PROGRAMS) * 2 == PAGE.count("```")
