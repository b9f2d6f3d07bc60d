"""A line of `tests:`, as it is written."""

from __future__ import annotations

from pydantic import Field

from bulkhead.intent.written.fields import PlainText, Texts, Written


class WrittenTest(Written):
    from_: PlainText | None = Field(alias="from", description="a service, a site or internet")
    accept: Texts | None = ()
    deny: Texts | None = ()
