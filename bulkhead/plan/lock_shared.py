"""Who shares which group, as lines of a lock.

    "shared db/ingress/tcp-6000,tcp-7000/web17": true,

Web17 holds the group of those who connect to db at these ports, and has no rules of its own there.
Without the line it may have some the next time, which moves rules and lets the same packets.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.network import Direction, PortRange
from bulkhead.network.ports import protocol_number
from bulkhead.plan.crowds import PeerCrowd, in_order, said_of

_SHARED: Final = "shared "
_LINE: Final = re.compile(r"([^/]+)/(ingress|egress)/([^/]+)/([^/]+)")
_RUN: Final = re.compile(r"(.+?)-(\d{1,5})(?:-(\d{1,5}))?")

CrowdMembers = Mapping[PeerCrowd, frozenset[str]]


def is_of_shared(name: str) -> bool:
    """Whether a line is about a shared group."""
    return name.startswith(_SHARED)


def shared_lines(members: CrowdMembers) -> Iterator[tuple[str, object]]:
    """The lines that say it."""
    for crowd, several in members.items():
        name, direction, runs = in_order(crowd)
        said = ",".join(said_of(*each) for each in runs)
        for each in several:
            yield f"{_SHARED}{name}/{direction}/{said}/{each}", True


def shared_in(document: Mapping[str, object]) -> tuple[CrowdMembers, Mapping[str, str]]:
    """What the lines say, and what is wrong with those that say nothing."""
    found: dict[PeerCrowd, set[str]] = defaultdict(set)
    wrong: dict[str, str] = {}
    for name, value in document.items():
        if not is_of_shared(name):
            continue
        said = _LINE.fullmatch(name.removeprefix(_SHARED))
        try:
            if said is None or value is not True:
                raise ValueError(name)
            hub, direction, runs, peer = said.groups()
            every = frozenset(map(_run, runs.split(",")))
            found[hub, Direction(direction), every].add(peer)
        except ValueError:
            wrong[name] = f"{name!r} says of nobody what he shares: {json.dumps(value)[:80]}"
    return {crowd: frozenset(several) for crowd, several in found.items()}, wrong


def _run(said: str) -> tuple[int, PortRange]:
    """Raises ValueError for what is none."""
    if (found := _RUN.fullmatch(said)) is None:
        raise ValueError(said)
    protocol, first, last = found.groups()
    return protocol_number(protocol), PortRange(int(first), int(last or first))
