"""A topology and its lock as somebody wrote them, wherever: planned, kept, and read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from bulkhead import observe
from bulkhead.files import noting, read_file, read_if_there
from bulkhead.intent import Topology
from bulkhead.intent.document import LARGEST_FILE
from bulkhead.intent.including import Reader, path_of
from bulkhead.intent.including import beside as below
from bulkhead.network.fingerprint import fingerprint
from bulkhead.observe import Manifest
from bulkhead.plan.files import TopologyText
from bulkhead.plan.lock import LARGEST_LOCK, lock_path
from bulkhead.plan.planner import Plan
from bulkhead.problems import InputError, Problem
from bulkhead.sources.opening import is_kept
from bulkhead.sources.reading import provenance, version
from bulkhead.sources.source import TopologySource

_FOLDER: Final = "topology"
_ANEW: Final = "take the snapshot anew"
_NAME_ONE: Final = "name a topology (.yaml), or a snapshot of one"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopologyAt:
    """A topology with its lock, in the working tree or at a `revision` of git.

    `any_lock`: one that is stale or cannot be used is told, and stops nobody. `included`: by
    its path from the folder of the topology, what a file held that was included when that was
    planned. `known`: what was read, by the name it goes by in a provenance, and its SHA-256.
    """

    written: TopologyText
    revision: str
    any_lock: bool
    included: Mapping[str, bytes]
    known: Mapping[str, str]

    @property
    def read(self) -> Mapping[str, str]:
        """All of that, with what it includes, which goes by a name of the same form."""
        folder = next(iter(self.known), "").removesuffix(Path(self.written.file).name)
        included = {
            f"{folder}{each}": sha256(data).hexdigest() for each, data in self.included.items()
        }
        return {**self.known, **included}

    def planned(self) -> tuple[Plan, str | None]:
        """Its plan, and what is wrong with the lock. Raises InputError."""
        plan, wrong = self.written.plan(any_lock=self.any_lock)
        if self.revision:
            at = self.revision
            tests = tuple(replace(each, revision=at) for each in plan.expectations)
            plan = replace(plan, origins=plan.origins.at(at), expectations=tests)
        return plan, wrong


def noted(read: Reader) -> tuple[Reader, Mapping[str, bytes]]:
    """A reader of included files, and what was read by it."""
    held: dict[str, bytes] = {}

    def noting_it(inside: str) -> bytes:
        held[inside] = data = read(inside)
        return data

    return noting_it, held


def here(path: Path) -> TopologyAt:
    """The files as they lie there now. Raises InputError."""
    beside = lock_path(path)
    text = read_file(path, largest=LARGEST_FILE, remedy=_NAME_ONE)
    lock = read_if_there(beside, largest=LARGEST_LOCK, remedy=_NAME_ONE)
    reader, included = noted(below(path))
    written = TopologyText(
        called=str(path),
        text=text,
        lock_called=str(beside),
        lock=lock,
        file=str(path),
        included=reader,
    )
    held = {str(path): text} | ({} if lock is None else {str(beside): lock})
    return TopologyAt(
        written=written,
        revision="",
        any_lock=False,
        included=included,
        known={name: sha256(each).hexdigest() for name, each in held.items()},
    )


def keep_topology(found: TopologyAt, folder: Path, *, source: str, time: datetime) -> Manifest:
    """All files as they are, and what they made. Raises InputError."""
    plan, _ = found.planned()
    written = found.written
    name = f"{_FOLDER}/{Path(written.file).name}"
    beside = f"{_FOLDER}/{lock_path(Path(written.file)).name}"
    files = {name: written.text} | ({} if written.lock is None else {beside: written.lock})
    files |= {path_of(each, name): data for each, data in found.included.items()}
    made_from = provenance(time, found.read, regions=(each.region for each in plan.network.vpcs))
    manifest = Manifest(
        source=source,
        of="topology",
        provenance=made_from,
        read=made_from.digests,
        planned=observe.PlannedFrom(
            topology=name,
            lock=None if written.lock is None else beside,
            called=written.called,
            lock_called=written.lock_called,
            file=written.file,
            revision=found.revision,
            any_lock=found.any_lock,
            network=fingerprint(plan.network),
        ),
    )
    return observe.keep_files(manifest, folder, files.items())


def open_kept(folder: Path) -> TopologySource:
    """What a snapshot of a topology plans, which must be what was planned when it was taken.

    Raises InputError.
    """
    with noting() as read:
        manifest, found = _kept(folder)
        plan, wrong = found.planned()
    if manifest.planned and fingerprint(plan.network) != manifest.planned.network:
        by = manifest.provenance.version
        what = f"bulkhead {version()} plans another network of it than was kept"
        raise InputError([Problem(str(folder), 0, what, f"read it with bulkhead {by}")])
    of = manifest.provenance
    return TopologySource(
        label=str(folder),
        network=plan.network,
        plan=plan,
        origins=plan.origins,
        provenance=provenance(of.time, {**read, **found.read}, regions=of.regions),
        notes=(wrong,) if wrong and found.any_lock else (),
    )


def topology_in(path: Path) -> Topology:
    """The topology that a file holds, or a snapshot of one. Raises InputError."""
    found = _kept(path)[1] if is_kept(path) else here(path)
    return found.written.topology()


def _kept(folder: Path) -> tuple[Manifest, TopologyAt]:
    manifest = observe.read_manifest(folder)
    kept = manifest.planned
    if kept is None:
        what = f"is a snapshot of something else ({manifest.source}), and no topology"
        raise InputError([Problem(str(folder), 0, what, _NAME_ONE)])
    observe.expect_unchanged(folder, manifest)
    lock = None
    if kept.lock is not None:
        lock = read_file(folder / kept.lock, largest=LARGEST_LOCK, remedy=_ANEW)
    written = TopologyText(
        called=kept.called,
        text=read_file(folder / kept.topology, largest=LARGEST_FILE, remedy=_ANEW),
        lock_called=kept.lock_called,
        lock=lock,
        file=kept.file,
        included=below(folder / kept.topology),
    )
    return manifest, TopologyAt(
        written=written,
        revision=kept.revision,
        any_lock=kept.any_lock,
        included={},
        known={each.name: each.sha256 for each in manifest.read},
    )
