"""One comment, and it is the newest run's.

A forge has no lock and no condition on a write. So everything is decided anew from what stands
there: before each write, after each write, and after each wait, because another run may write in
the same second. Who wrote looks once more a little later: by then a run that had looked before
has written too, and is put right. So runs that race end with the oldest comment, which says what
the latest of them found, whoever came last.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bulkhead.forge.body import framed
from bulkhead.forge.marker import Marker, marked
from bulkhead.forge.thread import Comment, Thread, UnavailableError

PATIENCE: Final = 150.0
"""Seconds that are waited for a forge, all in all: a secondary limit of GitHub lasts a minute."""
_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)
"""Seconds between attempts where a forge does not say how long."""
_ROUNDS: Final = 12
"""Looks that one attempt takes: each run that writes at the same time costs one or two."""
SETTLED: Final = 3.0
"""Seconds after a write when whoever looked before it has written as well."""


class Became(StrEnum):
    """What became of the comment."""

    CREATED = "created"
    UPDATED = "updated"
    NEWER = "newer"  # a later run was here before
    OUTDATED = "outdated"  # the pull request has another head by now
    NOTHING = "nothing"  # nothing to say, and no comment that says otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`only_update`: it is worth a comment only where one is there that says otherwise."""

    marker: Marker
    text: str
    only_update: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    became: Became
    url: str = ""


def post(
    thread: Thread,
    message: Message,
    *,
    patience: float = PATIENCE,
    sleep: Callable[[float], None] = time.sleep,
) -> Posted:
    """Say it on the pull request. Raises RefusedError, and UnavailableError once patience ends."""
    waited = 0.0
    for pause in _PAUSES:
        try:
            return _attempt(thread, message, sleep)
        except UnavailableError as error:
            wait = pause if error.wait is None else error.wait
            if waited + wait > patience:
                raise
            sleep(wait)
            waited += wait
    return _attempt(thread, message, sleep)


@dataclass(frozen=True, slots=True)
class _Written:
    """A comment of ours, and what its marker says."""

    comment: Comment
    marker: Marker


def _attempt(thread: Thread, message: Message, sleep: Callable[[float], None]) -> Posted:
    """Look and write, until what is there is what should be there."""
    me = thread.whoami()
    body = framed(message.marker, message.text, longest=thread.longest)
    made: _Written | None = None
    wrote = False
    for _ in range(_ROUNDS):
        head = thread.head()
        if head is not None and head != message.marker.head:
            return Posted(became=Became.OUTDATED)
        written = _written(thread, me, message.marker.key, made)
        if not written:
            if message.only_update:
                return Posted(became=Became.NOTHING)
            comment = thread.create(body)
            me = comment.author or me  # who could not tell who he is knows it now
            made, wrote = _Written(comment, message.marker), True
            continue
        kept, *others = written
        latest = _latest(written, head)
        ours = not _supersedes(latest.marker, message.marker, head)
        wanted = message.marker if ours else latest.marker
        for each in others:
            if kept.marker == wanted or each is not latest:
                thread.delete(each.comment.id)
        if kept.marker != wanted:
            thread.update(kept.comment.id, body if ours else latest.comment.body)
            wrote = True
        elif wrote:
            sleep(SETTLED)
            wrote = False
        else:
            return Posted(became=_became(made, kept, ours), url=kept.comment.url)
    raise UnavailableError("other runs write the same comment all the time; run the job again")


def _became(made: _Written | None, kept: _Written, ours: bool) -> Became:
    if not ours:
        return Became.NEWER
    return Became.CREATED if made and made.comment.id == kept.comment.id else Became.UPDATED


def _supersedes(theirs: Marker, ours: Marker, head: str | None) -> bool:
    return theirs != ours and theirs.later_than(ours, current=head)


def _latest(written: list[_Written], head: str | None) -> _Written:
    latest, *others = written
    for each in others:
        if each.marker.later_than(latest.marker, current=head):
            latest = each
    return latest


def _written(thread: Thread, me: str | None, key: str, made: _Written | None) -> list[_Written]:
    """Our comments of this key, the oldest first: more than one only where runs raced.

    Anybody may paste our marker into a comment of his own, so the author decides. What
    was just `made` may not be listed yet.
    """
    found = {
        each.id: _Written(each, marker)
        for each in thread.comments()
        if each.author and each.author == me and (marker := marked(each.body)) and marker.key == key
    }
    if made is not None:
        found.setdefault(made.comment.id, made)
    return [found[id_] for id_ in sorted(found)]
