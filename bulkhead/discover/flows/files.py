"""Which files of flow logs there are, and what the records in each are made of.

A text file names its fields in its first line; an export of CloudWatch Logs has none, and a time
before each record. Files of one form are read together.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from bulkhead.discover.flows.fields import DEFAULT_FORMAT, NEEDED, OF_TRANSIT, field_of
from bulkhead.files import is_folder, open_file
from bulkhead.problems import InputError, Problem

NAME_ONE: Final = (
    "name a file or folder of VPC flow logs (text, .gz or .parquet), or s3://BUCKET/PREFIX"
)
_ANEW: Final = "fetch the file again"
_GLOBS: Final = re.compile(r"[*?\[\]{}]")
_LONGEST_LINE: Final = 64 * 1024
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_SUFFIXES: Final = (".parquet", ".gz", ".log", ".txt", ".csv", "")
_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How the records of some files are laid out: what each column is called.

    `columns` are fields, and words of others that nobody reads. `header`: the first line names
    them. Of Parquet the file says so itself.
    """

    parquet: bool
    columns: tuple[str, ...]
    header: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Files that are read together, by their form, and what was passed over beside them.

    Where they were fetched into a folder, `called` is what their names begin with elsewhere.
    """

    files: Mapping[Form, tuple[Path, ...]]
    passed_over: tuple[str, ...] = ()
    folder: Path | None = None
    called: str = ""

    def name(self, file: str) -> str:
        """What people call a file."""
        return file if self.folder is None else file.replace(f"{self.folder}/", self.called, 1)

    @contextmanager
    def naming(self) -> Iterator[None]:
        """What is wrong with a file is said with the name that people know."""
        try:
            yield
        except InputError as error:
            raise InputError(
                replace(each, file=self.name(each.file)) for each in error.problems
            ) from None


def files_in(place: Path) -> Iterator[Path]:
    """The file itself, or all files of a folder and of those in it, by name."""
    if not is_folder(place, remedy=NAME_ONE):
        yield place
        return
    for each in sorted(place.rglob("*")):
        if not any(part.startswith(".") for part in each.relative_to(place).parts) and (
            each.is_file() or each.is_symlink()
        ):
            yield each


def fetched(folder: Path, called: str, fields: tuple[str, ...] = ()) -> Batch:
    """All files of a folder into which they were fetched. Raises InputError, as they are called."""
    named = Batch(files={}, folder=folder, called=called)
    with named.naming():
        found = batch([folder], fields)
    passed = tuple(map(named.name, found.passed_over))
    return replace(named, files=found.files, passed_over=passed)


def batch(places: Iterable[Path], fields: tuple[str, ...] = ()) -> Batch:
    """All files, by their form. Raises InputError with everything that is wrong.

    `fields` are those of a file that does not name its own.
    """
    found: dict[Form, list[Path]] = defaultdict(list)
    passed: list[str] = []
    problems: list[Problem] = []
    for place in dict.fromkeys(places):
        try:
            inside = list(files_in(place))
        except InputError as error:
            problems += error.problems
            continue
        for file in inside:
            if file != place and file.suffix.lower() not in _SUFFIXES:
                passed.append(str(file))
                continue
            try:
                if form := form_of(file, fields):
                    found[form].append(file)
            except InputError as error:
                problems += error.problems
    if not found and not problems:
        what = "there is no file of a flow log"
        problems = [Problem(str(each), 0, what, NAME_ONE) for each in places]
    if problems:
        raise InputError(problems)
    return Batch(
        files={form: tuple(files) for form, files in found.items()}, passed_over=tuple(passed)
    )


def form_of(path: Path, fields: tuple[str, ...] = ()) -> Form | None:
    """What is in a file; None where nothing is. Raises InputError."""
    if _GLOBS.search(str(path)):
        what = "its name has a sign that means several names (* ? [ ] { })"
        raise InputError([Problem(str(path), 0, what, "rename it")])
    with open_file(path, remedy=NAME_ONE) as file:
        start = file.read(4)
        if start == _PARQUET:
            return Form(parquet=True, columns=())
        if path.suffix.lower() == ".parquet":
            raise _refused(path, "is no Parquet, whatever its name says")
        if start[:2] != _GZIP and path.suffix.lower() == ".gz":
            raise _refused(path, "is not compressed, whatever its name says")
        if start[:2] == _GZIP and path.suffix.lower() != ".gz":
            raise InputError(
                [Problem(str(path), 0, "is compressed and its name does not say so", "add .gz")]
            )
        file.seek(0)
        line = _first_line(path, file, compressed=start[:2] == _GZIP)
    if not line.strip():
        return None
    return _form_of_line(path, line.split(), fields)


def _first_line(path: Path, file: IO[bytes], *, compressed: bool) -> str:
    try:
        if compressed:
            with gzip.open(file) as text:
                line = text.readline(_LONGEST_LINE)
        else:
            line = file.readline(_LONGEST_LINE)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise _refused(path, "is cut off or damaged: it cannot be decompressed") from None
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise InputError([Problem(str(path), 1, "is no text", NAME_ONE)]) from None


def _form_of_line(path: Path, words: list[str], fields: tuple[str, ...]) -> Form:
    named = [field_of(each) for each in words]
    if sum(each is not None for each in named) * 2 > len(words) or "srcaddr" in named:
        columns = tuple(known or word for known, word in zip(named, words, strict=True))
        _expect_enough(path, columns)
        return Form(parquet=False, columns=columns)
    if OF_TRANSIT & set(words):
        what = "is the flow log of a transit gateway, whose records are not read"
        raise InputError([Problem(str(path), 1, what, "name that of the VPC")])
    timed = _TIME.fullmatch(words[0]) is not None
    values = words[1:] if timed else words
    columns = fields or (DEFAULT_FORMAT if values[0] == "2" else ())
    if values[0].isdigit() and columns:
        if len(values) != len(columns):
            what = f"line 1 has {len(values)} values, and the format {len(columns)} fields"
            remedy = "name the fields with --format, as the flow log has them"
            raise InputError([Problem(str(path), 1, what, remedy)])
        return Form(parquet=False, columns=("time",) * timed + columns, header=False)
    if values[0].isdigit() and len(values) > 1:
        what = "its first line names no fields, and it has not the default format"
        raise InputError(
            [Problem(str(path), 1, what, "name the fields with --format, as the flow log has them")]
        )
    raise InputError([Problem(str(path), 1, "is no flow log: it names no field of one", NAME_ONE)])


def _expect_enough(path: Path, columns: tuple[str, ...]) -> None:
    if twice := sorted({each for each in columns if columns.count(each) > 1}):
        what = f"names {', '.join(twice)} twice"
        raise InputError([Problem(str(path), 1, what, "write each field once")])
    expect_needed(path, columns)


def expect_needed(path: Path, columns: Iterable[str], line: int = 1) -> None:
    """Raises InputError where a field is missing without which nothing can be told."""
    present = set(columns)
    if OF_TRANSIT & present:
        what = "is the flow log of a transit gateway, whose records are not read"
        raise InputError([Problem(str(path), line, what, "name that of the VPC")])
    lacking = [each for each in NEEDED if each not in present and f"pkt-{each}" not in present]
    if lacking:
        what = f"its records have no {', '.join(lacking)}"
        remedy = "without that nobody can say who talked to whom: add it to the flow log's format"
        raise InputError([Problem(str(path), line, what, remedy)])


def parsed_format(text: str) -> tuple[str, ...]:
    """'${version} ${srcaddr} …' or 'version srcaddr …' as fields. Raises InputError."""
    words = re.findall(r"[\w-]+", text)
    named = [field_of(each) for each in words]
    if wrong := [word for word, known in zip(words, named, strict=True) if known is None]:
        what = f"{', '.join(wrong)} is no field of a flow log"
        raise InputError([Problem("--format", 0, what, "write it as the flow log has it")])
    fields = tuple(each for each in named if each is not None)
    expect_needed(Path("--format"), fields, 0)
    return fields


def _refused(path: Path, what: str) -> InputError:
    return InputError([Problem(str(path), 0, what, _ANEW)])
