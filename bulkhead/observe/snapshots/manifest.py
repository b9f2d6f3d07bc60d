"""What a snapshot says of itself, and whether it is still so."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from pydantic.dataclasses import dataclass

from bulkhead.files import LARGEST_ANSWER, read_file
from bulkhead.network import Digest, Provenance
from bulkhead.observe.dumps import MANIFEST
from bulkhead.problems import InputError, Problem

SCHEMA: Final = "bulkhead.snapshot/1"
_ANEW: Final = "take the snapshot anew, or restore it as it was"
_STRICT: Final = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class RegionKept:
    """One Region of an account: of which keys the answer is missing, and why, as `Answers`."""

    region: str
    missing: Mapping[str, str] = Field(default_factory=dict)
    not_beside: Mapping[str, str] = Field(default_factory=dict)
    closed: str = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFrom:
    """A topology and its lock, by their names in the folder, and what they made when kept.

    `called` and `lock_called` are what is said of them in a sentence, `file` (at `revision` of
    git, '' where it lay there) where its lines are found. `network` is the fingerprint of what
    was planned; `any_lock`, whether that was done without a lock that could not be used.
    """

    topology: str
    lock: str | None
    called: str
    lock_called: str
    file: str
    revision: str = ""
    any_lock: bool = False
    network: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`source` is what was asked about, and `only` the VPC of it, where it was one.

    `of`: an account, whose answers are by Region and call; a dump, whose files are below
    `root` as they were; a state or a preview, of which there are answers and what these do not
    say; or a topology, which was `planned` from its files. `read` are the files of the source
    itself, where they are not kept as they were. `files` by their names within the folder.
    """

    schema: Literal["bulkhead.snapshot/1"] = SCHEMA
    source: str
    of: Literal["account", "dump", "state", "preview", "topology"]
    only: str | None = None
    root: str = ""
    provenance: Provenance
    read: tuple[Digest, ...] = ()
    planned: PlannedFrom | None = None
    regions: tuple[RegionKept, ...] = ()
    files: Annotated[tuple[Digest, ...], Field(max_length=100_000)] = ()

    @property
    def text(self) -> bytes:
        """As it is written."""
        return (
            _MANIFEST.dump_json(self, indent=2, exclude={"provenance": {"digests", "scope"}})
            + b"\n"
        )

    @property
    def sha256(self) -> str:
        """Of the manifest, and so of everything that it lists."""
        return hashlib.sha256(self.text).hexdigest()


_MANIFEST: Final = TypeAdapter(Manifest)


def read_manifest(folder: Path) -> Manifest:
    """What a snapshot says of itself. Raises InputError where that cannot be understood."""
    path = folder / MANIFEST
    data = read_file(path, largest=LARGEST_ANSWER, remedy=_ANEW)
    try:
        manifest = _MANIFEST.validate_json(data)
    except ValidationError as error:
        if newer := _newer(data):
            raise InputError([Problem(str(path), 0, *newer)]) from None
        first, *_ = error.errors()
        where = ".".join(map(str, first["loc"])) or "all of it"
        what = f"is no manifest that this version reads ({where}: {first['msg']})"
        raise InputError([Problem(str(path), 0, what, _ANEW)]) from None
    names = [each.name for each in manifest.files]
    if manifest.of == "dump":
        names.append(manifest.root)
    if (manifest.of == "topology") is not (manifest.planned is not None):
        what = "says that it is of a topology, and not what was planned, or the other way round"
        raise InputError([Problem(str(path), 0, what, _ANEW)])
    if manifest.planned:
        own = {manifest.planned.topology, manifest.planned.lock or manifest.planned.topology}
        if left := own - set(names):
            what = f"is of a topology, and keeps no {', '.join(sorted(left))}"
            raise InputError([Problem(str(path), 0, what, _ANEW)])
    if wrong := [each for each in names if not _is_inside(each)]:
        what = f"names files outside its folder: {', '.join(wrong[:3])}"
        raise InputError([Problem(str(path), 0, what, _ANEW)])
    return manifest


def _newer(data: bytes) -> tuple[str, str] | None:
    """Of a manifest that a later version wrote, that it did, and what reads it."""
    try:
        found = json.loads(data)
        schema, by = found["schema"], found["provenance"]["version"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if schema == SCHEMA or not str(schema).startswith("bulkhead.snapshot/"):
        return None
    what = f"is a manifest of the form {schema}, and this version reads {SCHEMA}"
    return what, f"read it with bulkhead {by} or later"


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def expect_unchanged(folder: Path, manifest: Manifest) -> None:
    """Raises InputError with every file that is not as it was kept, is gone, or came later."""
    problems: list[Problem] = []
    for each in manifest.files:
        path = folder / each.name
        if not path.is_file() or path.is_symlink():
            problems.append(Problem(str(path), 0, "was kept and is not there", _ANEW))
            continue
        found = hashlib.sha256(read_file(path, largest=LARGEST_ANSWER, remedy=_ANEW)).hexdigest()
        if found != each.sha256:
            what = f"was changed after it was kept: its SHA-256 is {found}, and was {each.sha256}"
            problems.append(Problem(str(path), 0, what, _ANEW))
    known = {each.name for each in manifest.files}
    for name in others(folder, known):
        problems.append(Problem(str(folder / name), 0, f"is in no line of {MANIFEST}", "remove it"))
    if problems:
        raise InputError(problems)


def others(folder: Path, known: set[str]) -> Iterator[str]:
    """What lies there beside them and the manifest, less what a system keeps for itself."""
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for each in sorted(files):
            name = (Path(at) / each).relative_to(folder).as_posix()
            if not each.startswith(".") and name != MANIFEST and name not in known:
                yield name
