"""The lock file: what was allocated, kept beside the topology and committed with it.

Adding or removing one thing never moves another, because nothing is computed
from positions in the topology: subnets, addresses, rule numbers and tunnel
networks are given out once (`allot`) and looked up here ever after.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bulkhead.files import read_if_there, write_file
from bulkhead.plan.allot import Allotment
from bulkhead.plan.crowds import PeerCrowd
from bulkhead.plan.lists import HeldByLists
from bulkhead.plan.lock_facts import RESTORE, Numbered, facts_of, line_of, text_of, written
from bulkhead.plan.lock_tunnels import OptionsByTunnel
from bulkhead.plan.vpc_facts import VpcFacts
from bulkhead.problems import Problem

LARGEST_LOCK: Final = 32 * 1024 * 1024
"""A topology of the largest size that is read locks a few MiB."""
_WRITABLE: Final = "run it where the topology's folder can be written, and commit the lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Allotments by what they number. Offsets and indices, so that they outlive a new CIDR."""

    topology: str
    units: Allotment = field(default_factory=Allotment)
    """Block of each isolation unit (a segment, or 'segment/service')."""
    blocks: Allotment = field(default_factory=Allotment)
    """The first slot of units in each block of IPv4 of a VPC that has several."""
    zones: Allotment = field(default_factory=Allotment)
    """Subnet slot of each zone within every block."""
    hosts: Mapping[str, Allotment] = field(default_factory=dict)
    """'unit/zone' -> host offset of each interface, counted from the first usable address."""
    acl_rules: Mapping[str, Allotment] = field(default_factory=dict)
    """'unit/direction/band' -> slot of each entry within its band of rule numbers."""
    nacls: Mapping[str, int] = field(default_factory=dict)
    """By unit which NACL it is that stands before it, where it is not the first (`acl_turns`)."""
    groups: Mapping[str, Allotment] = field(default_factory=dict)
    """'service/direction' -> slot of each rule of its security groups, where there are many
    (`shares`)."""
    shared: Mapping[PeerCrowd, frozenset[str]] = field(default_factory=dict)
    """Who shares each group of peers of a service (`sharing`)."""
    tunnels: Allotment = field(default_factory=Allotment)
    """Inside network of each tunnel ('site/1', 'site/2'), counted in /30s."""
    vpc: VpcFacts | None = None
    """What others have in the VPC, where that is theirs and somebody looked."""
    lists: HeldByLists = field(default_factory=dict)
    """What prefix lists hold in which peers are, as somebody read it."""
    quotas: Mapping[str, int] = field(default_factory=dict)
    """What the account may have, where somebody asked it, by the keys of a topology."""
    excluded: tuple[str, ...] = ()
    """What was excluded from the encryption of the VPC: what it was for may still be there."""
    options: OptionsByTunnel = field(default_factory=dict)
    """What each tunnel ('exchange', 1) was given, where that is not what every one is given."""
    first: bool = field(default=False, compare=False)
    """Nothing was ever given out: the plan that begins counts off."""
    file: str = field(default="", compare=False)
    """Where it is written, and how."""
    text: str = field(default="", compare=False, repr=False)

    @property
    def numbered(self) -> Numbered:
        """All allotments, by what they number and where."""
        several = {("host", where): each for where, each in self.hosts.items()}
        if self.blocks != Allotment():
            several["block", ""] = self.blocks
        several |= {("acl", where): each for where, each in self.acl_rules.items()}
        several |= {("group", where): each for where, each in self.groups.items()}
        return {
            ("unit", ""): self.units,
            ("zone", ""): self.zones,
            ("tunnel", ""): self.tunnels,
            **several,
        }


def lock_path(topology: Path) -> Path:
    """topologies/trading.yaml -> topologies/trading.lock.json."""
    return topology.with_suffix(".lock.json")


def read_lock(path: Path) -> Lock | None:
    """The committed lock, or None where there is none yet.

    Raises InputError when the file is not a lock that this version wrote.
    """
    data = read_if_there(path, largest=LARGEST_LOCK, remedy=RESTORE)
    return None if data is None else lock_of(str(path), data)


def lock_of(file: str, data: bytes) -> Lock:
    """The lock that a file of this name holds. Raises InputError as `read_lock` does."""
    topology, numbered, vpc, lists, quotas, excluded, shared, options, nacls = facts_of(file, data)

    def alone(kind: str) -> Allotment:
        return numbered.get((kind, ""), Allotment())

    def several(kind: str) -> Mapping[str, Allotment]:
        return {where: each for (of, where), each in numbered.items() if of == kind}

    return Lock(
        topology=topology,
        units=alone("unit"),
        blocks=alone("block"),
        zones=alone("zone"),
        hosts=several("host"),
        acl_rules=several("acl"),
        nacls=nacls,
        groups=several("group"),
        shared=shared,
        tunnels=alone("tunnel"),
        vpc=vpc,
        lists=lists,
        quotas=quotas,
        excluded=excluded,
        options=options,
        first=not numbered,
        file=file,
        text=data.decode(),
    )


def lock_text(lock: Lock) -> str:
    """The file's text: sorted, a fact a line, so that git merges what two branches gave out."""
    several = lock.vpc, lock.lists, lock.quotas
    return text_of(
        lock.topology,
        lock.numbered,
        *several,
        excluded=lock.excluded,
        shared=lock.shared,
        options=lock.options,
        nacls=lock.nacls,
    )


def moved(before: Lock, after: Lock) -> Iterator[Problem]:
    """What a lock says, and a plan could not keep."""
    now = after.numbered
    for place, allotment in before.numbered.items():
        if place[0] == "group":  # whichever holds a rule, it lets the same pass
            continue
        for key, slot in allotment.taken.items():
            if place in now and now[place].taken.get(key, slot) != slot:
                name = written(place, key)
                yield Problem(
                    before.file,
                    line_of(before.text, name),
                    f"{name!r} holds slot {slot}, and there is no such slot "
                    "(a smaller cidr, or edited by hand?)",
                    "restore the line or the cidr; without the line it is given another slot, "
                    "and what stands in the old one is replaced",
                )


def write_lock(path: Path, lock: Lock) -> bool:
    """Write the lock if it says something new; whole or not at all. True if written.

    Raises InputError where that cannot be done.
    """
    text = lock_text(lock).encode()
    if read_if_there(path, largest=LARGEST_LOCK, remedy=RESTORE) == text:
        return False
    write_file(path, text, remedy=_WRITABLE)
    return True


def in_ci() -> bool:
    """Whether a build server runs us: there a lock is checked, never written."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
