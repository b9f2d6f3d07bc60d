"""The frames of ZMTP, whatever pieces they come in: a body is counted, its beginning kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

KEPT: Final = 1_024
"""Bytes of a body that are looked at: what a READY of libzmq holds is far less."""

_MORE: Final = 1
_LONG: Final = 2
_COMMAND: Final = 4


class NoFrameError(ValueError):
    """Bytes that no peer of this version writes."""


@dataclass(frozen=True, slots=True)
class ZmtpFrame:
    """One frame: `size` of its body in bytes, and the first of them.

    `cut`: some of its body is not there.
    """

    more: bool
    command: bool
    size: int
    head: bytes
    cut: bool = False


class FrameReader:
    """Bytes of one side behind its greeting, in; frames that are whole, out.

    `major` is the version that both sides speak. Holds at most one header and `KEPT` bytes.
    With `skims` short frames of messages are counted in `skimmed` and do not come out: a capture
    may hold millions of which nobody looks into one.
    """

    def __init__(self, major: int) -> None:
        self._major = major
        self.skims = False
        self.skimmed = 0
        self._buffer = bytearray()
        self._flags = 0
        self._size = -1  # of the body that is being read; -1: a header comes first
        self._left = 0
        self._head = bytearray()
        self._keep = KEPT
        self._cut = False

    @property
    def between(self) -> bool:
        """Whether what came so far ends where a frame does."""
        return self._size < 0 and not self._buffer

    def feed(self, data: bytes) -> Iterator[ZmtpFrame]:
        """The frames that end in this piece. Raises NoFrameError where the bytes make no sense."""
        self._buffer += data
        at = 0
        while True:
            if self._size < 0:
                at = self._skim(at) if self.skims else at
                taken = self._header(at)
                if not taken:
                    break
                at += taken
            took = min(self._left, len(self._buffer) - at)
            if wanted := min(took, self._keep):
                self._head += self._buffer[at : at + wanted]
                self._keep -= wanted
            at += took
            self._left -= took
            if self._left:
                break
            yield ZmtpFrame(
                bool(self._flags & _MORE),
                bool(self._flags & _COMMAND),
                self._size,
                bytes(self._head),
                self._cut,
            )
            self._size = -1
        del self._buffer[:at]

    def _skim(self, at: int) -> int:
        """Where the first frame begins that is not all there, is long, or is a command."""
        buffer, end, messages = self._buffer, len(self._buffer) - 1, 0
        while at < end and (flags := buffer[at]) <= _MORE:
            after = at + 2 + buffer[at + 1]
            if after > end + 1:
                break
            messages += not flags
            at = after
        self.skimmed += messages
        return at

    def skip(self, count: int) -> bool:
        """Go on behind bytes that are not there; False where they are not within one body."""
        if self._size < 0 or self._buffer or count > self._left:
            return False
        self._left -= count
        self._cut = True
        self._keep = 0  # what comes behind stands elsewhere in the body
        return True

    def _header(self, at: int) -> int:
        """How many bytes of header stand there; 0 where not all of it came."""
        long, flags, size = self._length_and_flags(at)
        if size is None:
            return 0
        if flags & ~(_MORE if self._major == 1 else 7 if self._major > 2 else 3):
            raise NoFrameError(f"flags {flags:#04x}")
        if flags & _COMMAND and flags & _MORE:
            raise NoFrameError("a command of which more is to come")
        if size < 0 or size >> 63:
            raise NoFrameError("a length that there cannot be")
        self._flags, self._size, self._left = flags, size, size
        self._head.clear()
        self._keep = KEPT
        self._cut = False
        return long

    def _length_and_flags(self, at: int) -> tuple[int, int, int | None]:
        """Bytes of the header, its flags, the size of the body (None: not all of it is here)."""
        here = self._buffer[at : at + 10]
        if self._major == 1:
            if len(here) < 2:
                return 0, 0, None
            if here[0] != 0xFF:
                return 2, here[1], here[0] - 1
            return (
                (10, here[9], int.from_bytes(here[1:9], "big") - 1)
                if len(here) == 10
                else (0, 0, None)
            )
        if not here:
            return 0, 0, None
        if not here[0] & _LONG:
            return (2, here[0], here[1]) if len(here) > 1 else (0, here[0], None)
        return (9, here[0], int.from_bytes(here[1:9], "big")) if len(here) >= 9 else (0, 0, None)
