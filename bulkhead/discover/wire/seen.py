"""What captures show: values, and nothing that reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bulkhead.discover.wire.packets import NO_IP
from bulkhead.discover.wire.zmtp import Shown


class Sureness(StrEnum):
    """How sure it is that what was seen is ZeroMQ."""

    SURE = "sure"
    """A greeting was read, or an upgrade to ZWS2.0 was granted."""
    LIKELY = "likely"
    POSSIBLE = "possible"


class Opener(StrEnum):
    """How it is known which side opened a connection."""

    SYN = "SYN seen"
    UPGRADE = "asked for the upgrade"
    PORT = "unsure: the port that other connections share, or the lower"


class WireSecrecy(StrEnum):
    """Whether who listens can read what is said."""

    PLAINTEXT = "plaintext"
    ENCRYPTED = "encrypted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class FrameAt:
    """A packet of a capture: its number from 1 as in Wireshark, when, in seconds since 1970."""

    time: float
    file: str
    number: int

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WireEnd:
    """One side of a connection. `hops`: routers between it and where the capture was made.

    They are counted from the nearest usual first value of a TTL; None where it sent nothing.
    `foreign`: what it said is no ZMTP at all.
    """

    address: str
    port: int
    shown: Shown
    hops: int | None = None
    foreign: bool = False

    def __str__(self) -> str:
        return (
            f"[{self.address}]:{self.port}"
            if ":" in self.address
            else f"{self.address}:{self.port}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WireConnection:
    """One connection of ZeroMQ over TCP.

    `transport` is 'tcp' or 'ws'. `packets` are those of both sides, copies included.
    """

    client: WireEnd
    server: WireEnd
    transport: str
    opened: Opener
    sure: Sureness
    because: str
    first: FrameAt
    last: FrameAt
    packets: int
    closed: bool

    @property
    def sides(self) -> tuple[WireEnd, WireEnd]:
        return self.client, self.server

    @property
    def alone(self) -> WireEnd | None:
        """The side that greets one that answers with something else, or with nothing.

        None where both greet, or the greeting of one may not be in the capture.
        """
        greeting = [each for each in self.sides if each.shown.greeted]
        other = [each for each in self.sides if not each.shown.greeted]
        if len(greeting) != 1 or self.sure is not Sureness.SURE:
            return None
        heard = other[0].hops is not None and not other[0].shown.trouble
        return greeting[0] if heard else None

    @property
    def version(self) -> str | None:
        """The one that both speak: the lower; None while one of them is not known."""
        versions = [each.shown.version for each in self.sides if not each.foreign]
        known = [each for each in versions if each]
        return min(known) if known else None

    @property
    def mechanism(self) -> str | None:
        """'NULL', 'PLAIN', 'CURVE' …; 'NULL and CURVE' where they differ, None where none came."""
        said = dict.fromkeys(each.shown.mechanism for each in self.sides)
        return " and ".join(each for each in said if each) or None

    @property
    def agreed(self) -> bool | None:
        """Whether the handshake came to its end; None where the capture does not show it."""
        shown = [each.shown for each in self.sides]
        if any(each.error is not None for each in shown):
            return False
        if self.version in ("1.0", "2.0"):
            return True
        if all(each.sent("READY") for each in shown):
            return True
        if self.mechanism in ("PLAIN", "CURVE") and self.server_side.shown.sent("READY"):
            return True
        if any(each.trouble for each in shown) or self.sure is not Sureness.SURE:
            return None
        return False

    @property
    def server_side(self) -> WireEnd:
        """Who is the server of the mechanism, which any side may be: it ends with READY."""
        return self.client if self.client.shown.sent("WELCOME") else self.server

    @property
    def secrecy(self) -> WireSecrecy:
        """Of GSSAPI nobody sees whether it encrypts (ZMQ_GSSAPI_PLAINTEXT)."""
        if self.version in ("1.0", "2.0") or self.mechanism in ("NULL", "PLAIN"):
            return WireSecrecy.PLAINTEXT
        if any(each.shown.mechanism == "CURVE" or each.shown.sealed for each in self.sides):
            return WireSecrecy.ENCRYPTED
        return WireSecrecy.UNKNOWN

    @property
    def empty(self) -> bool:
        """Whether it ended before a mechanism was named, as one of a health check does."""
        return self.agreed is False and self.mechanism is None

    @property
    def credentials(self) -> bool:
        """Whether a name and a password of PLAIN crossed."""
        return self.mechanism == "PLAIN" and any(each.shown.sent("HELLO") for each in self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class WireDatagrams:
    """Datagrams from one sender to one target that look like a transport of ZeroMQ.

    `transport` is 'udp' (RADIO and DISH), 'pgm', 'epgm' or 'norm'. `port` is None of pgm.
    """

    transport: str
    sender: str
    target: str
    port: int | None
    sure: Sureness
    because: str
    groups: tuple[str, ...] = ()
    packets: int = 0
    size: int = 0
    first: FrameAt
    last: FrameAt


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRead:
    """A file as far as it could be read. `passed` counts packets that were not, by why."""

    name: str
    sha256: str
    packets: int
    damage: str | None = None
    passed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheWire:
    """The whole answer. `others` counts the other connections of TCP, by what they are."""

    connections: tuple[WireConnection, ...]
    datagrams: tuple[WireDatagrams, ...]
    captures: tuple[CaptureRead, ...]
    others: Mapping[str, int]

    @property
    def unread(self) -> tuple[str, ...]:
        """What was not read of the files, in words: () where all of it was."""
        said = [f"{each.name}: {each.damage}" for each in self.captures if each.damage]
        for each in self.captures:
            said += [
                f"{each.name}: packets not read: {number} ({why})"
                for why, number in each.passed.items()
                if why != NO_IP
            ]
        return tuple(said)
