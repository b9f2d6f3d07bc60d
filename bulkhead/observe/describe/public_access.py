"""VPC Block Public Access: what a region leaves of the ways to the internet, and to whom.

(docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.network import AccessBlock, AccessMode, Exclusion, PublicAccess
from bulkhead.network.public_access import access_left, wider
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS
from bulkhead.observe.describe.described import Described
from bulkhead.observe.known import in_item
from bulkhead.observe.record import Gaps, Record, UnreadableError

_OPTIONS: Final = BLOCK_PUBLIC_ACCESS.key
_EXCLUSIONS: Final = "VpcBlockPublicAccessExclusions"
_EXCLUDED: Final = frozenset({"create-complete", "update-complete"})
_NOT_EXCLUDED: Final = frozenset({"create-failed", "delete-complete", "disable-complete"})
_ALLOWED: Final = {"allowed": True, "not-allowed": False}


@dataclass(frozen=True, slots=True)
class Access:
    """What a region leaves by default, and to what is excluded (VPC or subnet).

    `block` is None, and `excluded_from` knows nothing of anything that is not listed, where nobody
    observed the option; so it is where exclusions were not listed.
    """

    default: PublicAccess
    excluded: Mapping[str, PublicAccess]
    block: AccessBlock | None
    exclusions: Mapping[str, Exclusion | None]
    listed: bool

    def of(self, subnet: str, vpc: str) -> PublicAccess:
        named = (self.excluded[each] for each in (subnet, vpc) if each in self.excluded)
        return wider(self.default, *named)

    def excluded_from(self, resource: str) -> Exclusion | None:
        """What a VPC or a subnet itself is excluded from; None where nobody knows."""
        return self.exclusions.get(resource, Exclusion.NONE if self.listed else None)

    def of_vpc(self, vpc: str) -> AccessBlock | None:
        """The option as it concerns a VPC."""
        return self.block and replace(self.block, excluded=self.excluded_from(vpc))


def public_access(described: Described, gaps: Gaps) -> Access:
    """The region's mode and its exclusions.

    An exclusion that is being made or undone, or that cannot be read, leaves the
    ways to the internet of its VPC in doubt (`in_doubt`): it excludes as much as it may,
    since what is blocked for sure no doubt about a gateway opens.
    """
    mode = AccessMode.OFF
    excluded: dict[str, PublicAccess] = {}
    exclusions: dict[str, Exclusion | None] = {}
    with gaps.needing():
        mode = AccessMode.OFF if _is_changing(described) else _mode(described)
    for record in described[_EXCLUSIONS]:
        with gaps.needing(record):
            resource, kind = _resource(record), _exclusion(record)
            state = record.maybe("State") or "create-complete"
            if state in _NOT_EXCLUDED:
                continue
            left = PublicAccess.OPEN if kind is None else access_left(mode, kind)
            excluded[resource] = wider(left, excluded.get(resource, left))
            known = kind if state in _EXCLUDED else None
            exclusions[resource] = known if resource not in exclusions else None
    block = _block(described)
    listed = block is not None and _EXCLUSIONS not in described.missing
    return Access(access_left(mode), excluded, block, exclusions, listed)


def _exclusion(record: Record) -> Exclusion | None:
    """None: in words that nobody here knows."""
    if any(in_item(_EXCLUSIONS, record.values)):
        return None
    with suppress(ValueError):
        return Exclusion(record.maybe("InternetGatewayExclusionMode") or "")
    return None


def _block(described: Described) -> AccessBlock | None:
    """The option as it was told, of which nothing is excluded yet; None where it was not."""
    told = described.public_access
    if told is None or any(in_item(_OPTIONS, told.values)):
        return None
    with suppress(UnreadableError, ValueError):
        return AccessBlock(
            mode=AccessMode(told.text("InternetGatewayBlockMode")),
            managed_by=told.maybe("ManagedBy") or "",
            exclusions_allowed=_ALLOWED.get(told.maybe("ExclusionsAllowed") or ""),
            settled=told.maybe("State") != "update-in-progress",
        )
    return None


def _is_changing(described: Described) -> bool:
    options = described.public_access
    if options is None:
        return False
    unknown = any(in_item(BLOCK_PUBLIC_ACCESS.key, options.values))
    return unknown or options.maybe("State") == "update-in-progress"


def _mode(described: Described) -> AccessMode:
    options = described.public_access
    mode = (options.maybe("InternetGatewayBlockMode") if options else None) or "off"
    if options is not None and mode not in (*AccessMode,):
        raise options.wrong("InternetGatewayBlockMode", "one of " + ", ".join(AccessMode))
    return AccessMode(mode)


def _resource(record: Record) -> str:
    """'arn:aws:ec2:eu-west-1:1:subnet/subnet-1' -> 'subnet-1'."""
    arn = record.text("ResourceArn")
    return arn.partition("/")[2] or arn


def in_doubt(described: Described, gateways: Mapping[str, str], gaps: Gaps) -> None:
    """What is not known of all this leaves the gateways (id -> VPC) in doubt.

    Of a folder of answers that never asked, the default is taken: nothing is blocked.
    """
    options = BLOCK_PUBLIC_ACCESS.key
    if reason := described.missing.get(options):
        why = f"{reason}, so it is not known {BLOCK_PUBLIC_ACCESS.loss}"
        _doubt(gateways, BLOCK_PUBLIC_ACCESS.permission, why, gaps)
    found = described.public_access
    if found is not None and found.values and not found.has("InternetGatewayBlockMode"):
        why = f"{BLOCK_PUBLIC_ACCESS.operation} does not show InternetGatewayBlockMode"
        _doubt(gateways, BLOCK_PUBLIC_ACCESS.permission, why, gaps)
    if found is None or _mode_or_off(found) == "off":
        return
    if found.maybe("State") == "update-in-progress":
        why = "VPC Block Public Access is being changed"
        _doubt(gateways, BLOCK_PUBLIC_ACCESS.permission, why, gaps)
    if reason := described.missing.get(_EXCLUSIONS):
        why = f"{reason}, so it is not known what is excluded from VPC Block Public Access"
        _doubt(gateways, "ec2:DescribeVpcBlockPublicAccessExclusions", why, gaps)
    home = {each.text("SubnetId"): each.maybe("VpcId") for each in described["Subnets"]}
    for record in described[_EXCLUSIONS]:
        state = record.maybe("State") or "create-complete"
        known = record.maybe("InternetGatewayExclusionMode") in (Exclusion.EGRESS, Exclusion.BOTH)
        if known and state in _EXCLUDED | _NOT_EXCLUDED:
            continue
        resource = _resource(record)
        vpc = home.get(resource, resource)
        of_vpc = {gateway: each for gateway, each in gateways.items() if each == vpc}
        why = f"the exclusion of {resource} from VPC Block Public Access is {state}"
        _doubt(of_vpc, record.text("ExclusionId"), why, gaps)


def _mode_or_off(options: Record) -> str:
    mode = options.values.get("InternetGatewayBlockMode")
    return mode if isinstance(mode, str) else "off"


def _doubt(gateways: Collection[str], name: str, why: str, gaps: Gaps) -> None:
    gaps.add_each("block-public-access", name, sorted(gateways) or [name], why)
