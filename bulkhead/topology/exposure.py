"""Why something is open to the internet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from bulkhead.intent.written import WrittenExposure
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Exposure(TopologyPart):
    """Somebody's word that a flow from or to the internet is meant."""

    shape: ClassVar[type[Written]] = WrittenExposure

    why: str
    """Why it has to be open to the internet, in a line."""
    owner: str
    """Who answers for that."""
    until: str | date | None = None
    """The last day on which it is meant, as in until="2027-01-31"."""
    via: Literal["nlb"] | None = None
    """That peers connect to an internet-facing Network Load Balancer before all copies."""
