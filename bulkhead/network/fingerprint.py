"""What tells one state of a network from another: a test of one is none of the other."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from typing import Final

from bulkhead.network.model import Network

_NO_STATE: Final = frozenset(
    {"unmodelled", "unobserved", "unlisted", "associations", "beside", "peers"} | {"prefix_lists"}
)
"""Fields that say what is not known, or only how AWS names what is there anyway."""


def fingerprint(network: Network) -> str:
    """The SHA-256 of everything in it that decides a packet, in hexadecimal digits."""
    told = sha256()
    for each in fields(network):
        if each.name not in _NO_STATE:
            told.update(f"{each.name}={getattr(network, each.name)!r};".encode())
    return told.hexdigest()
