"""The pictures in the documentation are what the command draws today."""

import re
from pathlib import Path

from bulkhead.agree import Status

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "pictures.md").read_text()


def test_the_picture_of_the_example_is_current(ask):
    shown = (ROOT / "docs" / "trading.svg").read_text()
    assert shown == ask("draw", ROOT / "topologies" / "trading.yaml").out, (
        "run `bulkhead draw topologies/trading.yaml -o docs/trading.svg` and look at it"
    )


def test_the_picture_is_shown():
    assert "](docs/trading.svg)" in (ROOT / "README.md").read_text()
    assert "](trading.svg)" in PAGE


def test_every_option_the_page_shows_exists(ask):
    helps = {verb: ask(verb, "--help").out for verb in ("draw", "prove")}
    for verb, rest in re.findall(r"^\$ bulkhead (\w+) (.*)$", PAGE, re.M):
        for option in re.findall(r"(?<!\S)(--?[a-z]+)", rest):
            assert option in helps[verb], (verb, option)


def test_the_page_says_what_the_lines_mean():
    table = PAGE[PAGE.index("| line | meaning |") :]
    for status in Status:
        assert str(status).partition(" replicas")[0] in table, status


def test_the_ledger_of_the_example_is_current(ask):
    answer = ask("document", ROOT / "topologies" / "trading.yaml", "--check")
    assert answer.code == 0, answer.out
