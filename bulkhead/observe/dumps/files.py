"""Which files of a dump are read, and what their folders say of them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from bulkhead.files import LARGEST_ANSWER, is_folder, read_file, read_start
from bulkhead.observe.dumps import text as json_text
from bulkhead.observe.dumps.forms import refusal
from bulkhead.observe.dumps.text import JsonText
from bulkhead.problems import InputError, Problem

_REGION: Final = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{2}|eusc)(?:-(?:gov|iso[bef]?|de))?"
    r"-(?:north|south|central)?(?:east|west|north|south|central)-[0-9]{1,2}(?![0-9])"
)
"""'eu-west-1', also at the front of a zone: 'us-west-2-lax-1a'.

(docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)
"""
MOST_ENTRIES: Final = 10_000
DEEPEST_FOLDER: Final = 32
LARGEST_DUMP: Final = 4 * LARGEST_ANSWER
"""What a folder of answers may hold: files and folders, levels, bytes that are read."""
_NAME_A_DUMP: Final = "name a folder that holds answers of `aws ec2 describe-*` and little else"
_REMOVE: Final = "put the answer there as a file, or remove it"
_COPY: Final = "put a copy of what it leads to there, or remove it"
MANIFEST: Final = "bulkhead-snapshot.json"
"""What `bulkhead snapshot` writes beside the answers that it keeps: none itself."""
UNSAID: Final = "bulkhead-stack.json"
"""What it writes beside the answers of a stack, which without it would claim too much."""
_NAME_ITS_FOLDER: Final = f"name the folder of that snapshot, with its {MANIFEST}"
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_START: Final = 4096
_BEFORE: Final = b"\xef\xbb\xbf\xff\xfe \t\r\n"
"""What may stand before JSON: the marks of UTF-8 and UTF-16, and white space."""


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
        return _promises_json(self.name)


def is_snapshot(folder: Path) -> bool:
    """Whether a folder says that it is one."""
    return os.path.lexists(folder / MANIFEST)


def region_in(text: str | None) -> str | None:
    """The first region that a text names: a folder, a zone, an ARN."""
    found = _REGION.search(text or "")
    return found.group() if found else None


def files(root: Path) -> Iterator[File]:
    """Every file below a folder, or the one file, in the order of their names.

    Raises InputError where a folder cannot be listed, holds more than a dump does, or holds
    a link to what is not in it: whoever sent the folder would choose what else is read.
    A folder that a link leads back to is entered once.
    """
    folder = is_folder(root, remedy=_NAME_A_DUMP)
    own = root.resolve()
    if not folder:
        yield File(root, region_in(root.stem) or region_in(own.parent.name))
        return
    wrong: list[Problem] = []
    found = list(_Walk(root, wrong).below(root, 0))
    if wrong:
        raise InputError(wrong)
    for path in found:
        # The nearest folder that names a region has the say.
        places = [*reversed(path.relative_to(root).parts), own.name]
        regions = [region for place in places if (region := region_in(place))]
        accounts = [place for place in places[1:] if _ACCOUNT.fullmatch(place)]
        yield File(path, regions[0] if regions else None, accounts[0] if accounts else None)


class _Walk:
    """Through a folder once: so deep, and past so many entries."""

    def __init__(self, root: Path, wrong: list[Problem]) -> None:
        self.root, self.own, self.wrong = root, Path(os.path.realpath(root)), wrong
        self.entered: set[tuple[int, int]] = set()
        self.left = MOST_ENTRIES

    def below(self, folder: Path, depth: int) -> Iterator[Path]:
        if depth > DEEPEST_FOLDER:
            what = f"lies more than {DEEPEST_FOLDER} folders deep"
            raise InputError([Problem(str(folder), 0, what, _NAME_A_DUMP)])
        for each in self._inside(folder):
            # What a system keeps for itself: .git, the '._' files of macOS.
            if each.name.startswith(".") or each.name == MANIFEST:
                continue
            if each.name == UNSAID:
                what = "is of a snapshot of a stack, and says what is in doubt of these answers"
                self.wrong.append(Problem(str(folder / each.name), 0, what, _NAME_ITS_FOLDER))
            elif self._leads_out(each):
                what = "is a link that leads out of the folder"
                self.wrong.append(Problem(str(folder / each.name), 0, what, _COPY))
            elif _is(each.is_dir):
                yield from self.below(folder / each.name, depth + 1)
            elif _is(each.is_file) or _promises_json(each.name):
                yield folder / each.name

    def _leads_out(self, entry: os.DirEntry[str]) -> bool:
        """Whether following it would read what lies elsewhere."""
        if not entry.is_symlink() or not (_is(entry.is_dir) or _is(entry.is_file)):
            return False
        return not Path(os.path.realpath(entry.path)).is_relative_to(self.own)

    def _inside(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            known_as = folder.stat()
            if (known_as.st_dev, known_as.st_ino) in self.entered:
                return []
            self.entered.add((known_as.st_dev, known_as.st_ino))
            with os.scandir(folder) as entries:
                inside = list(islice(entries, self.left + 1))
        except OSError as error:
            what = f"the folder cannot be listed ({error.strerror})"
            remedy = "make it readable, or move it out of the dump"
            self.wrong.append(Problem(str(folder), 0, what, remedy))
            return []
        self.left -= len(inside)
        if self.left < 0:
            what = f"holds more than {MOST_ENTRIES} files and folders"
            raise InputError([Problem(str(self.root), 0, what, _NAME_A_DUMP)])
        return sorted(inside, key=lambda each: each.name)


def _is(kind: Callable[[], bool]) -> bool:
    """What cannot be looked at, such as a link to itself, is neither file nor folder."""
    try:
        return kind()
    except OSError:
        return False


def _promises_json(name: str) -> bool:
    return name.lower().endswith(".json")


def read(file: File) -> JsonText | None:
    """What the file says; None where it never was an answer of the AWS CLI.

    The name does not decide: `aws ec2 describe-vpcs > vpcs` holds one, too.
    Raises InputError where it should be one and is not.
    """
    try:
        start = read_start(file.path, _START, remedy=_REMOVE).replace(b"\x00", b"")
    except InputError:
        if file.must_be_read:
            raise
        return None
    if not file.must_be_read and not start.lstrip(_BEFORE).startswith(b"{"):
        return None
    data = read_file(file.path, largest=LARGEST_ANSWER, remedy=_REMOVE)
    return json_text.read(file.name, data)


def other_form(file: File) -> Problem | None:
    """What it is that is no answer as the AWS CLI writes JSON, and holds one all the same."""
    try:
        if file.must_be_read:
            return refusal(file.name, read_file(file.path, largest=LARGEST_ANSWER, remedy=_REMOVE))
        return refusal(file.name, read_start(file.path, _START, remedy=_REMOVE))
    except InputError:
        return None


def mentions(file: File, keys: Iterable[str]) -> bool:
    """Whether what cannot be read as an answer at least begins like one."""
    start = read_start(file.path, _START, remedy=_REMOVE).replace(b"\x00", b"")
    return any(f'"{key}"'.encode() in start for key in keys)
