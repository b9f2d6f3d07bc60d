"""How single values are read: pydantic takes the functions of `values`, with their remedies."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator
from pydantic_core import PydanticCustomError

from bulkhead.intent import values
from bulkhead.intent.endpoints import ZmqEndpoint, parse_endpoint
from bulkhead.intent.wrong import Wrong


def _checked(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        try:
            return parse(value)
        except Wrong as wrong:
            context = {"what": wrong.what, "remedy": wrong.remedy}
            raise PydanticCustomError("wrong", "{what}; {remedy}", context) from None

    return check


def by(parse: Callable[[Any], Any]) -> PlainValidator:
    """Read by a function that raises Wrong."""
    return PlainValidator(_checked(parse))


def first(prepare: Callable[[Any], Any]) -> BeforeValidator:
    """Made ready by a function that raises Wrong, and then read as its type says."""
    return BeforeValidator(_checked(prepare))


def choice(*choices: str) -> PlainValidator:
    """One of a few words."""
    return by(lambda value: values.parse_choice(value, *choices))


class Written(BaseModel):
    """A mapping of the language, as it is written. None stands for what could not be read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Texts = Annotated[tuple[Annotated[str, by(values.parse_text)], ...], first(values.one_or_many)]
Bind = Annotated[tuple[Annotated[ZmqEndpoint, by(parse_endpoint)], ...], first(values.one_or_many)]
Cidrs = Annotated[
    tuple[Annotated[IPv4Network, by(values.parse_site_cidr)], ...], first(values.many)
]
WrittenPorts = Annotated[str | tuple[int, int], by(values.parse_client_ports)]
PlainText = Annotated[str, by(values.parse_text)]
Purpose = Annotated[str, by(values.parse_purpose)]
Named = Annotated[str, by(values.parse_owner)]
Classification = Annotated[str, by(values.parse_data)]
Reason = Annotated[str, by(values.parse_reason)]
