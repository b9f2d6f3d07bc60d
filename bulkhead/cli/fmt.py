"""`bulkhead fmt`: topologies laid out alike."""

from __future__ import annotations

import sys
from difflib import unified_diff
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from bulkhead.cli.codes import NO, YES, unusable
from bulkhead.files import write_file
from bulkhead.intent.document import LARGEST_FILE, read_bytes
from bulkhead.intent.layout import formatted
from bulkhead.problems import InputError, Problem
from bulkhead.report.console import errors, output

_STDIN: Final = Path("-")
_NAME_OF_STDIN: Final = "stdin"


def fmt(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Topology files, or - to read one and print it."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a file would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; print what would change, and exit 1.")
    ] = False,
) -> int:
    """Lay topologies out alike: indentation, quotes, the order of keys. Comments stay.

    What a topology means never changes, and of several files none is written if one cannot be
    read. Exit code 1: --check or --diff found something to change.
    """
    if _STDIN in files and len(files) > 1:
        unusable("- reads one topology from standard input; name files, or - alone")
    found = _laid_out(files)
    changed = {path: each for path, each in found.items() if each[0] != each[1]}
    if diff:
        for path, (before, after) in changed.items():
            _show(path, before, after)
    if check or diff:
        for path in changed:
            errors().print(f"{path} would change")
        return NO if changed else YES
    if _STDIN in found:
        sys.stdout.buffer.write(found[_STDIN][1])
        return YES
    _write(changed)
    return YES


_Found = tuple[bytes, bytes]
"""What a file holds, and what it would hold."""


def _laid_out(files: list[Path]) -> dict[Path, _Found]:
    """Of every file; raises InputError with what is wrong in all of them."""
    found: dict[Path, _Found] = {}
    problems: list[Problem] = []
    for path in files:
        try:
            if path != _STDIN and path.suffix not in (".yaml", ".yml"):
                remedy = "name topologies: only those are laid out"
                raise InputError([Problem(str(path), 0, "is no .yaml file", remedy)])
            before = _stdin() if path == _STDIN else read_bytes(path)
            name = _NAME_OF_STDIN if path == _STDIN else str(path)
            found[path] = before, formatted(name, before).encode()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _stdin() -> bytes:
    data = sys.stdin.buffer.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        what = f"is larger than {LARGEST_FILE >> 20} MiB"
        raise InputError([Problem(_NAME_OF_STDIN, 0, what, "write it to a file, and look at it")])
    return data


def _write(changed: dict[Path, _Found]) -> None:
    for path, (_, after) in changed.items():
        there = path.resolve()  # a link stays one
        mode = there.stat().st_mode
        write_file(there, after, remedy="see who may write there")
        there.chmod(mode)
        errors().print(f"wrote {path}")
    if not changed:
        errors().print("nothing to write: laid out already")


def _show(path: Path, before: bytes, after: bytes) -> None:
    console = output()
    old, new = (each.decode("utf-8", "replace").split("\n") for each in (before, after))
    for line in unified_diff(old, new, str(path), str(path), lineterm=""):
        console.print(Text(line, {"+": "green", "-": "red"}.get(line[:1], "")))
