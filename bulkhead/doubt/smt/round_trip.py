"""A request and the reply to it, as bit vectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import z3  # type: ignore[import-untyped]  # z3 ships no types

from bulkhead.doubt.smt.clients import clients
from bulkhead.doubt.smt.encoding import Encoding, encode
from bulkhead.doubt.smt.terms import (
    PORTED,
    Formula,
    Header,
    Vector,
    all_of,
    among,
    answer_to,
    any_of,
    between,
)
from bulkhead.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class RoundTrip:
    """The reply comes to `client`, or to `middle` first, the port of a NAT gateway on the way."""

    encoding: Encoding
    request: Header
    reply: Header
    client: Vector
    middle: Vector

    @property
    def made(self) -> dict[Any, Formula]:
        return self.encoding.made

    @property
    def legal(self) -> Formula:
        """The ports are such as a client, and a NAT gateway, may own."""
        ported = among(self.request.protocol, PORTED)
        return z3.And(
            z3.Implies(ported, self._is_own),
            z3.Implies(ported, z3.UGE(self.middle, 1024)),
        )

    @property
    def _is_own(self) -> Formula:
        """The client's port is one of those that whoever asks may use."""
        asking = clients(self.encoding, self.request.origin, self.request.source)
        return any_of(
            all_of((users, between(self.client, *ports))) for ports, users in asking.items()
        )


def round_trip(network: Network, version: int) -> RoundTrip:
    """Any request in one address family, and its reply to any port."""
    encoding = encode(network, version)
    location = max(1, len(encoding.numbers).bit_length())
    address = 32 if version == 4 else 128
    client, middle = z3.BitVec("client", 16), z3.BitVec("middle", 16)
    request = Header(
        origin=z3.BitVec("origin", location),
        source=z3.BitVec("source", address),
        target=z3.BitVec("target", location),
        destination=z3.BitVec("destination", address),
        protocol=z3.BitVec("protocol", 8),
        port=z3.BitVec("port", 16),
        own=None,
    )
    reply = replace(
        request.turned(),
        port=answer_to(request.protocol, request.port, client),
        own=request.port,
    )
    return RoundTrip(encoding, request, reply, client, middle)
