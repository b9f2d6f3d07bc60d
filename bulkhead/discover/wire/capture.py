"""The packets of a capture, one at a time: pcap and pcapng, also compressed with gzip.

Written here because both formats are a few headers, and the libraries that read them take a
packet apart as well: scapy some 15,000 a second and under a licence of its own, dpkt without a
release since 2022. What is written here is held against scapy in the tests.

Sources: ietf-opsawg-pcap, ietf-opsawg-pcapng, www.tcpdump.org/linktypes.html.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

LARGEST: Final = 1 << 24
"""Bytes of a packet or a block: more is damage, since no tool takes a snapshot so long."""

_PCAP: Final = {0xA1B2C3D4: 1e-6, 0xA1B23C4D: 1e-9}
"""Magic number: the unit of its fractions of a second."""
_SECTION: Final = 0x0A0D0D0A
_INTERFACE, _PACKET_1, _SIMPLE, _PACKET = 1, 2, 3, 6
_TSRESOL, _TSOFFSET = 9, 14
_OTHERS: Final = {
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"\xfd7zXZ": "compressed with xz",
    b"BZh": "compressed with bzip2",
    b"PK\x03\x04": "a zip archive",
    b"snoop\0": "a capture of snoop",
    b"\xa1\xb2\xcd\x34": "a pcap of a patched libpcap",
    b"\x34\xcd\xb2\xa1": "a pcap of a patched libpcap",
}


class NoCaptureError(Exception):
    """The bytes are no capture that can be read, and why."""


@dataclass(frozen=True, slots=True)
class Captured:
    """One packet: its number in the file from 1, when (seconds since 1970), what of it was kept.

    `link` is its LINKTYPE, `length` what it had on the wire in bytes.
    """

    number: int
    time: float
    link: int
    data: bytes
    length: int


class CaptureReader:
    """The packets of a stream of bytes; `damage` says afterwards why it ended early, if it did."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises NoCaptureError where it is none."""
        self.damage: str | None = None
        start = stream.read(6)
        stream.seek(0)
        self._stream: BinaryIO = stream
        if start[:2] == b"\x1f\x8b":
            self._stream = gzip.GzipFile(fileobj=stream)  # type: ignore[assignment]  # reads alike
        for magic, called in _OTHERS.items():
            if start.startswith(magic):
                raise NoCaptureError(f"is {called}")
        self._magic = self._read(4)
        self._little = self._magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1")
        big = int.from_bytes(self._magic, "little" if self._little else "big")
        self._unit = _PCAP.get(big)
        if self._unit is None and big != _SECTION:
            raise NoCaptureError("is no pcap or pcapng" if start else "is empty")

    def __iter__(self) -> Iterator[Captured]:
        try:
            yield from self._pcap(self._unit) if self._unit else self._pcapng()
        except _CutError as error:
            self.damage = str(error)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.damage = f"its compression ends early ({error})"

    def _read(self, count: int) -> bytes:
        try:
            return self._stream.read(count)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise _CutError(f"its compression ends early ({error})") from None

    def _exactly(self, count: int) -> bytes:
        data = self._read(count)
        if len(data) < count:
            raise _CutError("it ends within a packet")
        return data

    def _pcap(self, unit: float) -> Iterator[Captured]:
        order = "<" if self._little else ">"
        link = struct.unpack(f"{order}I", self._exactly(20)[16:])[0] & 0xFFFF
        record = struct.Struct(f"{order}IIII")
        number = 0
        while head := self._read(16):
            if len(head) < 16:
                raise _CutError("it ends within a packet")
            seconds, fraction, kept, length = record.unpack(head)
            if kept > LARGEST:
                raise _CutError(f"packet {number + 1} claims {kept} bytes")
            number += 1
            yield Captured(number, seconds + fraction * unit, link, self._exactly(kept), length)

    def _pcapng(self) -> Iterator[Captured]:
        order, number = "<", 0
        interfaces: list[_Interface] = []
        head = self._magic + self._exactly(4)
        while head:
            if len(head) < 8:
                raise _CutError("it ends within a block")
            if head[:4] == b"\x0a\x0d\x0d\x0a":
                order, interfaces = self._section(head), []
            else:
                kind, total = struct.unpack(f"{order}II", head)
                body = self._body(total)
                if kind == _INTERFACE:
                    interfaces.append(_interface(body, order))
                elif kind in (_PACKET, _PACKET_1, _SIMPLE):
                    number += 1
                    yield _packet(kind, body, order, interfaces, number)
            head = self._read(8)

    def _section(self, head: bytes) -> str:
        magic = self._exactly(4)
        order = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}.get(magic)
        if order is None:
            raise _CutError("a section has no order of bytes")
        total = struct.unpack(f"{order}I", head[4:])[0]
        if total < 28:
            raise _CutError(f"a section claims {total} bytes")
        self._body(total - 4)
        return order

    def _body(self, total: int) -> bytes:
        if not 12 <= total <= LARGEST:
            raise _CutError(f"a block claims {total} bytes")
        return self._exactly((total + 3 & ~3) - 8)[: total - 12]


class _CutError(Exception):
    """Where the rest cannot be read."""


@dataclass(frozen=True, slots=True)
class _Interface:
    link: int
    snaplen: int
    unit: float
    offset: int


def _interface(body: bytes, order: str) -> _Interface:
    if len(body) < 8:
        raise _CutError("the description of an interface is too short")
    link, _, snaplen = struct.unpack_from(f"{order}HHI", body)
    unit, offset, at = 1e-6, 0, 8
    while at + 4 <= len(body):
        code, size = struct.unpack_from(f"{order}HH", body, at)
        value = body[at + 4 : at + 4 + size]
        if code == _TSRESOL and size == 1 and value:
            unit = 2.0 ** -(value[0] & 0x7F) if value[0] & 0x80 else 10.0 ** -value[0]
        elif code == _TSOFFSET and len(value) == 8:
            offset = struct.unpack(f"{order}q", value)[0]
        at += 4 + (size + 3 & ~3)
    return _Interface(link, snaplen, unit, offset)


def _packet(
    kind: int, body: bytes, order: str, interfaces: list[_Interface], number: int
) -> Captured:
    shape = {_PACKET: "IIIII", _PACKET_1: "HHIIII", _SIMPLE: "I"}[kind]
    size = struct.calcsize(order + shape)
    if len(body) < size:
        raise _CutError(f"packet {number} is too short")
    fields = struct.unpack_from(order + shape, body)
    index = 0 if kind == _SIMPLE else fields[0]
    if index >= len(interfaces):
        raise _CutError(f"packet {number} is of an interface that nothing describes")
    at = interfaces[index]
    if kind == _SIMPLE:
        length = fields[0]
        kept = min(length, at.snaplen or length)
        return Captured(number, 0.0, at.link, body[size : size + kept], length)
    high, low, kept, length = fields[-4:]
    moment = (high << 32 | low) * at.unit + at.offset
    return Captured(number, moment, at.link, body[size : size + kept], length)
