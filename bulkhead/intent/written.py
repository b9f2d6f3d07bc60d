"""The shape of a topology as it is written, before anything is resolved.

pydantic checks the shape. A value that does not pass is set to None and the
rest is checked again, so one mistake never hides another; None means "there was
something here that could not be read", and the rules behind stay silent on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bulkhead.intent import values
from bulkhead.intent.document import KeyPath
from bulkhead.intent.endpoints import Transport, ZmqEndpoint, parse_endpoint
from bulkhead.intent.regions import parse_region
from bulkhead.intent.sockets import SocketType, parse_socket_type
from bulkhead.intent.wrong import Wrong, nearest, quoted

Complain = Callable[[KeyPath, str, str], None]
"""Report what is wrong with a value, and what would be right."""


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
    tuple[Annotated[ZmqEndpoint, _by(parse_endpoint)], ...], _first(values.one_or_many)
]
Cidrs = Annotated[
    tuple[Annotated[IPv4Network, _by(values.parse_site_cidr)], ...], _first(values.many)
]


Purpose = Annotated[str, _by(values.parse_purpose)]
Named = Annotated[str, _by(values.parse_owner)]
Reason = Annotated[str, _by(values.parse_reason)]


class WrittenSocket(_Written):
    type: Annotated[SocketType, _by(parse_socket_type)] | None = Field(
        description="its ZeroMQ type, as in type: PUB"
    )
    bind: Bind | None = ()
    connect: Texts | None = ()
    why: Reason | None = None

    @cached_property
    def transports(self) -> tuple[Transport, ...]:
        """Those it binds, in the order of the file."""
        return tuple(dict.fromkeys(endpoint.transport for endpoint in self.bind or ()))

    @cached_property
    def listens(self) -> tuple[ZmqEndpoint, ...]:
        """The endpoints to which another host can connect."""
        return tuple(endpoint for endpoint in self.bind or () if endpoint.on_network)

    @cached_property
    def on_loopback(self) -> bool:
        return any(endpoint.loopback for endpoint in self.bind or ())


Sockets = dict[str, WrittenSocket | None]


class WrittenSegment(_Written):
    purpose: Purpose | None = Field(
        description="why it exists, as in purpose: market data producers"
    )
    owner: Named | None = None
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
        description="its VPN device, as in gateway: {address: 203.0.113.10}; "
        "trusted or not, a site is reached through a VPN"
    )
    trust: Annotated[Literal["trusted", "untrusted"], _choice("trusted", "untrusted")] | None = (
        "untrusted"
    )
    client_ports: Annotated[str | tuple[int, int], _by(values.parse_client_ports)] | None = Field(
        default="any", alias="client-ports"
    )
    purpose: Purpose | None = None
    owner: Named | None = None
    sockets: Sockets | None = Field(default_factory=dict)


class WrittenService(_Written):
    segment: Annotated[str, _by(values.parse_text)] | None = Field(
        description="the segment it lives in"
    )
    replicas: Annotated[int, _by(values.parse_replicas)] | None = 1
    client_ports: Annotated[str | tuple[int, int], _by(values.parse_client_ports)] | None = Field(
        default="linux", alias="client-ports"
    )
    purpose: Purpose | None = None
    owner: Named | None = None
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
    _refuse_empty_values(data, complain)
    while True:
        try:
            return WrittenTopology.model_validate(data)
        except ValidationError as errors:
            found = errors.errors(include_url=False, include_input=False)
            unknown: dict[KeyPath, list[str]] = defaultdict(list)
            for error in found:
                if error["type"] == "extra_forbidden":
                    unknown[error["loc"][:-1]].append(str(error["loc"][-1]))
            for error in found:
                path: KeyPath = error["loc"]
                if not path:
                    complain((), "is not a mapping", "start with 'name:', 'region:' and 'cidr:'")
                    return UNREADABLE
                if not (error["type"] == "missing" and _misspelt(path, unknown)):
                    _explain(error, path, complain)
                _set_aside(data, path, remove=error["type"] == "extra_forbidden")


def _misspelt(missing: KeyPath, unknown: Mapping[KeyPath, Iterable[str]]) -> bool:
    """Whether a missing key is there under a name that is nearly right."""
    *around, key = missing
    beside = unknown.get(tuple(around), ())
    return any(get_close_matches(each, [str(key)]) for each in beside)


def _refuse_empty_values(data: Any, complain: Complain) -> None:
    """'segment:' with nothing behind it; the language has no use for null."""
    for path in list(_empty(data, ())):
        complain(path, f"{in_words(path)}: has no value", "write one, or remove the key")
        _set_aside(data, path)


def _empty(data: Any, path: KeyPath) -> Iterator[KeyPath]:
    if data is None:
        yield path
    elif isinstance(data, dict | list):
        for part, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _empty(value, (*path, part))


def _explain(error: ErrorDetails, path: KeyPath, complain: Complain) -> None:
    *outer, last = path
    around = tuple(outer)
    match error["type"]:
        case "missing":
            remedy = _keys(around)[str(last)]
            complain(around, f"{in_words(around)} has no '{last}'", f"add {remedy}")
        case "extra_forbidden":
            what = f"{in_words(around)} has no key {quoted(last)}"
            complain(path, what, nearest(str(last), _keys(around)))
        case "wrong":
            context = error["ctx"]
            complain(path, f"{in_words(path)}: {context['what']}", context["remedy"])
        case _:
            complain(path, f"{in_words(path)}: is not a mapping", "write 'key: value' in it")


def _set_aside(data: Any, path: KeyPath, *, remove: bool = False) -> None:
    """Take out what was complained about, so that the rest can be read.

    A list with one wrong item is set aside whole, because no rule could tell
    what is missing from it; only the entries of `tests` stand for themselves.
    """
    holder = data
    for depth, part in enumerate(path):
        behind = path[depth + 1 :]
        if not behind and remove:
            del holder[part]
            return
        if not behind or (isinstance(behind[0], int) and depth > 0) or holder[part] is None:
            holder[part] = None
            return
        holder = holder[part]


def _keys(path: KeyPath) -> dict[str, str | None]:
    """The keys that a mapping there may have, and what is said of each."""
    match path:
        case ():
            shape: type[_Written] = WrittenTopology
        case ("segments", _):
            shape = WrittenSegment
        case ("services", _):
            shape = WrittenService
        case ("sites", _):
            shape = WrittenSite
        case ("sites", _, "gateway"):
            shape = WrittenGateway
        case ("tests", _):
            shape = WrittenTest
        case _:
            shape = WrittenSocket
    return {field.alias or name: field.description for name, field in shape.model_fields.items()}


def in_words(path: KeyPath) -> str:
    """A path in words: 'service ticker, replicas'."""
    match path:
        case ():
            return "the topology"
        case ("services" | "sites", owner, "sockets", socket, *field):
            subject = f"socket {owner}.{socket}"
        case ("services" | "sites" | "segments" as kind, name, *field):
            subject = f"{kind[:-1]} {name}"
        case ("tests", _, *field):
            subject = "test"
        case _:
            return str(path[0])
    keys = [part for part in field if isinstance(part, str)]
    return ", ".join([subject, *keys])
