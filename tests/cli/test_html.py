"""`--html`: the answer of a verb as one page, and none that looks like an answer of today."""

from pathlib import Path

import pytest

from tests.support.pages import Read


@pytest.fixture(autouse=True)
def _somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def read(file="out.html"):
    return Read(Path(file).read_text())


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("check", "trading.yaml"), {"untrusted", "flows", "picture", "passed"}),
        (("prove", "trading.yaml"), {"untrusted", "flows", "picture"}),
        (("lint", "trading.yaml"), {"passed"}),
        (("diff", "trading.yaml", "trading.yaml"), {"untrusted", "flows", "picture", "passed"}),
        (("audit", "trading.yaml"), {"untrusted", "undecided", "flows", "picture", "passed"}),
        (("review", "trading.yaml", "trading.yaml"), {"untrusted", "flows", "picture"}),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_every_verb_writes_its_page_beside_its_text(ask, trading, words, parts):
    plain = ask(*words)
    answer = ask(*words, "--html", "out.html")
    assert (answer.code, answer.out) == (plain.code, plain.out)
    page = read()
    assert parts <= set(page.all("id"))
    assert f"bulkhead {words[0]}" in page.text
    assert "sha256:" in page.text


def test_the_page_of_a_change_shows_what_closed_and_by_which_line(ask, trading):
    changed = trading.with_name("changed.yaml")
    text = trading.read_text()
    for old, new in ((", ticker.ticks], why", "], why"), (", ticker.ticks, ticker", ", ticker")):
        assert old in text
        text = text.replace(old, new)
    changed.write_text(text)
    lock = trading.with_name("trading.lock.json").read_text()
    changed.with_name("changed.lock.json").write_text(lock)
    assert ask("diff", "trading.yaml", "changed.yaml", "--html", "out.html").code == 1
    said = read().text
    assert "was allowed, now denied" in said
    assert "momentum" in said


def test_a_dash_prints_the_page_in_place_of_the_text(ask, trading):
    assert ask("check", "trading.yaml", "--html", "-").out.startswith("<!DOCTYPE html>")


def test_where_nothing_could_be_asked_no_page_of_an_earlier_answer_is_left(ask, trading):
    ask("check", "trading.yaml", "--html", "out.html")
    assert Path("out.html").exists()
    trading.write_text("nonsense: true")
    assert ask("check", "trading.yaml", "--html", "out.html").code == 2
    assert not Path("out.html").exists()


def test_a_page_that_is_not_ours_stays_where_nothing_could_be_asked(ask):
    Path("out.html").write_text("<!DOCTYPE html><title>mine</title>")
    assert ask("check", "nowhere.yaml", "--html", "out.html").code == 2
    assert "mine" in Path("out.html").read_text()
