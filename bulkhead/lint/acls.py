"""Entries of network ACLs that never decide anything, and NACLs that no subnet uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bulkhead.explain import RuleRef
from bulkhead.lint.removal import Suspect
from bulkhead.lint.smell import SmellKind
from bulkhead.lint.space import PacketAtoms
from bulkhead.network import AclEntry, Action, Direction, Network, NetworkAcl


def idle_entries(network: Network, doubted: frozenset[str]) -> Iterator[Suspect]:
    """Every NACL on its own. What is in doubt is left alone: more entries may be there."""
    used = {subnet.nacl for subnet in network.subnets}
    for nacl in network.nacls:
        if nacl.id not in used:
            if not nacl.default:
                yield _unattached(network, nacl)
        elif nacl.id not in doubted:
            for direction in Direction:
                entries = nacl.ordered(direction)
                # One in doubt may come before those that it would make needless.
                if all(each.certain for each in entries):
                    for entry, said in _idle(entries):
                        yield _suspect(nacl, entry, *said)


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


def _suspect(
    nacl: NetworkAcl, entry: AclEntry, kind: SmellKind, why: str, by: tuple[AclEntry, ...]
) -> Suspect:
    against = any(each.action is not entry.action for each in by)
    return Suspect(
        kind=kind,
        component=nacl.id,
        name=f"NACL {nacl.name}",
        rules=(entry,),
        why=why,
        by=tuple(RuleRef(nacl.id, each) for each in by),
        by_text=True,
        unless="or give it a lower number, if it is what you mean" if against else "",
    )


def _unattached(network: Network, nacl: NetworkAcl) -> Suspect:
    return Suspect(
        kind=SmellKind.UNATTACHED,
        component=nacl.id,
        name=f"NACL {nacl.name}",
        why="no subnet uses it",
        rests_on=network.why_more("subnets", nacl.vpc),
        unless="or associate the subnets that it was written for",
    )
