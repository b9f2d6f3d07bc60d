"""The shape of a topology as it is written, before anything is resolved.

pydantic checks the shape. A value that does not pass is set to None and the
rest is checked again, so one mistake never hides another; None means "there was
something here that could not be read", and the rules behind stay silent on it.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bulkhead.intent import values
from bulkhead.intent.document import Place
from bulkhead.intent.endpoints import Endpoint, parse_endpoint
from bulkhead.intent.regions import parse_region
from bulkhead.intent.sockets import SocketType, parse_socket_type
from bulkhead.intent.wrong import Wrong, nearest, quoted

Complain = Callable[[Place, str, str], None]
"""Report what is wrong at a place, and what would be right."""


def _checked(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        try:
            return parse(value)
        except Wrong as wrong:
            context = {"what": wrong.what, "remedy": wrong.remedy}
            raise PydanticCustomError("wrong", "{what}; {remedy}", context) from None

    return check


def _by(parse: Callable[[Any], Any]) -> PlainValidator:
    return PlainValidator(_checked(parse))


def _first(prepare: Callable[[Any], Any]) -> BeforeValidator:
    return BeforeValidator(_checked(prepare))


def _choice(*choices: str) -> PlainValidator:
    return _by(lambda value: values.parse_choice(value, *choices))


def _parse_zones(value: object) -> int | tuple[str, ...]:
    """A number, or a list of names; which ones exist depends on the region."""
    if isinstance(value, list) and value and all(isinstance(zone, str) for zone in value):
        return tuple(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    remedy = "write 1 to 4, or a list such as [eu-west-1a, eu-west-1b]"
    raise Wrong(f"{quoted(value)} is neither a number nor a list of zones", remedy)


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Texts = Annotated[tuple[Annotated[str, _by(values.parse_text)], ...], _first(values.one_or_many)]
Bind = Annotated[
    tuple[Annotated[Endpoint, _by(parse_endpoint)], ...], _first(values.one_or_many)
]
Cidrs = Annotated[
    tuple[Annotated[IPv4Network, _by(values.parse_site_cidr)], ...], _first(values.many)
]


class WrittenSocket(_Written):
    type: Annotated[SocketType, _by(parse_socket_type)] | None = Field(
        description="its ZeroMQ type, as in type: PUB"
    )
    bind: Bind | None = ()
    connect: Texts | None = ()


Sockets = dict[str, WrittenSocket | None]


class WrittenSegment(_Written):
    purpose: Annotated[str, _by(values.parse_purpose)] | None = Field(
        description="why it exists, as in purpose: market data producers"
    )
    isolation: Annotated[Literal["segment", "service"], _choice("segment", "service")] | None = (
        "segment"
    )


class WrittenGateway(_Written):
    address: Annotated[IPv4Address, _by(values.parse_gateway_address)] | None = Field(
        description="the public address of the site's VPN device"
    )
    asn: Annotated[int, _by(values.parse_asn)] | None = 65000


class WrittenSite(_Written):
    cidrs: Cidrs | None = Field(description="its networks, as in cidrs: [192.168.10.0/24]")
    gateway: WrittenGateway | None = Field(
        description="a site is reached through a VPN, trusted or not: "
        "gateway: {address: 203.0.113.10}"
    )
    trust: Annotated[Literal["trusted", "untrusted"], _choice("trusted", "untrusted")] | None = (
        "untrusted"
    )
    sockets: Sockets | None = Field(default_factory=dict)


class WrittenService(_Written):
    segment: Annotated[str, _by(values.parse_text)] | None = Field(
        description="the segment it lives in"
    )
    replicas: Annotated[int, _by(values.parse_replicas)] | None = 1
    purpose: Annotated[str, _by(values.parse_purpose)] | None = None
    sockets: Sockets | None = Field(default_factory=dict)


class WrittenTest(_Written):
    from_: Annotated[str, _by(values.parse_text)] | None = Field(
        alias="from", description="a service, a site or internet"
    )
    accept: Texts | None = ()
    deny: Texts | None = ()


class WrittenTopology(_Written):
    name: Annotated[str, _by(values.parse_name)] | None = Field(
        description="the topology's name, as in name: trading"
    )
    region: Annotated[str, _by(parse_region)] | None = Field(
        description="an AWS Region, as in region: eu-west-1"
    )
    cidr: Annotated[IPv4Network, _by(values.parse_vpc_cidr)] | None = Field(
        description="the VPC's addresses, as in cidr: 10.20.0.0/16"
    )
    zones: Annotated[int | tuple[str, ...], _by(_parse_zones)] | None = Field(
        description="how many zones, as in zones: 2"
    )
    segments: dict[str, WrittenSegment | None] | None = Field(
        description="at least one segment, with its purpose"
    )
    sites: dict[str, WrittenSite | None] | None = Field(default_factory=dict)
    services: dict[str, WrittenService | None] | None = Field(
        description="the services and their sockets"
    )
    tests: Annotated[tuple[WrittenTest | None, ...], _first(values.many)] | None = ()


UNREADABLE = WrittenTopology.model_construct(
    **dict.fromkeys(("name", "region", "cidr", "zones", "segments", "sites", "services", "tests"))
)


def read_shape(data: Any, complain: Complain) -> WrittenTopology:
    """The topology that `data` spells, with None for what it gets wrong.

    Changes `data`.
    """
    _refuse_empty_values(data, (), complain)
    while True:
        try:
            return WrittenTopology.model_validate(data)
        except ValidationError as errors:
            for error in errors.errors(include_url=False, include_input=False):
                place = _place(error)
                if not place:
                    complain((), "is not a mapping", "start with 'name:', 'region:' and 'cidr:'")
                    return UNREADABLE
                _explain(error, place, data, complain)
                _set_aside(error, place, data)


def _place(error: ErrorDetails) -> Place:
    return tuple(error["loc"])


def _refuse_empty_values(data: Any, place: Place, complain: Complain) -> None:
    """'segment:' with nothing behind it; the language has no use for null."""
    if not isinstance(data, dict | list):
        return
    for part, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
        inner = (*place, part)
        if value is None:
            complain(inner, f"{_subject(inner)} has no value", "write one, or remove the key")
        else:
            _refuse_empty_values(value, inner, complain)


def _explain(error: ErrorDetails, place: Place, data: Any, complain: Complain) -> None:
    *outer, last = place
    if error["type"] == "missing":
        remedy = _shape(tuple(outer)).model_json_schema()["properties"][last]["description"]
        complain(tuple(outer), f"{subject(tuple(outer))} has no '{last}'", f"add {remedy}")
    elif error["type"] == "extra_forbidden":
        known = _shape(tuple(outer)).model_json_schema()["properties"]
        what = f"{subject(tuple(outer))} has no key {quoted(str(last))}"
        complain(place, what, nearest(str(last), known))
    elif error["type"] == "wrong":
        context = error["ctx"]
        complain(place, f"{_subject(place)}: {context['what']}", context["remedy"])
    else:
        complain(place, f"{_subject(place)}: is not a mapping", "write 'key: value' lines below it")


def _set_aside(error: ErrorDetails, place: Place, data: Any) -> None:
    """Take out what was complained about, so that the rest can be read."""
    holder = data
    for depth, part in enumerate(place):
        last = depth == len(place) - 1
        value = holder.get(part) if isinstance(holder, dict) else holder[part]
        if error["type"] == "extra_forbidden" and last:
            del holder[part]
        elif last or not isinstance(value, dict | list) or isinstance(place[depth + 1], int):
            # A list with one wrong item is set aside whole: the rules could not
            # tell what is missing from it. An entry of 'tests' stands alone.
            holder[part] = None if part != "tests" or last else value
        if holder.get(part) is None if isinstance(holder, dict) else holder[part] is None:
            return
        holder = value
