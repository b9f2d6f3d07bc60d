"""A VPC that stands already and is others'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.written import WrittenVpc
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Vpc(TopologyPart):
    """The VPC in which everything is made, where it is not made for the topology."""

    shape: ClassVar[type[Written]] = WrittenVpc

    existing: str | Mapping[str, Mapping[str, str]]
    """The VPC that is there, by its id (existing="vpc-0a1b2c3d4e5f60718") or by tags that no
    other has (existing={"tags": {"Name": "shared"}})."""
