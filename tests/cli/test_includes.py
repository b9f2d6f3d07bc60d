"""A topology of several files: every verb takes it, and names the file of what it says."""

import re

import pytest

from tests.support.repositories import Sandbox

RISK = "net/teams/risk.yaml"


@pytest.fixture
def parted(trading, tmp_path, monkeypatch):
    """The example on main, with the service risk in a file of its team."""
    made = Sandbox(tmp_path / "repository")
    text = trading.read_text()
    risk = re.search(r"^  risk:\n(    .*\n| *\n)+", text, re.MULTILINE)
    (made.folder / RISK).parent.mkdir()
    (made.folder / RISK).write_text(f"services:\n{risk.group()}")
    top = made.folder / "net" / "trading.yaml"
    top.write_text("include: teams/risk.yaml\n" + text.replace(risk.group(), ""))
    top.with_name("trading.lock.json").write_text(
        trading.with_name("trading.lock.json").read_text()
    )
    made.git("add", "-A")
    made.git("commit", "-qm", "base")
    monkeypatch.chdir(made.folder)
    return made


def edit(parted, old, new):
    part = parted.folder / RISK
    assert old in part.read_text()
    part.write_text(part.read_text().replace(old, new))


def places(log):
    return {
        (each["artifactLocation"]["uri"], each.get("region", {}).get("startLine"))
        for result in log["runs"][0]["results"]
        for each in (one["physicalLocation"] for one in result["locations"])
    }


def test_it_is_checked_and_planned_as_in_one_file(ask, parted, trading):
    assert ask("check", "net/trading.yaml").code == 0
    assert ask("diff", trading, "net/trading.yaml").code == 0


def test_a_mistake_is_told_of_the_file_that_holds_it(ask, parted):
    edit(parted, "limits.current", "limits.currant")
    answer = ask("check", "net/trading.yaml", "--json")
    assert answer.code == 2
    (problem,) = answer.json["errors"]
    assert (problem["file"], problem["line"]) == (RISK, 7)


def test_a_change_of_the_included_file_alone_is_reviewed_at_its_lines(ask, parted):
    edit(parted, "5570", "5579")
    answer = ask("review", "--git", "main", "net/trading.yaml", "--json").json
    assert answer["counts"]["opened"] == answer["counts"]["closed"] == 2
    assert {(each["origin"]["file"], each["origin"]["line"]) for each in answer["flows"]} == {
        (RISK, 6)
    }
    log = ask("review", "--git", "main", "net/trading.yaml", "--sarif", "-").json
    assert (RISK, 6) in places(log)


def test_the_ledger_and_the_lock_are_beside_the_root_and_beside_no_part(ask, parted):
    edit(parted, "segment: risk", "segment: risk\n    owner: the risk team")
    assert ask("document", "net/trading.yaml").code == 0
    assert "the risk team" in (parted.folder / "net" / "flows.md").read_text()
    assert [each.name for each in (parted.folder / RISK).parent.iterdir()] == ["risk.yaml"]


def test_what_was_kept_answers_when_the_files_are_gone(ask, parted):
    before = ask("prove", "net/trading.yaml", "--json").json
    assert ask("snapshot", "git:main:net/trading.yaml", "-o", "kept").code == 0
    (parted.folder / RISK).unlink()
    assert ask("prove", "kept", "--json").json["cells"] == before["cells"]
    assert ask("prove", "git:main:net/trading.yaml", "--json").json["cells"] == before["cells"]
