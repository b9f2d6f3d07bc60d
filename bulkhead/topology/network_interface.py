"""A network interface of a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.written import WrittenNetworkInterface
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import NamedPart
from bulkhead.topology.segment import Segment


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NetworkInterface(NamedPart):
    """A network interface of each copy of a service: what has a group and addresses of its own."""

    shape: ClassVar[type[Written]] = WrittenNetworkInterface

    segment: str | Segment | None = None
    """The segment that it is in; if not said, that of the service."""
    purpose: str | None = None
    """What it is for, in a line."""
