"""git is asked what a file held, by a program that trusts no repository."""

import os
from pathlib import Path

import pytest

from bulkhead import history
from bulkhead.history import repository_of
from bulkhead.problems import InputError
from tests.support.repositories import Sandbox

LARGEST = 1000


def read(made: Sandbox, revision: str, path: Path | None = None) -> bytes | None:
    repository, inside = repository_of(path or made.file)
    return repository.read(repository.revision(revision), inside, largest=LARGEST)


@pytest.fixture(scope="module")
def forked(tmp_path_factory):
    """one -- two (main), and one -- other (side)."""
    made = Sandbox(tmp_path_factory.mktemp("forked") / "repository")
    made.first = made.commit("one")
    made.git("tag", "v1")
    made.git("checkout", "-q", "-b", "side")
    made.commit("other")
    made.git("checkout", "-q", "main")
    made.commit("two")
    return made


@pytest.fixture
def sandbox(tmp_path):
    return Sandbox(tmp_path / "repository")


def refused(ask) -> str:
    with pytest.raises(InputError) as caught:
        ask()
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize(
    ("revision", "held"),
    [("main", b"two"), ("side", b"other"), ("v1", b"one"), ("HEAD~1", b"one"), ("@", b"two")],
)
def test_a_file_is_read_as_it_was_and_the_checkout_is_not_touched(forked, revision, held):
    before = forked.git("status", "--porcelain=v2", "--branch")
    assert read(forked, revision) == held
    assert forked.file.read_text() == "two"
    assert forked.git("status", "--porcelain=v2", "--branch") == before


@pytest.mark.parametrize(
    ("text", "base", "head"),
    [
        ("side..main", b"other", b"two"),
        ("side...main", b"one", b"two"),
        ("v1..", b"one", b"two"),
        ("..side", b"two", b"other"),
        ("v1...main", b"one", b"two"),
        ("side", b"other", None),
    ],
)
def test_a_range_means_what_it_means_to_git(forked, text, base, head):
    repository, inside = repository_of(forked.file)
    one, other = repository.range_of(text)
    assert repository.read(one, inside, largest=LARGEST) == base
    assert (other and repository.read(other, inside, largest=LARGEST)) == head


def test_a_merge_base_is_called_by_its_hash_where_it_is_neither_side(forked):
    repository, _ = repository_of(forked.file)
    assert str(repository.range_of("side...main")[0]) == forked.first[:12]
    assert str(repository.range_of("v1...main")[0]) == "v1"
    assert str(repository.range_of(f"{forked.first}..main")[0]) == forked.first[:12]


@pytest.mark.parametrize(
    "text", ["-O/etc/passwd", "--all", "", "no such", "main\n", "^main", "a\0"]
)
def test_what_is_no_revision_is_refused_in_a_sentence(forked, text):
    repository, _ = repository_of(forked.file)
    assert "revision" in refused(lambda: repository.range_of(text))


def test_a_file_that_was_not_there_is_none_also_where_its_folder_was_not(forked):
    assert read(forked, "main", forked.folder / "net" / "b.yaml") is None
    assert read(forked, "main", forked.folder / "gone" / "deep" / "b.yaml") is None


def test_what_is_no_file_or_too_large_is_refused(sandbox):
    sandbox.commit("x" * (LARGEST + 1))
    assert "larger" in refused(lambda: read(sandbox, "main"))
    assert "no file" in refused(lambda: read(sandbox, "main", sandbox.folder / "net"))


def test_links_are_followed_within_a_commit_and_never_out_of_it(sandbox):
    (sandbox.folder / "net" / "link.yaml").symlink_to("a.yaml")
    (sandbox.folder / "net" / "out.yaml").symlink_to("/etc/hostname")
    (sandbox.folder / "net" / "none.yaml").symlink_to("gone.yaml")
    sandbox.commit("one")
    sandbox.commit("two")
    assert read(sandbox, "HEAD~1", sandbox.folder / "net" / "link.yaml") == b"one"
    assert read(sandbox, "HEAD~1", sandbox.folder / "net" / "none.yaml") is None
    assert "out of" in refused(lambda: read(sandbox, "main", sandbox.folder / "net" / "out.yaml"))


def test_a_bare_repository_a_worktree_and_a_subfolder_hold_the_same(forked, tmp_path, monkeypatch):
    bare, tree = tmp_path / "bare.git", tmp_path / "tree"
    forked.git("clone", "-q", "--bare", str(forked.folder), str(bare))
    forked.git("worktree", "add", "-q", str(tree), "side")
    assert read(forked, "v1", bare / "net" / "a.yaml") == b"one"
    assert read(forked, "HEAD", tree / "net" / "a.yaml") == b"other"
    monkeypatch.chdir(forked.folder / "net")
    assert read(forked, "side", Path("a.yaml")) == b"other"
    assert read(forked, "side", Path("../net/a.yaml")) == b"other"
    repository, _ = repository_of(bare / "net" / "a.yaml")
    assert "main..HEAD" in refused(lambda: repository.range_of("main"))


