"""A topology as it was at revisions of git, planned with the lock that was committed with it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import Final

from bulkhead.files import read_if_there
from bulkhead.history import Repository, Revision, repository_of
from bulkhead.intent.document import LARGEST_FILE
from bulkhead.intent.including import beside, path_of
from bulkhead.network import Network, Origin, Origins
from bulkhead.plan.files import TopologyText
from bulkhead.plan.lock import LARGEST_LOCK, Lock, lock_path
from bulkhead.plan.planner import Plan
from bulkhead.problems import InputError, Problem
from bulkhead.sources.reading import Clock, now, provenance
from bulkhead.sources.source import Source
from bulkhead.sources.topologies import TopologyAt, noted

_LIKE: Final = 0.5
"""The share of its text in common from which on a file is another one renamed, as for git."""
_YAML: Final = (".yaml", ".yml")
_AS_IT_WAS: Final = "write git:main:topologies/trading.yaml"
_NAME_ONE: Final = "name a topology file (.yaml)"


def open_range(text: str, topology: str, *, clock: Clock = now) -> tuple[Source, Source]:
    """Both sides of `A..B`, `A...B` or (against the working tree) `A`, for one topology file.

    Where the file was not there yet, or is not any more, that side is a network of nothing;
    where it was renamed, it is followed. A lock that is missing or stale is told in the notes
    of its side and stops nobody, nor does one of the base that cannot be used. No file is
    written, and the checkout is not touched. Raises InputError.
    """
    path = Path(topology)
    if path.suffix not in _YAML:
        raise InputError([Problem(topology, 0, "is no topology", _NAME_ONE)])
    repository, inside = repository_of(path)
    revisions = repository.range_of(text)
    base, head = (_Side(repository, each, path, inside) for each in revisions)
    was, becomes = base.read(inside), head.read(inside)
    if was is None and becomes is None:
        what = f"is neither {base} nor {head}"
        raise InputError([Problem(topology, 0, what, "name a topology file of either")])
    old = new = inside
    notes = []
    if was is None and becomes is not None and (found := base.like(becomes, besides=head)):
        old, was = found
    elif becomes is None and was is not None and (found := head.like(was, besides=base)):
        new, becomes = found
    if old != new:
        notes.append(f"{new} was {old} {base}")
    one = base.source(old, was, dated=True, any_lock=True, notes=(), clock=clock)
    other = head.source(new, becomes, dated=False, any_lock=False, notes=notes, clock=clock)
    return _declaring(one, other), _declaring(other, one)


def open_revision(text: str, *, clock: Clock = now) -> Source:
    """The topology that `git:REVISION:TOPOLOGY` stands for. Raises InputError."""
    side, held = _at_revision(text)
    return side.source(side.inside, held, dated=True, any_lock=True, notes=(), clock=clock)


def files_at_revision(text: str) -> TopologyAt:
    """The files that it stands for. Raises InputError."""
    side, held = _at_revision(text)
    return side.files(side.inside, held, dated=True, any_lock=True)


def _at_revision(text: str) -> tuple[_Side, bytes]:
    said, _, topology = text.removeprefix("git:").partition(":")
    path = Path(topology)
    if path.suffix not in _YAML:
        raise InputError([Problem(text, 0, "is no topology at a revision", _AS_IT_WAS)])
    repository, inside = repository_of(path)
    side = _Side(repository, repository.revision(said), path, inside)
    held = side.read(inside)
    if held is None:
        where = side.called(inside)
        raise InputError([Problem(where, 0, "there was no such file", _NAME_ONE)])
    return side, held


@dataclass(frozen=True, slots=True)
class _Side:
    """The files of a repository at a revision; None is the working tree.

    `asked` is how its user wrote the path of the one that lies at `inside`.
    """

    repository: Repository
    revision: Revision | None
    asked: Path
    inside: str

    def __str__(self) -> str:
        return f"at {self.revision}" if self.revision else "in the working tree"

    def called(self, path: str) -> str:
        """As git calls it ('main:topologies/trading.yaml'); in the working tree, as people do."""
        return f"{self.revision}:{path}" if self.revision else self.found(path)

    def found(self, path: str) -> str:
        """The path as people wrote it, or would."""
        if path == self.inside:
            return str(self.asked)
        return path if self.repository.bare else os.path.relpath(self.repository.top / path)

    def read(self, path: str, *, largest: int = LARGEST_FILE) -> bytes | None:
        if self.revision is not None:
            return self.repository.read(self.revision, path, largest=largest)
        return read_if_there(Path(self.found(path)), largest=largest, remedy=_NAME_ONE)

    def like(self, text: bytes, *, besides: _Side) -> tuple[str, bytes] | None:
        """The file that was renamed to, or from, one of this text: of those on this side only."""
        others = self.repository.files(self.revision, *_YAML)
        others -= besides.repository.files(besides.revision, *_YAML)
        held = ((each, self.read(each)) for each in sorted(others))
        likeness = [
            (_likeness(other, text), each, other) for each, other in held if other is not None
        ]
        best, path, other = max(likeness, default=(0.0, "", b""))
        return (path, other) if best >= _LIKE else None

    def files(self, path: str, text: bytes, *, dated: bool, any_lock: bool) -> TopologyAt:
        """The topology of that path and text, with the lock that lies beside it on this side."""
        called = self.called(path)
        lock_at = str(lock_path(Path(path)))
        lock = self.read(lock_at, largest=LARGEST_LOCK)
        commit = f"{self.revision.commit}:" if self.revision else ""
        reader, included = noted(partial(self._included, path))
        read = {f"{commit}{path}": text} | ({f"{commit}{lock_at}": lock} if lock else {})
        return TopologyAt(
            written=TopologyText(
                called=called,
                text=text,
                lock_called=self.called(lock_at),
                lock=lock,
                file=path if dated else self.found(path),
                included=reader,
            ),
            revision=str(self.revision) if dated else "",
            any_lock=any_lock,
            included=included,
            known={name: hashlib.sha256(each).hexdigest() for name, each in read.items()},
        )

    def _included(self, root: str, inside: str) -> bytes:
        if self.revision is None:
            return beside(Path(self.found(root)))(inside)
        path = path_of(inside, root)
        if (data := self.read(path)) is None:
            raise InputError([Problem(self.called(path), 0, "there was no such file", _NAME_ONE)])
        return data

    def source(
        self,
        path: str,
        text: bytes | None,
        *,
        dated: bool,
        any_lock: bool,
        notes: Iterable[str],
        clock: Clock,
    ) -> Source:
        """What the topology at this path plans; nothing where there is none.

        `dated`: what is written there is said to stand at the revision, and not where people look.
        """
        time = clock()
        called = self.called(path)
        file = path if dated else self.found(path)
        if text is None:
            return Source(
                label=f"{called} (not there)",
                network=Network(),
                origins=Origins(whole=Origin(file=file)),
                provenance=provenance(time, {}),
                notes=(*notes, f"{path} is not {self}: that side is a network of nothing"),
            )
        at = self.files(path, text, dated=dated, any_lock=any_lock)
        plan, wrong = at.planned()
        return Source(
            label=called,
            network=plan.network,
            plan=plan,
            origins=plan.origins,
            provenance=provenance(
                time, at.read, regions=(each.region for each in plan.network.vpcs)
            ),
            notes=(*notes, *([wrong] if wrong else ())),
        )


def _declaring(source: Source, other: Source) -> Source:
    """A side that is not there declares nothing, of the topology that the other one is."""
    if source.plan is not None or other.plan is None:
        return source
    name = other.plan.topology
    nothing = Plan(
        topology=name,
        network=source.network,
        flows=(),
        expectations=(),
        lock=Lock(topology=name),
        words=(),
        said={},
        origins=source.origins,
    )
    return replace(source, plan=nothing)


def _likeness(one: bytes, other: bytes) -> float:
    """How much of two texts is the same lines in the same order, from 0 to 1."""
    return SequenceMatcher(None, one.splitlines(), other.splitlines(), autojunk=False).ratio()
