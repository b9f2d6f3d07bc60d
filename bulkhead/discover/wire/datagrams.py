"""Transports of ZeroMQ that are no TCP. None has a greeting, so each is told with how sure it is.

RADIO and DISH: rfc.zeromq.org/spec/48 and libzmq's udp_engine.cpp (a length, the group, the body).
PGM: RFC 3208; epgm is the same in UDP. NORM: RFC 5740. What ZeroMQ puts in PGM: libzmq's
pgm_sender.cpp (an offset of two bytes, then frames).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from bulkhead.discover.wire.packets import PGM, UDP, Carried
from bulkhead.discover.wire.seen import FrameAt, Sureness, WireDatagrams

_ODATA, _RDATA = 4, 5
_PGM_TYPES: Final = frozenset({0, 1, 2, _ODATA, _RDATA, 8, 9, 10, 12})
_NORM_DATA: Final = 2
_NORM_TYPES: Final = range(1, 7)
_ENOUGH: Final = 3
"""Datagrams that look alike, before a guess is told."""
_LONGEST_GROUP: Final = 31
"""libzmq takes 255. From 32 on the length is a character, and every text would look like one."""
_LARGEST_RADIO: Final = 8_192
_MOST_GROUPS: Final = 16
_MOST_PORTS: Final = 16


@dataclass(slots=True)
class _Flow:
    """From one sender to one target: how many of its datagrams look like what."""

    first: FrameAt
    last: FrameAt
    packets: int = 0
    size: int = 0
    pgm: int = 0
    pgm_checked: int = 0
    zeromq: int = 0
    norm: int = 0
    norm_source: bytes = b""
    norm_next: int | None = None
    radio: int = 0
    ports: set[int] = field(default_factory=set)
    groups: dict[str, None] = field(default_factory=dict)


Key = tuple[int, bytes, bytes, int]
"""Protocol, sender, target, port of the target: 0 of PGM, whose senders use two ports of UDP."""


class DatagramFlows:
    """Datagrams in; flows that look like a transport of ZeroMQ out."""

    def __init__(self) -> None:
        self._flows: dict[Key, _Flow] = {}

    def take(self, carried: Carried, at: FrameAt) -> None:
        data = carried.payload
        if carried.protocol == PGM:
            port, body, size = 0, data, len(data) + carried.missing
        elif len(data) >= 8:
            port, body = int.from_bytes(data[2:4], "big"), data[8:]
            size = len(body) + carried.missing
        else:
            return
        key = (carried.protocol, carried.source, carried.target, port)
        flow = self._flows.get(key)
        if flow is None:
            flow = self._flows[key] = _Flow(at, at)
        flow.last = at
        flow.packets += 1
        flow.size += size
        if carried.protocol == UDP and len(flow.ports) < _MOST_PORTS:
            flow.ports.add(int.from_bytes(data[:2], "big"))
        _look(flow, body, cut=bool(carried.missing))

    def seen(self) -> tuple[WireDatagrams, ...]:
        """Those that look like one, as they began."""
        found = []
        for key, flow in self._flows.items():
            told = self._told(key, flow)
            if told:
                transport, sure, because = told
                found.append(_value(key, flow, transport, sure, because))
        return tuple(sorted(found, key=lambda each: each.first))

    def _told(self, key: Key, flow: _Flow) -> tuple[str, Sureness, str] | None:
        """Its transport, how sure, and why."""
        if key[0] == PGM or (flow.pgm == flow.packets and flow.pgm_checked):
            return _told_of_pgm("pgm" if key[0] == PGM else "epgm", flow)
        if flow.packets < _ENOUGH:
            return None
        if flow.norm == flow.packets:
            return "norm", Sureness.POSSIBLE, "NORM, which others than ZeroMQ use as well"
        if flow.radio == flow.packets and not self._answered(key, flow):
            return "udp", Sureness.POSSIBLE, "each datagram begins with the name of a group"
        return None

    def _answered(self, key: Key, flow: _Flow) -> bool:
        """Whether the target says something back, which no DISH does."""
        protocol, sender, target, _ = key
        return any((protocol, target, sender, port) in self._flows for port in flow.ports)


def _told_of_pgm(transport: str, flow: _Flow) -> tuple[str, Sureness, str]:
    if flow.pgm < flow.packets:
        return transport, Sureness.POSSIBLE, "IP protocol 113, of which some is no PGM"
    if flow.zeromq:
        return transport, Sureness.LIKELY, "PGM, and what it carries is laid out as by ZeroMQ"
    return transport, Sureness.POSSIBLE, "PGM, of which no data was captured"


def _value(key: Key, flow: _Flow, transport: str, sure: Sureness, because: str) -> WireDatagrams:
    protocol, sender, target, port = key
    return WireDatagrams(
        transport=transport,
        sender=str(ip_address(sender)),
        target=str(ip_address(target)),
        port=None if protocol == PGM else port,
        sure=sure,
        because=because,
        groups=tuple(flow.groups) if transport == "udp" else (),
        packets=flow.packets,
        size=flow.size,
        first=flow.first,
        last=flow.last,
    )


def _look(flow: _Flow, body: bytes, *, cut: bool) -> None:
    """Every datagram is held against every transport: one that does not fit ends the guess."""
    _look_pgm(flow, body, cut=cut)
    _look_norm(flow, body)
    _look_radio(flow, body)


def _look_pgm(flow: _Flow, body: bytes, *, cut: bool) -> None:
    if flow.pgm != flow.packets - 1 or len(body) < 16 or body[4] & 0x0F not in _PGM_TYPES:
        return
    size = int.from_bytes(body[14:16], "big")
    if body[4] & 0xC0 or (not cut and size > len(body) - 16):
        return
    checksum = int.from_bytes(body[6:8], "big")
    right = not cut and checksum and _checksum(body) == 0
    if checksum and not cut and not right:
        return
    flow.pgm += 1
    flow.pgm_checked += bool(right)
    if body[4] & 0x0F in (_ODATA, _RDATA) and not body[5] & 1:
        flow.zeromq += _zeromq_in_pgm(body[24 : 24 + size], size)


def _zeromq_in_pgm(data: bytes, size: int) -> bool:
    """An offset of the first message that begins here, or FFFF, as libzmq writes."""
    if len(data) < 3:
        return False
    offset = int.from_bytes(data[:2], "big")
    return offset == 0xFFFF or offset + 2 < size


def _checksum(data: bytes) -> int:
    """0 where the checksum within is right (RFC 1071)."""
    padded = data + b"\0" * (len(data) % 2)
    total = sum(int.from_bytes(padded[at : at + 2], "big") for at in range(0, len(padded), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def _look_norm(flow: _Flow, body: bytes) -> None:
    """Version 1, a type, a length of the header in words; one source, numbers that go up."""
    if flow.norm != flow.packets - 1 or len(body) < 12 or body[0] >> 4 != 1:
        return
    kind, words = body[0] & 15, body[1]
    if kind not in _NORM_TYPES or not 3 <= words <= 32 or words * 4 > len(body):
        return
    source, sequence = body[4:8], int.from_bytes(body[2:4], "big")
    if flow.norm_source and flow.norm_source != source:
        return
    step = 1 if flow.norm_next is None else (sequence - flow.norm_next) % 65_536
    if step > 64:
        return
    flow.norm_source, flow.norm_next = source, sequence
    flow.norm += 1


def _look_radio(flow: _Flow, body: bytes) -> None:
    if flow.radio != flow.packets - 1 or not body or len(body) > _LARGEST_RADIO:
        return
    size = body[0]
    group = body[1 : 1 + size]
    if not 1 <= size <= _LONGEST_GROUP or len(group) < size or not group.isascii():
        return
    text = group.decode("ascii")
    if not text.isprintable() or not text[0].isalnum():
        return
    flow.radio += 1
    if len(flow.groups) < _MOST_GROUPS:
        flow.groups.setdefault(text)
