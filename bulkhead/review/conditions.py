"""Named conditions under which a change is not to be merged without somebody's word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Final

from bulkhead.compare import ChangeKind
from bulkhead.ends import EndpointKind
from bulkhead.judge import Finding, FindingKind
from bulkhead.review.reviewed import Review


class FailOn(StrEnum):
    """What may fail a review."""

    FROM_UNTRUSTED = "opened-from-untrusted"
    """The internet, an untrusted site, or addresses that nobody knows reach something new that
    is there: where no group holds the receiver, it is `WEAKENED`."""
    FROM_INTERNET = "opened-from-internet"
    """The internet alone does."""
    OPENED = "opened"
    """Any flow opens between hosts, sites and the internet, declared or not."""
    CLOSED = "closed"
    HALF_BROKEN = "half-broken"
    """Requests still arrive, and replies no longer return."""
    UNDETERMINED = "undetermined"
    """Of a flow nobody can tell any more."""
    UNDECLARED = "undeclared"
    """A flow opens that the topology of HEAD does not ask for."""
    WEAKENED = "weakened"
    """NACLs and routes alone let more pass, to or from hosts that no security group holds."""
    WEAKER_MECHANISM = "weaker-mechanism"
    """Sockets of a declared flow no longer encrypt it, or ask nobody any more who connects."""
    INTERRUPTS = "interrupts"
    """Something is replaced, and what runs over it is cut meanwhile."""
    POLICY = "policy"
    """A test of the topology fails that did not, or HEAD is not what BASE's topology plans."""
    RESIDUE = "residue"
    """NACLs must leave more ports open for replies."""
    QUOTA = "quota"
    """A default quota of AWS is exceeded, or nobody can say any more that it is not."""


DEFAULT: Final = (
    *(FailOn.FROM_UNTRUSTED, FailOn.HALF_BROKEN, FailOn.UNDETERMINED),
    *(FailOn.WEAKER_MECHANISM, FailOn.POLICY),
)
"""What is either a danger or a mistake: that a declared flow opens is what changes are for."""


def _any(review: Review, kind: ChangeKind) -> bool:
    return any(each.kind is kind for each in review.flows)


def _extra(finding: Finding) -> bool:
    """Whether it says of something open that nobody declared it: between places no line does."""
    return finding.kind is FindingKind.EXTRA or any(map(_extra, finding.effects))


_HOLDS: Final[Mapping[FailOn, Callable[[Review], bool]]] = {
    FailOn.FROM_UNTRUSTED: lambda review: any(not each.past_groups for each in review.untrusted),
    FailOn.FROM_INTERNET: lambda review: any(
        each.change.source.kind is EndpointKind.INTERNET and not each.past_groups
        for each in review.untrusted
    ),
    FailOn.OPENED: lambda review: _any(review, ChangeKind.OPENED),
    FailOn.CLOSED: lambda review: _any(review, ChangeKind.CLOSED),
    FailOn.HALF_BROKEN: lambda review: _any(review, ChangeKind.HALF_BROKEN),
    FailOn.UNDETERMINED: lambda review: any(
        each.kind is ChangeKind.UNDETERMINED for each in (*review.flows, *review.past_groups)
    ),
    FailOn.UNDECLARED: lambda review: (
        any(each.undeclared and each.kind is ChangeKind.OPENED for each in review.flows)
        or (review.by_place and any(map(_extra, review.findings)))
    ),
    FailOn.WEAKENED: lambda review: any(
        each.kind is ChangeKind.OPENED and not each.scaled for each in review.past_groups
    ),
    FailOn.WEAKER_MECHANISM: lambda review: bool(review.declared.weaker),
    FailOn.INTERRUPTS: lambda review: bool(review.interrupting),
    FailOn.POLICY: lambda review: bool(review.findings),
    FailOn.RESIDUE: lambda review: sum(each.grown for each in review.residue) > 0,
    FailOn.QUOTA: lambda review: any(each.over or each.at_least for each in review.headroom),
}


def failing(review: Review, conditions: Collection[FailOn] = DEFAULT) -> tuple[FailOn, ...]:
    """Those of the conditions that hold, in their order here."""
    return tuple(each for each in FailOn if each in conditions and _HOLDS[each](review))
