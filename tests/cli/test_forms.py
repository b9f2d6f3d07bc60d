"""`--sarif`, `--junit`, `--csv`: a file beside the text, and none that looks like an answer."""

import json
import os
from pathlib import Path

import pytest
from lxml import etree

from tests.cli.test_lint import account  # noqa: F401 - a fixture

FORMS = ("sarif", "junit", "csv", "code-quality")


@pytest.fixture(autouse=True)
def _somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def sarif(path):
    return json.loads(Path(path).read_text())["runs"][0]


@pytest.mark.parametrize(
    "words",
    [
        ("check", "trading.yaml"),
        ("prove", "trading.yaml"),
        ("lint", "trading.yaml"),
        ("diff", "trading.yaml", "trading.yaml"),
        ("review", "trading.yaml", "trading.yaml"),
        ("audit", "trading.yaml", "--framework", "cis"),
    ],
    ids=lambda words: words[0],
)
def test_every_verb_writes_every_form_beside_its_text(ask, trading, words):
    plain = ask(*words)
    files = [word for form in FORMS for word in (f"--{form}", f"out.{form}")]
    answer = ask(*words, *files)
    assert (answer.code, answer.out) == (plain.code, plain.out) == (0, plain.out)
    assert sarif("out.sarif")["automationDetails"]["id"] == f"bulkhead/{words[0]}/trading.yaml/"
    assert etree.parse("out.junit").getroot().tag == "testsuites"
    assert Path("out.csv").read_text().startswith('"outcome"')


def test_a_finding_lies_on_the_line_of_the_topology_that_is_its_reason(ask, trading):
    text = trading.read_text()
    broken = text.replace("accept: [gateway.prices]", "accept: [broker.in]", 1)
    assert broken != text
    trading.write_text(broken)
    assert ask("check", "trading.yaml", "--sarif", "out.sarif").code == 1
    lines = {
        each["locations"][0]["physicalLocation"]["region"]["startLine"]
        for each in sarif("out.sarif")["results"]
    }
    expected = 1 + broken[: broken.index("accept: [broker.in]")].count("\n")
    assert {expected} & lines or {expected - 1} & lines


def test_a_dash_prints_the_file_in_place_of_the_text(ask, trading):
    answer = ask("check", "trading.yaml", "--sarif", "-")
    assert json.loads(answer.out)["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--sarif", "-", "--json"), "--sarif - and --json both go to standard output"),
        (("--sarif", "-", "--csv", "-"), "--sarif - and --csv - both go to standard output"),
        (("--sarif", "x", "--csv", "./x"), "--sarif and --csv name one file"),
        (("--junit", "gone/x"), "there is no directory"),
        (("--csv", "."), "is a directory"),
    ],
)
def test_where_nothing_can_be_written_that_is_said_before_anything_is_read(ask, words, says):
    answer = ask("check", "there-is-no.yaml", *words)
    assert answer.code == 2
    assert says in answer.err
    assert "there-is-no" not in answer.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_closed_is_refused(ask, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "Permission denied" in ask("check", "x.yaml", "--sarif", "closed/x").err


@pytest.mark.parametrize("words", [("check", "no.yaml"), ("check", "x.yaml", "--nonsense")])
def test_a_question_that_cannot_be_asked_leaves_no_old_answer(ask, trading, words):
    for form in FORMS:
        assert ask("check", "trading.yaml", f"--{form}", f"out.{form}").code == 0
        assert Path(f"out.{form}").exists()
        assert ask(*words, f"--{form}=out.{form}").code == 2
        assert not Path(f"out.{form}").exists()


def test_a_file_that_is_no_report_of_ours_is_not_taken_away(ask, trading):
    assert ask("check", "no.yaml", "--sarif", "trading.yaml").code == 2
    assert "services:" in trading.read_text()


def test_a_file_is_replaced_whole_and_a_pipe_is_written_to(ask, trading):
    Path("out.csv").write_text("of somebody else")
    Path("link").symlink_to("out.csv")
    assert ask("check", "trading.yaml", "--csv", "link").code == 0
    assert Path("link").is_symlink()
    assert Path("out.csv").read_text().startswith('"outcome"')
    assert ask("check", "trading.yaml", "--csv", "/dev/null").code == 0
    assert sorted(each.name for each in Path().iterdir() if "tmp" in each.name) == []


def test_a_place_is_told_from_the_root_of_the_repository(ask, trading, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    for name in ("trading.yaml", "trading.lock.json"):
        (tmp_path / name).rename(tmp_path / "infra" / name)
    ask("lint", "infra/trading.yaml", "--sarif", "out.sarif")
    uris = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in sarif("out.sarif")["results"]
    }
    assert uris == {"infra/trading.yaml"}


def test_findings_of_an_account_have_its_name_for_a_file(ask, account):  # noqa: F811
    assert ask("lint", account.name, "--sarif", "out.sarif", "--junit", "out.xml").code == 1
    results = sarif("out.sarif")["results"]
    assert {each["level"] for each in results} >= {"warning", "note"}
    assert "failure" in {each.tag for each in etree.parse("out.xml").iter()}


def test_a_name_that_is_no_text_is_shown(ask, trading):
    odd = os.fsdecode(b"tr\xff.yaml")
    trading.rename(odd)
    Path("trading.lock.json").rename(os.fsdecode(b"tr\xff.lock.json"))
    files = [word for form in FORMS for word in (f"--{form}", f"out.{form}")]
    assert ask("check", odd, *files).code == 0
    assert sarif("out.sarif")["automationDetails"]["id"] == "bulkhead/check/tr%FF.yaml/"
    assert ask("lint", odd, "--sarif", "out.sarif").code == 0
    (uri,) = {
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in sarif("out.sarif")["results"]
    }
    assert uri == "tr%FF.yaml"


def test_an_answer_that_breaks_off_leaves_no_old_one(ask, trading, monkeypatch):
    assert ask("check", "trading.yaml", "--junit", "out.xml").code == 0

    def broken(*_):
        raise RuntimeError("out of memory")

    monkeypatch.setattr("bulkhead.cli.check.judge", broken)
    with pytest.raises(RuntimeError):
        ask("check", "trading.yaml", "--junit", "out.xml")
    assert not Path("out.xml").exists()
