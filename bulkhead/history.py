"""What a file held at a revision: git is asked, and only reads.

A repository may be a stranger's. What is asked of git are commands that run no hook, filter
or program of its configuration, fetch nothing, and write nothing; the environment variables by
which git is led elsewhere are taken away, those by which a person configures it are not
(git-scm.com/docs/git#_environment_variables).
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulkhead.problems import InputError, Problem

PATIENCE: Final = 60
"""Seconds for one answer of git, which takes milliseconds."""

_OWN: Final = re.compile(
    r"GIT_(CONFIG_(COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH"
    r"|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)"
)
"""Variables of git that say how a person has configured it, and where it is."""
_QUIET: Final = {
    "GIT_ALLOW_PROTOCOL": "",  # a partial clone fetches nothing while it is read
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # what it says is read
}
_REGULAR: Final = (b"100644", b"100755")
"""Modes of what git calls a blob and is no link (git-scm.com/docs/git-fast-import#_filemodify)."""
_AT_ONCE: Final = 32 * 1024 * 1024
"""Bytes of files that are asked for in one go."""
_RUNS_NOTHING: Final = ("-c", "core.fsmonitor=", "-c", f"core.hooksPath={os.devnull}")
_RANGE: Final = re.compile(r"(?P<base>.*?)(?:(?P<dots>\.{2,3})(?P<head>.*))?", re.DOTALL)
_COMMIT: Final = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_DUBIOUS: Final = re.compile(r"detected dubious ownership in repository at '(?P<place>[^\n]*)'")

_HISTORY: Final = (
    "fetch more of the history: `git fetch --deepen=100` or `git fetch --unshallow`; "
    "on a build server check out with fetch-depth: 0 (GitHub) or GIT_DEPTH: 0 (GitLab)"
)
_WRITE_A_RANGE: Final = (
    "write main..HEAD, main...HEAD (from where the two parted), or main alone, "
    "which is compared with the working tree"
)


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, and what people call it."""

    said: str
    commit: str

    def __str__(self) -> str:
        """As it was named; of a whole hash, as a build server names it, the beginning."""
        return self.said[:12] if _COMMIT.fullmatch(self.said) else self.said


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; `top` is the folder of its working tree, or the bare repository's own."""

    top: Path
    bare: bool
    shallow: bool

    def range_of(self, text: str) -> tuple[Revision, Revision | None]:
        """What `A..B`, `A...B` or `A` means: two commits, or one and (None) the working tree.

        As for git, a side that is not written is HEAD, and three dots begin at the merge
        base (git-scm.com/docs/gitrevisions). Raises InputError.
        """
        parts = _RANGE.fullmatch(text)
        if not text or parts is None:
            raise _refused(f"--git {text}", "is no revision", _WRITE_A_RANGE)
        if parts["dots"] is None:
            if self.bare:
                what = "is a bare repository, which has no working tree"
                raise _refused(str(self.top), what, f"write {text}..HEAD")
            return self.revision(text), None
        base, head = self.revision(parts["base"] or "HEAD"), self.revision(parts["head"] or "HEAD")
        return (base if parts["dots"] == ".." else self._parted(base, head)), head

    def since(self, text: str) -> Revision:
        """What the working tree is held against: `A`, or by `A...` where that and HEAD parted.

        Raises InputError.
        """
        parts = _RANGE.fullmatch(text)
        if parts is None or parts["dots"] is None:
            return self.revision(text)
        if parts["dots"] == ".." or (parts["head"] or "HEAD") != "HEAD":
            what = "names two commits, and the files are read as they are now"
            raise _refused(text, what, f"write {parts['base']}..., from where HEAD parted from it")
        return self._parted(self.revision(parts["base"] or "HEAD"), self.revision("HEAD"))

    def revision(self, text: str) -> Revision:
        """The commit that somebody means by a branch, a tag, a hash … Raises InputError."""
        if text.startswith("-") or not text.isprintable():
            raise _refused(text, "is no revision of git", _WRITE_A_RANGE)
        if commit := self._commit(text):
            return Revision(text, commit)
        if remote := self._commit(f"origin/{text}") and f"origin/{text}":
            raise _refused(text, "there is no such branch here", f"write {remote}")
        if self.shallow:
            what = "is not in this clone, which holds a part of the history only"
            raise _refused(text, what, _HISTORY)
        what = "there is no such revision in this repository"
        raise _refused(text, what, "name a branch, a tag or a commit (`git log --oneline`)")

    def read(self, revision: Revision, path: str, *, largest: int) -> bytes | None:
        """What a file held; None where there was none. Links are followed within the commit.

        Raises InputError where it was no file, or holds more than `largest` bytes.
        """
        where = f"{revision}:{path}"
        said = self._git(
            ("cat-file", "--batch-check", "--follow-symlinks"), f"{revision.commit}:{path}\n"
        ).stdout
        words = said.split(b"\n", 1)[0].split(b" ")
        if words[-1] == b"missing":
            self._expect_absent(revision, path)
            return None
        if words[0] == b"dangling":
            return None
        if words[0] in (b"symlink", b"loop", b"notdir"):
            what = "is a link that leads out of the repository, or to nowhere"
            raise _refused(where, what, "name the file itself")
        name, kind, size = words
        if kind != b"blob":
            raise _refused(where, "was no file", "name a topology file")
        if int(size) > largest:
            what = f"is larger than {largest >> 10} KiB"
            raise _refused(where, what, "name a topology file")
        return self._git(("cat-file", "blob", name.decode())).stdout

    def _expect_absent(self, revision: Revision, path: str) -> None:
        """A file that git does not find was not there, or is not here."""
        listed = self._git(("ls-tree", "-z", "--full-tree", revision.commit, "--", path))
        if listed.returncode or listed.stdout:
            where = f"{revision}:{path}"
            what = "is not in this clone, which holds a part of the files only"
            raise _refused(where, what, f"fetch it: `git show {where}`")

    def files(self, revision: Revision | None, *suffixes: str) -> frozenset[str]:
        """The paths of all files so named at a revision; None is the working tree.

        Of that those that git does not ignore.
        """
        asked: tuple[str, ...] = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        if revision is not None:
            asked = ("ls-tree", "-r", "-z", "--full-tree", "--name-only", revision.commit)
        every = (os.fsdecode(each) for each in self._git(asked).stdout.split(b"\0"))
        paths = frozenset(each for each in every if each.endswith(suffixes))
        return paths if revision else frozenset(p for p in paths if (self.top / p).is_file())

    def to_be_committed(self) -> frozenset[str]:
        """The paths of all files that a commit would hold now: those of the index.

        Of the one that `git commit` uses for this commit, where a hook asks (`GIT_INDEX_FILE`,
        git-scm.com/docs/githooks), if it is this repository's.
        """
        said = self._git(("ls-files", "-z", "--cached"), index=self._index())
        if said.returncode:
            told = said.stderr.decode(errors="replace").removeprefix("fatal: ").strip()
            raise _refused(str(self.top), f"git does not read its index: {told}", "mend that first")
        return frozenset(os.fsdecode(each) for each in said.stdout.split(b"\0") if each)

    def _index(self) -> Path | None:
        """That of the commit that is being made, None where there is none of this repository."""
        named = os.environ.get("GIT_INDEX_FILE")
        if not named:
            return None
        found = self._git(("rev-parse", "--absolute-git-dir"))
        index = Path(named).absolute().resolve()
        inside = index.is_relative_to(Path(os.fsdecode(found.stdout).strip()).resolve())
        return index if inside else None

    def held_below(
        self, revision: Revision, under: str, *, largest: int
    ) -> Iterator[tuple[str, bytes]]:
        """The regular files at or below a path ('' is all) with what they held, in their order.

        Those with at most `largest` bytes. Links and submodules are none.
        """
        asked = ("ls-tree", "-r", "-z", "-l", "--full-tree", revision.commit)
        listed = self._git((*asked, "--", under) if under else asked)
        if listed.returncode:
            what = "is not in this clone, which holds a part of the files only"
            raise _refused(f"{revision}:{under}", what, "fetch all of it: `git fetch --refetch`")
        found: deque[tuple[str, str, int]] = deque()
        for each in listed.stdout.split(b"\0"):
            about, _, path = each.partition(b"\t")
            mode, _, name, length = about.split() if about else (b"", b"", b"", b"-")
            if mode in _REGULAR and int(length) <= largest:
                found.append((os.fsdecode(path), name.decode(), int(length)))
        while found:
            some: list[tuple[str, str, int]] = []
            bytes_ = 0
            while found and (not some or bytes_ + found[0][2] <= _AT_ONCE):
                some.append(found.popleft())
                bytes_ += some[-1][2]
            names = "".join(f"{name}\n" for _, name, _ in some)
            said = self._git(("cat-file", "--batch"), names).stdout
            at = 0
            for file, _, size in some:
                at = said.index(b"\n", at) + 1
                yield file, said[at : at + size]
                at += size + 1

    def _commit(self, text: str) -> str | None:
        found = self._git(("rev-parse", "--verify", "--quiet", f"{text}^{{commit}}"))
        commit = found.stdout.decode().strip()
        return commit if _COMMIT.fullmatch(commit) else None

    def _parted(self, base: Revision, head: Revision) -> Revision:
        found = self._git(("merge-base", base.commit, head.commit))
        commit = found.stdout.decode().strip()
        if found.returncode or not commit:
            what = f"{base} and {head} have no commit in common"
            if self.shallow:
                raise _refused(f"{base}...{head}", f"{what} in this shallow clone", _HISTORY)
            raise _refused(f"{base}...{head}", what, f"compare the two themselves: {base}..{head}")
        return base if commit == base.commit else Revision(commit[:12], commit)

    def _git(
        self, arguments: tuple[str, ...], asked: str | None = None, *, index: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        return _git(self.top, arguments, asked, index)


def repository_of(path: Path) -> tuple[Repository, str]:
    """The repository that a path lies in, and the path within it, whether it is there or not.

    Raises InputError where git is not there, refuses, or knows no repository there.
    """
    place = Path(os.path.abspath(path))  # noqa: PTH100 - links are git's to follow
    if not str(place).isprintable():
        raise _refused(str(path), "cannot be a file of a repository", "name a topology file")
    folder = next(each for each in place.parents if each.is_dir())
    found = _git(
        folder,
        (
            "rev-parse",
            "--is-shallow-repository",
            "--is-bare-repository",
            "--absolute-git-dir",
            "--show-prefix",
        ),
    )
    if found.returncode:
        raise _not_read(path, found.stderr.decode(errors="replace"))
    shallow, bare, git_dir, prefix = os.fsdecode(found.stdout).split("\n")[:4]
    is_bare, real = bare == "true", folder.resolve()
    top = Path(git_dir) if is_bare else Path(str(real).removesuffix(f"/{prefix.rstrip('/')}"))
    inside = (real / place.relative_to(folder)).relative_to(top)
    return Repository(top, is_bare, shallow == "true"), inside.as_posix()


def _not_read(path: Path, said: str) -> InputError:
    """Why git does not answer, and what helps."""
    if unsafe := _DUBIOUS.search(said):
        place = unsafe["place"]
        what = f"git does not read {place}, which belongs to somebody else"
        remedy = f"if you trust it: `git config --global --add safe.directory {place}`"
        return _refused(str(path), what, remedy)
    if "not a git repository" in said:
        remedy = "name a topology file that lies in one, or compare two files without --git"
        return _refused(str(path), "lies in no git repository", remedy)
    told = said.removeprefix("fatal: ").strip().split("\n", 1)[0]
    return _refused(str(path), f"git does not read its repository: {told}", "mend that first")


def _git(
    folder: Path,
    arguments: tuple[str, ...],
    asked: str | None = None,
    index: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "--no-pager", *_RUNS_NOTHING, *arguments]
    own = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("GIT_") or _OWN.fullmatch(key)
    }
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=own | _QUIET | ({"GIT_INDEX_FILE": str(index)} if index else {}),
            input=os.fsencode(asked or ""),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise _refused("git", "is not installed, or not on the PATH", "install git") from None
    except subprocess.TimeoutExpired:
        what = f"does not answer within {PATIENCE} s in {folder}"
        raise _refused("git", what, "look at what it waits for: `git status`") from None
    except OSError as error:
        raise _refused("git", f"cannot be run ({error.strerror})", "install git") from None


def _refused(where: str, what: str, remedy: str) -> InputError:
    return InputError([Problem(where, 0, what, remedy)])
