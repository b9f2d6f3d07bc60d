"""A segment, as it is written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bulkhead.intent.written.fields import Named, Purpose, Written, choice


class WrittenSegment(Written):
    purpose: Purpose | None = Field(
        description="why it exists, as in purpose: market data producers"
    )
    owner: Named | None = None
    isolation: Annotated[Literal["segment", "service"], choice("segment", "service")] | None = (
        "segment"
    )
