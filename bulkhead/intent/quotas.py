"""How far AWS lets each quota be raised.

docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html says of four where it ends. Of the
others no page does: there a number stands that no VPC comes near.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NO_END: Final = 1_000_000

HIGHEST: Final[Mapping[str, int]] = {
    "rules-per-group": 1_000,  # times the groups of an interface at most 1,000
    "groups-per-interface": 16,
    "entries-per-acl": 40,
    "acls-per-vpc": NO_END,
    "routes-per-table": 1_000,
    "tables-per-vpc": NO_END,
    "subnets-per-vpc": NO_END,
    "groups-per-region": NO_END,
    "interfaces-per-region": NO_END,
    "vpns-per-gateway": NO_END,
    "addresses-per-region": NO_END,
    "vpcs-per-region": NO_END,
    "peerings-per-vpc": 125,
}
"""By the key of a topology."""
