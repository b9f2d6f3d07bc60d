"""A VPC that stands already and is others', and one of several that are made, as written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import Purpose, VpcCidrs, Written, by


class WrittenVpc(Written):
    """The VPC in which everything is made, where it is not made for the topology."""

    existing: Annotated[str | Mapping[str, str], by(values.parse_existing_vpc)] | None = Field(
        description="the VPC that is there, by its id or by tags that no other has, "
        "as in existing: vpc-0a1b2c3d4e5f60718"
    )


class WrittenOwnVpc(Written):
    """One of several VPCs that are made."""

    cidr: VpcCidrs | None = Field(
        description="its addresses, as in cidr: 10.20.0.0/16, or a list of blocks that are filled "
        "one after the other"
    )
    purpose: Purpose | None = Field(default=None, description="what it is, in a line")
