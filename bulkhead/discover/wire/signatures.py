"""Greetings of ZMTP as signatures, for those who watch the wire all the time.

Sources: docs.suricata.io, "Rules Format" and "Payload Keywords"; docs.zeek.org, "Signature
Framework"; rfc.zeromq.org/spec/15, /23, /24, /37, /45.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

FIRST_SID: Final = 1_904_700
"""Numbers from 1,000,000 to 1,999,999 are for rules of one's own (sidallocation.org)."""
_REVISION: Final = 1
_RFC: Final = "rfc.zeromq.org/spec"


class SignatureLanguage(StrEnum):
    SURICATA = "suricata"
    ZEEK = "zeek"


@dataclass(frozen=True, slots=True)
class Bytes:
    """What stands at a place of the stream of one side."""

    at: int
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One greeting: `matches` are bytes of one side's stream, from its beginning."""

    id: str
    says: str
    spec: str
    matches: tuple[Bytes, ...]


def _greeting(revision: bytes, *more: Bytes) -> tuple[Bytes, ...]:
    """A signature with the padding of every implementation known, and what comes behind it.

    (zeros, or in two bytes the length of a routing id)
    """
    return Bytes(0, b"\xff" + bytes(6)), Bytes(9, b"\x7f" + revision), *more


def _of_mechanism(name: str, says: str) -> Signature:
    return Signature(
        id=f"zmtp3-{name.lower()}",
        says=f"ZMTP 3 greeting with {name}, {says}",
        spec="23",
        matches=_greeting(b"\x03", Bytes(12, name.encode() + b"\0")),
    )


SIGNATURES: Final = (
    _of_mechanism("NULL", "plaintext"),
    _of_mechanism("PLAIN", "plaintext, with a password"),
    _of_mechanism("CURVE", "encrypted"),
    _of_mechanism("GSSAPI", "Kerberos, encrypted or not"),
    Signature(
        id="zmtp3-minor0",
        says="ZMTP 3.0 greeting, libzmq before 4.3.3, or another implementation",
        spec="23",
        matches=_greeting(b"\x03\x00"),
    ),
    Signature(
        id="zmtp2",
        says="ZMTP 2.0 greeting, plaintext",
        spec="15",
        matches=_greeting(b"\x01"),
    ),
    Signature(
        id="zmtp-plain-hello",
        says="PLAIN sends a name and a password in the clear",
        spec="24",
        matches=_greeting(
            b"\x03", Bytes(12, b"PLAIN\0"), Bytes(64, b"\x04"), Bytes(66, b"\x05HELLO")
        ),
    ),
)
"""Their order is that of their numbers: new ones come last."""

_WS_SID: Final = FIRST_SID + 90
_UNDECLARED_SID: Final = FIRST_SID + 91
_WEAKER_SID: Final = FIRST_SID + 92
_PLAINTEXT: Final = SIGNATURES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPorts:
    """The ports of TCP at which a topology has a socket of ZeroMQ, as (first, last).

    `encrypted` are those where every flow is declared with CURVE.
    """

    topology: str
    ports: Collection[tuple[int, int]]
    encrypted: Collection[tuple[int, int]] = field(default=())


def signatures(language: SignatureLanguage, declared: DeclaredPorts | None = None) -> str:
    """All of them as a file of that language; with `declared` also what it speaks against."""
    lines = _suricata(declared) if language is SignatureLanguage.SURICATA else _zeek(declared)
    return "".join(f"{line}\n" for line in lines)


def _suricata(declared: DeclaredPorts | None) -> Iterator[str]:
    yield "# Greetings of ZMTP. Load it with `suricata -S FILE`, or among its `rule-files`."
    for number, each in enumerate(SIGNATURES):
        yield _rule(FIRST_SID + number, each.says, each.matches, spec=each.spec)
    yield (
        'alert http any any -> any any (msg:"ZeroMQ over WebSocket, upgrade to ZWS2.0"; '
        'flow:established,to_server; http.header; content:"Sec-WebSocket-Protocol|3a|"; nocase; '
        f'content:"ZWS2.0"; distance:0; reference:url,{_RFC}/45; '
        f"classtype:policy-violation; sid:{_WS_SID}; rev:{_REVISION};)"
    )
    if declared is None:
        return
    yield f"# What {_inert(declared.topology)} does not declare."
    yield _rule(
        _UNDECLARED_SID,
        f"ZMTP to a port that {_inert(declared.topology)} does not declare",
        _greeting(b""),
        to=f"!{_ports(declared.ports)}" if declared.ports else "any",
        flow="established,to_server",
    )
    if declared.encrypted:
        yield _rule(
            _WEAKER_SID,
            f"ZMTP with NULL where {_inert(declared.topology)} declares CURVE",
            _PLAINTEXT.matches,
            to=_ports(declared.encrypted),
            flow="established,to_server",
        )


