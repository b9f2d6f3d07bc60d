"""Whether sockets secure themselves as they must, and as whoever wrote them believes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.mechanisms import END_TO_END, WHOLE_WAY, Mechanism, Protection, protections
from bulkhead.intent.sockets import SocketType
from bulkhead.intent.wiring import End, Owner, Wire, ends_of
from bulkhead.intent.written import WrittenTopology

_OPEN: Final = (Mechanism.NULL, Mechanism.PLAIN)
"""Neither is for public infrastructure "without transport-level security (e.g. over a VPN)"
(RFC 23, "The NULL Security Mechanism"; RFC 24, "Goals")."""


_WITHOUT_HANDSHAKE: Final[frozenset[str]] = frozenset({"udp", "pgm", "epgm", "norm"})
"""src/udp_engine.cpp, pgm_sender.cpp, pgm_receiver.cpp, norm_engine.cpp."""


def judge_security(
    written: WrittenTopology, owners: Iterable[Owner], wires: Iterable[Wire], complain: Complain
) -> None:
    """Each socket by itself, then each connection; warns of what works and protects less."""
    for end in ends_of({each.name: each for each in owners}):
        _judge_own(end, complain)
        _warn_of_own(end, complain)
    for each in wires:
        if _same_mechanism(each, complain) and each.endpoints:
            _judge_crossing(each, complain, required=written.encryption == "required")


def _judge_own(end: End, complain: Complain) -> None:
    socket, mechanism = end.written, end.written.mechanism
    if socket.type is None or mechanism is None:
        return
    said, zap_said = (each in socket.model_fields_set for each in ("mechanism", "zap"))
    if socket.type.speaks_zmtp:
        _expect_handshakes(end, mechanism, complain)
        if mechanism is Mechanism.TLS:
            what = f"{end.reference} is a {socket.type}, and TLS is no mechanism of ZMTP"
            complain((*end.path, "mechanism"), what, "write CURVE")
        elif mechanism is Mechanism.PLAIN and zap_said and socket.zap is False:
            # src/plain_server.cpp: without a handler every handshake fails (measured, too).
            what = f"{end.reference} is PLAIN without ZAP, and libzmq then turns everybody away"
            complain((*end.path, "zap"), what, "let a ZAP handler check names: zap: true")
        return
    over_tcp = "tcp" in socket.type.transports
    raw = f"{end.reference} is a {socket.type}, plain {'TCP' if over_tcp else 'UDP'}"
    # Against a default of TLS it says that there is none.
    plain = over_tcp and mechanism in (Mechanism.NULL, Mechanism.TLS)
    if said and not plain:
        or_tls = ", or write TLS if the program itself speaks it" * over_tcp
        what = f"{raw}, which has no mechanism of ZMTP"
        complain((*end.path, "mechanism"), what, f"remove it{or_tls}")
    if zap_said:
        complain((*end.path, "zap"), f"{raw}, of which nobody asks ZAP", "remove it")


def _expect_handshakes(end: End, mechanism: Mechanism, complain: Complain) -> None:
    """A mechanism is a part of ZMTP's handshake (RFC 23), and some transports have none."""
    for index, each in enumerate(end.bind):
        if mechanism is not Mechanism.NULL and each.transport in _WITHOUT_HANDSHAKE:
            what = f"{end.reference} is {mechanism}, and over {each.transport} nobody asks for it"
            remedy = 'bind tcp, as in "tcp://*:5556", or write NULL'
            complain((*end.path, "bind", index), what, remedy)


def _warn_of_own(end: End, complain: Complain) -> None:
    """What holds of a socket whoever connects. A handler is asked by the end that binds."""
    socket, mechanism = end.written, end.written.mechanism
    if socket.type is None or not socket.type.speaks_zmtp:
        return
    path = (*end.path, "mechanism")
    beyond_inproc = any(each.transport != "inproc" for each in end.bind)
    if mechanism is Mechanism.CURVE and socket.zap is not True and beyond_inproc:
        # src/curve_server.cpp, "Stonehouse"; RFC 27, "The CURVE Mechanism"; measured.
        complain.warn(
            path,
            f"{end.reference} is CURVE without ZAP, so it admits any client, whatever its key: "
            "CURVE proves the server to the client, and who the client is only ZAP asks",
            "add zap: true, with a handler that knows the keys of its clients",
        )
    if mechanism is Mechanism.GSSAPI:
        complain.warn(
            path,
            f"{end.reference} is GSSAPI, which needs a libzmq built with libgssapi_krb5 (the "
            "wheels of pyzmq are not), a Kerberos principal, and a KDC that its hosts reach at "
            "tcp and udp 88; and no topology says that ZMQ_GSSAPI_PLAINTEXT is off",
            "declare the way to the KDC, or write CURVE, which needs none of it",
        )


