"""Segments in subnets that are there and others': whether what stands there is what they need.

Nothing of others is touched. Their NACL stays before the subnet, so it has to let through all that
is declared, in both directions, and their route table leads to no site for our sake. What does not
fit is told before anything is made; an entry that is missing is one to ask its owner for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from bulkhead.intent import Segment, Topology
from bulkhead.network import Flow, NetworkAcl, RouteTable, Subnet, assignable
from bulkhead.plan.acls import Need, merged
from bulkhead.plan.let_through import Refusal, refusal
from bulkhead.plan.standing_facts import StandingFacts, StandingSubnet
from bulkhead.plan.units import Unit
from bulkhead.plan.wiring import Wiring
from bulkhead.problems import Problem

_ADOPT: Final = "run `bulkhead adopt` on the topology's file (of one in Python, on its lock)"
_OF_OURS: Final = "let that segment have subnets of its own: remove subnets:"

StandingByZone = Mapping[tuple[str, str], StandingSubnet]
"""By segment and zone."""
NOTHING_STANDS: Final[StandingByZone] = {}


def standing_subnets(topology: Topology, facts: StandingFacts) -> StandingByZone:
    """Those of all segments that are in such, one in each zone."""
    return {
        (name, zone): each
        for name, several in facts.subnets.items()
        for zone in topology.zones
        for each in several
        if each.is_in(zone)
    }


def astray(topology: Topology, facts: StandingFacts, *, known: bool = False) -> Iterator[Problem]:
    """What is not known of the subnets of a segment, unless all is that can be, and what does not
    fit of them."""
    of: dict[str, str] = {}
    for name, segment in topology.segments.items():
        if not segment.stands_already:
            continue
        place = topology.place_of("segments", name, "subnets")
        several = facts.subnets.get(name, ())
        if not _is_known(segment, several, facts.tags.get(name)):
            what = f"what stands in the subnets of segment {name} is not known"
            yield from () if known else (Problem(*place, what, _ADOPT),)
            continue
        for what, remedy in _zone_by_zone(topology, segment, several):
            yield Problem(*place, what, remedy)
        for each in several:
            first = of.setdefault(each.id, name)
            if first != name:
                what = f"{each.id} is of segment {name}, and of segment {first} too"
                yield Problem(*place, what, "name other subnets, or tags that one of the two has")


def ids_of(standing: StandingByZone) -> Mapping[str, Mapping[str, str]]:
    """By segment and zone."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (segment, zone), each in standing.items():
        found[segment][zone] = each.id
    return dict(found)


def _is_known(
    segment: Segment, found: Sequence[StandingSubnet], tags: Mapping[str, str] | None
) -> bool:
    if isinstance(segment.subnets, tuple):
        return {each.id for each in found} == {*segment.subnets}
    return bool(found) and tags is not None and dict(tags) == dict(segment.subnets)


def _zone_by_zone(
    topology: Topology, segment: Segment, several: Sequence[StandingSubnet]
) -> Iterator[tuple[str, str]]:
    for zone in topology.zones:
        there = [each.id for each in several if each.is_in(zone)]
        if not there:
            have = ", ".join(f"{each.id} in {each.zone}" for each in several)
            what = f"segment {segment.name} has no subnet in {zone} ({have})"
            yield what, "name one in each zone, or write zones: with theirs"
        elif len(there) > 1:
            what = f"segment {segment.name} has {len(there)} subnets in {zone}: {', '.join(there)}"
            yield what, "name one in each zone"
    if isinstance(segment.subnets, tuple):
        for each in several:
            if not any(each.is_in(zone) for zone in topology.zones):
                what = f"{each.id} of segment {segment.name} is in {each.zone}, "
                what += f"and the topology in {', '.join(topology.zones)}"
                yield what, "name one in each of its zones, or add the zone"


def held_in(standing: StandingByZone, facts: StandingFacts) -> Iterator[tuple[str, dict[int, str]]]:
    """By the id of each subnet the usable addresses there that others have, counted from the first,
    each with whose it is."""
    for each in standing.values():
        first = int(assignable(each.cidr)[0])
        yield each.id, {int(at) - first: id_ for at, id_ in facts.held_in(each)}


