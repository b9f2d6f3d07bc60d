"""A service, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import Named, PlainText, Purpose, Written, WrittenPorts, by
from bulkhead.intent.written.socket import Sockets


class WrittenService(Written):
    segment: PlainText | None = Field(description="the segment it lives in")
    replicas: Annotated[int, by(values.parse_replicas)] | None = 1
    client_ports: WrittenPorts | None = Field(default="linux", alias="client-ports")
    purpose: Purpose | None = None
    owner: Named | None = None
    sockets: Sockets | None = Field(default_factory=dict)
