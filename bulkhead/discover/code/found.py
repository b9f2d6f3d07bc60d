"""What a scan of code found: frozen values, which `report` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bulkhead.discover.code.parts import OpenPart, Parts, by_default, template

EndSide = Literal["bind", "connect"]


class OpenTo(StrEnum):
    """Who can come to an endpoint, as far as its text tells."""

    NETWORK = "network"
    HOST = "host"
    PROCESS = "process"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True, order=True)
class CodePlace:
    """`line` counts from 1. `file` is as it was found: relative to where one asked from."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class EndInCode:
    """Where a socket binds, or what it connects to.

    `steps` are the names by which its text was come by, each with its place; empty where it is
    written right there. `wrong` is what libzmq would make of it that nobody means.
    """

    side: EndSide
    parts: Parts
    place: CodePlace
    exposure: OpenTo = OpenTo.UNTOLD
    steps: tuple[str, ...] = ()
    wrong: str = ""

    @property
    def text(self) -> str:
        """'tcp://*:{port}'."""
        return template(self.parts)

    @property
    def default(self) -> str | None:
        """The whole text where nobody decides otherwise; None where that cannot be told."""
        return by_default(self.parts)

    @property
    def open_parts(self) -> tuple[OpenPart, ...]:
        return tuple(each for each in self.parts if isinstance(each, OpenPart))


@dataclass(frozen=True, slots=True)
class OptionInCode:
    """A socket option as libzmq calls it. `value` is None where it is a secret, or not told."""

    name: str
    value: str | None
    place: CodePlace
    secret_in_code: bool = False


@dataclass(frozen=True, slots=True)
class Deserialised:
    """A message that is taken for objects, by a call that runs what the sender wrote."""

    call: str
    place: CodePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketInCode:
    """One place in code that makes a socket, or that uses one which is made nobody knows where.

    `types` has several where the caller decides, and none where only the running program knows.
    `made` is False where the making was not found. `name` is what the code calls it, `within`
    the class or function.
    """

    program: str
    language: str
    binding: str
    types: tuple[str, ...]
    place: CodePlace
    name: str = ""
    within: str = ""
    made: bool = True
    part: str = ""
    ends: tuple[EndInCode, ...] = ()
    options: tuple[OptionInCode, ...] = ()
    deserialised: tuple[Deserialised, ...] = ()
    test: bool = False

    @property
    def type(self) -> str | None:
        return self.types[0] if len(self.types) == 1 else None

    @property
    def mechanism(self) -> str | None:
        """'CURVE', 'PLAIN', 'GSSAPI', or None where nothing in the code says one."""
        for prefix in ("curve", "plain", "gssapi"):
            if any(each.name.startswith(prefix) for each in self.options):
                return prefix.upper()
        return None

    @property
    def serves_curve(self) -> bool:
        return any(
            each.name == "curve_server" and each.value not in ("0", "False", "false")
            for each in self.options
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointInConfig:
    """An endpoint, or a port that is published, in a file that configures programs.

    `key` is its path in the file. `read_by` are the places in code that ask for it.
    """

    place: CodePlace
    kind: str
    key: str
    text: str
    ports: tuple[int, ...] = ()
    read_by: tuple[CodePlace, ...] = ()


class SkipReason(StrEnum):
    """Why a file was not read."""

    BINARY = "binary"
    HUGE = "larger than 4 MiB"
    UNREADABLE = "cannot be read"
    UNPARSED = "does not parse"
    ENCODING = "not UTF-8"
    MINIFIED = "minified"
    LINK = "a link out of what was asked about, or in a loop"
    SPECIAL = "no regular file"


@dataclass(frozen=True, slots=True)
class SkippedFile:
    file: str
    reason: SkipReason
    why: str = ""


class CodeFindingKind(StrEnum):
    """What is worth somebody's time, the worst first."""

    PICKLE = "pickle"
    SECRET = "secret-in-code"  # noqa: S105 - the name of a kind
    UNENCRYPTED = "null-exposed"
    UNAUTHENTICATED = "curve-without-zap"
    PLAIN = "plain-in-the-clear"
    MISTAKEN = "mistaken-endpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFinding:
    kind: CodeFindingKind
    what: str
    why: str
    place: CodePlace
    socket: SocketInCode


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeScan:
    """The whole answer.

    `files` counts by language those that were looked at, `parsed` those of them whose syntax was
    read: the others say nothing of ZeroMQ. `authenticators` are the places that start one, by
    program.
    """

    roots: tuple[str, ...]
    sockets: tuple[SocketInCode, ...]
    configured: tuple[EndpointInConfig, ...]
    findings: tuple[CodeFinding, ...]
    files: Mapping[str, int]
    parsed: Mapping[str, int]
    lines: int
    skipped: tuple[SkippedFile, ...]
    ignored: int
    left_out: tuple[str, ...] = ()
    authenticators: Mapping[str, tuple[CodePlace, ...]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each file of which something is said."""

    @property
    def programs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.program for each in self.sockets))

    @property
    def ends(self) -> tuple[EndInCode, ...]:
        return tuple(end for each in self.sockets for end in each.ends)
