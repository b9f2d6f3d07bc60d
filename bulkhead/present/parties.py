"""Who is in a VPC, in the words of a topology, and whoever else exchanges packets with it.

Interfaces with the same groups in the same segment are one service where they are allowed the
same, and subnets behind one NACL whose routes say the same are one segment: nothing here tells
them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bulkhead.ends import EndpointKind, label
from bulkhead.network import Vpc
from bulkhead.present.apart import told_apart
from bulkhead.present.named import (
    LeftOut,
    PresentNames,
    PresentParty,
    PresentSegment,
    PresentService,
    PresentSite,
)
from bulkhead.present.services import segments_of, services_of
from bulkhead.present.sites import sites_of
from bulkhead.prove import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentParties:
    services: tuple[PresentService, ...]
    sites: tuple[PresentSite, ...]
    segments: tuple[PresentSegment, ...]
    every: tuple[PresentParty, ...]
    left: tuple[LeftOut, ...]


def parties_of(reach: Reach, vpc: Vpc) -> PresentParties:
    """Everybody who is in a VPC, or exchanges packets with it."""
    names = PresentNames()
    left: list[LeftOut] = []
    segments, segment_of = segments_of(reach.network, vpc)
    services = tuple(services_of(reach, segment_of, names, left))
    sites = tuple(sites_of(reach, vpc, names, left))
    every = [PresentParty(name=each.name, ends=each.ends, service=each) for each in services]
    for site in sites:
        every += [
            PresentParty(name=site.name, ends=1 << at, site=site, at=at) for at in site.places
        ]
    every = told_apart(reach, every, names)
    services = tuple(each.service for each in every if each.service)
    held = {each.segment for each in services}
    every += _others(reach, every)
    if any(each.version == 6 and each.vpc == vpc.id for each in reach.endpoints):
        why = "addresses and flows of IPv6 are not written; ipv6: amazon gives a new block"
        left.append(LeftOut(what=f"IPv6 of {vpc.name}", why=why))
    return PresentParties(
        services=services,
        sites=sites,
        segments=tuple(each for each in segments if each.name in held),
        every=tuple(every),
        left=tuple(left),
    )


def _others(reach: Reach, written: Iterable[PresentParty]) -> list[PresentParty]:
    """Whoever else there is, by what people call it. Strangers are none: they are no program."""
    taken = 0
    for party in written:
        taken |= party.ends
    found: dict[tuple[EndpointKind, str], int] = defaultdict(int)
    for index, each in enumerate(reach.endpoints):
        other = each.kind is not EndpointKind.STRANGER and each.version == 4
        if other and not taken >> index & 1:
            found[each.kind, label(each)] |= 1 << index
    outer = EndpointKind.INTERNET
    return [
        PresentParty(name=name, ends=ends, outer=kind is outer)
        for (kind, name), ends in found.items()
    ]
