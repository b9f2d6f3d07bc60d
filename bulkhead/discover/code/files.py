"""The files below what was asked about: each once, only what can be read, nothing followed out."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Final

from bulkhead.discover.code.found import SkippedFile, SkipReason
from bulkhead.discover.code.ignored import ALWAYS, Pattern, ignores, patterns
from bulkhead.files import read_file, read_if_there, read_start
from bulkhead.problems import InputError

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a file of source: what is larger, some program wrote."""
_REMEDY: Final = "name a file or a folder with source code"
_MANIFESTS: Final = frozenset({"modules.txt", "autoload.php"})


@dataclass(slots=True)
class Walked:
    """What a walk counted beside the files that it gave: of `only` those, None: of all."""

    only: Callable[[Path], bool] | None = None
    others: int = 0
    skipped: list[SkippedFile] = field(default_factory=list)
    ignored: int = 0
    digests: dict[str, str] = field(default_factory=dict)
    """By file as it is said, the SHA-256 of what was read."""


def files_below(root: Path, walked: Walked, *, everything: bool = False) -> Iterator[Path]:
    """The regular files below a folder, or the file itself.

    What git ignores and what tools installed is left out and counted, unless `everything`. A link
    is followed to a file inside `root` and to nothing else.
    """
    every: Iterable[Path] = (root,)
    if root.is_dir():
        every = _below(root, "", root.resolve(), (), walked, set(), everything)
    for each in every:
        if walked.only is None or walked.only(each):
            yield each
        else:
            walked.others += 1


def _below(  # noqa: PLR0917 - a case a form
    folder: Path,
    inside: str,
    real: Path,
    rules: tuple[tuple[str, tuple[Pattern, ...]], ...],
    walked: Walked,
    seen: set[tuple[int, int]],
    everything: bool,
) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError as error:
        walked.skipped.append(
            SkippedFile(shown(folder), SkipReason.UNREADABLE, error.strerror or "")
        )
        return
    if not everything:
        rules = _with_rules(folder, inside, rules)
    for entry in entries:
        path = f"{inside}/{entry.name}" if inside else entry.name
        here = folder / entry.name
        try:
            linked = entry.is_symlink()
            is_folder = entry.is_dir(follow_symlinks=False)
            if linked:
                target = here.resolve()
                if not target.is_relative_to(real) or target.is_dir() or not target.exists():
                    walked.skipped.append(SkippedFile(shown(here), SkipReason.LINK))
                    continue
            status = entry.stat()
        except (OSError, RuntimeError) as error:
            why = error.strerror or "" if isinstance(error, OSError) else "in a loop"
            walked.skipped.append(
                SkippedFile(shown(here), SkipReason.LINK if linked else SkipReason.UNREADABLE, why)
            )
            continue
        if not everything and (
            (is_folder and (entry.name in ALWAYS or _installed(here)))
            or ignores(rules, path, folder=is_folder)
        ):
            walked.ignored += 1
            continue
        if is_folder:
            yield from _below(here, path, real, rules, walked, seen, everything)
        elif not stat.S_ISREG(status.st_mode):
            walked.skipped.append(SkippedFile(shown(here), SkipReason.SPECIAL))
        elif (status.st_dev, status.st_ino) not in seen or (status.st_nlink > 1 and not linked):
            seen.add((status.st_dev, status.st_ino))
            yield here


def _installed(folder: Path) -> bool:
    """`vendor/` as go and composer fill it: the code of others."""
    return folder.name == "vendor" and any((folder / each).exists() for each in _MANIFESTS)


def _with_rules(
    folder: Path, inside: str, rules: tuple[tuple[str, tuple[Pattern, ...]], ...]
) -> tuple[tuple[str, tuple[Pattern, ...]], ...]:
    try:
        data = read_if_there(folder / ".gitignore", largest=1 << 20, remedy=_REMEDY)
    except InputError:
        return rules
    found = patterns(data.decode("utf-8", "replace")) if data else ()
    return (*rules, (inside, found)) if found else rules


def source_of(path: Path, walked: Walked) -> bytes | None:
    """The bytes of a file, or None with the reason why it is skipped."""
    try:
        data = read_file(path, largest=LARGEST, remedy=_REMEDY)
    except InputError as error:
        what = error.problems[0].what
        reason = SkipReason.HUGE if "larger" in what else SkipReason.UNREADABLE
        walked.skipped.append(
            SkippedFile(shown(path), reason, "" if reason is SkipReason.HUGE else what)
        )
        return None
    if b"\0" in data[:8192]:
        walked.skipped.append(SkippedFile(shown(path), SkipReason.BINARY))
        return None
    if len(data) > 50_000 and data.count(b"\n") < len(data) / 2_000:
        walked.skipped.append(SkippedFile(shown(path), SkipReason.MINIFIED))
        return None
    walked.digests[shown(path)] = sha256(data).hexdigest()
    return data


_TEST: Final = re.compile(
    r"(^|/)([Tt]ests?|testing|spec|specs|__tests__|testsuite|unittests?)(/|$)|(^|/)test_\w+\.py$|"
    r"_(?:test|TEST)\.(go|py|cpp|cc|c|rs|exs?)$|\.(test|spec)\.[jt]sx?$|Tests?\.(java|kt|cs|scala)$|_spec\.rb$"
)


@lru_cache(maxsize=8192)
def is_test(file: str) -> bool:
    """Whether a file tests a program and is not part of it, as far as its path tells."""
    return _TEST.search(file) is not None


def first_bytes(path: Path) -> bytes:
    """What a file begins with, nothing where it cannot be read."""
    try:
        return read_start(path, 80, remedy=_REMEDY)
    except InputError:
        return b""


def shown(path: Path) -> str:
    """A path as it is said: from where one asks, where it is below."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return PurePath(os.path.normpath(path)).as_posix()
