"""Connections that are being read: which belong to which, who opened them, which are ZeroMQ."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from enum import StrEnum
from functools import partial
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.wire.packets import Carried
from bulkhead.discover.wire.seen import FrameAt, Opener, Sureness, WireConnection, WireEnd
from bulkhead.discover.wire.tcp import Stream, TcpSegment
from bulkhead.discover.wire.websocket import Upgrade
from bulkhead.discover.wire.zmtp import Conversation, Recognised, WireSide

SocketAddress = tuple[bytes, int]
"""An address, of 4 or 16 bytes, and a port."""

_FIRST_TTLS: Final = (64, 128, 255)
_TELLING: Final = frozenset({"PING", "PONG", "SUBSCRIBE", "CANCEL", "JOIN", "LEAVE"})
"""Commands that no other protocol sends, for connections whose greeting was not captured."""
_GREETING: Final = 10
"""Bytes by which a greeting is known."""
_FEW_FRAMES: Final = 3


class Other(StrEnum):
    """What a connection is that is not known to be one of ZeroMQ."""

    SILENT = "without a byte"
    TLS = "TLS, in which nobody sees what is said"
    MIDWAY = "opened before the capture, and not recognised"
    LOST = "whose first bytes are not in the capture"
    NONE = "no ZeroMQ"


class Tracked:
    """One connection of TCP, from its first packet on. `places` are its two ends, unordered."""

    __slots__ = (
        "_begun",
        "_frames",
        "_lost_start",
        "_start",
        "_streams",
        "_ttl",
        "_upgrade",
        "_zmtp",
        "closed",
        "first",
        "last",
        "opener",
        "packets",
        "places",
    )

    def __init__(self, low: SocketAddress, high: SocketAddress, at: FrameAt) -> None:
        self.places = {WireSide.CLIENT: low, WireSide.SERVER: high}
        self.first = self.last = at
        self.packets = 0
        self.opener: WireSide | None = None
        self.closed = False
        self._ttl: dict[WireSide, int] = {}
        self._start: dict[WireSide, bytes] = dict.fromkeys(WireSide, b"")
        self._lost_start = False
        self._begun = False
        self._zmtp: Conversation | None = None
        self._upgrade: Upgrade | None = None
        self._frames: Conversation | None = None
        self._streams = {
            each: Stream(partial(self._deliver, each), partial(self._lose, each))
            for each in WireSide
        }

    def reopened_by(self, side: WireSide, segment: TcpSegment) -> bool:
        """Whether a SYN opens another connection between the same ports."""
        return segment.opens and not self._streams[side].starts_at(segment.sequence)

    def take(self, side: WireSide, segment: TcpSegment, carried: Carried, at: FrameAt) -> None:
        self.packets += 1
        self.last = at
        self._ttl.setdefault(side, carried.ttl)
        stream = self._streams[side]
        if segment.opens:
            self.opener = side
            stream.open(segment.sequence)
        elif segment.answers:
            self.opener = side.other
            stream.open(segment.sequence)
        if segment.resets:
            self.closed = True
            return
        self.closed = self.closed or segment.ends
        if not self._begun or self._zmtp or self._upgrade or self._frames:
            if segment.opens or segment.answers:
                # Data may come with a SYN, behind it (RFC 9293, 3.4).
                segment = replace(segment, sequence=(segment.sequence + 1) % (1 << 32))
            stream.take(segment)

    def finish(self) -> None:
        """Nothing more will come of it."""
        for each in self._streams.values():
            each.finish()
        if self._zmtp:
            self._zmtp.finish()

    def _deliver(self, side: WireSide, data: bytes) -> None:
        if not self._begun:
            self._begin(midway=self._streams[side].midway)
        if len(self._start[side]) < _GREETING:
            self._start[side] = (self._start[side] + data[:_GREETING])[:_GREETING]
        if self._frames:
            self._frames.feed(side, data)
            if not self._frames.sensible:
                self._frames = None
        if self._zmtp:
            self._zmtp.feed(side, data)
            if self._zmtp.hopeless:
                self._zmtp = None
        if self._upgrade:
            self._upgrade.feed(side, data)
            if self._upgrade.hopeless:
                self._upgrade = None

    def _begin(self, *, midway: bool) -> None:
        """The first bytes of a connection; `midway`: others came before them."""
        self._begun = True
        self._zmtp, self._upgrade = Conversation(), Upgrade()
        self._frames = Conversation(midway=True) if midway else None

    def _lose(self, side: WireSide, count: int) -> None:
        if not self._begun:
            self._begin(midway=True)
        self._lost_start = self._lost_start or len(self._start[side]) < _GREETING
        for each in (self._zmtp, self._upgrade, self._frames):
            if each:
                each.lose(side, count)

    @property
    def signed(self) -> bool:
        """Whether it is one of ZeroMQ beyond doubt."""
        return bool(
            (self._zmtp and self._zmtp.recognised is Recognised.ZMTP)
            or (self._upgrade and self._upgrade.upgraded)
        )

    def likely(self, known: frozenset[SocketAddress]) -> str | None:
        """Why it may be one all the same, and None where nothing says so.

        `known` are the servers that others were seen to speak to.
        """
        if self._zmtp and self._zmtp.unsigned:
            return "both sides speak as ZMTP 1.0 does, which has no signature"
        if not self._frames:
            return None
        shown = [self._frames.shown(each) for each in WireSide]
        names = {name for each in shown for name, _ in each.commands}
        if told := sorted(names & _TELLING):
            return f"its greeting was not captured, and it sends {told[0]}"
        if any(each.sealed for each in shown):
            return "its greeting was not captured, and it sends frames of CURVE"
        frames = sum(each.messages + each.subscriptions + each.sealed for each in shown)
        if known & set(self.places.values()) and frames >= _FEW_FRAMES:
            return "its greeting was not captured; others speak ZMTP to the same server"
        return None

    @property
    def other(self) -> Other:
        """What it is if it is none."""
        starts = self._start.values()
        if not any(starts):
            return Other.LOST if self._lost_start else Other.SILENT
        if any(each[:2] == b"\x16\x03" for each in starts):
            return Other.TLS
        if any(each.midway for each in self._streams.values()):
            return Other.MIDWAY
        # What could still be a greeting, were the rest of it there.
        return Other.LOST if self._lost_start and self._zmtp else Other.NONE

    def seen(self, servers: Counter[SocketAddress], sure: Sureness, because: str) -> WireConnection:
        """`servers` counts how many connections each place has a part in."""
        upgrade = self._upgrade if self._upgrade and self._upgrade.upgraded else None
        talk = upgrade or (
            self._zmtp if sure is Sureness.SURE or not self._frames else self._frames
        )
        client, opened = self._client(servers)
        ends = {}
        for side in WireSide:
            address, port = self.places[side]
            ends[side] = WireEnd(
                address=str(ip_address(address)),
                port=port,
                shown=talk.shown(side),  # type: ignore[union-attr]  # one of them is there
                hops=_hops(self._ttl.get(side)),
                foreign=isinstance(talk, Conversation) and talk.foreign(side),
            )
        return WireConnection(
            client=ends[client],
            server=ends[client.other],
            transport="ws" if upgrade else "tcp",
            opened=opened,
            sure=sure,
            because=because,
            first=self.first,
            last=self.last,
            packets=self.packets,
            closed=self.closed,
        )

    def _client(self, servers: Counter[SocketAddress]) -> tuple[WireSide, Opener]:
        if self.opener:
            return self.opener, Opener.SYN
        if self._upgrade and self._upgrade.client:
            return self._upgrade.client, Opener.UPGRADE
        ranked = {each: (servers[self.places[each]], -self.places[each][1]) for each in WireSide}
        server = max(ranked, key=lambda each: ranked[each])
        return server.other, Opener.PORT


def _hops(ttl: int | None) -> int | None:
    if ttl is None:
        return None
    return min(first - ttl for first in _FIRST_TTLS if first >= ttl)


class Connections:
    """Segments in, connections out; one that is over and none of ZeroMQ leaves a count alone."""

    def __init__(self) -> None:
        self.others: Counter[Other] = Counter()
        self._open: dict[tuple[SocketAddress, SocketAddress], Tracked] = {}
        self._over: list[Tracked] = []

    def take(self, carried: Carried, segment: TcpSegment, at: FrameAt) -> None:
        source = (carried.source, segment.source_port)
        target = (carried.target, segment.target_port)
        low, high = min(source, target), max(source, target)
        side = WireSide.CLIENT if source == low else WireSide.SERVER
        tracked = self._open.get((low, high))
        if tracked and tracked.reopened_by(side, segment):
            self._end(tracked)
            tracked = None
        if tracked is None:
            tracked = self._open[low, high] = Tracked(low, high, at)
        tracked.take(side, segment, carried, at)

    def _end(self, tracked: Tracked) -> None:
        tracked.finish()
        if tracked.signed or tracked.likely(frozenset(tracked.places.values())):
            self._over.append(tracked)
        else:
            self.others[tracked.other] += 1

    def seen(self) -> tuple[WireConnection, ...]:
        """Those of ZeroMQ, as they began. Nothing more can be taken."""
        for each in self._open.values():
            self._end(each)
        self._open.clear()
        places = Counter(place for each in self._over for place in each.places.values())
        known = frozenset(self._servers(places))
        found = []
        for each in self._over:
            if each.signed:
                found.append(each.seen(places, Sureness.SURE, "a greeting was read"))
            elif because := each.likely(known):
                found.append(each.seen(places, Sureness.LIKELY, because))
            else:
                self.others[each.other] += 1
        return tuple(sorted(found, key=lambda each: each.first))

    def _servers(self, places: Counter[SocketAddress]) -> set[SocketAddress]:
        return {each.places[each._client(places)[0].other] for each in self._over if each.signed}
