"""Which ZeroMQ sockets does source code make, and where do they bind and connect?

    found = scan([Path("services")])
    for socket in found.sockets:
        print(socket.place, socket.types, [end.text for end in socket.ends])

Files are lowered from their language to one form (`lower/`, `tree`), names are followed through
it (`world`, `evaluate`), and tables say which calls of which library make a socket (`bindings/`).
"""

from bulkhead.discover.code.found import (
    CodeFinding,
    CodeFindingKind,
    CodePlace,
    CodeScan,
    EndInCode,
    EndpointInConfig,
    OpenTo,
    OptionInCode,
    SocketInCode,
)
from bulkhead.discover.code.parts import KnownPart, OpenKind, OpenPart
from bulkhead.discover.code.scan import scan

__all__ = [
    "CodeFinding",
    "CodeFindingKind",
    "CodePlace",
    "CodeScan",
    "EndInCode",
    "EndpointInConfig",
    "KnownPart",
    "OpenKind",
    "OpenPart",
    "OpenTo",
    "OptionInCode",
    "SocketInCode",
    "scan",
]
