"""VPC Block Public Access: what a region leaves of the ways to the internet, and to whom.

(docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.network import PublicAccess
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS
from bulkhead.observe.describe.described import Described
from bulkhead.observe.known import in_item
from bulkhead.observe.record import Gaps, Record

_MODES: Final[Mapping[str, PublicAccess]] = {
    "off": PublicAccess.OPEN,
    "block-ingress": PublicAccess.EGRESS_ONLY,
    "block-bidirectional": PublicAccess.BLOCKED,
}
_EXCLUSIONS: Final[Mapping[str, PublicAccess]] = {
    "allow-bidirectional": PublicAccess.OPEN,
    "allow-egress": PublicAccess.EGRESS_ONLY,
}
_EXCLUDED: Final = frozenset({"create-complete", "update-complete"})
_NOT_EXCLUDED: Final = frozenset({"create-failed", "delete-complete", "disable-complete"})
_WIDER: Final = (PublicAccess.BLOCKED, PublicAccess.EGRESS_ONLY, PublicAccess.OPEN)


@dataclass(frozen=True, slots=True)
class Access:
    """What a region leaves by default, and to what is excluded (VPC or subnet)."""

    default: PublicAccess
    excluded: Mapping[str, PublicAccess]

    def of(self, subnet: str, vpc: str) -> PublicAccess:
        named = (self.excluded[each] for each in (subnet, vpc) if each in self.excluded)
        return _wider(self.default, *named)


def public_access(described: Described, gaps: Gaps) -> Access:
    """The region's mode and its exclusions.

    An exclusion that is being made or undone, or that cannot be read, leaves the
    ways to the internet of its VPC in doubt (`in_doubt`): it excludes as much as it may,
    since what is blocked for sure no doubt about a gateway opens.
    """
    mode = PublicAccess.OPEN
    excluded: dict[str, PublicAccess] = {}
    with gaps.needing():
        mode = PublicAccess.OPEN if _is_changing(described) else _MODES[_mode(described)]
    for record in described["VpcBlockPublicAccessExclusions"]:
        with gaps.needing(record):
            kind = _EXCLUSIONS.get(record.maybe("InternetGatewayExclusionMode") or "")
            if kind is None or any(in_item("VpcBlockPublicAccessExclusions", record.values)):
                kind = PublicAccess.OPEN
            if record.maybe("State") not in _NOT_EXCLUDED:
                resource = _resource(record)
                excluded[resource] = _wider(kind, excluded.get(resource, kind))
    return Access(mode, excluded)


def _is_changing(described: Described) -> bool:
    options = described.public_access
    if options is None:
        return False
    unknown = any(in_item(BLOCK_PUBLIC_ACCESS.key, options.values))
    return unknown or options.maybe("State") == "update-in-progress"


def _wider(*several: PublicAccess) -> PublicAccess:
    return max(several, key=_WIDER.index)


def _mode(described: Described) -> str:
    options = described.public_access
    mode = (options.maybe("InternetGatewayBlockMode") if options else None) or "off"
    if options is not None and mode not in _MODES:
        raise options.wrong("InternetGatewayBlockMode", "one of " + ", ".join(_MODES))
    return mode


def _resource(record: Record) -> str:
    """'arn:aws:ec2:eu-west-1:1:subnet/subnet-1' -> 'subnet-1'."""
    return record.text("ResourceArn").rpartition("/")[2]


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
    exclusions = "VpcBlockPublicAccessExclusions"
    if reason := described.missing.get(exclusions):
        why = f"{reason}, so it is not known what is excluded from VPC Block Public Access"
        _doubt(gateways, "ec2:DescribeVpcBlockPublicAccessExclusions", why, gaps)
    home = {each.text("SubnetId"): each.maybe("VpcId") for each in described["Subnets"]}
    for record in described[exclusions]:
        state = record.maybe("State") or "create-complete"
        known = record.maybe("InternetGatewayExclusionMode") in _EXCLUSIONS
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
