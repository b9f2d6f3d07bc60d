"""What AWS is to make sure of within the VPC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

from bulkhead.intent.written import WrittenVpcEncryption
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class VpcEncryption(TopologyPart):
    """A VPC encryption control: whether AWS keeps out of the VPC what sends in clear text."""

    shape: ClassVar[type[Written]] = WrittenVpcEncryption

    mode: Literal["enforce", "monitor"]
    """enforce: nothing comes into the VPC that does not encrypt; monitor: flow logs say what is."""
    exclude: str | Iterable[str] | None = None
    """What else may be in it that does not encrypt, as in exclude=["lambda"]."""
