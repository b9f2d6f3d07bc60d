"""ipc: libzmq's src/ipc_address.cpp and src/ipc_listener.cpp, a Unix socket."""

from __future__ import annotations

from typing import Final

from bulkhead.intent.endpoints.endpoint import Caution, ZmqEndpoint
from bulkhead.intent.wrong import Wrong, quoted

LONGEST_IPC_PATH: Final = 107
"""Bytes; with the '@' of an abstract name: sun_path is 108 bytes with its NUL (sys/un.h)."""

_EXAMPLE: Final = 'write one, as in "ipc:///run/ticker.sock"'


def bind(path: str, text: str) -> ZmqEndpoint:
    """A path, or an abstract name behind '@'. Raises Wrong."""
    # ipc_listener.cpp looks at the first character alone.
    if path.startswith("*"):
        raise Wrong(f"{quoted(text)} lets libzmq choose a path that nobody else knows", _EXAMPLE)
    return _ipc(path, text)


def connect(path: str, text: str) -> ZmqEndpoint:
    """The same. Raises Wrong."""
    if path == "*":
        raise Wrong(f"{quoted(text)} connects to a file that is called '*'", _EXAMPLE)
    return _ipc(path, text)


def _ipc(path: str, text: str) -> ZmqEndpoint:
    if path in ("", "@"):
        raise Wrong(f"{quoted(text)} has no path, and libzmq refuses it (EINVAL)", _EXAMPLE)
    if not path.isprintable():
        raise Wrong(f"{quoted(text)} holds an unprintable character", "remove it")
    if len(path.encode()) > LONGEST_IPC_PATH:
        raise Wrong(
            f"{quoted(text)} has a path of {len(path.encode())} bytes",
            f"a Unix socket's path has at most {LONGEST_IPC_PATH}",
        )
    abstract = path.startswith("@")
    if not abstract and path.rpartition("/")[2] in ("", ".", ".."):
        whole = text if text.endswith("/") else f"{text}/"
        raise Wrong(f"{quoted(text)} is a directory", f'write a file in it: "{whole}socket"')
    relative = not abstract and not path.startswith("/")
    return ZmqEndpoint(
        transport="ipc", address=path, warnings=(_relative(path, text),) if relative else ()
    )


def _relative(path: str, text: str) -> Caution:
    home = ", and '~' is a directory of that name" if path.startswith("~") else ""
    return Caution(
        f"{quoted(text)} is relative to wherever the program starts{home}",
        f'write an absolute path, as in "ipc:///run/{path.lstrip("./~").removeprefix("run/")}"',
    )
