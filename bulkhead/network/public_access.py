"""VPC Block Public Access: what an account closes of the internet in a Region, and for whom not.

The option is one for all VPCs of an account in a Region; exclusions are of a VPC or a subnet, and
may stand before it is turned on (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html).
It is asked at internet gateways and egress-only gateways alone: VPNs, transit gateways, peerings
and endpoints are none of its business (…/security-vpc-bpa-basics.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PublicAccess(StrEnum):
    """What VPC Block Public Access leaves of a subnet's way to the internet, least first."""

    BLOCKED = "blocked"
    EGRESS_ONLY = "egress-only"
    """Only NAT gateways and egress-only gateways still lead out; nothing comes in."""
    OUTBOUND = "outbound"
    """Excluded for what goes out: by whatever gateway; nothing comes in."""
    OPEN = "open"
    """Off, or excluded from it both ways."""

    @property
    def lets_out(self) -> bool:
        """Whether a host with a public address may open a connection by an internet gateway."""
        return self in (PublicAccess.OUTBOUND, PublicAccess.OPEN)


class AccessMode(StrEnum):
    """What the option of a Region does, in AWS's words."""

    OFF = "off"
    INGRESS = "block-ingress"
    BIDIRECTIONAL = "block-bidirectional"


class Exclusion(StrEnum):
    """What a VPC or a subnet is excluded from, in AWS's words."""

    NONE = "none"
    EGRESS = "allow-egress"
    BOTH = "allow-bidirectional"


_LEAVES: Final = {
    AccessMode.OFF: PublicAccess.OPEN,
    AccessMode.INGRESS: PublicAccess.EGRESS_ONLY,
    AccessMode.BIDIRECTIONAL: PublicAccess.BLOCKED,
}
_WIDTH: Final = tuple(PublicAccess)


def wider(*several: PublicAccess) -> PublicAccess:
    """What leaves most."""
    return max(several, key=_WIDTH.index)


def access_left(mode: AccessMode, *exclusions: Exclusion) -> PublicAccess:
    """What is left to a subnet, itself excluded, or in an excluded VPC, or both: each exempts.

    "Since the account-level BPA is Ingress-only, Egress-only exclusions are ignored"
    (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-example.html, scenario 5).
    """
    left = _LEAVES[mode]
    if Exclusion.EGRESS in exclusions and mode is AccessMode.BIDIRECTIONAL:
        left = wider(left, PublicAccess.OUTBOUND)
    return PublicAccess.OPEN if Exclusion.BOTH in exclusions else left


BY_ACCOUNT: Final = "account"
BY_POLICY: Final = "declarative-policy"
"""An organisation's policy sets it, and no account under it can
(docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessBlock:
    """The option as it concerns a VPC; where nobody asked for it, a VPC has None of these.

    `excluded`: what the VPC as a whole is excluded from, None where that is not known.
    `managed_by`: BY_ACCOUNT or BY_POLICY, in a plan BY_ACCOUNT where its own stack sets it; ''
    where nobody says. `exclusions_allowed`: whether the account may have any; None: nobody says.
    `settled`: whether AWS is done with what it was last told.
    """

    mode: AccessMode
    excluded: Exclusion | None = Exclusion.NONE
    managed_by: str = ""
    exclusions_allowed: bool | None = None
    settled: bool = True

    @property
    def by_account(self) -> bool:
        """Whether the account sets it: in a plan, its own stack."""
        return self.managed_by == BY_ACCOUNT

    def __str__(self) -> str:
        """'block-ingress'."""
        return f"{self.mode}{'' if self.settled else ', and AWS is not done with that'}"


def access_block_of(vpc: str) -> str:
    """By what the option goes in a plan, where AWS calls it by the Region alone."""
    return f"{vpc}/public-access"
