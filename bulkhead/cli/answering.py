"""What becomes of an answer that cannot be printed: a reader that left, a full disk, no output."""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Final, Never

from bulkhead.cli.codes import UNUSABLE

GONE: Final = 128 + 13
"""What a shell shows for a program that wrote into a closed pipe (SIGPIPE)."""


_ESCAPED: Final = "bulkhead.escaped"


def _escape(error: UnicodeError) -> tuple[str, int]:
    """What an encoding has no sign for, as JSON writes it: so that JSON stays JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return json.dumps(lost)[1:-1], error.end


codecs.register_error(_ESCAPED, _escape)


@contextmanager
def answering() -> Iterator[None]:
    """Everything inside may print; whether it could be printed is known at the end."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - till the end
    if sys.stdout is None:
        _lost("it is closed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A name that this terminal cannot show is no reason to show nothing.
            stream.reconfigure(errors=_ESCAPED)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _left()
    except SystemExit as ended:
        # click and rich turn a broken pipe into exit code 1, which here means "no".
        if isinstance(ended.__context__, BrokenPipeError):
            _left()
        raise
    except OSError as error:
        if error.filename is not None:
            raise
        _lost(error.strerror or str(error))


def _left() -> Never:
    _discard()
    sys.exit(GONE)


def _lost(why: str) -> Never:
    _discard()
    sys.stderr.write(f"error: the answer cannot be written to standard output: {why}\n")
    sys.exit(UNUSABLE)


def _discard() -> None:
    """What is still buffered would fail once more when Python ends."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
