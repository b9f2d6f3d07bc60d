"""A segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.written import WrittenSegment
from bulkhead.intent.written.fields import Written
from bulkhead.topology.defaults import SegmentDefaults
from bulkhead.topology.keys.segment import SegmentKeys
from bulkhead.topology.part import NamedPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Segment(SegmentKeys, NamedPart):
    """Subnets behind one NACL, one in each zone."""

    shape: ClassVar[type[Written]] = WrittenSegment

    purpose: str
    """Why it exists, as in purpose="market data producers"."""
    subnets: Iterable[str] | Mapping[str, Mapping[str, str]] | None = None
    """The subnets of others that its services stand in, in a VPC that is there: by their ids
    (subnets=["subnet-0a1b2c3d4e5f60718", …], one in each zone) or by tags that they all have
    (subnets={"tags": {"tier": "app"}})."""
    was: str | Iterable[str] | None = None
    """What it was called before: what is built of it is kept."""
    defaults: SegmentDefaults | None = None
    """What its services have unless they say otherwise."""
