"""The first topology: what the register shows, in the language, with the evidence beside it.

It is tried before it is given away: `accepts` loads and plans it. Segments are as fine as the plan
lets them be; what has no room at all stands in a comment. What a person must decide says TODO.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bulkhead.discover.register.boundary import BoundaryRegister, SeenBoundary
from bulkhead.discover.register.grounds import NOWHERE, Grounds
from bulkhead.discover.register.segmenting import SegmentsProposed, proposals
from bulkhead.discover.register.wiring import (
    NotWritten,
    ServiceToWrite,
    SocketToWrite,
    WiringToWrite,
    wiring_of,
)
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.problems import Problem

Accepts = Callable[[str], Sequence[Problem]]
"""What is wrong with the text of a topology, to who loads and plans it: nothing is a yes."""

_MOST_EVIDENCE: Final = 4
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class TopologyHead:
    """What no register shows: the topology's name, where it is built, and at which addresses."""

    name: str
    region: str
    zones: str
    cidr: str = "10.20.0.0/16"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTopology:
    """`refused` is what the plan said of finer segments than those that are written."""

    text: str
    wiring: WiringToWrite
    segments: SegmentsProposed
    refused: tuple[Problem, ...] = ()


def first_topology(
    register: BoundaryRegister,
    head: TopologyHead,
    *,
    accepts: Accepts,
    grounds: Grounds = NOWHERE,
) -> FirstTopology:
    """A topology that `accepts` has no word against."""
    wiring = wiring_of(register.boundaries)
    refused: tuple[Problem, ...] = ()
    last = None
    for last in proposals(wiring, grounds):
        text = _text(register, head, wiring, last)
        problems = tuple(accepts(text))
        if not problems:
            return FirstTopology(text=text, wiring=wiring, segments=last, refused=refused)
        refused = refused or problems
    return _as_much_as_fits(register, head, wiring, accepts, refused)


def _as_much_as_fits(
    register: BoundaryRegister,
    head: TopologyHead,
    wiring: WiringToWrite,
    accepts: Accepts,
    refused: tuple[Problem, ...],
) -> FirstTopology:
    """In one segment, as many sockets as the plan takes, the surest first: halved until it does."""
    fits, too_many = 0, len(wiring.sockets)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if accepts(_in_one(register, head, wiring.first(middle))[0]):
            too_many = middle
        else:
            fits = middle
    kept = wiring.first(fits)
    text, segments = _in_one(register, head, kept)
    return FirstTopology(text=text, wiring=kept, segments=segments, refused=refused)


def _in_one(
    register: BoundaryRegister, head: TopologyHead, wiring: WiringToWrite
) -> tuple[str, SegmentsProposed]:
    *_, coarsest = proposals(wiring, NOWHERE)
    return _text(register, head, wiring, coarsest), coarsest


def _text(
    register: BoundaryRegister,
    head: TopologyHead,
    wiring: WiringToWrite,
    segments: SegmentsProposed,
) -> str:
    return "\n".join(_lines(register, head, wiring, segments)) + "\n"


def _lines(
    register: BoundaryRegister,
    head: TopologyHead,
    wiring: WiringToWrite,
    segments: SegmentsProposed,
) -> Iterator[str]:
    yield "# What discover register found. TODO stands where a person must decide."
    yield from (comment(f"searched: {each}") for each in register.searched)
    yield "# What is not here may run where nobody looked."
    yield f"name: {head.name}"
    yield f"region: {head.region}  # TODO: yours"
    yield f"cidr: {head.cidr}  # TODO: addresses that nobody else has"
    yield f"zones: {head.zones}"
    yield ""
    yield comment(f"TODO: whether these are the right ones; proposed {segments.why}.")
    yield "segments:" if wiring.services else "segments: { first: { purpose: 'TODO: say why' } }"
    for name, inside in segments.purposes.items() if wiring.services else ():
        yield comment(f"of {inside}", 2)
        yield f'  {name}: {{ purpose: "TODO: say why it exists" }}'
    yield ""
    yield "services:" if wiring.services else "services: {}"
    for service in wiring.services:
        yield from service_lines(service, segments.of[service.name], wiring.sockets)
    if wiring.services:
        yield ""
        yield "tests:"
        yield '  - { from: internet, deny: ["*"] }'
    if wiring.left:
        yield ""
        yield "# Seen, and not written above:"
        for each in wiring.left:
            yield from not_written_lines(each)


def service_lines(
    service: ServiceToWrite, segment: str, sockets: Iterable[SocketToWrite], indent: int = 2
) -> Iterator[str]:
    """A service with its sockets, as block mappings."""
    blank = " " * indent
    party = service.party
    yield comment(f"{party.name}: {party.because}", indent)
    yield f"{blank}{service.name}:"
    yield f"{blank}  segment: {segment}"
    if service.replicas > 1:
        machines = ", ".join(party.machines)
        yield f"{blank}  replicas: {service.replicas}  {comment(f'seen on {machines}')}"
    yield f"{blank}  sockets:"
    for each in sockets:
        if each.service == service.name:
            yield from socket_lines(each, indent + 4)


def socket_lines(socket: SocketToWrite, indent: int) -> Iterator[str]:
    """A socket on one line, with what shows it above."""
    yield from (comment(f"TODO: {each}", indent) for each in socket.todo)
    end = "client" if socket.connect else "server"
    yield from (comment(each, indent) for each in _shown(socket.boundaries, end))
    where = f"connect: {socket.connect}" if socket.connect else f'bind: "{socket.bind}"'
    secured = "" if socket.mechanism is Mechanism.NULL else f", mechanism: {socket.mechanism}"
    yield f"{' ' * indent}{socket.name}: {{ type: {socket.type}, {where}{secured} }}"


def not_written_lines(each: NotWritten) -> Iterator[str]:
    """What is left to a person, as comments."""
    yield comment(f"TODO: {each.boundary} ({each.why})")
    yield from (comment(f"  {one}") for one in _shown((each.boundary,), ""))


def _shown(boundaries: Sequence[SeenBoundary], end: str) -> list[str]:
    """The evidence of an end, each once; of what both ends have, the first."""
    found = dict.fromkeys(
        str(one)
        for each in boundaries
        for one in each.evidence
        if not end or one.end in (end, "both")
    )
    said = list(found)[:_MOST_EVIDENCE]
    more = len(found) - len(said)
    return [*said, f"and {more} more"] if more else said


def comment(text: str, indent: int = 0) -> str:
    """A comment on one line, whatever the text holds: YAML allows no control character anywhere."""
    shown = text.encode("ascii", "backslashreplace").decode()
    shown = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in shown)
    cut = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
    return f"{' ' * indent}# {cut}"
