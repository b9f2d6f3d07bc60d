"""The form of what is known of a binding: data, read by one engine."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Family = Literal["python", "c", "go", "rust", "jvm", "js", "dotnet", "ruby", "beam", "php", "lua"]
"""Languages that call one another's functions and share a program."""

EndSide = Literal["bind", "connect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constructor:
    """A call that makes a socket.

    `called` is searched in what is called, as 'zmq.asyncio.Context().socket'; its group `type`
    is the type where the name says it, else it is argument `type_at`. `ends_at` is the argument
    that may hold endpoints, in czmq's notation where it has one; `sides` says of which types
    they bind where nothing says it. `by_name`: a name too common to mean a socket unless it
    came from a module that `marks` of the binding name.
    """

    called: re.Pattern[str]
    type_at: int = -1
    type_named: tuple[str, ...] = ()
    ends_at: int = -1
    binds: frozenset[str] = frozenset()
    side: EndSide | None = None
    always: str = ""
    new: bool = False
    imported: bool = False
    named: bool = False
    """Its ends may be named arguments: `bind=`, `connect=`."""
    generic: bool = False
    """What is called is a type that the caller chooses: `S::new()` in `fn f<S: Socket>()`."""
    whole: bool = False
    """The name alone is enough, also where the type cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall:
    """A call that binds or connects. `socket_at` is -1 where it is called on the socket."""

    called: re.Pattern[str]
    side: EndSide
    socket_at: int = -1
    endpoint_at: int = 0
    form: Literal["text", "random", "format", "host", "own", "attach", "typed"] = "text"
    """`random`: libzmq chooses the port. `format`: printf's arguments behind. `host`: transport,
    host and port apart. `own`: the endpoint is the constructor's. `attach`: czmq's notation.
    `typed`: makes its socket too, whose type is the argument before."""
    part: str = ""
    """Of a device, which of its sockets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A library that speaks ZMTP, as one language calls it."""

    name: str
    family: Family
    mark: re.Pattern[str]
    """What a file says that uses it."""
    constructors: tuple[Constructor, ...]
    ends: tuple[EndCall, ...] = ()
    zap: re.Pattern[str] | None = None
    """Calls that start an authenticator."""
    modules: tuple[str, ...] = field(default=())
    """What it is imported as, where names are too common to be known by themselves."""
