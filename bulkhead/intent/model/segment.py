"""A segment."""

from __future__ import annotations

from typing import Literal

from bulkhead.intent.ipv6 import Ipv6Use
from bulkhead.intent.model.base import Frozen, Resolved


class Segment(Resolved):
    """Subnets behind one NACL; `isolation: service` keeps its services apart too, `none`
    leaves all of it to groups."""

    name: str
    purpose: str
    owner: str | None = None
    data: str | None = None
    """How what lies there is classified."""
    isolation: Literal["segment", "service", "none"] = "segment"
    vpc: str = ""
    """Of several VPCs the one that it is in."""
    subnets: tuple[str, ...] | Frozen[str] = ()
    """Those of others that it stands in, by their ids or their tags; none where it has its own."""
    ipv6: Ipv6Use = True
    """Whether its hosts have an address of IPv6 too, where the VPC has a block of that."""
    was: tuple[str, ...] = ()
    """What it was called before."""

    @property
    def stands_already(self) -> bool:
        """Whether its subnets are others', and so are their NACLs and route tables."""
        return bool(self.subnets)
