"""The pictures in the documentation are what the command draws today."""

import re
import subprocess
import sys
from pathlib import Path

from bulkhead.agree import Status

ROOT = Path(__file__).resolve().parents[2]
BULKHEAD = Path(sys.executable).with_name("bulkhead")
PAGE = (ROOT / "docs" / "pictures.md").read_text()


def run(*words):
    return subprocess.run(
        [BULKHEAD, *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_the_picture_of_the_example_is_current():
    shown = (ROOT / "docs" / "trading.svg").read_text()
    assert shown == run("draw", "topologies/trading.yaml"), (
        "run `bulkhead draw topologies/trading.yaml -o docs/trading.svg` and look at it"
    )


def test_the_picture_is_shown():
    assert "](docs/trading.svg)" in (ROOT / "README.md").read_text()
    assert "](trading.svg)" in PAGE


def test_every_option_the_page_shows_exists():
    helps = {verb: run(verb, "--help") for verb in ("draw", "prove")}
    for verb, rest in re.findall(r"^\$ bulkhead (\w+) (.*)$", PAGE, re.M):
        for option in re.findall(r"(?<!\S)(--?[a-z]+)", rest):
            assert option in helps[verb], (verb, option)


def test_the_page_says_what_the_lines_mean():
    table = PAGE[PAGE.index("| line | meaning |") :]
    for status in Status:
        assert str(status).partition(" replicas")[0] in table, status
