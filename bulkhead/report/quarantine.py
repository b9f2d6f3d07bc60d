"""A quarantine in words: what is cut, what stays, and what cannot be cut at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.network import CutOff, LivesOn, Outlasting
from bulkhead.report.words import count

UNFILTERED: Final = (
    "no group and no network ACL filters what its hosts ask of the VPC's resolver, of instance "
    "metadata and of Amazon's time"
)
"""docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html;
docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"""

RUNBOOK: Final = (
    "AWS's runbook AWSSupport-ContainEC2Instance ends them, by groups that first let everything: "
    "docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/"
    "automation-awssupport-containec2instance.html"
)

_WHY: Final = {
    Outlasting.SUBNET: "no network ACL is asked within {}",
    Outlasting.SHARED: "the NACL of {} lets it for others, and there is none at the far end",
    Outlasting.FULL: "the NACLs of {} have no room for entries that deny it",
}


def quarantine_lines(found: CutOff) -> Iterator[str]:
    """Of one service, the first its name and the reason."""
    said = f": {found.why}" if found.why else ""
    owned = f" ({found.owner})" if found.owner else ""
    yield f"{found.service}{said}{owned}"
    for each in found.stays:
        yield f"  stays: {each}"
    for each in found.cut:
        yield f"  cut: {each}"
    yield from (f"  not cut at once: {outlasting_line(each)}" for each in found.lives_on)
    if found.lives_on:
        yield f"  {RUNBOOK}"
    yield f"  {UNFILTERED}"


def outlasting_line(found: LivesOn) -> str:
    """Which connections, for how long and why."""
    why = _WHY[found.reason].format(" and ".join(found.where))
    return (
        f"{found.flow}, where it is open already, until it is silent for {found.seconds:,} s: {why}"
    )


def summary_line(found: CutOff) -> str:
    """All of it in a line."""
    by = f", but for {count(len(found.stays), 'flow')} of {found.responder}" * bool(found.stays)
    some = len({each.flow for each in found.lives_on})
    later = f"; of {count(some, 'flow')} open connections live on" if some else ""
    return f"{found.service} is in quarantine: {count(len(found.cut), 'flow')} cut{by}{later}"
