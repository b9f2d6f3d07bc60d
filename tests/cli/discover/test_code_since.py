"""Which boundaries a change of code brings, by a revision of git, each named at its line."""

import json

import pytest

from tests.discover.register.conftest import binds, connects
from tests.discover.register.test_against import DECLARED
from tests.support.repositories import Sandbox


@pytest.fixture
def sandbox(tmp_path, monkeypatch):
    made = Sandbox(tmp_path / "shop")
    monkeypatch.chdir(made.folder)
    write(made, "ticker/main.py", binds("PUB", "tcp://*:5556"))
    write(made, "ticker/tests/test_a.py", binds("PUB", "tcp://*:1"))
    made.commit("as it is")
    return made


def write(sandbox, name, text):
    path = sandbox.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def since(ask, *words, revision="HEAD", path="."):
    return ask("discover", "code", path, "--since", revision, *words)


def test_where_nothing_is_new_the_answer_is_yes_also_if_code_moved_or_grew(ask, sandbox):
    (sandbox.folder / "ticker" / "main.py").rename(sandbox.folder / "ticker" / "feed.py")
    write(sandbox, "ticker/feed.py", "# more\n\n" + binds("PUB", "tcp://*:5556"))
    write(sandbox, "ticker/tests/test_b.py", binds("PUB", "tcp://*:2"))
    answer = since(ask)
    assert answer.code == 0
    assert answer.out == "No end of a socket came or went since HEAD.\n"
    assert since(ask, "--markdown").out == "\n"


def test_a_new_boundary_is_named_at_its_line_in_every_form(ask, sandbox):
    write(sandbox, "spy/main.py", connects("SUB", "tcp://ticker:5556"))
    write(sandbox, "spy/local.py", binds("PAIR", "ipc:///run/a"))
    answer = since(ask, "--sarif", "out.sarif")
    assert answer.code == 1
    assert "new boundaries since HEAD (1)" in answer.out
    assert "shop: SUB come connects to tcp://ticker:5556 (spy/main.py:5)" in answer.out
    assert "new within a host (1)" in answer.out
    (run,) = json.loads((sandbox.folder / "out.sarif").read_text())["runs"]
    (new,) = [each for each in run["results"] if each["ruleId"] == "code-new-boundary"]
    (location,) = new["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "spy/main.py"
    assert location["physicalLocation"]["region"] == {"startLine": 5}
    document = json.loads(since(ask, "--json").out)
    assert [each["file"] for each in document["changes"]["new"]] == ["spy/local.py", "spy/main.py"]
    assert "- new: " in since(ask, "--markdown").out


def test_what_another_port_is_has_come_and_gone(ask, sandbox):
    write(sandbox, "ticker/main.py", binds("PUB", "tcp://*:5557"))
    answer = since(ask)
    assert answer.code == 1
    assert "binds tcp://*:5557" in answer.out
    assert "gone since HEAD (1)" in answer.out
    assert "ticker/main.py:5" in answer.out.partition("gone since")[2]


def test_a_folder_that_was_not_there_is_all_new_and_nothing_outside_of_it_counts(ask, sandbox):
    write(sandbox, "spy/main.py", connects("SUB", "tcp://ticker:5556"))
    write(sandbox, "else/main.py", connects("SUB", "tcp://ticker:5556"))
    answer = since(ask, path="spy")
    assert answer.code == 1
    assert "new boundaries since HEAD (1)" in answer.out


def test_an_older_revision_is_held_against_too_and_the_checkout_is_not_touched(ask, sandbox):
    first = sandbox.git("rev-parse", "HEAD")
    write(sandbox, "spy/main.py", connects("SUB", "tcp://ticker:5556"))
    sandbox.commit("a spy")
    assert since(ask).code == 0
    assert since(ask, revision=first).code == 1
    assert sandbox.git("status", "--porcelain") == ""


def test_links_and_what_is_no_file_are_passed_over(ask, sandbox):
    (sandbox.folder / "link.py").symlink_to("/etc/passwd")
    sandbox.commit("a link")
    assert since(ask).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "nowhere"), "there is no such revision"),
        (("--since", "-x"), "is no revision of git"),
        (("--markdown",), "--markdown goes with --since"),
    ],
)
def test_what_cannot_be_asked_is_said(ask, sandbox, words, said):
    answer = ask("discover", "code", ".", *words)
    assert answer.code == 2
    assert said in answer.err


def test_code_in_no_repository_is_said(ask, tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    answer = since(ask)
    assert answer.code == 2
    assert "lies in no git repository" in answer.err


def test_a_review_names_what_is_new_in_the_code_beside_what_its_topology_opens(ask, sandbox):
    (sandbox.file).write_text(DECLARED)
    sandbox.git("add", "-A")
    sandbox.git("commit", "-q", "-m", "declared")
    write(sandbox, "spy/main.py", connects("SUB", "tcp://ticker:5556"))
    words = ("review", "--git", "HEAD", "net/a.yaml")
    answer = ask(*words, "--code", ".")
    assert answer.code == 0
    assert "new boundaries since HEAD (1)" in answer.out
    assert "spy/main.py:5" in ask(*words, "--code", ".", "--markdown").out
    document = json.loads(ask(*words, "--code", ".", "--json").out)
    assert document["code"]["new"][0]["file"] == "spy/main.py"
    assert json.loads(ask(*words, "--json").out)["code"] is None
    sandbox.git("add", "-A")
    sandbox.git("commit", "-q", "-m", "a spy")
    between = ("review", "--git", "HEAD~1..HEAD", "net/a.yaml", "--code", ".")
    assert "spy/main.py:5" in ask(*between).out
    assert ask("review", "net/a.yaml", "net/a.yaml", "--code", ".").code == 2


def test_what_the_other_branch_got_since_is_neither_new_nor_gone(ask, sandbox):
    """main has a socket more by now, and the branch was never without it."""
    sandbox.git("checkout", "-q", "-b", "feature")
    write(sandbox, "spy/main.py", binds("PULL", "tcp://*:5570"))
    sandbox.commit("new here")
    sandbox.git("checkout", "-q", "-")
    write(sandbox, "desk/main.py", binds("PULL", "tcp://*:5580"))
    sandbox.commit("new there")
    main = sandbox.git("rev-parse", "--abbrev-ref", "HEAD").strip()
    sandbox.git("checkout", "-q", "feature")
    assert "5580" in since(ask, revision=main).out
    for revision in (f"{main}...", f"{main}...HEAD"):
        answer = since(ask, revision=revision)
        assert answer.code == 1
        assert "5570" in answer.out
        assert "5580" not in answer.out
    refused = since(ask, revision=f"{main}...feature")
    assert refused.code == 2
    assert "the files are read as they are now; write " in refused.err
