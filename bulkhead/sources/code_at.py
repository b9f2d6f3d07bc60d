"""Source code as it was at a revision of git, scanned like the code of today; and which of that of
today git has.

What git holds is written into a folder that goes again, file by file: no filter, hook or attribute
of a stranger's repository has a part in it, and no checkout is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bulkhead.discover.code import CodePlace, CodeScan, EndInCode, scan
from bulkhead.discover.code.changes import CodeChanges, changed
from bulkhead.discover.code.files import LARGEST, shown
from bulkhead.history import Repository, Revision, repository_of


def code_changes(
    paths: Sequence[Path], said: str, after: CodeScan, progress: Callable[[str], None]
) -> CodeChanges:
    """What the code of today has that a revision had not, and the reverse; of `A...` where that
    and HEAD parted. Raises InputError."""
    return changed(said, scan_at(paths, said, progress), after)


def code_between(
    paths: Sequence[Path], range_: str, progress: Callable[[str], None]
) -> CodeChanges:
    """The same of `A..B`, `A...B` or (against the working tree) `A`. Raises InputError."""
    repository, _ = _inside(paths[0])
    base, head = repository.range_of(range_)
    before = scan_at(paths, base.commit, progress)
    after = scan_at(paths, head.commit, progress) if head else scan(paths, progress=progress)
    return changed(str(base), before, after)


def scan_at(paths: Sequence[Path], said: str, progress: Callable[[str], None]) -> CodeScan:
    """What a scan of these paths would have found at a revision, or (`A...`) where it and HEAD
    parted; of a path that was not there nothing."""
    with TemporaryDirectory(prefix="bulkhead-code-") as folder:
        roots = []
        names: dict[str, str] = {}
        for number, path in enumerate(paths):
            repository, inside = _inside(path)
            revision = repository.since(said)
            progress(f"reading {path} at {revision}")
            # The name of the folder counts: what has no manifest is called by it.
            top = Path(folder) / str(number) / repository.top.name
            if _written(repository, revision, inside, top):
                roots.append(top / inside)
                names[shown(top / inside)] = shown(path)
        found = scan(roots, progress=progress)
        return _called(found, names)


def tracked(paths: Sequence[Path]) -> Callable[[Path], bool]:
    """Whether a file below these paths is one that a commit would hold now. Raises InputError."""
    files: set[Path] = set()
    for path in paths:
        repository, _ = _inside(path)
        top = repository.top.resolve()
        files.update(top / each for each in repository.to_be_committed())

    def known(file: Path) -> bool:
        return file.parent.resolve() / file.name in files

    return known


def _inside(path: Path) -> tuple[Repository, str]:
    """The repository of a path, and the path in it, '' of all of it."""
    if not path.is_dir():
        return repository_of(path)
    repository, inside = repository_of(path / "any")
    return repository, inside.rpartition("/")[0]


def _written(repository: Repository, revision: Revision, inside: str, top: Path) -> bool:
    """Whether anything was there."""
    there = False
    for path, data in repository.held_below(revision, inside, largest=LARGEST):
        target = top / path
        if not target.resolve().is_relative_to(top.resolve()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        there = True
    return there


def _called(found: CodeScan, names: dict[str, str]) -> CodeScan:
    """With the files called as they are today."""

    def place(of: CodePlace) -> CodePlace:
        for was, becomes in names.items():
            if of.file == was or of.file.startswith(f"{was}/"):
                return CodePlace(becomes + of.file.removeprefix(was), of.line)
        return of

    def end(of: EndInCode) -> EndInCode:
        return replace(of, place=place(of.place), steps=())

    sockets = tuple(
        replace(each, place=place(each.place), ends=tuple(map(end, each.ends)))
        for each in found.sockets
    )
    return replace(found, sockets=sockets)