def _same_mechanism(found: Wire, complain: Complain) -> bool:
    """libzmq compares the names before anything else (src/zmtp_engine.cpp, handshake_v3_x).

    Over inproc there is no handshake, and so no mechanism.
    """
    one, other = found.client.written, found.server.written
    if found.transport == "inproc" or one.mechanism is other.mechanism:
        return one.mechanism is not None
    if None in (one.mechanism, other.mechanism, one.type, other.type):
        return False
    ends = ((found.client, one), (found.server, other))
    named = [f"{end.reference} is {_called(end)}" for end, _ in ends]
    zmtp = all(each.type and each.type.speaks_zmtp for _, each in ends)
    why = (
        "libzmq drops a connection whose ends name different mechanisms in silence, and tries "
        "again for ever"
        if zmtp
        else "one of them would take the other's greeting for nonsense"
    )
    complain(found.path, f"{named[0]} and {named[1]}: {why}", "give both the same mechanism")
    return False


def _called(end: End) -> str:
    mechanism = end.written.mechanism
    plain = end.written.type and not end.written.type.speaks_zmtp
    return "without TLS" if plain and mechanism is Mechanism.NULL else str(mechanism)


def _judge_crossing(found: Wire, complain: Complain, *, required: bool) -> None:
    mechanism = found.server.written.mechanism
    kind = found.server.written.type
    if mechanism is None or kind is None:
        return
    said = _named(kind, mechanism)
    ends = (found.client.owner, found.server.owner)
    protected = protections(
        said,
        tls=all(str(each.transport) == "wss" for each in found.endpoints),
        tunnelled=any(each.is_site for each in ends),
        by_vpc=all(each.held_to_encrypt for each in ends),
    )
    bare = protected == (Protection.NOTHING,)
    names = f"{found.client.reference} -> {found.server.reference}"
    remedy = _remedy(found, kind)
    if required and WHOLE_WAY.isdisjoint(protected):
        what = f"{names} is {_unencrypted(protected, said)}"
        complain(found.path, what, remedy)
    elif bare and mechanism in _OPEN and any(each.kind != "services" for each in ends):
        what = f"{names} leaves the VPC without a tunnel, and {said} encrypts nothing"
        complain(found.path, what, remedy)
    elif any(each.is_peer for each in ends) and END_TO_END.isdisjoint(protected):
        why = "encrypts only where no program switches that off"
        complain(found.path, f"{names} crosses the internet, and {said} {why}", remedy)
    elif bare and mechanism is Mechanism.PLAIN:
        complain.warn(
            found.path,
            f"{names} is PLAIN, and nothing under it encrypts: whoever reads the network has the "
            "password (RFC 24)",
            remedy,
        )


def _named(kind: SocketType, mechanism: Mechanism) -> str:
    if kind.speaks_zmtp or mechanism is not Mechanism.NULL:
        return str(mechanism)
    return "plain TCP" if "tcp" in kind.transports else "plain UDP"


def _remedy(found: Wire, kind: SocketType) -> str:
    """What encrypts it: over udp nothing of libzmq does."""
    if found.transport in _WITHOUT_HANDSHAKE:
        return "let them meet over tcp, with mechanism: CURVE at both sockets"
    return f"write mechanism: {'CURVE' if kind.speaks_zmtp else 'TLS'} at both sockets"


def _unencrypted(protected: tuple[Protection, ...], said: str) -> str:
    """What is not enough, and why."""
    asked = f"{said}, and encryption is required"
    if Protection.GSSAPI in protected:
        return f"{asked}: it encrypts only where no program sets ZMQ_GSSAPI_PLAINTEXT"
    return f"{asked}{': its tunnel ends at the VPN gateway' * (Protection.TUNNEL in protected)}"
