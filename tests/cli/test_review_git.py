"""`bulkhead review --git`: a pull request read from the repository, as its reviewer would."""

import shutil

import pytest

from tests.support.repositories import Sandbox


@pytest.fixture
def repository(trading, tmp_path, monkeypatch):
    """The example on main, and a branch on which limits listens on another port."""
    made = Sandbox(tmp_path / "repository")
    for each in (trading, trading.with_name("trading.lock.json")):
        shutil.copy(each, made.folder / "net" / each.name)
    made.git("add", "-A")
    made.git("commit", "-qm", "base")
    made.git("checkout", "-qb", "change")
    topology = made.folder / "net" / "trading.yaml"
    topology.write_text(topology.read_text().replace("5571", "5572"))
    made.git("commit", "-qam", "another port")
    monkeypatch.chdir(made.folder)
    return made


@pytest.mark.parametrize("git", ["main..change", "main...HEAD", "main"])
def test_a_branch_is_reviewed_as_its_two_files_would_be(ask, trading, repository, git):
    answer = ask("review", "--git", git, "net/trading.yaml", "--json").json
    two = ask("review", trading, "net/trading.yaml", "--json").json
    assert answer["counts"] == two["counts"]
    assert answer["counts"]["opened"] == answer["counts"]["closed"] == 1
    opened = next(each for each in answer["flows"] if each["kind"] == "opened")
    assert opened["origin"]["file"] == "net/trading.yaml"
    assert answer["base"] == "main:net/trading.yaml"


def test_what_is_gone_is_placed_in_the_file_that_lies_there_now_and_on_no_line_of_it(
    ask, repository
):
    """A scanner's upload names files of the commit that it is of."""
    log = ask("review", "--git", "main..HEAD", "net/trading.yaml", "--sarif", "-").json
    places = {
        (each["artifactLocation"]["uri"], each["region"]["startLine"])
        for result in log["runs"][0]["results"]
        for each in (one["physicalLocation"] for one in result["locations"])
    }
    assert {uri for uri, _ in places} == {"net/trading.yaml"}
    assert {line for _, line in places} >= {1}


@pytest.mark.parametrize("form", [(), ("--markdown",), ("--json",)])
def test_a_lock_that_nobody_committed_is_said_in_every_form(ask, repository, form, monkeypatch):
    monkeypatch.setenv("CI", "true")
    answer = ask("review", "--git", "main..HEAD", "net/trading.yaml", *form)
    assert answer.code == 0
    assert "HEAD:net/trading.lock.json is stale" in answer.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["net/trading.yaml"], "BASE and HEAD"),
        (["--git", "main..HEAD", "net/trading.yaml", "aws"], "one topology"),
        (["--git", "main..HEAD", "net/trading.yaml", "--state", "x"], "one topology"),
        (["--git", "nothing..HEAD", "net/trading.yaml"], "no such revision"),
        (["--git=--all", "net/trading.yaml"], "no revision"),
        (["--git", "main", "net/nothing.yaml"], "neither at main nor in the working tree"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence_and_two(ask, repository, words, says):
    answer = ask("review", *words)
    assert answer.code == 2
    assert says in answer.err
