"""Shared groups in a plan: which rules name them, and who holds them.

A shared group has no rules: it lets nobody anything by itself, it only says who its holders are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from bulkhead.intent import Topology
from bulkhead.network import Direction, GroupPeer, GroupRule, Interface, Peer, SecurityGroup
from bulkhead.network.traffic import traffic_of_rule
from bulkhead.plan.crowds import PeerCrowd, in_order, said_of, shared_name
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.groups import group_id
from bulkhead.plan.sharing import WhoShares
from bulkhead.plan.wiring import Traffic

Rules = Mapping[str, Sequence[GroupRule]]
"""By what flows call a service."""


@dataclass(frozen=True, slots=True)
class SharedGroups:
    """What a plan has of them; nothing where nothing is shared."""

    crowds: tuple[PeerCrowd, ...] = ()
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By service the ids of those that its interfaces hold."""
    places: Mapping[str, int] = field(default_factory=dict)
    """By service for how many there is to be room: while it is in quarantine it may hold fewer."""
    cleared: Mapping[str, int] = field(default_factory=dict)
    """Of which service which group goes, for one with the rule for those that share."""

    def of(self, topology: Topology) -> Iterator[SecurityGroup]:
        """The groups."""
        for crowd in self.crowds:
            yield SecurityGroup(
                id=shared_id(crowd),
                name=shared_name(crowd),
                vpc=vpc_id(topology),
                rules=(),
                named_by=crowd[0],
            )

    def with_members(self, groups: Iterable[SecurityGroup]) -> Iterator[SecurityGroup]:
        """Groups of services whose interfaces come and go say what these hold beside."""
        for each in groups:
            held = self.held.get(each.service or "", ())
            if held and each.members is not None:
                names = tuple(one.removeprefix(group_id("")) for one in held)
                yield replace(each, members=replace(each.members, beside=names))
            else:
                yield each

    def held_by(self, interfaces: Iterable[Interface]) -> tuple[Interface, ...]:
        """The interfaces, with those of their services."""
        return tuple(
            replace(each, security_groups=(*each.security_groups, *held))
            if (held := self.held.get(each.service or ""))
            else each
            for each in interfaces
        )


def shared_id(crowd: PeerCrowd) -> str:
    """What a shared group is called in a plan."""
    return group_id(shared_name(crowd))


def rules_for(crowd: PeerCrowd) -> Iterator[GroupRule]:
    """The rules by which a service lets those in who share a group, or its packets out to them."""
    name, direction, runs = in_order(crowd)
    called = shared_name(crowd)
    of_them = "from its clients" if direction is Direction.INGRESS else "to its servers"
    for protocol, ports in runs:
        yield GroupRule(
            id=f"{name}/{direction}/{said_of(protocol, ports)}/{called}",
            direction=direction,
            protocol=protocol,
            ports=ports,
            peer=GroupPeer(group_id(called)),
            description=f"{traffic_of_rule(protocol, ports)} {of_them}",
        )


def with_shared(
    topology: Topology, declared: Rules, now: Rules, chosen: WhoShares
) -> tuple[tuple[Rules, Rules], SharedGroups]:
    """Rules of all that is declared and of what is let now, by shared groups where such were
    chosen; and these groups.

    In a quarantine whoever is cut off, if only in part, holds none of a service that lets others
    in by it; a service that is cut off itself names none, and whom it is still to talk with by a
    rule of its own.
    """
    if not chosen:
        return (declared, now), SharedGroups()
    sharing: dict[_Key, _Shared] = {
        (name, direction, run, GroupPeer(group_id(peer))): (crowd, peer)
        for crowd, members in chosen.members.items()
        for name, direction, runs in (crowd,)
        for peer in members
        for run in runs
    }
    cut_off = {each.service for each in topology.quarantine}
    let: Counter[tuple[PeerCrowd, str]] = Counter()
    for name, rules in now.items():
        let.update(sharing[key] for each in rules if (key := _key(name, each)) in sharing)
    whole: dict[PeerCrowd, set[str]] = {
        crowd: {each for each in members if let[crowd, each] == len(crowd[2])}
        for crowd, members in chosen.members.items()
    }
    named = {crowd for crowd in whole if whole[crowd] and topology.whose(crowd[0]) not in cut_off}
    held: dict[str, list[str]] = defaultdict(list)
    for crowd in sorted(chosen.members, key=in_order):
        for each in whole[crowd] if crowd in named else chosen.members[crowd]:
            held[each].append(shared_id(crowd))
    all_of = {
        each for crowd, members in chosen.members.items() for each in product((crowd,), members)
    }
    told = {(crowd, each) for crowd in named for each in whole[crowd]}
    both = _by_shared(declared, sharing, all_of), _by_shared(now, sharing, told)
    return both, SharedGroups(
        crowds=tuple(sorted(chosen.members, key=in_order)),
        held={name: tuple(several) for name, several in held.items()},
        places={name: len(several) for name, several in chosen.by_member().items()},
        cleared=chosen.cleared,
    )


_Key = tuple[str, Direction, Traffic, Peer]
_Shared = tuple[PeerCrowd, str]


def _key(name: str, rule: GroupRule) -> _Key:
    return name, rule.direction, (rule.protocol, rule.ports), rule.peer


def _by_shared(rules: Rules, sharing: Mapping[_Key, _Shared], told: Collection[_Shared]) -> Rules:
    """The same rules, but those of a group for all of these who share it."""
    found = dict(rules)
    by_name: dict[str, set[PeerCrowd]] = defaultdict(set)
    for crowd, _ in told:
        by_name[crowd[0]].add(crowd)
    for name, crowds in by_name.items():
        own = [each for each in rules.get(name, ()) if sharing.get(_key(name, each)) not in told]
        named = (each for crowd in crowds for each in rules_for(crowd))
        found[name] = tuple(sorted((*own, *named), key=lambda each: each.id))
    return found
