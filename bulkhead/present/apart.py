"""Interfaces of one group that a rule for some addresses tells apart: several services.

A rule for 10.0.4.10/32 lets one of them in and not the others. As one service, all of them would
be let in by what is written, or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace

from bulkhead.present.alike import alike
from bulkhead.present.named import PresentNames, PresentParty, PresentService, hull
from bulkhead.present.opening import Passes, openings, uneven
from bulkhead.prove import Reach
from bulkhead.prove.sets.by_port import bits_of


def told_apart(
    reach: Reach, written: Sequence[PresentParty], names: PresentNames
) -> list[PresentParty]:
    """The same parties, but for services of which some copies are allowed what others are not:
    those as the fewest of which that is not so. Where copies come and go, they stay one."""
    odd = uneven(reach, written)
    parts: list[PresentParty] = []
    whole: dict[int, PresentService] = {}
    for each in written:
        service = each.service
        if (
            service is None
            or service.members
            or len(service.interfaces) == 1
            or id(each) not in odd
        ):
            parts.append(each)
            continue
        for one in _each_alone(reach, service):
            parts.append(one)
            whole[id(one)] = service
    if not whole:
        return list(written)

    def kind(party: PresentParty) -> Hashable:
        return id(whole[id(party)]) if id(party) in whole else None

    said = ((each, "") for each in openings(reach, parts) if each.passes is Passes.ALLOWED)
    classes = {id(one): several for several in alike(parts, said, kind) for one in several}
    found: list[PresentParty] = []
    done: set[int] = set()
    for each in parts:
        if id(each) in done:
            continue
        several = classes.get(id(each), [each])
        done.update(id(one) for one in several)
        service = whole.get(id(each))
        if service is None:
            found.append(each)
            continue
        if len(several) == len(service.interfaces):
            found.append(PresentParty(name=service.name, ends=service.ends, service=service))
            continue
        called = names.like(service.name, "service") if id(service) in done else service.name
        done.add(id(service))
        found.append(_together(service, called, several))
    return found


def _each_alone(reach: Reach, service: PresentService) -> Iterator[PresentParty]:
    """Each interface of a service as one."""
    ends: dict[str, int] = defaultdict(int)
    for index in bits_of(service.ends):
        ends[reach.endpoints[index].id] |= 1 << index
    for id_, mask in ends.items():
        interface = reach.network.interface[id_]
        one = replace(
            service,
            ends=mask,
            interfaces=(interface.name,),
            client_ports=interface.client_ports,
        )
        yield PresentParty(name=service.name, ends=mask, service=one)


def _together(
    service: PresentService, called: str, several: Sequence[PresentParty]
) -> PresentParty:
    mask = 0
    for each in several:
        mask |= each.ends
    parts = [each.service for each in several if each.service]
    one = replace(
        service,
        name=called,
        ends=mask,
        interfaces=tuple(name for each in parts for name in each.interfaces),
        client_ports=hull(each.client_ports for each in parts),
        told_apart=True,
    )
    return PresentParty(name=called, ends=mask, service=one)
