"""Which files of a dump are read, and what their folders say of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulkhead.observe.dumps import text as json_text
from bulkhead.observe.dumps.text import JsonText
from bulkhead.problems import InputError, Problem

_REGION: Final = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{2}|eusc)(?:-(?:gov|iso[bef]?|de))?"
    r"-(?:north|south|central)?(?:east|west|north|south|central)-[0-9]{1,2}(?![0-9])"
)
"""'eu-west-1', also at the front of a zone: 'us-west-2-lax-1a'.

(docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)
"""
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_START: Final = 4096
_YAML: Final = re.compile(r"^[A-Z][A-Za-z]+:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class File:
    """A file that may hold an answer; `region` and `account` as its place names them."""

    path: Path
    region: str | None = None
    account: str | None = None

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def must_be_read(self) -> bool:
        """Whether its name promises JSON."""
        return self.path.suffix.lower() == ".json"


def region_in(text: str | None) -> str | None:
    """The first region that a text names: a folder, a zone, an ARN."""
    found = _REGION.search(text or "")
    return found.group() if found else None


def files(root: Path) -> Iterator[File]:
    """Every file below a folder, or the one file, in the order of their names.

    Raises InputError where a folder cannot be listed. A folder that a link leads
    back to is entered once.
    """
    own = root.resolve()
    if not root.is_dir():
        yield File(root, region_in(root.stem) or region_in(own.parent.name))
        return
    wrong: list[Problem] = []
    found = list(_below(root, set(), wrong))
    if wrong:
        raise InputError(wrong)
    for path in found:
        # The nearest folder that names a region has the say.
        places = [*reversed(path.relative_to(root).parts), own.name]
        regions = [region for place in places if (region := region_in(place))]
        accounts = [place for place in places[1:] if _ACCOUNT.fullmatch(place)]
        yield File(path, regions[0] if regions else None, accounts[0] if accounts else None)


def _below(folder: Path, entered: set[tuple[int, int]], wrong: list[Problem]) -> Iterator[Path]:
    try:
        known_as = folder.stat()
        if (known_as.st_dev, known_as.st_ino) in entered:
            return
        entered.add((known_as.st_dev, known_as.st_ino))
        inside = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError as error:
        what = f"the folder cannot be listed ({error.strerror})"
        wrong.append(Problem(str(folder), 0, what, "make it readable, or move it out of the dump"))
        return
    for each in inside:
        # What a system keeps for itself: .git, the '._' files of macOS.
        if each.name.startswith("."):
            continue
        path = folder / each.name
        if path.is_dir():
            yield from _below(path, entered, wrong)
        elif path.is_file() or (each.is_symlink() and path.suffix.lower() == ".json"):
            yield path


def read(file: File) -> JsonText | None:
    """What the file says; None where it never was an answer of the AWS CLI.

    The name does not decide: `aws ec2 describe-vpcs > vpcs` holds one, too.
    Raises InputError where it should be one and is not.
    """
    try:
        data = file.path.read_bytes()
    except OSError as error:
        if not file.must_be_read:
            return None
        what = f"it cannot be read ({error.strerror})"
        raise InputError([Problem(file.name, 0, what, "make it readable, or remove it")]) from None
    start = data[:_START].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if file.must_be_read or start.startswith(b"{"):
        return json_text.read(file.name, data)
    return None


def is_yaml_answer(file: File) -> bool:
    """Whether it looks like what `--output yaml` writes."""
    if file.path.suffix.lower() not in (".yaml", ".yml"):
        return False
    try:
        with file.path.open("rb") as opened:
            return bool(_YAML.search(opened.read(_START).decode("utf-8", "replace")))
    except OSError:
        return False


def mentions(file: File, keys: Iterable[str]) -> bool:
    """Whether what cannot be read as an answer at least begins like one."""
    with file.path.open("rb") as opened:
        start = opened.read(_START).replace(b"\x00", b"")
    return any(f'"{key}"'.encode() in start for key in keys)
