"""All that is open, in as few words as it needs: with services that are alike as one, and network
ACLs that are no stricter than fits, and only then less of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bulkhead.present.alike import SaidOpening, together
from bulkhead.present.fitting import Accepts, fitting
from bulkhead.present.flows import flows_of
from bulkhead.present.named import PresentParty
from bulkhead.present.opening import PresentOpening
from bulkhead.present.room import RuleRoom, with_room
from bulkhead.present.stances import stances
from bulkhead.present.text import PresentDraft, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentOpenings:
    """What is open between parties: `said` as flows, `comments` with why they are none, and what
    is `beside`, with who is not written."""

    parties: tuple[PresentParty, ...]
    said: tuple[PresentOpening, ...]
    comments: tuple[SaidOpening, ...]
    beside: tuple[PresentOpening, ...]

    @property
    def is_crowded(self) -> bool:
        """Whether some service needs more rules than its groups can hold."""
        return bool(RuleRoom.of(self.said).full)


def merged(draft: PresentDraft, found: PresentOpenings) -> tuple[PresentDraft, PresentOpenings]:
    """With services that are alike as one."""
    segment_of = {each.name: each.segment for each in draft.services}
    every = [
        *((each, "") for each in found.said),
        *found.comments,
        *((each, "beside") for each in found.beside),
    ]
    now = together(found.parties, every, segment_of)
    reasons: dict[str, list[PresentOpening]] = {}
    for each, why in found.comments:
        reasons.setdefault(why, []).append(each)
    services = [
        replace(each.service, segment=segment_of[each.name]) for each in now.parties if each.service
    ]
    return replace(draft, services=tuple(services)), PresentOpenings(
        parties=now.parties,
        said=tuple(now.of(found.said)),
        comments=tuple((each, why) for why, some in reasons.items() for each in now.of(some)),
        beside=tuple(now.of(found.beside)),
    )


def fitted(
    draft: PresentDraft, found: PresentOpenings, accepts: Accepts
) -> tuple[PresentDraft, PresentOpenings]:
    """The draft with flows that are accepted: all that are `said`, or as many as fit; the others
    are then comments."""
    if not found.is_crowded and (whole := _strictest(draft, found, found.said, accepts)):
        return whole, found
    fewer, alike = merged(draft, found)
    if len(alike.parties) < len(found.parties):
        draft, found = fewer, alike
    kept, refused = with_room(found.said)
    best = _strictest(draft, found, kept, accepts)
    if best is None:
        *_, loosest = stances(draft)
        kept, late = fitting(
            kept,
            lambda some: accepts(text_of(replace(loosest, flows=flows_of(some, found.parties)))),
        )
        refused += late
        best = _strictest(draft, found, kept, accepts) or replace(
            loosest, flows=flows_of(kept, found.parties)
        )
    comments = (*found.comments, *((each, f"no room: {why}") for each, why in refused))
    return best, replace(found, said=tuple(kept), comments=comments)


def _strictest(
    draft: PresentDraft,
    found: PresentOpenings,
    said: Sequence[PresentOpening],
    accepts: Accepts,
) -> PresentDraft | None:
    """The first stance of network ACLs with which all of these are accepted."""
    flows = flows_of(said, found.parties)
    tried = (replace(each, flows=flows) for each in stances(draft))
    return next((each for each in tried if not accepts(text_of(each))), None)
