"""Entries of network ACLs that never decide anything, and those that let all addresses pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bulkhead.explain import RuleRef
from bulkhead.lint.smell import Smell, SmellKind
from bulkhead.lint.space import PacketAtoms
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
                entries = nacl.ordered(direction)
                # One in doubt may come before those that it would make needless.
                idle = dict(_idle(entries)) if all(each.certain for each in entries) else {}
                for entry, smell in idle.items():
                    yield _smell(nacl, entry, *smell)
                yield from _wide(nacl, [e for e in entries if e.certain and e not in idle])


_Said = tuple[SmellKind, str, tuple[AclEntry, ...]]


def _idle(entries: Sequence[AclEntry]) -> Iterator[tuple[AclEntry, _Said]]:
    """Entries of which any can go: first the shadowed ones, then what later ones make needless."""
    packets = _packets(entries)
    kept: list[AclEntry] = []
    earlier = 0
    for entry in entries:
        if packets[entry] & ~earlier:
            kept.append(entry)
            earlier |= packets[entry]
        else:
            yield entry, _shadow(entry, [(each, packets[each]) for each in kept], packets[entry])
    for entry in tuple(kept):
        # An explicit deny before the implicit one says what is meant; let it stand.
        if entry.action is Action.ALLOW and _needless(entry, entries, packets, kept):
            kept.remove(entry)
            later = tuple(
                each
                for each in kept
                if each.number > entry.number and packets[each] & packets[entry]
            )
            yield entry, (SmellKind.REDUNDANT, "later entries let the same packets pass", later)


def _needless(
    entry: AclEntry,
    entries: Sequence[AclEntry],
    packets: Mapping[AclEntry, int],
    kept: Collection[AclEntry],
) -> bool:
    """Whether those that are kept admit all that it decides, whatever else goes or stays.

    A deny in between that an earlier entry shadows would come into its own.
    """
    left = packets[entry]
    for each in entries:
        if each.number < entry.number:
            left &= ~packets[each] if each in kept else -1
        elif each.action is Action.DENY and left & packets[each]:
            return False
        elif each != entry and each in kept:
            left &= ~packets[each]
    return not left


def _packets(entries: Sequence[AclEntry]) -> dict[AclEntry, int]:
    space = PacketAtoms(
        [(each.protocol, each.ports) for each in entries], [each.cidr for each in entries]
    )
    return {each: space.of_cidr((each.protocol, each.ports), each.cidr) for each in entries}


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
        rules=(entry,),
        why=why,
        remedy=remedy if against else "remove it: nothing changes",
        by=tuple(RuleRef(nacl.id, each) for each in by),
    )


def _wide(nacl: NetworkAcl, entries: Sequence[AclEntry]) -> Iterator[Smell]:
    for entry in entries:
        if entry.action is Action.ALLOW and entry.cidr.prefixlen == 0:
            way = "from" if entry.direction is Direction.INGRESS else "to"
            yield Smell(
                kind=SmellKind.WIDE,
                component=nacl.id,
                name=f"NACL {nacl.name}",
                rules=(entry,),
                why=f"it lets packets {way} every address pass: security groups hold alone",
                remedy="name the blocks of the subnets and sites that need it",
            )


def _unattached(nacl: NetworkAcl) -> Smell:
    return Smell(
        kind=SmellKind.UNATTACHED,
        component=nacl.id,
        name=f"NACL {nacl.name}",
        why="no subnet uses it",
        remedy="remove it, or associate the subnets that it was written for",
    )
