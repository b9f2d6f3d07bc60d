"""The README's first screen says what is true."""

import re
from pathlib import Path

import pytest

from bulkhead.intent import load
from bulkhead.twin import availability

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language):
    """The fenced blocks of a language ('' for none), in order."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S)
    return [text for name, text in fenced if name == language]


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_every_command_it_shows_exists(ask):
    shown = re.findall(r"^\$ bulkhead +([a-z]+)", README, re.M)
    assert shown
    for verb in set(shown):
        assert "Usage" in ask(verb, "--help").out
    targets = re.findall(r"make (?:-s )?([a-z]+)", README)
    makefile = (ROOT / "Makefile").read_text()
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_the_topology_it_shows_loads(tmp_path):
    (shown,) = [each for each in blocks("yaml") if "services:" in each]
    path = tmp_path / "readme.yaml"
    head = "name: readme\nregion: eu-west-1\ncidr: 10.20.0.0/16\nzones: 2\n"
    path.write_text(head + shown)
    assert len(load(path).connections) == 1


def test_the_explanation_it_shows_is_what_is_printed(ask):
    shown = next(each for each in blocks("console") if "explain aws --from exchange" in each)
    words = ("explain", "topologies/trading.yaml", "--from", "exchange", "--to", "risk.checks")
    for line in ask(*words).out.splitlines():
        if "gateway" not in line:  # an account has ids where a plan has names
            assert line.rstrip() in shown


@pytest.mark.integration
def test_the_matrix_it_shows_is_what_is_printed(ask):
    reason = availability()
    if reason:
        pytest.skip(str(reason))
    (shown,) = [each for each in blocks("") if each.lstrip().startswith("┌")]
    said = ask("drill", "topologies/trading.yaml").out
    for line in said.splitlines():
        if line.rstrip().endswith(("·", "●")):
            assert line.rstrip() in shown
    assert "each as proved" in said
