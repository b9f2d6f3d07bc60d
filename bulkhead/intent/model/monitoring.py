"""Who is told of tunnels that go down."""

from __future__ import annotations

from bulkhead.intent.model.base import Resolved


class MonitoringWanted(Resolved):
    """Alarms, as somebody asks for them."""

    notify: str
    """The ARN of an SNS topic."""
