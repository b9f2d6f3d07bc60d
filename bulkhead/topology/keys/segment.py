"""Those of a segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bulkhead.topology.part import TopologyPart
from bulkhead.topology.vpc import OwnVpc


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SegmentKeys(TopologyPart):
    """What a segment may say."""

    owner: str | None = None
    """Who answers for it."""
    data: str | None = None
    """How its data is classified."""
    ipv6: bool | Literal["unused"] | None = None
    """False: its hosts have IPv4 alone, in a VPC that has ipv6=; "unused": they too, and its
    subnets keep their blocks."""
    vpc: str | OwnVpc | None = None
    """Of several VPCs the one that it is in, as in vpc="market", or the VPC itself."""
    isolation: Literal["segment", "service", "none"] | None = None
    """service: its services are kept apart by NACLs too; segment (if not said): they are not; none:
    its NACL lets the whole VPC through, and groups alone keep it apart."""
