"""Events of what runs containers, over a Unix socket: a hint to look again, and nothing more.

Docker (and Podman, which speaks the same): docs.docker.com/reference/api/engine, "Monitor events".
Kubernetes: kubernetes.io/docs/reference/using-api/api-concepts, "Efficient detection of changes",
through `kubectl proxy --unix-socket`. Both answer a GET with one JSON object a line, until somebody
closes. Nothing else is asked, and nothing is ever changed.
"""

from __future__ import annotations

import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from bulkhead.problems import InputError, Problem

_CONTAINERS: Final = quote('{"type":["container"],"event":["start","die"]}')
_PATHS: Final = {
    "docker": f"/events?filters={_CONTAINERS}",
    "kubernetes": "/api/v1/pods?watch=1",
}
_LONGEST_LINE: Final = 4 * 1024 * 1024
_MOST_WAITING: Final = 1_000
"""Events that wait to be heard: of more, one is as good as all."""
_CONNECT: Final = 5.0
_REMEDY: Final = (
    "write docker:/var/run/docker.sock, or kubernetes:PATH of kubectl proxy --unix-socket"
)


@dataclass(frozen=True, slots=True)
class RunnerEvent:
    """'start' or 'die' of a container, 'ADDED' of a pod … `what` is 'closed' where no more come."""

    what: str
    name: str

    def __str__(self) -> str:
        return f"{self.what} {self.name}".strip()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_CONNECT)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_CONNECT)
        self.sock.connect(self._path)


class RunnerEvents:
    """Events as they come. `wait` is what `watching` asks."""

    def __init__(self) -> None:
        self._heard: queue.Queue[RunnerEvent] = queue.Queue(_MOST_WAITING)

    def heard(self, event: RunnerEvent) -> None:
        """Keep it until somebody waits; of too many the rest says nothing new."""
        with suppress(queue.Full):
            self._heard.put_nowait(event)

    def wait(self, seconds: float) -> Sequence[RunnerEvent]:
        """All that are there once one is, or none after so many seconds."""
        found: list[RunnerEvent] = []
        with suppress(queue.Empty):
            found.append(self._heard.get(timeout=max(0.0, seconds)))
            while True:
                found.append(self._heard.get_nowait())
        return found


@contextmanager
def listening(said: str) -> Iterator[RunnerEvents]:
    """Events of `docker:PATH` or `kubernetes:PATH` while inside. Raises InputError."""
    kind, _, path = said.partition(":")
    if kind not in _PATHS or not path:
        raise InputError([Problem(f"--events {said}", 0, "names no socket", _REMEDY)])
    connection = _UnixConnection(path)
    try:
        connection.request("GET", _PATHS[kind])
        response = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(
            [Problem(f"--events {said}", 0, f"does not answer ({why})", _REMEDY)]
        ) from None
    if response.status != http.client.OK:
        connection.close()
        what = f"answers {response.status} {response.reason}"
        raise InputError([Problem(f"--events {said}", 0, what, _REMEDY)])
    held = connection.sock
    held.settimeout(None)
    events = RunnerEvents()
    thread = threading.Thread(target=_hear, args=(kind, response, events), daemon=True)
    thread.start()
    try:
        yield events
    finally:
        with suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)
        thread.join(_CONNECT)
        connection.close()


def _hear(kind: str, response: http.client.HTTPResponse, events: RunnerEvents) -> None:
    with suppress(OSError, ValueError, http.client.HTTPException):
        while line := response.readline(_LONGEST_LINE):
            with suppress(ValueError, RecursionError):
                if event := event_of(kind, json.loads(line)):
                    events.heard(event)
    events.heard(RunnerEvent("closed", f"{kind} tells no more; looks go on"))


def event_of(kind: str, value: Any) -> RunnerEvent | None:
    """What a line says; None of what is no event of a container."""
    if not isinstance(value, dict):
        return None
    if kind == "docker":
        actor = _mapping(value.get("Actor"))
        name = _mapping(actor.get("Attributes")).get("name") or actor.get("ID")
        what = value.get("Action")
    else:
        about = _mapping(_mapping(value.get("object")).get("metadata"))
        name = f"{about.get('namespace', '')}/{about.get('name', '')}".strip("/")
        what = value.get("type")
    if not isinstance(what, str) or not isinstance(name, str):
        return None
    return RunnerEvent(what, name)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def asleep(seconds: float) -> Sequence[RunnerEvent]:
    """The wait of who listens to nobody."""
    time.sleep(max(0.0, seconds))
    return ()
