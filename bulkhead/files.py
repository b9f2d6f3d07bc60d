"""The bytes of a file that somebody named: of a regular file alone, and only so many.

What is written is written whole or not at all.

A leaf that every room may import. What is no file (a pipe, a device) can be waited
for without an end, and a sparse file fills the memory from nothing. Both are refused
before anything is read, in a sentence.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from io import BufferedReader
from pathlib import Path
from typing import Final

from bulkhead.problems import InputError, Problem

LARGEST_ANSWER: Final = 256 * 1024 * 1024
"""The most bytes of a state, a preview or an answer of AWS: some 100,000 interfaces."""

_CALLED: Final = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def is_folder(path: Path, *, remedy: str) -> bool:
    """Whether it is a folder. Raises InputError where nothing is there, or cannot be looked at."""
    with _in_a_sentence(path, remedy):
        return stat.S_ISDIR(path.stat().st_mode)


def read_file(path: Path, *, largest: int, remedy: str) -> bytes:
    """All of a regular file that has at most `largest` bytes.

    Raises InputError, with what would help in the words of who asks.
    """
    with _in_a_sentence(path, remedy), _opened(path, remedy) as file:
        size = os.fstat(file).st_size
        # A file of /proc has no size beforehand, and another may grow while it is read.
        data = _first(file, largest + 1) if size <= largest else b""
        if size > largest or len(data) > largest:
            raise _refused(path, f"is larger than {_size(largest)}", remedy)
        _note(path, data)
        return data


_NOTED: ContextVar[dict[str, str] | None] = ContextVar("_NOTED", default=None)


@contextmanager
def noting() -> Iterator[dict[str, str]]:
    """Per file that is read inside, the SHA-256 of what was read of it.

    Of the very bytes that the reader had: a second look could see another file.
    """
    noted: dict[str, str] = {}
    outer = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(outer)


def _note(path: Path, data: bytes) -> None:
    noted = _NOTED.get()
    if noted is not None:
        noted[str(path)] = hashlib.sha256(data).hexdigest()


def read_if_there(path: Path, *, largest: int, remedy: str) -> bytes | None:
    """The same, and None where nothing of that name is there."""
    with _in_a_sentence(path, remedy):
        try:
            path.stat()
        except FileNotFoundError:
            return None
    return read_file(path, largest=largest, remedy=remedy)


def read_start(path: Path, length: int, *, remedy: str) -> bytes:
    """The first bytes of a regular file, however large it is. Raises InputError."""
    with _in_a_sentence(path, remedy), _opened(path, remedy) as file:
        return _first(file, length)


@contextmanager
def open_file(path: Path, *, remedy: str) -> Iterator[BufferedReader]:
    """A regular file to be read piece by piece, however large it is. Raises InputError."""
    with ExitStack() as held:
        with _in_a_sentence(path, remedy):
            file = held.enter_context(_opened(path, remedy))
        with open(file, "rb", closefd=False) as stream:
            yield stream


def write_file(path: Path, data: bytes, *, remedy: str) -> None:
    """All of it or nothing: whoever reads the file meanwhile finds what was there before.

    Raises InputError, and leaves nothing beside it, where it cannot be written.
    """
    draft = path.with_suffix(".tmp")
    try:
        # A new file: what is left there may be a pipe, or a link to elsewhere.
        draft.unlink(missing_ok=True)
        with draft.open("xb") as file:
            file.write(data)
        draft.replace(path)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            draft.unlink(missing_ok=True)
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise _refused(path, f"cannot be written ({why})", remedy) from None


@contextmanager
def _opened(path: Path, remedy: str) -> Iterator[int]:
    """A descriptor of a regular file.

    It is looked at before it is opened, because to open a device may do something,
    and again behind the open, because by then it may be another thing.
    """
    _expect_regular(path, path.stat(), remedy)
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _expect_regular(path, os.fstat(file), remedy)
        yield file
    finally:
        os.close(file)


def _first(file: int, length: int) -> bytes:
    with open(file, "rb", closefd=False) as stream:
        return stream.read(length)


def _expect_regular(path: Path, status: os.stat_result, remedy: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        called = _CALLED.get(stat.S_IFMT(status.st_mode), "no file")
        raise _refused(path, f"is {called}", remedy)


@contextmanager
def _in_a_sentence(path: Path, remedy: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise _refused(path, "there is no such file", remedy) from None
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})", remedy) from None
    except ValueError as error:  # a NUL in the path
        raise _refused(path, f"cannot be read ({error})", remedy) from None


def _refused(path: Path, what: str, remedy: str) -> InputError:
    return InputError([Problem(str(path), 0, what, remedy)])


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB"
