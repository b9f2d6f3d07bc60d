"""The record of a machine as values: what `collector` wrote, here or elsewhere."""

from __future__ import annotations

import json
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bulkhead.discover.host.containers import HostContainer, container_of
from bulkhead.files import read_file
from bulkhead.problems import InputError, Problem

_LARGEST: Final = 256 * 1024 * 1024
_REMEDY: Final = "name a file that `bulkhead discover host --record` or its collector wrote"
_MOST_PROBLEMS: Final = 20
_INTERPRETER: Final = re.compile(r"(python|pypy|node|ruby|java|php|lua|perl)[\d.]*t?(?:\.exe)?$")
"""What runs a program and is none itself; of node a newer one calls its thread `MainThread`."""


def _address(text: str) -> str:
    """The same; ValueError where it is no address of IP. One of a link may name its interface."""
    ip_address(text.partition("%")[0])
    return text


RecordedAddress = Annotated[str, AfterValidator(_address)]
RecordedEnd = tuple[RecordedAddress, Annotated[int, Field(ge=0, le=65_535)]]
"""An address and a port."""


class _Recorded(BaseModel):
    """Fields of a later version are passed over: within one they are only added."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)


class RecordedEvidence(_Recorded):
    """Why a process uses ZeroMQ: a file that it has `loaded`, a `thread` of libzmq."""

    how: str
    what: str


class RecordedProcess(_Recorded):
    """A process. What could not be read is None, or False of its sockets."""

    pid: int
    name: str
    program: str | None = None
    script: str | None = None
    uid: int
    namespace: str | None = None
    cgroup: str | None = None
    host_name: str | None = None
    zeromq: tuple[RecordedEvidence, ...] = ()
    sockets_read: bool

    @property
    def container(self) -> HostContainer | None:
        return container_of(self.cgroup)

    @property
    def called(self) -> str:
        """'router.py', 'locust': what a person knows it by.

        Who has changed what it is called (`setproctitle`) has no script any more, and a name.
        """
        script = (self.script or "").rpartition("/")[2]
        program = (self.program or "").rpartition("/")[2]
        runs = _INTERPRETER.match(program)
        renamed = runs is not None and not self.name.startswith((runs[1], "MainThread"))
        return script or (self.name if renamed else program) or self.name


class RecordedSocket(_Recorded):
    """A socket of TCP, UDP or Unix. `pids` hold it: () where none could be read that does.

    `greeting` is what it said to a greeting, None where it was not asked.
    """

    inode: int
    namespace: str | None = None
    protocol: Literal["tcp", "udp", "unix"]
    state: Literal["listening", "established", "asking", "bound"]
    local: RecordedEnd | None = None
    remote: RecordedEnd | None = None
    path: str | None = None
    peer: int | None = None
    uid: int | None = None
    pids: tuple[int, ...] = ()
    greeting: Greeted | None = None


class Greeted(_Recorded):
    """What a listener said first. `zmtp` is None where it said nothing."""

    zmtp: bool | None
    version: str | None = None
    mechanism: str | None = None
    socket_type: str | None = None


class RecordedNamespace(_Recorded):
    """A network namespace: `id` is None where it is not known; whether its sockets were read."""

    id: str | None
    addresses: tuple[RecordedAddress, ...] = ()
    read: bool
    peers_read: bool = False


class Counts(_Recorded):
    """How far it came. `gone` ended meanwhile; `zeromq_unread` use ZeroMQ, sockets unknown."""

    processes: int
    kernel_threads: int = 0
    gone: int = 0
    memory_unread: int = 0
    sockets_unread: int = 0
    namespaces_unread: int = 0
    zeromq_unread: int = 0


class RecordedMachine(_Recorded):
    """`own` is the network namespace of who recorded."""

    name: str
    boot: str | None = None
    own: str | None = None


class HostRecord(_Recorded):
    """Everything that one machine showed."""

    schema_: Literal["bulkhead.host-record/1"] = Field(alias="schema")
    time: str
    host: RecordedMachine
    privileged: bool
    pids: tuple[int, ...] = ()
    counts: Counts
    namespaces: tuple[RecordedNamespace, ...]
    processes: tuple[RecordedProcess, ...]
    sockets: tuple[RecordedSocket, ...]

    @property
    def whole(self) -> bool:
        """Whether all that runs there was read."""
        counts = self.counts
        unread = counts.memory_unread + counts.sockets_unread + counts.namespaces_unread
        return not unread and all(each.read for each in self.namespaces)


def parse_record(value: object, name: str = "the record") -> HostRecord:
    """The value that JSON holds, as a record. Raises InputError with what is wrong with it."""
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema != "bulkhead.host-record/1":
        what = (
            f"is of {schema!r}, not bulkhead.host-record/1" if schema else "is no record of a host"
        )
        raise InputError([Problem(name, 0, what, _REMEDY)])
    try:
        return HostRecord.model_validate(value)
    except ValidationError as error:
        raise InputError(
            Problem(name, 0, f"{'.'.join(map(str, each['loc']))}: {each['msg']}", _REMEDY)
            for each in error.errors(include_input=False)[:_MOST_PROBLEMS]
        ) from None


def read_record(path: Path) -> HostRecord:
    """A file that a collector wrote. Raises InputError."""
    data = read_file(path, largest=_LARGEST, remedy=_REMEDY)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError([Problem(str(path), 0, "is no JSON", _REMEDY)]) from None
    return parse_record(value, str(path))
