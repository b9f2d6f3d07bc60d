"""Who is told of tunnels that go down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.written import WrittenMonitoring
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Monitoring(TopologyPart):
    """Alarms for both tunnels of each site, and who is told."""

    shape: ClassVar[type[Written]] = WrittenMonitoring

    notify: str
    """The ARN of an SNS topic that is there, in the Region of the topology."""
