"""Availability Zones: what AWS calls one in every account, and what in this one.

A zone has an id, which is of the same place in every account, and a name, which AWS gives out
account by account in its oldest Regions (docs.aws.amazon.com/global-infrastructure/latest/regions/
az-ids.html). A plan by ids does not know the names; who holds it against what was found, does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from bulkhead.network.members import stand_in_name
from bulkhead.network.model import Network

_ID: Final = re.compile(r"[a-z]{2,8}[1-9]-az[1-9]", re.ASCII)


def is_zone_id(zone: str) -> bool:
    """Whether this is the id of an Availability Zone, as in 'euw1-az1', and no name."""
    return bool(_ID.fullmatch(zone))


def names_by_id(pairs: Iterable[tuple[str | None, str | None]]) -> Mapping[str, str]:
    """What an account calls each zone, by its id, of whatever says both: (id, name).

    None of what is called two things: that was read in several accounts.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for known_as, name in pairs:
        if known_as and name and not is_zone_id(name):
            found[known_as].add(name)
    return {known_as: min(names) for known_as, names in found.items() if len(names) == 1}


def by_zone_id(network: Network) -> bool:
    """Whether its subnets say their zones by id alone."""
    return any(is_zone_id(each.zone) for each in network.subnets)


def with_zones_of(planned: Network, found: Network) -> Network:
    """A plan whose zones are called as in a network that was found; itself, where none is."""
    names = names_by_id((each.zone_id, each.zone) for each in found.subnets)
    if not names or not by_zone_id(planned):
        return planned
    zone = {each.id: each.zone for each in planned.subnets if each.zone in names}
    return replace(
        planned,
        interfaces=tuple(
            replace(each, name=stand_in_name(each.service or "", names[zone[each.subnet]]))
            if each.stand_in and each.subnet in zone
            else each
            for each in planned.interfaces
        ),
        subnets=tuple(
            replace(each, zone=names[each.zone]) if each.zone in names else each
            for each in planned.subnets
        ),
        nat_gateways=tuple(
            replace(each, zones=tuple((names.get(zone, zone), at) for zone, at in each.zones))
            for each in planned.nat_gateways
        ),
    )
