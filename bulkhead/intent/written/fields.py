"""How single values are read: pydantic takes the functions of `values`, with their remedies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import CoreSchema

from bulkhead.intent import values
from bulkhead.intent.binding import parse_binding
from bulkhead.intent.endpoints import ZmqEndpoint
from bulkhead.intent.written.looks import LOOKS, JsonSchema, words
from bulkhead.intent.wrong import Wrong


def _checked(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        try:
            return parse(value)
        except Wrong as wrong:
            context = {"what": wrong.what, "remedy": wrong.remedy}
            raise PydanticCustomError("wrong", "{what}; {remedy}", context) from None

    return check


@dataclass(frozen=True, slots=True, eq=False)
class ReadBy:
    """How one value is read, and what it looks like."""

    parse: Callable[[Any], Any]
    look: JsonSchema | None

    def __get_pydantic_core_schema__(self, kind: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return PlainValidator(_checked(self.parse)).__get_pydantic_core_schema__(kind, handler)

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchema:
        if self.look is None:
            raise NotImplementedError(f"no look of what {self.parse.__qualname__} reads")
        return dict(self.look)


@dataclass(frozen=True, slots=True, eq=False)
class PreparedBy:
    """How a list is made ready to be read, item by item."""

    prepare: Callable[[Any], Any]
    look: Callable[[JsonSchema], JsonSchema] | None = None
    """What is prepared looks like, from what a list of such does."""

    def __get_pydantic_core_schema__(self, kind: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        prepared = BeforeValidator(_checked(self.prepare))
        return prepared.__get_pydantic_core_schema__(kind, handler)

    def __get_pydantic_json_schema__(
        self, inner: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        several = {**handler(inner), "minItems": 1}
        if self.look is not None:
            return self.look(several)
        alone = self.prepare is values.one_or_many
        return {"anyOf": [several["items"], several]} if alone else several


def by(parse: Callable[[Any], Any], look: JsonSchema | None = None) -> ReadBy:
    """Read by a function that raises Wrong; `look` where `LOOKS` does not have it."""
    return ReadBy(parse, look or LOOKS.get(parse))


def first(prepare: Callable[[Any], Any]) -> PreparedBy:
    """Made ready by a function that raises Wrong, and then read as its type says."""
    return PreparedBy(prepare)


def choice(*choices: str) -> ReadBy:
    """One of a few words."""
    return by(lambda value: values.parse_choice(value, *choices), words(choices))


class Written(BaseModel):
    """A mapping of the language, as it is written. None stands for what could not be read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Texts = Annotated[tuple[Annotated[str, by(values.parse_text)], ...], first(values.one_or_many)]
Bind = Annotated[tuple[Annotated[ZmqEndpoint, by(parse_binding)], ...], first(values.one_or_many)]
Cidrs = Annotated[
    tuple[Annotated[IPv4Network, by(values.parse_site_cidr)], ...], first(values.many)
]
VpcCidrs = Annotated[
    tuple[Annotated[IPv4Network, by(values.parse_vpc_cidr)], ...], first(values.one_or_many)
]
WrittenPorts = Annotated[str | tuple[int, int], by(values.parse_client_ports)]
Names = Annotated[tuple[Annotated[str, by(values.parse_name)], ...], first(values.one_or_many)]
PlainText = Annotated[str, by(values.parse_text)]
Purpose = Annotated[str, by(values.parse_purpose)]
Named = Annotated[str, by(values.parse_owner)]
Classification = Annotated[str, by(values.parse_data)]
Until = Annotated[date, by(values.parse_date)]
Reason = Annotated[str, by(values.parse_reason)]
