"""What is kept of a source, and how: a folder is there as a whole, or it is not there."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from bulkhead.files import LARGEST_ANSWER, read_file
from bulkhead.network import Digest, Provenance
from bulkhead.observe.dumps import MANIFEST, is_snapshot
from bulkhead.observe.dumps import files as dump_files
from bulkhead.observe.dumps import text as json_text
from bulkhead.observe.dumps.answers import content
from bulkhead.observe.observed import Observed
from bulkhead.observe.pulumi.shaped import Shaped
from bulkhead.observe.snapshots.manifest import (
    Manifest,
    RegionKept,
    others,
    read_manifest,
)
from bulkhead.observe.snapshots.stacks import KEEP_ITSELF, stack_files
from bulkhead.problems import InputError, Problem

_ELSEWHERE: Final = "name another folder with -o"
_File = tuple[str, bytes]


def keep_account(
    found: Observed, folder: Path, *, source: str, only: str | None, made_from: Provenance
) -> Manifest:
    """The answers of an account, one file a call and Region. Raises InputError."""
    manifest = Manifest(
        source=source,
        of="account",
        only=only,
        provenance=made_from,
        regions=tuple(
            RegionKept(
                region=each.region,
                missing=each.missing,
                not_beside=each.not_beside,
                closed=each.closed,
            )
            for each in found.answers
        ),
    )
    return keep_files(manifest, folder, (file for each in found.answers for file in each.files))


def keep_dump(
    path: Path, folder: Path, *, source: str, only: str | None, made_from: Provenance
) -> Manifest:
    """The answers of a dump as they are, less secrets; nothing else that lies there.

    Raises InputError.
    """
    whole = path.resolve()
    root = whole.name if whole.is_dir() else f"{whole.parent.name}/{whole.name}"
    manifest = Manifest(
        source=source, of="dump", only=only, root=root or "dump", provenance=made_from
    )
    return keep_files(manifest, folder, _answers_below(path, manifest.root))


def keep_stack(
    stack: Shaped,
    path: Path,
    folder: Path,
    *,
    source: str,
    of: Literal["state", "preview"],
    made_from: Callable[[Observed], Provenance],
) -> Manifest:
    """What a state or a preview at `path` says of a network, and nothing else of it.

    Raises InputError.
    """
    found = stack.observed(path, remedy=KEEP_ITSELF)
    by = made_from(found)
    manifest = Manifest(source=source, of=of, provenance=by, read=by.digests)
    return keep_files(manifest, folder, stack_files(stack, found, path).items())


def _answers_below(path: Path, root: str) -> Iterator[_File]:
    for file in dump_files.files(path):
        try:
            if dump_files.read(file) is None:
                continue
            # What is judged is what is kept, whatever happens to the file in between.
            data = read_file(file.path, largest=LARGEST_ANSWER, remedy="try again")
            text = json_text.read(file.name, data)
        except InputError:
            continue  # what nobody reads is no answer: `read_dump` has looked
        found = content(text, file)
        if not found.is_one or not isinstance(text.value, dict):
            continue
        below = file.path.relative_to(path).as_posix()
        name = root if below == "." else f"{root}/{below}"
        kept = {key: each for key, each in text.value.items() if key not in found.ignored}
        if json.loads(text.text) != kept:
            data = json.dumps(kept, indent=4, ensure_ascii=False).encode() + b"\n"
        yield name, data


def expect_free(folder: Path) -> None:
    """Raises InputError where a folder holds anything but a snapshot of before."""
    if not os.path.lexists(folder):
        return
    if not folder.is_dir() or folder.is_symlink():
        raise InputError([Problem(str(folder), 0, "is there and is no folder", _ELSEWHERE)])
    inside = sorted(each.name for each in folder.iterdir())
    if not inside:
        return
    if not is_snapshot(folder):
        what = f"holds other things ({', '.join(inside[:3])})"
        raise InputError([Problem(str(folder), 0, what, _ELSEWHERE)])
    known = {each.name for each in read_manifest(folder).files}
    if added := list(others(folder, known)):
        what = f"is a snapshot to which something was added ({', '.join(added[:3])})"
        raise InputError([Problem(str(folder), 0, what, _ELSEWHERE)])


def keep_files(manifest: Manifest, folder: Path, files: Iterable[_File]) -> Manifest:
    """Written beside the folder, and put in its place when all of it is there.

    Raises InputError.
    """
    expect_free(folder)
    place = Path(os.path.abspath(folder))  # noqa: PTH100 - a link stays the link that was named
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        draft.mkdir()
        digests = []
        for name, data in files:
            _write(draft / name, data)
            digests.append(Digest(name=name, sha256=hashlib.sha256(data).hexdigest()))
        whole = replace(manifest, files=tuple(digests))
        _write(draft / MANIFEST, whole.text)
        _put(draft, place)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(
            [Problem(str(folder), 0, f"cannot be written ({why})", _ELSEWHERE)]
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return whole


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _put(draft: Path, folder: Path) -> None:
    """What was there before goes when the new one stands, and comes back if it cannot."""
    if not folder.exists():
        draft.rename(folder)
        return
    before = folder.with_name(f"{draft.name}.before")
    folder.rename(before)
    try:
        draft.rename(folder)
    except OSError:
        before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)
