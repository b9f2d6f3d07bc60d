"""What a text in `from`, `accept` or `deny` says, before anybody knows who there is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from bulkhead.intent.model.test import EVERY_PROTOCOL
from bulkhead.intent.nobody import expect_no_address
from bulkhead.intent.selectors import EVERYBODY, LABEL, SEGMENT
from bulkhead.intent.traffic import PlainTraffic, parse_traffic
from bulkhead.intent.values import PUBLIC_INTERNET
from bulkhead.intent.wrong import Wrong, quoted

TCP: Final = 6
UDP: Final = 17
PortSpan = tuple[int, int, int]
"""Protocol, first and last port; of ICMP type x 256 + code; of others 0 to 65535."""
EVERY_PORT: Final = (0, 65535)
ALL_TRAFFIC: Final[PortSpan] = (EVERY_PROTOCOL, *EVERY_PORT)

_RANGE: Final = re.compile(r"[0-9]+(?:-[0-9]+)?", re.ASCII)
_EVERY_PORT: Final = re.compile(r"(tcp|udp) +\*", re.ASCII)

AimKind = Literal["everybody", "segment", "label", "internet", "socket", "owner"]


@dataclass(frozen=True, slots=True)
class TestAim:
    """Who is meant, and what of them: `traffic` None where nothing is said of it."""

    text: str
    kind: AimKind
    name: str
    """Of an owner its name, of a socket or an interface its owner's; of many the selector without
    its traffic."""
    socket: str = ""
    traffic: PortSpan | None = None

    @property
    def sweeping(self) -> bool:
        """Whether it means whatever there is, less what is said to be accepted beside it."""
        if self.kind in ("everybody", "segment", "label"):
            return True
        if self.traffic is None:
            return self.kind != "socket"
        return self.traffic[1] != self.traffic[2]


def read_aim(text: str) -> TestAim:
    """'risk', 'risk.orders', 'risk:22', 'segment:feed', 'segment:feed:udp 53', '*:22', ….

    Raises Wrong.
    """
    if "://" in text:
        raise Wrong(f"{quoted(text)} is an endpoint", "write service.socket, or service:PORT")
    expect_no_address(text)
    prefix = next((each for each in (SEGMENT, LABEL) if text.startswith(each)), "")
    who, colon, what = text[len(prefix) :].partition(":")
    name = f"{prefix}{who.strip()}"
    kind, socket = _who(name, prefix), ""
    if kind == "socket":
        name, _, socket = name.partition(".")
    traffic = _traffic(what.strip(), name) if colon else None
    return TestAim(text, kind, name, socket, traffic)


def _who(name: str, prefix: str) -> AimKind:
    if prefix:
        return "segment" if prefix == SEGMENT else "label"
    if name == EVERYBODY:
        return "everybody"
    if name == PUBLIC_INTERNET:
        return "internet"
    return "socket" if "." in name else "owner"


def span_of(traffic: PlainTraffic) -> PortSpan:
    """The ports of it, or its messages as type x 256 + code."""
    first, last = traffic.ports or EVERY_PORT
    if traffic.message is not None:
        kind, code = traffic.message
        first = kind * 256 + (code or 0)
        last = first + 255 if code is None else first
    return traffic.protocol, first, last


def _traffic(text: str, of: str) -> PortSpan:
    if text == "*":
        return ALL_TRAFFIC
    if not text:
        raise Wrong(f"nothing is behind the colon of {quoted(of + ':')}", f"write a port: {of}:22")
    if match := _EVERY_PORT.fullmatch(text):
        return (TCP if match[1] == "tcp" else UDP, *EVERY_PORT)
    if _RANGE.fullmatch(text):
        return _ports(text, of)
    try:
        traffic = parse_traffic(text)
    except Wrong as wrong:
        raise Wrong(wrong.what, f"behind {quoted(of + ':')} {wrong.remedy}") from None
    if traffic.unfiltered:
        name = traffic.kind.lower()
        raise Wrong(f"{quoted(text)}: a rule of AWS sees no ports of {name}", f"write {of}:{name}")
    return span_of(traffic)


def _ports(text: str, of: str) -> PortSpan:
    first, _, last = text.partition("-")
    if len(text) > 11 or not 1 <= int(first) <= int(last or first) <= 65535:
        what = f"{quoted(text)} is not within 1-65535, the first before the last"
        raise Wrong(what, f"write {of}:22, or {of}:1-1024")
    return TCP, int(first), int(last or first)
