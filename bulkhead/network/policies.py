"""What AWS Firewall Manager writes into network ACLs: the first and the last entries of a policy.

It numbers the first from 1 up and the last from 32766 down, in steps of one, in a network ACL that
it makes for a subnet, copies the entries of the subnet's former one between (from 5000, in
hundreds), and tags the whole `FMManaged`. Whoever takes one of its entries away gets it back.
(docs.aws.amazon.com/waf/latest/developerguide/network-acls-fms-managed.html)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

POLICY_TAG: Final = "FMManaged"
_MOST: Final = 40
"""Entries of one direction, whatever is asked for
(docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)."""
FIRST_OF_A_POLICY: Final = range(1, _MOST + 1)
LAST_OF_A_POLICY: Final = range(32_766 - _MOST + 1, 32_766 + 1)


def kept_by_policy(tags: Mapping[str, str]) -> bool:
    """Whether Firewall Manager keeps it. Once a policy is deleted, the tag says false."""
    return tags.get(POLICY_TAG) == "true"


def place_of_a_policy(number: int) -> str:
    """What stands at a number by Firewall Manager's way of numbering; '' where that is no place
    of its own."""
    for numbers, which in ((FIRST_OF_A_POLICY, "first"), (LAST_OF_A_POLICY, "last")):
        if number in numbers:
            return f"where Firewall Manager writes the {which} entries of a policy"
    return ""
