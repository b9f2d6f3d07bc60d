"""What a captured packet carries: the layers around IP, IP itself, and its fragments.

Sources: www.tcpdump.org/linktypes.html; RFC 791, 8200; 802.1Q; RFC 7348 (VXLAN, in which AWS
mirrors traffic: docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-packet-formats.html).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

NO_IP: Final = "no IP"
"""Why a packet is passed over that is none of ZeroMQ over a network: ARP, say."""
CUT_OFF: Final = "cut off before its ports"
FRAGMENTS_ALONE: Final = "fragments whose others are not there"

TCP, UDP, PGM = 6, 17, 113

LINKS: Final = {
    0: "BSD loopback",
    1: "Ethernet",
    12: "raw IP",
    14: "raw IP",
    101: "raw IP",
    108: "OpenBSD loopback",
    113: "Linux cooked v1",
    228: "raw IPv4",
    229: "raw IPv6",
    276: "Linux cooked v2",
}
"""Link types that are read."""

_IPV4, _IPV6 = 0x0800, 0x86DD
_VLANS: Final = (0x8100, 0x88A8, 0x9100)
_FAMILIES: Final = {2: _IPV4, 24: _IPV6, 28: _IPV6, 30: _IPV6, 10: _IPV6}
"""AF_INET, and AF_INET6 of NetBSD, FreeBSD, Darwin, Linux."""
_OPTIONS: Final = (0, 43, 60)
"""Extension headers of IPv6 that are a length and go on: hop by hop, routing, destination."""
_FRAGMENT, _AUTHENTICATION = 44, 51
_VXLAN_PORT: Final = 4789
_DEEPEST: Final = 3
"""Tunnels in one another that are opened."""
_MOST_FRAGMENTED: Final = 256
_LARGEST: Final = 65_535


@dataclass(frozen=True, slots=True)
class Carried:
    """The payload of one IP packet, put together where it came in fragments.

    `source` and `target` are 4 or 16 bytes; `missing` are bytes at the end of the payload that the
    capture did not keep.
    """

    protocol: int
    source: bytes
    target: bytes
    ttl: int
    payload: bytes
    missing: int = 0


class Unpacker:
    """Packets in, what they carry out; `passed` counts what is not, by why."""

    def __init__(self) -> None:
        self.passed: Counter[str] = Counter()
        self._fragments: dict[tuple[bytes, bytes, int, int], _Fragments] = {}

    @property
    def unfinished(self) -> int:
        """Packets of which some fragments never came."""
        return len(self._fragments)

    def unpack(self, link: int, data: bytes, length: int) -> Carried | None:
        """`length` is what the packet had on the wire in bytes."""
        kind, at = _network_layer(link, data)
        if kind is None:
            self.passed[f"link type {link}" if link not in LINKS else CUT_OFF] += 1
            return None
        return self._ip(kind, data[at:], length - at, 0)

    def _ip(self, kind: int, data: bytes, length: int, depth: int) -> Carried | None:
        if kind not in (_IPV4, _IPV6):
            self.passed[NO_IP] += 1
            return None
        read = _ipv4 if kind == _IPV4 else _ipv6
        packet = read(data, length)
        if packet is None:
            self.passed[CUT_OFF] += 1
            return None
        carried = self._whole(packet)
        if carried and depth < _DEEPEST and (inner := _tunnelled(carried)) is not None:
            kind_inside, at = _network_layer(1, inner)
            if kind_inside is not None:
                size = len(inner) + carried.missing - at
                return self._ip(kind_inside, inner[at:], size, depth + 1)
        return carried

    def _whole(self, packet: _Ip) -> Carried | None:
        if not packet.fragmented:
            return packet.carried
        if packet.carried.missing:
            self.passed[CUT_OFF] += 1
            return None
        carried = packet.carried
        # IPv6 says what is inside in the first fragment alone, so the protocol is not of the key.
        key = (carried.source, carried.target, packet.id, len(carried.source))
        pieces = self._fragments.pop(key, None) or _Fragments()
        payload = pieces.add(packet)
        if payload is None:
            self._fragments[key] = pieces
            if len(self._fragments) > _MOST_FRAGMENTED:
                del self._fragments[next(iter(self._fragments))]
                self.passed[FRAGMENTS_ALONE] += 1
            return None
        return Carried(pieces.protocol, carried.source, carried.target, carried.ttl, payload)


@dataclass(frozen=True, slots=True)
class _Ip:
    carried: Carried
    id: int = 0
    offset: int = 0
    more: bool = False

    @property
    def fragmented(self) -> bool:
        return self.more or self.offset > 0


class _Fragments:
    """The pieces of one packet."""

    def __init__(self) -> None:
        self.protocol = 0
        self._pieces: dict[int, bytes] = {}
        self._size: int | None = None

    def add(self, packet: _Ip) -> bytes | None:
        """The payload, once all of it is there."""
        payload = packet.carried.payload
        if packet.offset + len(payload) > _LARGEST:
            return None
        self._pieces.setdefault(packet.offset, payload)
        if not packet.offset:
            self.protocol = packet.carried.protocol
        if not packet.more:
            self._size = packet.offset + len(payload)
        if self._size is None:
            return None
        whole = bytearray()
        for offset, piece in sorted(self._pieces.items()):
            if offset > len(whole):
                return None
            whole[offset:] = piece if offset + len(piece) >= len(whole) else whole[offset:]
        return bytes(whole[: self._size]) if len(whole) >= self._size else None


def _network_layer(link: int, data: bytes) -> tuple[int | None, int]:
    """The EtherType of what is inside, None where it is not read, and where that begins."""
    match link:
        case 1:
            at = 12
        case 113:
            at = 14
        case 276:
            return (_number(data, 0), 20) if len(data) >= 20 else (None, 0)
        case 0 | 108:
            if len(data) < 4:
                return None, 0
            family = int.from_bytes(data[:4], "big")
            # Of the host that captured, whose order of bytes the file does not say.
            return _FAMILIES.get(family if family < 1 << 16 else data[0], 0), 4
        case 12 | 14 | 101 | 228 | 229:
            return ({4: _IPV4, 6: _IPV6}.get(data[0] >> 4, 0), 0) if data else (None, 0)
        case _:
            return None, 0
    kind = _number(data, at)
    while kind in _VLANS:
        at += 4
        kind = _number(data, at)
    return kind, at + 2


def _number(data: bytes, at: int) -> int | None:
    return int.from_bytes(data[at : at + 2], "big") if at + 2 <= len(data) else None


def _ipv4(data: bytes, length: int) -> _Ip | None:
    if len(data) < 20:
        return None
    header = (data[0] & 15) * 4
    # 0 where the network card was to cut it into packets.
    total = int.from_bytes(data[2:4], "big") or length
    if header < 20 or len(data) < header or total < header:
        return None
    flags = int.from_bytes(data[6:8], "big")
    payload = data[header:total]
    carried = Carried(
        data[9], data[12:16], data[16:20], data[8], payload, total - header - len(payload)
    )
    identification = int.from_bytes(data[4:6], "big")
    return _Ip(carried, identification, (flags & 0x1FFF) * 8, bool(flags & 0x2000))


def _ipv6(data: bytes, length: int) -> _Ip | None:
    if len(data) < 40:
        return None
    total = 40 + int.from_bytes(data[4:6], "big")
    if total == 40:
        total = length  # a jumbogram, or one that the network card was to cut
    protocol, at = data[6], 40
    identification, offset, more = 0, 0, False
    while protocol in (*_OPTIONS, _FRAGMENT, _AUTHENTICATION):
        if len(data) < at + 8:
            return None
        if protocol == _FRAGMENT:
            place = int.from_bytes(data[at + 2 : at + 4], "big")
            offset, more = place & 0xFFF8, bool(place & 1)
            identification = int.from_bytes(data[at + 4 : at + 8], "big")
            size = 8
        else:
            size = (data[at + 1] + 2) * 4 if protocol == _AUTHENTICATION else data[at + 1] * 8 + 8
        protocol, at = data[at], at + size
        if offset:
            break  # behind the first fragment no header follows
    payload = data[at:total]
    carried = Carried(
        protocol, data[8:24], data[24:40], data[7], payload, max(0, total - at - len(payload))
    )
    return _Ip(carried, identification, offset, more)


def _tunnelled(carried: Carried) -> bytes | None:
    """The Ethernet frame within VXLAN."""
    data = carried.payload
    if carried.protocol != UDP or len(data) < 16:
        return None
    if int.from_bytes(data[2:4], "big") != _VXLAN_PORT or data[8] != 0x08:
        return None
    return data[16:]