def test_a_shallow_clone_says_how_to_fetch_what_it_lacks(forked, tmp_path):
    clone = tmp_path / "clone"
    forked.git(
        "clone",
        "-q",
        "--depth=1",
        "--no-tags",
        "--no-single-branch",
        forked.folder.as_uri(),
        str(clone),
    )
    lacking = refused(lambda: read(forked, forked.first, clone / "net" / "a.yaml"))
    repository, _ = repository_of(clone / "net" / "a.yaml")
    parted = refused(lambda: repository.range_of("origin/side...HEAD"))
    for said in (lacking, parted):
        assert "git fetch --deepen" in said
        assert "fetch-depth: 0" in said


def test_a_branch_that_only_the_remote_has_is_named(forked, tmp_path):
    clone = tmp_path / "clone"
    forked.git("clone", "-q", str(forked.folder), str(clone))
    assert "origin/side" in refused(lambda: read(forked, "side", clone / "net" / "a.yaml"))


def test_histories_that_have_nothing_in_common_are_said_to(sandbox):
    sandbox.commit("one")
    sandbox.git("checkout", "-q", "--orphan", "island")
    sandbox.commit("other")
    repository, _ = repository_of(sandbox.file)
    assert "main..island" in refused(lambda: repository.range_of("main...island"))


def test_nothing_that_a_repository_configures_is_run(sandbox, tmp_path, monkeypatch):
    sandbox.commit("one")
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    program.chmod(0o755)
    hooks = sandbox.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (hooks / hook).write_bytes(program.read_bytes())
        (hooks / hook).chmod(0o755)
    (sandbox.folder / ".gitattributes").write_text("*.yaml filter=f diff=f\n")
    for key in ("filter.f.smudge", "filter.f.clean", "diff.f.textconv", "diff.f.command"):
        sandbox.git("config", key, str(program))
    for key in ("core.pager", "core.fsmonitor", "core.sshCommand", "diff.external"):
        sandbox.git("config", key, str(program))
    sandbox.git("config", "remote.origin.url", f"ext::{program}")
    sandbox.git("config", "remote.origin.promisor", "true")
    sandbox.git("config", "extensions.partialClone", "origin")
    sandbox.git("config", "protocol.ext.allow", "always")
    blob = sandbox.git("rev-parse", "HEAD:net/a.yaml")
    ran.unlink(missing_ok=True)
    assert read(sandbox, "main") == b"one"
    assert not ran.exists()

    (sandbox.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert "clone" in refused(lambda: read(sandbox, "main"))
    assert not ran.exists()


def test_variables_that_lead_git_elsewhere_do_not_lead_us(forked, tmp_path, monkeypatch):
    other = Sandbox(tmp_path / "other")
    other.commit("elsewhere")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert read(forked, "main") == b"two"


def test_a_repository_of_somebody_else_is_refused_with_the_command_that_trusts_it(
    forked, monkeypatch
):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    assume = {**history._QUIET, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    monkeypatch.setattr(history, "_QUIET", assume)
    said = refused(lambda: repository_of(forked.file))
    assert f"git config --global --add safe.directory {forked.folder}" in said


def test_a_place_without_a_repository_and_a_machine_without_git_are_named(
    tmp_path, forked, monkeypatch
):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert "no git repository" in refused(lambda: repository_of(tmp_path / "a.yaml"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "not installed" in refused(lambda: repository_of(forked.file))


def test_files_below_a_path_are_held_whole_whatever_is_in_them(tmp_path):
    sandbox = Sandbox(tmp_path / "shop")
    (sandbox.folder / "bin").mkdir()
    texts = {
        "bin/a": b"\n\nblob 7\n\x00\xff",
        "bin/empty": b"",
        "bin/b c": b"no end",
        "x": b"x" * 99,
    }
    for name, text in texts.items():
        (sandbox.folder / name).write_bytes(text)
    (sandbox.folder / "bin" / "link").symlink_to("a")
    sandbox.commit("as it is")
    repository, _ = repository_of(sandbox.file)
    revision = repository.revision("HEAD")
    held = dict(repository.held_below(revision, "", largest=50))
    texts["net/a.yaml"] = b"as it is"
    assert held == {name: text for name, text in texts.items() if len(text) <= 50}
    below = dict(repository.held_below(revision, "bin", largest=50))
    assert below == {name: text for name, text in texts.items() if name.startswith("bin/")}
    assert dict(repository.held_below(revision, "nowhere", largest=50)) == {}
