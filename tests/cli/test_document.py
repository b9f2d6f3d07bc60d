"""`bulkhead document`: the ledger beside a topology, and whether it is still true."""

from __future__ import annotations

import json

import pytest


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def documented(ask, trading):
    answer = ask("document", trading)
    assert answer.code == 0
    assert "flows.md" in answer.err
    assert "flows.svg" in answer.err
    return trading


def test_it_writes_a_page_and_its_picture_beside_the_topology(documented):
    page = documented.with_name("flows.md").read_text()
    assert page.startswith("# Flows of trading\n")
    assert "![Flows of trading](flows.svg)" in page
    assert "[trading.yaml](trading.yaml)" in page
    assert documented.with_name("flows.svg").read_text().startswith("<svg")


def test_what_is_up_to_date_is_not_written_again(ask, documented):
    before = documented.with_name("flows.md").stat().st_mtime_ns
    assert "up to date" in ask("document", documented).err
    assert documented.with_name("flows.md").stat().st_mtime_ns == before
    answer = ask("document", documented, "--check")
    assert (answer.code, answer.out) == (0, "up to date: 13 flows\n")


def test_check_shows_which_lines_a_change_of_the_topology_made_stale(ask, documented):
    edit(documented, "connect: limits.current }", "connect: limits.current, why: how much }")
    answer = ask("document", documented, "--check")
    assert answer.code == 1
    assert "flows.md is stale" in answer.out
    line = "| risk.limits (REQ) | limits.current (REP) | tcp 5571 | nothing |"
    assert f"-{line} - | risk control |" in answer.out
    assert f"+{line} how much | risk control |" in answer.out
    assert "- |" in documented.with_name("flows.md").read_text()  # nothing was written


def test_check_says_what_is_missing(ask, trading):
    answer = ask("document", trading, "--check")
    assert answer.code == 1
    assert "flows.md is missing" in answer.out
    assert not trading.with_name("flows.md").exists()


def test_a_picture_somebody_edited_is_stale_too(ask, documented):
    picture = documented.with_name("flows.svg")
    picture.write_text(picture.read_text() + " ")
    answer = ask("document", documented, "--check")
    assert answer.code == 1
    assert "flows.svg is stale" in answer.out


def test_the_ledger_of_another_topology_is_never_overwritten(ask, documented):
    edit(documented.with_name("flows.md"), "# Flows of trading", "# Flows of shop")
    answer = ask("document", documented)
    assert answer.code == 2
    assert "flows.md is not the ledger of trading; name another file with -o" in answer.err
    assert ask("document", documented, "-o", documented.with_name("own.md")).code == 0
    assert "-o own.md`" in documented.with_name("own.md").read_text()


def test_where_it_cannot_be_written_is_said_in_a_sentence(ask, trading, tmp_path):
    answer = ask("document", trading, "-o", tmp_path / "nowhere" / "flows.md")
    assert answer.code == 2
    assert "cannot be written (No such file or directory)" in answer.err


def test_as_json_it_is_the_same_ledger_and_nothing_is_written(ask, trading):
    answer = ask("document", trading, "--json")
    assert answer.code == 0
    told = json.loads(answer.out)
    assert told["schema"] == "bulkhead.document/2"
    assert sum(len(each["flows"]) for each in told["boundaries"]) == 13
    assert told["boundaries"][0]["from"] == "exchange"
    assert told["without_owner"] == ["exchange"]
    assert not trading.with_name("flows.md").exists()


def test_a_picture_is_found_where_its_name_has_a_space(ask, trading):
    page = trading.parent / "the flows (new).md"
    assert ask("document", trading, "-o", page).code == 0
    assert "](the%20flows%20%28new%29.svg)" in page.read_text()
    assert ask("document", trading, "-o", page, "--check").code == 0
