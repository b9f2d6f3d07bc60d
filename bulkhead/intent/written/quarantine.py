"""A service that is cut off, as it is written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import Named, PlainText, PreparedBy, Reason, Written
from bulkhead.intent.written.looks import NAME, JsonSchema


class WrittenQuarantine(Written):
    """A service that reaches nobody, and is reached by who looks into the incident alone."""

    service: PlainText | None = Field(
        description="the service that is cut off, as in service: ticker"
    )
    why: Reason | None = Field(default=None, description="what happened, in a line")
    owner: Named | None = Field(default=None, description="who answers for the incident")
    responder: PlainText | None = Field(
        default=None,
        description="who still reaches it, by the flows that are declared from there: a service, "
        "a site or a host of one, as in responder: bastion",
    )


def _each_in_full(value: Any) -> Any:
    """`ticker` is short for `{service: ticker}`."""
    several = values.many(value)
    return tuple({"service": each} if isinstance(each, str) else each for each in several)


def _look(several: JsonSchema) -> JsonSchema:
    name = {**NAME, "title": "the name of a service"}
    return {"type": "array", "items": {"anyOf": [name, several["items"]]}, "minItems": 1}


QuarantineLines = Annotated[tuple[WrittenQuarantine | None, ...], PreparedBy(_each_in_full, _look)]
