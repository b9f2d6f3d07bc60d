"""The presets that a service or a site uses, as they are written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.mechanisms import Mechanism, parse_mechanism
from bulkhead.intent.written.fields import PlainText, PreparedBy, Texts, Written, by
from bulkhead.intent.written.looks import JsonSchema, text


class WrittenUse(Written):
    """The sockets that an application is known to have, in one of its roles."""

    preset: PlainText | None = Field(
        description="an application and the role in it, as in preset: salt.minion"
    )
    of: Texts | None = Field(
        default=(), description="who plays the other role, where several could, as in of: master"
    )
    without: Texts | None = Field(
        default=(), description="sockets of the preset that it lacks, as in without: web"
    )
    mechanism: Annotated[Mechanism, by(parse_mechanism)] | None = Field(
        default=None,
        description="that of its ZeroMQ sockets, where it is set up so, as in mechanism: CURVE",
    )
    zap: Annotated[bool, by(values.parse_flag)] | None = Field(
        default=None,
        description="whether a ZAP handler decides who may connect to them, as in zap: true",
    )


def _each_in_full(value: Any) -> Any:
    """`salt.minion` is short for `{preset: salt.minion}`; one stands for a list of one."""
    several = values.one_or_many(value)
    return tuple({"preset": each} if isinstance(each, str) else each for each in several)


def _look(several: JsonSchema) -> JsonSchema:
    word = text("an application and its role", r"[a-z0-9-]+(?:\.[a-z0-9-]+)?", "salt.master")
    return {
        "anyOf": [
            word,
            several["items"],
            {"type": "array", "items": {"anyOf": [word, several["items"]]}, "minItems": 1},
        ]
    }


Uses = Annotated[tuple[WrittenUse | None, ...], PreparedBy(_each_in_full, _look)]
