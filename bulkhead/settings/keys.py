"""Where the CURVE keys of a socket are kept, by reference.

`secret:bulkhead/TOPOLOGY/OWNER/SOCKET#public` and `#secret`: a name in whatever keeps secrets, and
the half of the pair. All copies of a socket have one pair, so that a client needs to know one key.
"""

from __future__ import annotations

from bulkhead.intent import Socket


def public_key(topology: str, socket: Socket) -> str:
    """What everybody may know, and clients and ZAP handlers must."""
    return f"{_name(topology, socket)}#public"


def secret_key(topology: str, socket: Socket) -> str:
    """What the socket alone may know."""
    return f"{_name(topology, socket)}#secret"


def _name(topology: str, socket: Socket) -> str:
    return f"secret:bulkhead/{topology}/{socket.owner}/{socket.name}"
