"""How strict network ACLs may be so that all of it fits: the strictest of these that does.

What packets can do is the same in each of them: the groups are exact. A network ACL is never laid
open that denies something today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bulkhead.present.named import PresentSegment
from bulkhead.present.text import PresentDraft


def stances(draft: PresentDraft) -> Iterator[PresentDraft]:
    """With exact network ACLs, with widened ones, with those open that are so today, with both."""
    yield draft
    yield replace(draft, widen=True)
    open_now = tuple(replace(each, open=each.open_now) for each in draft.segments)
    if any(each.open for each in open_now):
        yield replace(draft, segments=open_now)
        if not all(each.open for each in open_now):
            yield replace(draft, segments=open_now, widen=True)


def in_one(segments: Iterable[PresentSegment]) -> PresentSegment:
    """All of them as one."""
    open_now = all(each.open_now for each in segments)
    return PresentSegment(name="all", subnets=("every subnet",), open_now=open_now)
