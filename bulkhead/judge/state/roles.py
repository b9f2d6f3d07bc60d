"""What a field of a thing is to a difference between two networks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final


class _Nothing:
    """No value at all: where every value was observed."""


NEVER: Final = _Nothing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Tells which thing it is, and is no difference in itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indifferent:
    """Decides no packet, now or later, because of `why`."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Decides a packet, now or later.

    `said`: what it is called. `then`: what it does where no packet shows it today.
    `unknown`: the value that stands for not observed. `plain` takes from a thing the
    value without what was only added to tell names apart. `mend` makes of the planned
    and the observed thing the call that puts it right, '' where the engine does. `tag`:
    it is only said, and decides what else is to be expected. `asked`: whether a plan always
    says it; of a part of a thing it may leave it as it stands, by None.
    """

    said: str
    then: str = ""
    unknown: object = NEVER
    plain: Callable[[Any], object] | None = None
    mend: Callable[[Any, Any], str] | None = None
    tag: bool = False
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The id of a thing, or several; the same if they lead to the same things.

    `inside`: nothing is there without the thing that it is inside of. `ids` finds
    them where a field holds more than ids. `mend` as of `Compared`.
    """

    said: str
    then: str = ""
    unknown: object = NEVER
    inside: bool = False
    mend: Callable[[Any, Any], str] | None = None
    ids: Callable[[tuple[str, ...]], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Things within the thing, without a life of their own: each is there, or not.

    `said`: what one is called. `slot`: the fields that say which one it is, where
    there is only one of each; without any, one that says something else is another.
    `unknown` as of `Compared`.
    """

    said: str
    then: str = ""
    slot: tuple[str, ...] = ()
    unknown: object = NEVER
    ordered: bool = False


Role = Identity | Indifferent | Compared | Reference | Parts
