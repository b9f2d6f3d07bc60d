"""The hooks that others take from here run verbs that there are, and say no where they should."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.discover.register.conftest import binds, connects
from tests.discover.register.test_against import DECLARED
from tests.support.repositories import Sandbox
from tests.support.runner import parsed

ROOT = Path(__file__).resolve().parents[2]
HOOKS = {each["id"]: each for each in parsed(ROOT / ".pre-commit-hooks.yaml")}
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


@pytest.fixture
def run(ask, tmp_path, monkeypatch):
    """What a hook says of a repository whose change is not committed yet."""
    made = Sandbox(tmp_path / "shop")
    monkeypatch.chdir(made.folder)
    (made.folder / "topology.yaml").write_text(DECLARED)
    _write(made.folder, "ticker", binds("PUB", "tcp://*:5556"))
    _write(made.folder, "strategy", connects("SUB", "tcp://ticker:5556"))
    made.commit("as it is")

    def running(hook, *, staged=True, **changes):
        for name, text in changes.items():
            _write(made.folder, name, text)
        if staged:
            made.git("add", "-A")
        words = shlex.split(HOOKS[hook]["entry"])
        assert words[0] == "bulkhead"
        return ask(*words[1:], *HOOKS[hook].get("args", ()))

    return running


def _write(folder, program, text):
    (folder / program).mkdir(exist_ok=True)
    (folder / program / "main.py").write_text(text)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_on_the_page(hook):
    assert f"- id: {hook} " in PAGE


def test_a_connection_that_is_not_declared_is_not_committed(run):
    assert run("bulkhead-boundaries").code == 0
    answer = run("bulkhead-boundaries", spy=connects("SUB", "tcp://ticker:5556"))
    assert answer.code == 1
    assert "spy/main.py:5" in answer.out


def test_without_a_topology_nothing_new_is(run):
    assert run("bulkhead-new-boundaries").code == 0
    assert run("bulkhead-new-boundaries", spy=connects("SUB", "tcp://ticker:5556")).code == 1


def test_a_topology_that_cannot_be_planned_is_not(run):
    assert run("bulkhead-check").code == 0
    Path("topology.yaml").write_text(DECLARED.replace("5556", "70000"))
    assert run("bulkhead-check").code == 2


@pytest.mark.parametrize("hook", ["bulkhead-boundaries", "bulkhead-new-boundaries"])
def test_a_draft_that_is_not_added_stops_no_commit_and_is_counted(run, hook):
    answer = run(hook, staged=False, spy=connects("SUB", "tcp://ticker:5556"))
    assert answer.code == 0
    assert run(hook).code == 1


def test_of_a_commit_of_some_files_the_others_that_were_added_count_not(run, monkeypatch):
    """`git commit ticker/main.py` makes an index of its own, and tells it to hooks."""
    hook = "bulkhead-new-boundaries"
    assert run(hook, spy=connects("SUB", "tcp://ticker:5556")).code == 1
    made = Path.cwd() / ".git" / "next-index-1.lock"
    own = {**os.environ, "GIT_INDEX_FILE": str(made)}
    subprocess.run(["git", "read-tree", "HEAD"], env=own, check=True)
    monkeypatch.setenv("GIT_INDEX_FILE", str(made))
    assert run(hook, staged=False).code == 0
    elsewhere = Path.cwd().parent / "another-index"
    made.rename(elsewhere)
    monkeypatch.setenv("GIT_INDEX_FILE", str(elsewhere))
    assert run(hook, staged=False).code == 1
