"""The two sides of a broker, as they are written."""

from __future__ import annotations

from pydantic import Field

from bulkhead.intent.written.fields import PlainText, Written


class WrittenProxy(Written):
    """Which sockets of a service zmq_proxy(3) joins."""

    front: PlainText | None = Field(description="the socket on the side of clients, or publishers")
    back: PlainText | None = Field(description="the socket on the side of workers, or subscribers")
    capture: PlainText | None = Field(
        default=None, description="the socket to which a copy of all that passes is sent"
    )
