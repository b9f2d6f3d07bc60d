"""A network interface of a service, as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import PydanticCustomError, core_schema

from bulkhead.intent.written.fields import PlainText, Purpose, Written
from bulkhead.intent.written.looks import JsonSchema, words
from bulkhead.intent.wrong import quoted


class WrittenNetworkInterface(Written):
    """A network interface of each copy of a service: what has a group and addresses of its own."""

    segment: PlainText | None = Field(
        default="", description="the segment that it is in; if not said, that of the service"
    )
    purpose: Purpose | None = Field(default=None, description="what it is for, in a line")


NONE: Final = "none"


class NoInterfaces(dict[str, WrittenNetworkInterface | None]):
    """`interfaces: none`: there is none to name, because they come and go."""


def _named_or_none(value: Any, named: ValidatorFunctionWrapHandler) -> Any:
    if value == NONE:
        return NoInterfaces()
    if isinstance(value, str):
        context = {
            "what": f"{quoted(value)} is neither names of interfaces nor none",
            "remedy": "write interfaces: none, or as in {eth0: {}, eth1: {segment: control}}",
        }
        raise PydanticCustomError("wrong", "{what}; {remedy}", context)
    return named(value)


@dataclass(frozen=True, slots=True, eq=False)
class _OrNone:
    """The word `none` in place of the names."""

    def __get_pydantic_core_schema__(
        self, kind: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_wrap_validator_function(_named_or_none, handler(kind))

    def __get_pydantic_json_schema__(
        self, inner: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        return {"anyOf": [words([NONE]), handler(inner)]}


NetworkInterfaces = Annotated[dict[str, WrittenNetworkInterface | None], _OrNone()]
