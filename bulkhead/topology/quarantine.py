"""A service that is cut off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bulkhead.intent.written import WrittenQuarantine
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart
from bulkhead.topology.service import Service
from bulkhead.topology.site import Site
from bulkhead.topology.site_host import SiteHost


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Quarantine(TopologyPart):
    """A service that reaches nobody, and is reached by who looks into the incident alone."""

    shape: ClassVar[type[Written]] = WrittenQuarantine

    service: str | Service = field(kw_only=False)
    """The service that is cut off."""
    why: str | None = None
    """What happened, in a line."""
    owner: str | None = None
    """Who answers for the incident."""
    responder: str | Service | Site | SiteHost | None = None
    """Who still reaches it, by the flows that are declared from there."""
