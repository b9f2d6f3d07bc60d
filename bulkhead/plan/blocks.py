"""The blocks of IPv4 that a VPC has, or several have, as one row of blocks for units.

Each has a number from which those in it are counted on. It is remembered as soon as there are two,
so that a further one, or one that goes, moves nobody
(docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from bulkhead.plan.allot import Allotment
from bulkhead.plan.lock import Lock
from bulkhead.plan.lock_facts import RESTORE, line_of
from bulkhead.plan.units import block, block_count
from bulkhead.problems import InputError, Problem


@dataclass(frozen=True, slots=True)
class VpcBlocks:
    """Each block of a VPC, and the slots that are in it."""

    slots: Mapping[IPv4Network, range]

    @property
    def parts(self) -> Sequence[range]:
        """In the order in which they are filled."""
        return tuple(self.slots.values())

    def at(self, slot: int) -> IPv4Network:
        """The block for a unit that has a slot."""
        cidr, inside = next((each, some) for each, some in self.slots.items() if slot in some)
        return block(cidr, slot - inside.start)

    def of(self, cidrs: Iterable[IPv4Network]) -> VpcBlocks:
        """Those of one VPC among the blocks of several."""
        return VpcBlocks({cidr: self.slots[cidr] for cidr in cidrs})

    @property
    def remembered(self) -> Allotment:
        """What a lock says of them; nothing of one alone, whose slots begin at 0."""
        every = self.each_remembered
        return Allotment() if list(every.taken.values()) == [0] else every

    @property
    def each_remembered(self) -> Allotment:
        """The same, of one alone too: another VPC may be written before it."""
        return Allotment({str(cidr): inside.start for cidr, inside in self.slots.items()})

    def __str__(self) -> str:
        """'10.20.0.0/16 and 10.21.0.0/16'."""
        return " and ".join(map(str, self.slots))


def blocks_of(cidrs: Sequence[IPv4Network], lock: Lock) -> VpcBlocks:
    """Those that are known begin where they did, and others behind all of them.

    Raises InputError where two of a lock have slots in common.
    """
    slots = dict(_known(lock))
    if problems := [*_overlapping(slots, lock)]:
        raise InputError(problems)
    # Also behind those that are gone: whoever is there still must not come to be elsewhere.
    behind = max((inside.stop for inside in slots.values()), default=0)
    for cidr in cidrs:
        if cidr not in slots:
            slots[cidr] = _from(cidr, behind)
            behind = slots[cidr].stop
    return VpcBlocks({cidr: slots[cidr] for cidr in cidrs})


def _known(lock: Lock) -> Iterator[tuple[IPv4Network, range]]:
    for name, start in lock.blocks.taken.items():
        try:
            cidr = IPv4Network(name)
        except ValueError:
            what = f"'block {name}' is no block of IPv4"
            line = line_of(lock.text, f"block {name}")
            raise InputError([Problem(lock.file, line, what, RESTORE)]) from None
        yield cidr, _from(cidr, start)


def _from(cidr: IPv4Network, start: int) -> range:
    return range(start, start + block_count(cidr))


def _overlapping(slots: Mapping[IPv4Network, range], lock: Lock) -> Iterator[Problem]:
    """Who edited a lock by hand may have made two of them begin in one another."""
    last: IPv4Network | None = None
    for cidr, inside in sorted(slots.items(), key=lambda each: each[1].start):
        if last is not None and inside.start < slots[last].stop:
            name = f"block {cidr}"
            what = f"{name!r} begins at {inside.start}, within the slots of 'block {last}'"
            yield Problem(lock.file, line_of(lock.text, name), what, RESTORE)
        last = cidr
