"""Prefix lists of AWS: for how many entries of a quota a reference to each counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_AWS: Final = "com.amazonaws."
"""How names begin that AWS alone may give
(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html)."""
_SIX: Final = "ipv6."
_WEIGHTS: Final[Mapping[str, int]] = {
    "cloudfront.origin-facing": 55,
    "dynamodb": 1,
    "ec2-instance-connect": 2,
    "groundstation": 5,
    "route53-healthchecks": 25,
    "s3": 1,
    "s3express": 6,
    "vpc-lattice": 10,
}
"""(docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html)"""


def weight_of(name: str) -> int | None:
    """What AWS publishes of a list of its own ('com.amazonaws.eu-west-1.s3'); None of others."""
    if not name.startswith(_AWS):
        return None
    _, _, service = name.removeprefix(_AWS).partition(".")
    return _WEIGHTS.get(service.removeprefix(_SIX))


def family_of(name: str) -> int | None:
    """Of a list of AWS's that is known by name."""
    if weight_of(name) is None:
        return None
    return 6 if f".{_SIX}" in name else 4
