"""A line of `tests:`, as it is written."""

from __future__ import annotations

from pydantic import Field

from bulkhead.intent.written.fields import PlainText, Texts, Written


class WrittenTest(Written):
    """What one client must reach, and what it must not."""

    from_: PlainText | None = Field(alias="from", description="a service, a site or internet")
    accept: Texts | None = Field(
        default=(), description="what it must reach: service.socket, a service, or a list of them"
    )
    deny: Texts | None = Field(
        default=(),
        description="what it must not reach: the same, or '*' for all that it is not to accept",
    )
