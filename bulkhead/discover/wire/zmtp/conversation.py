"""Both sides of a connection: which version they agree on, and what each then shows."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bulkhead.discover.wire.zmtp.greeting import GREETING_2, GREETING_3, Recognised
from bulkhead.discover.wire.zmtp.speaking import Shown, Speaker

_MOST_HELD: Final = 4_096
"""Bytes of one side that are kept while the other has not said which version it speaks."""


class WireSide(StrEnum):
    CLIENT = "client"
    SERVER = "server"

    @property
    def other(self) -> WireSide:
        return WireSide.SERVER if self is WireSide.CLIENT else WireSide.CLIENT


class Conversation:
    """The bytes of both sides, each in its order; they may come in any pieces."""

    def __init__(self, *, midway: bool = False) -> None:
        """`midway`: its greetings were before the capture, and frames come at once."""
        self._speakers = {each: Speaker() for each in WireSide}
        for each in self._speakers.values() if midway else ():
            each.resume()

    def feed(self, side: WireSide, data: bytes) -> None:
        if not data:
            return
        self._speakers[side].feed(data)
        self._settle()

    def lose(self, side: WireSide, count: int) -> None:
        """That many bytes of a side are not there."""
        self._speakers[side].lose(count)

    def finish(self) -> None:
        """No more will come: a side that nobody answered is read by its own version."""
        for each in self._speakers.values():
            if not each.begun and each.start and each.recognised is Recognised.ZMTP:
                major = _own(each)
                if major:
                    each.begin(major)

    @property
    def recognised(self) -> Recognised:
        """ZMTP where a side showed a signature, or both speak 1.0 and nothing contradicts it."""
        sides = list(self._speakers.values())
        if any(self._signed(each) for each in sides):
            return Recognised.ZMTP
        if any(each.recognised is Recognised.NOT or not each.sensible for each in sides):
            return Recognised.NOT
        return Recognised.PERHAPS

    @property
    def unsigned(self) -> bool:
        """Whether both sides speak as 1.0 does, which has no signature to know it by."""
        return all(each.begun and each.frames_seen for each in self._speakers.values()) and (
            self.recognised is Recognised.PERHAPS
        )

    @property
    def sensible(self) -> bool:
        """Whether all that came so far is what peers write."""
        return all(each.sensible for each in self._speakers.values())

    @property
    def hopeless(self) -> bool:
        """Whether nothing that may still come makes it ZMTP."""
        sides = list(self._speakers.values())
        return self.recognised is Recognised.NOT and (
            all(each.size for each in sides) or any(each.size > _MOST_HELD for each in sides)
        )

    def shown(self, side: WireSide) -> Shown:
        return self._speakers[side].shown

    def foreign(self, side: WireSide) -> bool:
        """Whether a side says what no peer says."""
        each = self._speakers[side]
        return each.size > 0 and not each.begun and each.recognised is Recognised.NOT

    def _signed(self, speaker: Speaker) -> bool:
        return speaker.recognised is Recognised.ZMTP and speaker.signed

    def _settle(self) -> None:
        for each in self._speakers.values():
            if each.begun or not each.start:
                continue
            if (spoken := self._spoken) and (each.major or (spoken == 1 and each.signed)):
                each.begin(spoken)
            elif len(each.start) > _MOST_HELD and (major := _own(each)):
                each.begin(major)

    @property
    def _spoken(self) -> int | None:
        """The version of both, which is the lower; None while it is open.

        A peer that hears no signature speaks 1.0 and says no more of its own version.
        """
        majors = [each.spoken or each.major for each in self._speakers.values()]
        if 1 in majors:
            return 1
        return min(each for each in majors if each) if all(majors) else None


def _own(speaker: Speaker) -> int | None:
    """The version that a side spoke of which the other is not seen.

    It sends a mechanism, and all behind it, only to a peer of 3.0 or later.
    """
    if speaker.major is None:
        return None
    if speaker.major < 3:
        return speaker.major
    if len(speaker.start) >= GREETING_3 or len(speaker.start) < GREETING_2:
        return 3 if speaker.shown.mechanism else 2
    return 3
