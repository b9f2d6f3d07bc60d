"""Regions and zones, as far as a name alone can tell."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.wrong import Wrong, alternatives, quoted

MOST_ZONES: Final = 4

_REGION: Final = re.compile(
    r"[a-z]{2}(-gov|-iso[a-z]?)?-(north|south|east|west|central)(east|west)?-[1-9]", re.ASCII
)

# How many zones a Region has whose letters run a, b, c… without a gap in every
# account (docs.aws.amazon.com/global-infrastructure/latest/regions/
# aws-availability-zones.html: a zone's code is the Region's and a letter).
# us-west-1, ap-northeast-1 and ca-central-1 are left out on purpose: their
# letters have gaps, or differ from account to account.
_CONTIGUOUS: Final[dict[str, int]] = {
    "af-south-1": 3,
    "ap-east-1": 3,
    "ap-northeast-2": 4,
    "ap-northeast-3": 3,
    "ap-south-1": 3,
    "ap-south-2": 3,
    "ap-southeast-1": 3,
    "ap-southeast-2": 3,
    "ap-southeast-3": 3,
    "ap-southeast-4": 3,
    "ca-west-1": 3,
    "eu-central-1": 3,
    "eu-central-2": 3,
    "eu-north-1": 3,
    "eu-south-1": 3,
    "eu-south-2": 3,
    "eu-west-1": 3,
    "eu-west-2": 3,
    "eu-west-3": 3,
    "il-central-1": 3,
    "me-central-1": 3,
    "me-south-1": 3,
    "sa-east-1": 3,
    "us-east-1": 6,
    "us-east-2": 3,
    "us-west-2": 4,
}


_ID: Final = re.compile(r"[a-z]{2,8}[1-9]-az[1-9]", re.ASCII)
_ELSEWHERE: Final = re.compile(r"[a-z]{2,8}[1-9]-[a-z0-9-]+[1-9]", re.ASCII)
"""'usw2-lax1-az1', 'use1-wl1-bos-wlz1'
(docs.aws.amazon.com/local-zones/latest/ug/available-local-zones.html)."""


def is_zone_id(zone: str) -> bool:
    """Whether this is the id of a zone, which is the same place in every account, and no name
    (docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html)."""
    return bool(_ID.fullmatch(zone))


def parse_region(value: object) -> str:
    """The name of an AWS Region. Raises Wrong."""
    if isinstance(value, str) and _REGION.fullmatch(value):
        return value
    if isinstance(value, str) and _REGION.fullmatch(value[:-1]) and value[-1].isalpha():
        raise Wrong(f"{quoted(value)} is a zone", f"write its Region, {value[:-1]}")
    raise Wrong(f"{quoted(value)} is not an AWS Region", "write one such as eu-west-1")


def zones_by_number(region: str, number: int) -> tuple[str, ...]:
    """The first `number` zones of a Region. Raises Wrong."""
    if not 1 <= number <= MOST_ZONES:
        raise Wrong(f"{number} is not a number of zones", f"write 1 to {MOST_ZONES}")
    if region not in _CONTIGUOUS:
        raise Wrong(
            f"which zones an account has in {region} cannot be told from their number",
            f"list them, as in [{region}a, {region}c]; "
            f"'aws ec2 describe-availability-zones --region {region}' names them",
        )
    if number > _CONTIGUOUS[region]:
        most = _CONTIGUOUS[region]
        raise Wrong(f"{region} has {most} zones, not {number}", f"write 1 to {most}")
    return tuple(region + letter for letter in "abcdef"[:number])


def prefix_of_ids(region: str) -> str:
    """What the ids of a Region's zones begin with: 'euw1' of eu-west-1, 'usgw1' of us-gov-west-1;
    '' of a Region of a partition whose ids no page has.

    docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
    """
    country, *inside, direction, number = region.split("-")
    if inside not in ([], ["gov"]):
        return ""
    initials = "".join(each[0] for each in _DIRECTION.findall(direction))
    return f"{country}{'g' if inside else ''}{initials}{number}"


_DIRECTION: Final = re.compile("north|south|east|west|central")


def expect_zone_of(region: str, zone: str) -> None:
    """Raises Wrong unless `zone` is an Availability Zone of `region`, by its name or its id."""
    begins = prefix_of_ids(region)
    if is_zone_id(zone):
        if begins and zone.partition("-")[0] != begins:
            raise Wrong(
                f"{quoted(zone)} is the id of a zone of another Region than {region}",
                f"write one such as {begins}-az1",
            )
        return
    if _ELSEWHERE.fullmatch(zone):
        raise Wrong(
            f"{quoted(zone)} is the id of a local or wavelength zone, not supported yet",
            f"write that of an Availability Zone, such as {begins or 'euw1'}-az1",
        )
    letters = "abcdef"[: _CONTIGUOUS[region]] if region in _CONTIGUOUS else "abcdef"
    if zone.startswith(region) and zone[len(region) :] in tuple(letters):
        return
    if zone.startswith(region + "-"):
        raise Wrong(
            f"{quoted(zone)} is a local or wavelength zone, not supported yet",
            f"write an Availability Zone such as {region}a",
        )
    raise Wrong(
        f"{quoted(zone)} is not a zone of {region}",
        f"write {alternatives(region + letter for letter in letters)}",
    )
