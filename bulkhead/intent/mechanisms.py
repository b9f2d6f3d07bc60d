"""What a socket does for its own security, and what protects a flow on its way.

The one place that says what encrypts: every rule, ledger and audit asks `protections`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bulkhead.intent.values import parse_word
from bulkhead.intent.wrong import Wrong, quoted


class Mechanism(StrEnum):
    """The mechanisms of ZMTP (RFC 23, "Authentication and Confidentiality"), and TLS.

    Of a connection both ends name the same: "If the mechanism that the peer received does not
    exactly match the mechanism it sent, it MUST close the connection".
    """

    NULL = "NULL"
    """No authentication and no confidentiality (RFC 23, "The NULL Security Mechanism")."""
    PLAIN = "PLAIN"
    """A name and a password in clear text (RFC 24)."""
    CURVE = "CURVE"
    """Encrypts, and shows the client that the server is the one it knows (RFC 25, RFC 26)."""
    GSSAPI = "GSSAPI"
    """Kerberos (RFC 38). Encrypts, unless the program sets ZMQ_GSSAPI_PLAINTEXT."""
    TLS = "TLS"
    """Of a program that speaks TCP without ZMTP, and TLS in it. No mechanism of ZMTP."""

    @property
    def of_zmtp(self) -> bool:
        return self is not Mechanism.TLS


class Protection(StrEnum):
    """What keeps what crosses a network from whoever reads there."""

    CURVE = "CURVE"
    TLS = "TLS"
    SSH = "SSH"
    """What logs in to hosts encrypts by itself (RFC 4253)."""
    GSSAPI = "GSSAPI"
    TUNNEL = "tunnel"
    """IPsec between a site's device and the VPN gateway: no further, so not inside the VPC."""
    VPC = "VPC encryption control"
    """Nitro hardware, from host to host within a VPC that enforces it
    (docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html)."""
    NOTHING = "nothing"


END_TO_END: Final = frozenset({Protection.CURVE, Protection.TLS, Protection.SSH})
"""What surely encrypts from program to program. Of GSSAPI no topology says whether it does."""
WHOLE_WAY: Final = END_TO_END | {Protection.VPC}
"""What surely encrypts all of the way over networks, though within a host perhaps none of it."""

_BY_ITSELF: Final[dict[str, Protection]] = {
    Mechanism.CURVE: Protection.CURVE,
    Mechanism.TLS: Protection.TLS,
    Mechanism.GSSAPI: Protection.GSSAPI,
    "SSH": Protection.SSH,
}


def protections(
    mechanism: str, *, tls: bool = False, tunnelled: bool = False, by_vpc: bool = False
) -> tuple[Protection, ...]:
    """What protects a crossing, from program to program first, then on a part of the way.

    `mechanism` is that of both sockets, '' of plain TCP, of a flow that is not ZeroMQ TLS or
    SSH; `tls`: whether TLS is under it (wss);
    `tunnelled`: whether a VPN carries it where it leaves the VPC; `by_vpc`: whether the VPC makes
    both hosts encrypt. Never empty: NOTHING is said.
    """
    itself = [_BY_ITSELF[mechanism]] if mechanism in _BY_ITSELF else []
    under = [Protection.TLS] if tls and Protection.TLS not in itself else []
    way = [Protection.TUNNEL] if tunnelled else []
    hosts = [Protection.VPC] if by_vpc else []
    return (*itself, *under, *hosts, *way) or (Protection.NOTHING,)


def is_encrypted(mechanism: str, *, tls: bool = False) -> bool | None:
    """Whether a flow surely is, from program to program; None where no topology tells."""
    by = protections(mechanism, tls=tls)
    if END_TO_END.isdisjoint(by):
        return None if Protection.GSSAPI in by else False
    return True


def parse_mechanism(value: object) -> Mechanism:
    """The mechanism named `value`. Raises Wrong."""
    return parse_word(Mechanism, value, "a mechanism")


_CONTROLS: Final = frozenset({"vpc", "vpc-encryption-control", "vpc-encryption-controls"})


def parse_encryption(value: object) -> str:
    """Whether every flow must be encrypted: 'required' or 'optional'. Raises Wrong."""
    if value in ("required", "optional"):
        return str(value)
    if isinstance(value, str) and value.lower() in _CONTROLS:
        raise Wrong(
            f"{quoted(value)} is how, and not whether, every flow must be encrypted",
            "write required, and beside it vpc-encryption: { mode: enforce }",
        )
    raise Wrong(f"{quoted(value)} is not one of the choices", "write required or optional")
