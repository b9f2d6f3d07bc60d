"""Who may set VPC Block Public Access.

It is one for all VPCs of an account in a Region, and an organisation's policy may hold it
(docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html).
"""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.written import WrittenTopology

_KEY = "block-public-access"


def judge_public_access(written: WrittenTopology, complain: Complain) -> None:
    """Not a guest in somebody's VPC, and nobody who is told what to exclude."""
    wanted = written.block_public_access
    if wanted is None or not wanted.manage:
        return
    if written.vpc is not None:
        what = "block-public-access: whoever owns the VPC sets it, for all VPCs of the account"
        complain((_KEY, "manage"), what, "remove manage:, and count on what they set")
    if wanted.exclusions == "not-allowed":
        what = "block-public-access: only the policy of an organisation allows no exclusions, and "
        what += "then no account under it sets the mode"
        complain((_KEY, "exclusions"), what, "remove it, or remove manage:")
