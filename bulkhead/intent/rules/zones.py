"""Which zones are meant."""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.regions import MOST_ZONES, expect_zone_of, zones_by_number
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.wrong import Wrong, quoted


def resolve_zones(written: WrittenTopology, complain: Complain) -> tuple[str, ...]:
    """The full names of the zones; empty when they cannot be told."""
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
    seen: set[str] = set()
    for index, zone in enumerate(zones):
        if zone in seen:
            complain(("zones", index), f"zones: {quoted(zone)} is listed twice", "list it once")
        elif region is not None:
            try:
                expect_zone_of(region, zone)
            except Wrong as wrong:
                complain(("zones", index), f"zones: {wrong.what}", wrong.remedy)
        seen.add(zone)
    return zones