def subnet_of(each: StandingSubnet, zone: str, vpc: str) -> Subnet:
    """It as AWS calls it. Of no segment: what else stands there is none of ours."""
    return Subnet(
        id=each.id,
        name=each.id,
        vpc=vpc,
        zone=zone,
        zone_id=each.zone_id,
        cidr=each.cidr,
        nacl=each.nacl,
        route_table=each.route_table,
    )


def as_planned(
    standing: StandingByZone, facts: StandingFacts, vpc: str
) -> tuple[tuple[Subnet, ...], tuple[NetworkAcl, ...], tuple[RouteTable, ...]]:
    """They, their NACLs and their tables, as AWS calls them. Of a table it is known that it leads
    nowhere within the VPC and not to the internet: what else it leads to is no matter here."""
    every = {each.id: (zone, each) for (_, zone), each in standing.items()}
    tables = {each.route_table: each.main for _, each in every.values()}
    return (
        tuple(subnet_of(each, zone, vpc) for _, (zone, each) in sorted(every.items())),
        tuple(
            NetworkAcl(id=id_, name=id_, vpc=vpc, entries=facts.nacls.get(id_, ()))
            for id_ in sorted({each.nacl for _, each in every.values()})
        ),
        tuple(
            RouteTable(id=id_, name=id_, vpc=vpc, routes=(), main=main)
            for id_, main in sorted(tables.items())
        ),
    )


def not_let(
    wiring: Wiring,
    units: Iterable[Unit],
    standing: StandingByZone,
    facts: StandingFacts,
    needs_of: Callable[[Flow], Iterable[tuple[str, Need]]],
) -> Iterator[Problem]:
    """Entries that NACLs of others lack, and flows with sites, to which none of their tables leads
    for us."""
    topology = wiring.topology
    inside = {unit.name: unit for unit in units if unit.standing}
    if not inside:
        return
    segment_of = {each.name: unit.segment for unit in inside.values() for each in unit.interfaces}
    wanted: dict[str, dict[Need, Flow]] = defaultdict(dict)
    beyond: dict[tuple[str, str], Flow] = {}
    for flow in wiring.flows:
        ends = flow.client, flow.server.owner
        for here, there in (ends, ends[::-1]):
            if here in segment_of and there in topology.outside:
                beyond.setdefault((segment_of[here], there), flow)
        for name, need in needs_of(flow):
            if name in inside and not topology.outside.keys() & {*ends}:
                wanted[name].setdefault(need, flow)
    for (segment, site), flow in beyond.items():
        place = topology.place_of("segments", segment, "subnets")
        what = f"{flow.client} connects to {flow.server.name}, and segment {segment} is in subnets "
        what += f"of others, whose route table is theirs: nothing of ours leads to {site}"
        yield Problem(*place, what, _OF_OURS)
    for name, first in wanted.items():
        yield from _lacking(topology, inside[name].segment, standing, facts, first)


def _lacking(
    topology: Topology,
    segment: str,
    standing: StandingByZone,
    facts: StandingFacts,
    wanted: Mapping[Need, Flow],
) -> Iterator[Problem]:
    place = topology.place_of("segments", segment, "subnets")
    behind: dict[str, list[str]] = defaultdict(list)
    for (of, _), each in standing.items():
        if of == segment:
            behind[each.nacl].append(each.id)
    for nacl, subnets in sorted(behind.items()):
        for need in merged(wanted):
            found = refusal(facts.nacls.get(nacl, ()), need)
            if found is not None:
                flow = next(each for one, each in wanted.items() if _is_about(one, need, found))
                yield Problem(
                    *place,
                    f"{nacl} of others, before {', '.join(sorted(subnets))} of segment {segment}, "
                    f"{_said(found)}: {flow.client} connects to {flow.server.name}",
                    f"ask for an entry there: {need.direction} {_before(found)}allow {need}",
                )


def _is_about(one: Need, of: Need, found: Refusal) -> bool:
    same = (one.direction, one.protocol, one.cidr) == (of.direction, of.protocol, of.cidr)
    return same and one.ports.overlap(found.need.ports) is not None


def _said(found: Refusal) -> str:
    way = "in" if found.need.direction == "ingress" else "out"
    if found.entry is None:
        return f"does not let {way} {found.need}"
    return f"denies {way} {found.need} by entry {found.entry.number}"


def _before(found: Refusal) -> str:
    return f"before {found.entry.number} " if found.entry is not None else ""
