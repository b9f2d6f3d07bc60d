"""A network interface of a service, as it is written."""

from __future__ import annotations

from pydantic import Field

from bulkhead.intent.written.fields import PlainText, Purpose, Written


class WrittenNetworkInterface(Written):
    """A network interface of each copy of a service: what has a group and addresses of its own."""

    segment: PlainText | None = Field(
        default="", description="the segment that it is in; if not said, that of the service"
    )
    purpose: Purpose | None = Field(default=None, description="what it is for, in a line")
