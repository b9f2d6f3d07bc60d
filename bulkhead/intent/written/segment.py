"""A segment, as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.ipv6 import Ipv6Use, parse_ipv6_use
from bulkhead.intent.written.defaults import WrittenSegmentDefaults
from bulkhead.intent.written.fields import (
    Classification,
    Named,
    Names,
    Purpose,
    Written,
    by,
    choice,
)


class WrittenSegment(Written):
    """Subnets behind one NACL, one in each zone."""

    purpose: Purpose | None = Field(
        description="why it exists, as in purpose: market data producers"
    )
    owner: Named | None = Field(default=None, description="who answers for it")
    data: Classification | None = Field(default=None, description="how its data is classified")
    isolation: (
        Annotated[Literal["segment", "service", "none"], choice("segment", "service", "none")]
        | None
    ) = Field(
        default="segment",
        description="service: its services are kept apart by NACLs too; segment: they are not; "
        "none: its NACL lets the whole VPC through, and groups alone keep it apart",
    )
    vpc: Annotated[str, by(values.parse_name)] | None = Field(
        default="", description="of several VPCs the one that it is in, as in vpc: market"
    )
    subnets: (
        Annotated[tuple[str, ...] | Mapping[str, str], by(values.parse_standing_subnets)] | None
    ) = Field(
        default=(),
        description="the subnets of others that its services stand in, in a VPC that is there; "
        "else it has its own",
    )
    ipv6: Annotated[Ipv6Use, by(parse_ipv6_use)] | None = Field(
        default=True,
        description="false: its hosts have IPv4 alone, in a VPC that has ipv6:; unused: they too, "
        "and its subnets keep their blocks",
    )
    was: Names | None = Field(
        default=(), description="what it was called before: what is built of it is kept"
    )
    defaults: WrittenSegmentDefaults | None = Field(
        default=None, description="what its services have unless they say otherwise"
    )
