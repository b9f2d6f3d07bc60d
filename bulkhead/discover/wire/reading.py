"""Captures, read as one: a connection may begin in one file and go on in the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path
from typing import Final

from bulkhead.discover.wire.capture import CaptureReader, NoCaptureError
from bulkhead.discover.wire.connections import Connections
from bulkhead.discover.wire.datagrams import DatagramFlows
from bulkhead.discover.wire.packets import (
    CUT_OFF,
    FRAGMENTS_ALONE,
    PGM,
    TCP,
    UDP,
    Carried,
    Unpacker,
)
from bulkhead.discover.wire.seen import CaptureRead, FrameAt, OnTheWire
from bulkhead.discover.wire.tcp import read_segment
from bulkhead.files import open_file
from bulkhead.problems import InputError, Problem

_REMEDY: Final = "name a capture of tcpdump or Wireshark: pcap or pcapng, plain or with gzip"


def read_captures(paths: Iterable[Path]) -> OnTheWire:
    """What the captures show, in the order in which they are named.

    Raises InputError where one of them is no capture: of all such at once, before any is read.
    """
    reading = _Reading()
    problems: list[Problem] = []
    with ExitStack() as held:
        readers = []
        for path in dict.fromkeys(paths):
            try:
                stream = held.enter_context(open_file(path, remedy=_REMEDY))
                digest = file_digest(stream, "sha256").hexdigest()
                stream.seek(0)
                readers.append((str(path), digest, CaptureReader(stream)))
            except InputError as error:
                problems += error.problems
            except NoCaptureError as error:
                problems.append(Problem(str(path), 0, str(error), _REMEDY))
        if problems:
            raise InputError(problems)
        captures = [reading.read(*each) for each in readers]
    return reading.seen(captures)


class _Reading:
    """What goes on from one file to the next."""

    def __init__(self) -> None:
        self._connections = Connections()
        self._datagrams = DatagramFlows()
        self._unpacker = Unpacker()

    def read(self, name: str, digest: str, reader: CaptureReader) -> CaptureRead:
        packets = 0
        passed = self._unpacker.passed = Counter()
        for packet in reader:
            packets += 1
            carried = self._unpacker.unpack(packet.link, packet.data, packet.length)
            if carried:
                self._take(carried, FrameAt(packet.time, name, packet.number))
        return CaptureRead(
            name=name, sha256=digest, packets=packets, damage=reader.damage, passed=passed
        )

    def _take(self, carried: Carried, at: FrameAt) -> None:
        if carried.protocol == TCP:
            segment = read_segment(carried)
            if segment is None:
                self._unpacker.passed[CUT_OFF] += 1
            else:
                self._connections.take(carried, segment, at)
        elif carried.protocol in (UDP, PGM):
            self._datagrams.take(carried, at)

    def seen(self, captures: list[CaptureRead]) -> OnTheWire:
        if captures and (left := self._unpacker.unfinished):
            last = captures[-1]
            passed = Counter(last.passed) + Counter({FRAGMENTS_ALONE: left})
            captures[-1] = replace(last, passed=passed)
        return OnTheWire(
            connections=self._connections.seen(),
            datagrams=self._datagrams.seen(),
            captures=tuple(captures),
            others={str(kind): number for kind, number in self._connections.others.items()},
        )
