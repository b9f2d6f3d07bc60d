"""Which zones are meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.regions import MOST_ZONES, expect_zone_of, is_zone_id, zones_by_number
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.wrong import Wrong, quoted

_MIXED: Final = (
    "write all of them by ids or all by names: which are the same, the account alone knows "
    "('aws ec2 describe-availability-zones')"
)


def resolve_zones(written: WrittenTopology, complain: Complain) -> tuple[str, ...]:
    """The full names of the zones, or their ids; empty when they cannot be told."""
    region, zones = written.region, written.zones
    if zones is None:
        return ()
    if isinstance(zones, int):
        if region is None:
            return ()
        try:
            return zones_by_number(region, zones)
        except Wrong as wrong:
            complain(("zones",), f"zones: {wrong.what}", wrong.remedy)
            return ()
    if len(zones) > MOST_ZONES:
        complain(("zones",), f"zones: {len(zones)} are listed", f"list 1 to {MOST_ZONES}")
    keys = {zone: zone if isinstance(zones, Mapping) else index for index, zone in enumerate(zones)}
    seen: set[str] = set()
    for index, zone in enumerate(zones):
        place = ("zones", zone if isinstance(zones, Mapping) else index)
        if zone in seen:
            complain(place, f"zones: {quoted(zone)} is listed twice", "list it once")
        elif region is not None:
            _expect(region, zone, place, complain)
        seen.add(zone)
    by_id = [zone for zone in zones if is_zone_id(zone)]
    if by_id and len(by_id) < len(seen):
        other = next(zone for zone in zones if not is_zone_id(zone))
        what = f"zones: {quoted(by_id[0])} is an id and {quoted(other)} is none"
        complain(("zones", keys[by_id[0]]), what, _MIXED)
    if isinstance(zones, Mapping):
        _judge_former(zones, region, complain)
    return tuple(zones)


def former_zones(written: WrittenTopology) -> Mapping[str, str]:
    """What each zone was called before, of those that say so."""
    zones = written.zones
    return {zone: was for zone, was in zones.items() if was} if isinstance(zones, Mapping) else {}


def _expect(region: str, zone: str, place: tuple[str | int, ...], complain: Complain) -> None:
    try:
        expect_zone_of(region, zone)
    except Wrong as wrong:
        complain(place, f"zones: {wrong.what}", wrong.remedy)


def _judge_former(zones: Mapping[str, str], region: str | None, complain: Complain) -> None:
    """A name becomes the id of the same zone, or an id a name; no zone becomes another."""
    heirs: dict[str, str] = {}
    for zone, was in zones.items():
        if not was:
            continue
        place = ("zones", zone, "was")
        first = heirs.setdefault(was, zone)
        if is_zone_id(was) == is_zone_id(zone):
            kind = "ids" if is_zone_id(zone) else "names"
            what = f"{quoted(was)} and {quoted(zone)} are both {kind}, so it is another zone"
            complain(place, f"zones, was: {what}", "remove it, or write the name of that id")
        elif first != zone:
            what = f"zones, was: {quoted(was)} is what {first} was called, too"
            complain(place, what, "'aws ec2 describe-availability-zones' says which it is")
        elif region is not None:
            _expect(region, was, place, complain)
