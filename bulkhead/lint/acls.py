"""Entries of network ACLs that never decide anything, and those that let all addresses pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulkhead.lint.smell import Smell, SmellKind
from bulkhead.lint.space import Packets
from bulkhead.network import AclEntry, Action, Direction, Network, NetworkAcl


def acls(network: Network, doubted: frozenset[str]) -> Iterator[Smell]:
    """Every NACL on its own. What is in doubt is left alone: more entries may be there."""
    used = {subnet.nacl for subnet in network.subnets}
    for nacl in network.nacls:
        if nacl.id not in used:
            if not nacl.default:
                yield _unattached(nacl)
        elif nacl.id not in doubted:
            for direction in Direction:
                idle = dict(_idle(nacl.ordered(direction)))
                for entry, smell in idle.items():
                    yield _smell(nacl, entry, *smell)
                yield from _wide(nacl, [e for e in nacl.ordered(direction) if e not in idle])


_Said = tuple[SmellKind, str, tuple[AclEntry, ...]]


def _idle(entries: Sequence[AclEntry]) -> Iterator[tuple[AclEntry, _Said]]:
    """Entries that can all go: first the shadowed ones, then what later ones make needless."""
    packets = _packets(entries)
    left: list[AclEntry] = []
    earlier = 0
    for entry in entries:
        if packets[entry] & ~earlier:
            left.append(entry)
            earlier |= packets[entry]
        else:
            yield entry, _shadow(entry, [(each, packets[each]) for each in left], packets[entry])
    for entry in tuple(left):
        # An explicit deny before the implicit one says what is meant; let it stand.
        others = [each for each in left if each != entry]
        sets = [(each, packets[each]) for each in others]
        if entry.action is Action.ALLOW and _admitted(sets) == _admitted(
            [(each, packets[each]) for each in left]
        ):
            left = others
            later = tuple(
                each
                for each in others
                if each.number > entry.number and packets[each] & packets[entry]
            )
            yield entry, (SmellKind.REDUNDANT, "later entries let the same packets pass", later)


def _packets(entries: Sequence[AclEntry]) -> dict[AclEntry, int]:
    space = Packets(
        [(each.protocol, each.ports) for each in entries], [each.cidr for each in entries]
    )
    return {each: space.of_cidr((each.protocol, each.ports), each.cidr) for each in entries}


def _admitted(entries: Sequence[tuple[AclEntry, int]]) -> int:
    admitted = decided = 0
    for entry, packets in entries:
        if entry.action is Action.ALLOW:
            admitted |= packets & ~decided
        decided |= packets
    return admitted


def _shadow(entry: AclEntry, earlier: Sequence[tuple[AclEntry, int]], packets: int) -> _Said:
    deciding, left = [], packets
    for other, theirs in earlier:
        if left & theirs:
            deciding.append(other)
            left &= ~theirs
    against = [each for each in deciding if each.action is not entry.action]
    why = "entries before it decide all that it speaks of"
    if against:
        why += f", and some say {against[0].action}"
    return SmellKind.SHADOWED, why, tuple(deciding)


def _smell(
    nacl: NetworkAcl, entry: AclEntry, kind: SmellKind, why: str, by: tuple[AclEntry, ...]
) -> Smell:
    against = any(each.action is not entry.action for each in by)
    remedy = "remove it, or give it a lower number if it is what you mean"
    return Smell(
        kind=kind,
        component=nacl.id,
        name=f"NACL {nacl.name}",
        rule=str(entry),
        why=why,
        remedy=remedy if against else "remove it: nothing changes",
        by=tuple(map(str, by)),
    )


def _wide(nacl: NetworkAcl, entries: Sequence[AclEntry]) -> Iterator[Smell]:
    for entry in entries:
        if entry.action is Action.ALLOW and entry.cidr.prefixlen == 0:
            way = "from" if entry.direction is Direction.INGRESS else "to"
            yield Smell(
                kind=SmellKind.WIDE,
                component=nacl.id,
                name=f"NACL {nacl.name}",
                rule=str(entry),
                why=f"it lets packets {way} every address pass: security groups hold alone",
                remedy="name the blocks of the subnets and sites that need it",
            )


def _unattached(nacl: NetworkAcl) -> Smell:
    return Smell(
        kind=SmellKind.UNATTACHED,
        component=nacl.id,
        name=f"NACL {nacl.name}",
        rule="",
        why="no subnet uses it",
        remedy="remove it, or associate the subnets that it was written for",
    )
