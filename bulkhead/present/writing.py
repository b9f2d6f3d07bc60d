"""The text: what is there and what it really allows, with the rules that allow it as comments.

It is tried before it is given away: `accepts` loads and plans it. The flows are those of the proof,
and of each one packet is walked as well: where the two opinions differ, it is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.discover.flows import FlowsSeen
from bulkhead.discover.register import BoundaryRegister
from bulkhead.intent.starting import DEFAULT_REGION, name_like, region_like
from bulkhead.network import Network, Verdict, Vpc
from bulkhead.present.fitting import Accepts, fitting
from bulkhead.present.flows import PresentFlow, sayable
from bulkhead.present.gathering import beside_of, gathered_by_pair
from bulkhead.present.named import (
    LeftOut,
    PresentParty,
    PresentSegment,
    PresentService,
    PresentSite,
)
from bulkhead.present.opening import Passes, PresentOpening, openings
from bulkhead.present.parties import PresentParties, parties_of
from bulkhead.present.placing import Placing
from bulkhead.present.recorded import Recorded
from bulkhead.present.registered import Registered
from bulkhead.present.stances import in_one
from bulkhead.present.text import PresentDraft, lines_of, remarks, text_of, walked
from bulkhead.present.tightening import Tightening, UseWitness
from bulkhead.present.whole import PresentOpenings, fitted, merged
from bulkhead.problems import InputError
from bulkhead.prove import Reach
from bulkhead.prove.sets.by_port import bits_of

_MOST_ZONES: Final = 4
_ZONE: Final = re.compile(r"[a-z0-9-]+", re.ASCII)
_OTHER_BLOCKS: Final = ("10.20.0.0/16", "172.20.0.0/16", "192.168.0.0/16")


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentTopology:
    """`comments` are what stands between those who are written and is no flow, with why; `beside`
    what they exchange with who is not written; `left` things that are not written. Of evidence:
    what was seen and is `refused` today, and what is `unplaced`, as nobody can tell between whom it
    was."""

    text: str
    name: str
    services: tuple[PresentService, ...]
    sites: tuple[PresentSite, ...]
    segments: tuple[PresentSegment, ...]
    flows: tuple[PresentFlow, ...]
    comments: tuple[LeftOut, ...]
    beside: tuple[LeftOut, ...]
    left: tuple[LeftOut, ...]
    refused: tuple[LeftOut, ...] = ()
    unplaced: tuple[LeftOut, ...] = ()


def present_topology(
    reach: Reach,
    vpc: Vpc,
    *,
    source: str,
    accepts: Accepts,
    seen: FlowsSeen | None = None,
    register: BoundaryRegister | None = None,
) -> PresentTopology:
    """What a network lets through in a VPC, as a topology that `accepts` has no word against.

    With what flow logs have `seen` of it, or a `register` has, no more than that.

    Raises InputError where not even its services and segments can be planned.
    """
    parties = parties_of(reach, vpc)
    draft = _founded(_draft(reach, vpc, source, parties), accepts)
    sites, refused = fitting(
        parties.sites, lambda some: accepts(text_of(replace(draft, sites=tuple(some))))
    )
    draft = replace(draft, sites=tuple(sites))
    left = [
        *parties.left,
        *_not_known(reach.network, vpc),
        *(LeftOut(what=f"what lies behind {site.name}", why=why) for site, why in refused),
    ]
    every = [each for each in parties.every if each.site is None or each.site in sites]
    there = tuple(openings(reach, every))
    allowed, comments, beside = _sorted(there)
    denied: tuple[LeftOut, ...] = ()
    unplaced: tuple[LeftOut, ...] = ()
    if witnesses := _witnesses(reach, every, there, seen, register):
        draft = replace(
            draft,
            days=None if seen is None else tuple(map(str, seen.days)),
            searched=None if register is None else (*register.searched, *register.notes),
        )
        done = Tightening(reach, every, allowed, comments).by(witnesses)
        allowed, denied = list(done.kept), done.refused
        comments += done.left
        unplaced = tuple(each for witness in witnesses for each in witness.remarks())
    said: list[PresentOpening] = []
    for each in allowed:
        can, cannot, why = sayable(each)
        said += [can] if can else []
        comments += [(cannot, why)] if cannot else []
    said.sort(key=lambda each: len(each.ports))
    open_now = PresentOpenings(
        parties=tuple(every), said=tuple(said), comments=tuple(comments), beside=tuple(beside)
    )
    if open_now.is_crowded:
        draft, open_now = merged(draft, open_now)
    draft, open_now = fitted(draft, _doubted(reach, open_now), accepts)
    found = tuple(gathered_by_pair(open_now.comments))
    others = tuple(beside_of(open_now.beside))
    behind = remarks(
        ("Seen, and not allowed for sure today:", denied),
        ("Seen, and nobody can tell between whom:", unplaced),
        ("Between those above, and no flow:", found),
        ("With who is not above:", others),
        ("There, and not written:", left),
    )
    lines = [*lines_of(draft, reach), *behind]
    return PresentTopology(
        text="\n".join(lines) + "\n",
        name=draft.name,
        services=draft.services,
        sites=draft.sites,
        segments=draft.segments,
        flows=draft.flows,
        comments=found,
        beside=others,
        left=tuple(left),
        refused=denied,
        unplaced=unplaced,
    )


def _witnesses(
    reach: Reach,
    parties: Sequence[PresentParty],
    there: Sequence[PresentOpening],
    seen: FlowsSeen | None,
    register: BoundaryRegister | None,
) -> list[UseWitness]:
    """Those that were given."""
    found: list[UseWitness] = []
    if seen is not None:
        found.append(Recorded(reach, parties, seen))
    if register is not None:
        found.append(Registered(Placing(reach, parties, there), register))
    return found


def as_written(reach: Reach, found: PresentTopology) -> Network:
    """What stands there, with each interface of the service that was written for it: by no tag of
    its own anybody could tell."""
    service = {
        reach.endpoints[index].id: each.name
        for each in found.services
        for index in bits_of(each.ends)
    }
    interfaces = tuple(
        replace(each, service=service[each.id]) if each.id in service else each
        for each in reach.network.interfaces
    )
    return replace(reach.network, interfaces=interfaces)


def _not_known(network: Network, vpc: Vpc) -> Iterator[LeftOut]:
    """What a source met and could not tell, or does not list: it may let more through, and others
    may be there."""
    for doubt in dict.fromkeys(network.unmodelled):
        why = f"not known, and no flow of what depends on it is written: {doubt.why}"
        yield LeftOut(what=f"{doubt.kind} {doubt.id}", why=why)
    for each in dict.fromkeys(network.unlisted):
        if each.vpc in (None, vpc.id) and each.runs:
            yield LeftOut(what=f"{each.kind} {each.name}", why=f"it may be there: {each.why}")


def _sorted(
    several: Iterable[PresentOpening],
) -> tuple[list[PresentOpening], list[tuple[PresentOpening, str]], list[PresentOpening]]:
    """What is allowed, what else there is with why it is no flow, and what is with others."""
    allowed: list[PresentOpening] = []
    comments: list[tuple[PresentOpening, str]] = []
    beside: list[PresentOpening] = []
    for each in several:
        if not (each.client.written and each.server.written):
            beside.append(each)
        elif each.passes is not Passes.ALLOWED:
            comments.append((each, str(each.passes)))
        else:
            allowed.append(each)
    return allowed, comments, beside


def _draft(reach: Reach, vpc: Vpc, source: str, parties: PresentParties) -> PresentDraft:
    zones = {
        each.zone
        for each in reach.network.subnets
        if each.vpc == vpc.id and _ZONE.fullmatch(each.zone)
    }
    return PresentDraft(
        name=name_like(vpc.topology or "") or name_like(vpc.name) or "present",
        region=region_like(vpc.region) or DEFAULT_REGION,
        blocks=tuple(str(each) for each in vpc.cidrs if each.version == 4),
        zones=tuple(sorted(zones))[:_MOST_ZONES],
        source=source,
        vpc=vpc,
        segments=parties.segments,
        services=parties.services,
    )


def _founded(draft: PresentDraft, accepts: Accepts) -> PresentDraft:
    """With blocks, zones and segments that can be planned, as near to what stands as that goes."""
    problems = accepts(text_of(draft))
    if not problems:
        return draft
    as_one = replace(
        draft,
        segments=(in_one(draft.segments),),
        services=tuple(replace(each, segment="all") for each in draft.services),
    )
    for each in (draft, as_one):
        for zones in dict.fromkeys((draft.zones, (f"{draft.region}a", f"{draft.region}b"))):
            for blocks in (draft.blocks, *((block,) for block in _OTHER_BLOCKS)):
                tried = replace(each, zones=zones, blocks=blocks)
                if not accepts(text_of(tried)):
                    return tried
    raise InputError(problems)


def _doubted(reach: Reach, found: PresentOpenings) -> PresentOpenings:
    """A packet of each walked: those of which the walk says what the proof says, and the others
    among the comments."""
    kept: list[PresentOpening] = []
    differing: list[tuple[PresentOpening, str]] = []
    for each in found.said:
        verdict = walked(reach, each).verdict
        if verdict is Verdict.ALLOWED:
            kept.append(each)
        else:
            why = f"two opinions differ: allowed by proof, {verdict} by walking a packet"
            differing.append((each, why))
    return replace(found, said=tuple(kept), comments=(*found.comments, *differing))
