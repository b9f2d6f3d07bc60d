"""A register as it was kept: what `discover register --json` wrote, as values again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bulkhead.discover.code.found import CodePlace
from bulkhead.discover.register.boundary import BoundaryParty, BoundaryRegister, SeenBoundary
from bulkhead.discover.register.evidence import BoundaryEvidence, EvidenceKind, WhichEnd
from bulkhead.discover.register.grounds import CrossingKind
from bulkhead.discover.register.sighting import Certainty
from bulkhead.discover.wire.seen import FrameAt
from bulkhead.files import read_file
from bulkhead.problems import InputError, Problem

_SCHEMA: Final = "bulkhead.discover-register/1"
_LARGEST: Final = 256 * 1024 * 1024
_REMEDY: Final = "name a file that `bulkhead discover register --json` wrote"
_MOST_PROBLEMS: Final = 20


def _address(text: str | None) -> str:
    """The same, '' of none; ValueError where it is no address of IP."""
    if text:
        ip_address(text.partition("%")[0])
    return text or ""


_Text = Annotated[str | None, AfterValidator(lambda text: text or "")]
_Address = Annotated[str | None, AfterValidator(_address)]


class _Stored(BaseModel):
    """Fields of a later version are passed over: within one they are only added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _StoredFrame(_Stored):
    file: str
    number: int


class _StoredEvidence(_Stored):
    kind: Literal["code", "config", "host", "wire", "probe", "flows"]
    end: WhichEnd
    what: str
    where: str
    file: str | None = None
    line: int | None = None
    machine: _Text = ""
    pids: tuple[int, ...] = ()
    frame: _StoredFrame | None = None
    count: int = 1
    days: int | None = None
    first: _Text = ""
    last: _Text = ""
    client_address: _Address = ""
    server_address: _Address = ""

    def value(self) -> BoundaryEvidence:
        at = self.frame
        return BoundaryEvidence(
            kind=EvidenceKind[self.kind.upper()],
            end=self.end,
            what=self.what,
            place=None if self.file is None else CodePlace(self.file, self.line or 0),
            machine=self.machine or "",
            pids=self.pids,
            # When the packet came is not kept, and its day is.
            frame=None if at is None else FrameAt(0.0, at.file, at.number),
            source=self.where,
            count=self.count,
            days=self.days,
            first=self.first or "",
            last=self.last or "",
            client_address=self.client_address or "",
            server_address=self.server_address or "",
        )


class _StoredBoundary(_Stored):
    client: str | None
    server: str | None
    transport: str
    port: Annotated[int, Field(ge=0, le=65_535)] | None
    path: _Text = ""
    endpoint: _Text = ""
    client_socket: _Text = ""
    server_socket: _Text = ""
    client_types: tuple[str, ...] = ()
    server_types: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    exposed: bool | None = None
    crosses: Literal["host", "segment", "segments", "vpcs", "site", "internet", "unknown"]
    crosses_why: str = ""
    certainty: Literal["sure", "likely", "possible"]
    why: tuple[str, ...] = ()
    unbound: _Text = ""
    evidence: tuple[_StoredEvidence, ...]

    def value(self, parties: Mapping[str, BoundaryParty]) -> SeenBoundary:
        return SeenBoundary(
            client=None if self.client is None else parties[self.client],
            server=None if self.server is None else parties[self.server],
            transport=self.transport,
            port=self.port,
            path=self.path or "",
            endpoint=self.endpoint or "",
            client_name=self.client_socket or "",
            server_name=self.server_socket or "",
            client_types=self.client_types,
            server_types=self.server_types,
            mechanisms=self.mechanisms,
            exposed=self.exposed,
            crosses=CrossingKind[self.crosses.upper()],
            crosses_why=self.crosses_why,
            certainty=Certainty[self.certainty.upper()],
            why=self.why,
            unbound=self.unbound or "",
            evidence=tuple(each.value() for each in self.evidence),
        )


class _StoredRegister(_Stored):
    parties: tuple[BoundaryParty, ...]
    boundaries: tuple[_StoredBoundary, ...]
    searched: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_register(path: Path) -> BoundaryRegister:
    """A file that `discover register --json` wrote. Raises InputError with all that is wrong."""
    data = read_file(path, largest=_LARGEST, remedy=_REMEDY)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError([Problem(str(path), 0, "is no JSON", _REMEDY)]) from None
    return parse_register(value, str(path))


def parse_register(value: object, name: str = "the register") -> BoundaryRegister:
    """The value that JSON holds, as a register. Raises InputError."""
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema != _SCHEMA:
        what = f"is of {schema!r}, not {_SCHEMA}" if schema else "is no register of boundaries"
        raise InputError([Problem(name, 0, what, _REMEDY)])
    try:
        stored = _StoredRegister.model_validate(value)
    except ValidationError as error:
        raise InputError(
            Problem(name, 0, f"{'.'.join(map(str, each['loc']))}: {each['msg']}", _REMEDY)
            for each in error.errors(include_input=False)[:_MOST_PROBLEMS]
        ) from None
    parties = {each.name: each for each in stored.parties}
    if unknown := {
        party
        for each in stored.boundaries
        for party in (each.client, each.server)
        if party is not None and party not in parties
    }:
        what = f"parties: has no {', '.join(sorted(unknown)[:_MOST_PROBLEMS])}"
        raise InputError([Problem(name, 0, what, _REMEDY)])
    return BoundaryRegister(
        boundaries=tuple(each.value(parties) for each in stored.boundaries),
        searched=stored.searched,
        notes=stored.notes,
    )