def _rule(
    sid: int,
    says: str,
    matches: Iterable[Bytes],
    *,
    spec: str = "23",
    to: str = "any",
    flow: str = "established",
) -> str:
    contents = " ".join(
        f'content:"{_content(each.value)}"; offset:{each.at}; depth:{len(each.value)};'
        for each in matches
    )
    # Of the stream: libzmq sends a greeting in two segments.
    return (
        f'alert tcp-stream any any -> any {to} (msg:"{says}"; flow:{flow}; {contents} '
        f"reference:url,{_RFC}/{spec}; classtype:policy-violation; sid:{sid}; rev:{_REVISION};)"
    )


def _content(value: bytes) -> str:
    """Letters as they are, all else between bars in hexadecimal digits."""
    text, in_hex = "", False
    for each in value:
        letter = chr(each).isalnum() and each < 128
        if letter:
            text += ("|" if in_hex else "") + chr(each)
        else:
            text += f"{' ' if in_hex else '|'}{each:02X}"
        in_hex = not letter
    return text + ("|" if in_hex else "")


def _ports(ports: Collection[tuple[int, int]]) -> str:
    said = [f"{first}" if first == last else f"{first}:{last}" for first, last in sorted(ports)]
    return f"[{','.join(said)}]"


def _inert(name: str) -> str:
    """A name without what would end a string, an option or a line of a rule."""
    return "".join(each if each.isalnum() or each in "-_. " else "_" for each in name)


def _zeek(declared: DeclaredPorts | None) -> Iterator[str]:
    yield "# Greetings of ZMTP. Load it with `zeek -s FILE`, or with @load-sigs."
    for each in SIGNATURES:
        yield from _zeek_signature(each.id, each.says, each.matches)
    if declared is None:
        return
    name = _inert(declared.topology)
    ports = _zeek_ports(declared.ports)
    yield from _zeek_signature(
        "zmtp-undeclared",
        f"ZMTP to a port that {name} does not declare",
        _greeting(b""),
        [f"dst-port != {ports}"] if ports else [],
    )
    if declared.encrypted:
        yield from _zeek_signature(
            "zmtp-weaker",
            f"ZMTP with NULL where {name} declares CURVE",
            _PLAINTEXT.matches,
            [f"dst-port == {_zeek_ports(declared.encrypted)}"],
        )


def _zeek_ports(ports: Collection[tuple[int, int]]) -> str:
    return ", ".join(
        f"{first}" if first == last else f"{first}-{last}" for first, last in sorted(ports)
    )


def _zeek_signature(
    id_: str, says: str, matches: Iterable[Bytes], conditions: Iterable[str] = ()
) -> Iterator[str]:
    yield ""
    yield f"signature bulkhead-{id_} {{"
    yield "  ip-proto == tcp"
    for each in conditions:
        yield f"  {each}"
    yield f"  payload /{_pattern(matches)}/"
    yield f'  event "{says}"'
    yield "}"


def _pattern(matches: Iterable[Bytes]) -> str:
    """Anchored by Zeek at the beginning of the stream; any byte, a line break too, is a class."""
    at, text = 0, "^"
    for each in matches:
        if gap := each.at - at:
            text += rf"[\x00-\xff]{{{gap}}}"
        text += "".join(
            chr(byte) if chr(byte).isalnum() and byte < 128 else rf"\x{byte:02x}"
            for byte in each.value
        )
        at = each.at + len(each.value)
    return text


def declared_ports(
    topology: str, flows: Mapping[tuple[int, int], Collection[str]]
) -> DeclaredPorts:
    """Of a topology by its name: of each range of ports the mechanisms of the flows to it."""
    return DeclaredPorts(
        topology=topology,
        ports=tuple(flows),
        encrypted=tuple(each for each, mechanisms in flows.items() if set(mechanisms) == {"CURVE"}),
    )
