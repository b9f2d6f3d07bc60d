"""The files that somebody wants an answer in, beside the text: the one place for all verbs.

    forms = asked(sarif=sarif, junit=junit, csv=csv, as_json=as_json)
    ...
    if forms:
        forms.write(the sheet)
    if not forms.instead: print the text

A file that cannot be written is refused before the long work. And an old one goes before that
work starts: if the question then cannot be asked, nothing is left that looks like an answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulkhead.cli.codes import unusable
from bulkhead.files import write_file

if TYPE_CHECKING:
    from bulkhead.report.sheet import Sheet

Page = Callable[["Sheet"], str]
"""Writes the whole page of a sheet: what is drawn on it, only the verb knows."""

STDOUT: Final = "-"
_MARKS: Final[Mapping[str, bytes]] = {
    "sarif": b"sarif-schema-2.1.0.json",
    "junit": b'package="bulkhead.',
    "code-quality": b'"check_name": ',
    "csv": b'"outcome","severity","kind","title"',
    "html": b'name="generator" content="Bulkhead"',
    "ocsf": b'"class_uid": 2003',
}
"""What stands at the beginning of a file of ours, by its form."""
_BEGINNING: Final = 4_096
_REMEDY: Final = "name a file in a folder that can be written, or - for standard output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """By form, where it goes. Made by `asked`."""

    files: Mapping[str, Path]

    @property
    def instead(self) -> bool:
        """Whether one of them takes standard output in place of the text."""
        return any(str(each) == STDOUT for each in self.files.values())

    def __bool__(self) -> bool:
        """Whether any was asked for: to say an answer so takes imports that others do not need."""
        return bool(self.files)

    def write(self, sheet: Sheet, page: Page | None = None, ocsf: Page | None = None) -> None:
        """All of them, each whole or not at all. Raises UnusableError where one cannot be."""
        texts = {
            form: _written(form, sheet, ocsf if form == "ocsf" else page) for form in self.files
        }
        for form, path in self.files.items():
            if str(path) == STDOUT:
                sys.stdout.write(texts[form])
            else:
                _put(path, texts[form].encode(errors="backslashreplace"))


def asked(*, as_json: bool = False, markdown: bool = False, **files: Path | None) -> Forms:
    """What was asked for, by form, and whether standard output holds another one already.

    Raises UnusableError where two want the same place, or one cannot be written.
    """
    wanted = {form.replace("_", "-"): path for form, path in files.items() if path is not None}
    said = [f"--{form} -" for form, path in wanted.items() if str(path) == STDOUT]
    said += ["--json"] * as_json + ["--markdown"] * markdown
    if len(said) > 1 and any(str(path) == STDOUT for path in wanted.values()):
        unusable(f"{' and '.join(said)} both go to standard output: give a file to one of them")
    places: dict[Path, str] = {}
    for form, path in wanted.items():
        if str(path) == STDOUT:
            continue
        other = places.setdefault(path.resolve(), form)
        if other != form:
            unusable(f"--{other} and --{form} name one file: {path}")
        _refuse_what_cannot_be(form, path)
    for form, path in wanted.items():
        forget(form, path)
    return Forms(files=wanted)


def forget(form: str, path: Path) -> None:
    """Take away an old file of that form, and nothing that is not one of ours."""
    try:
        beginning = _beginning(path) if path.is_file() else b""
        if _MARKS[form] in beginning or beginning.strip() == b"[]":
            path.unlink()
    except (OSError, ValueError):
        return  # whoever asked hears of it in a sentence, if the answer goes there


def named(words: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """The forms and files that a command line names, also one that nobody understands."""
    words = list(words)
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name.removeprefix("--") in _MARKS and name.startswith("--"):
            yield name.removeprefix("--"), Path(value if equals else following)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_BEGINNING)


def _refuse_what_cannot_be(form: str, path: Path) -> None:
    where, name = path.resolve().parent, f"--{form} {path}"
    try:
        if path.is_dir():
            unusable(f"{name} is a directory; {_REMEDY}")
        if path.exists() and not path.is_file():
            return  # a pipe, a device: whoever made it knows what reads it
        if not where.is_dir():
            unusable(f"{name}: there is no directory {where}; {_REMEDY}")
    except (OSError, ValueError) as error:
        unusable(f"{name} cannot be written ({error}); {_REMEDY}")
    if not os.access(where, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        unusable(f"{name} cannot be written (Permission denied); {_REMEDY}")


def _put(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():
        try:
            path.write_bytes(data)
        except OSError as error:
            unusable(f"{path} cannot be written ({error.strerror}); {_REMEDY}")
        return
    write_file(path.resolve(), data, remedy=_REMEDY)


def _written(form: str, sheet: Sheet, page: Page | None) -> str:
    # Each is imported by whoever asks for it: a writer takes as long as a small answer.
    match form:
        case "sarif":
            from importlib import metadata  # noqa: PLC0415

            from bulkhead.report.places import checkout_around  # noqa: PLC0415
            from bulkhead.report.sarif import sarif  # noqa: PLC0415

            return sarif(
                sheet, checkout_around(Path.cwd(), dict(os.environ)), metadata.version("bulkhead")
            )
        case "code-quality":
            from bulkhead.report.code_quality import code_quality  # noqa: PLC0415
            from bulkhead.report.places import checkout_around  # noqa: PLC0415

            return code_quality(sheet, checkout_around(Path.cwd()))
        case "junit":
            from bulkhead.report.junit import junit  # noqa: PLC0415

            return junit(sheet)
        case "csv":
            from bulkhead.report.spreadsheet import spreadsheet  # noqa: PLC0415

            return spreadsheet(sheet)
        case _:
            if page is None:
                raise TypeError(f"nothing writes {form} of {sheet.verb}")
            return page(sheet)
