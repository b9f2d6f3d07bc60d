"""Rules of security groups that admit nobody, or nobody whom others do not admit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import Final

from bulkhead.explain import RuleRef
from bulkhead.lint.removal import Suspect
from bulkhead.lint.smell import Smell, SmellKind
from bulkhead.lint.space import PacketAtoms
from bulkhead.network import CidrPeer, Direction, GroupRule, IPNetwork, Network, SecurityGroup
from bulkhead.network.without import Held

_EVERYBODY: Final = (CidrPeer(ip_network("0.0.0.0/0")), CidrPeer(ip_network("::/0")))
"""A connection by a rule for everybody may be untracked, and then it never times out: narrower
rules do not stand in for one
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html)."""

NOT_RUNNING: Final = (
    "unless a launch template, a function or a service that is not running names the group, "
)
"""What no account lists, and may hold a group tomorrow that nobody holds today."""
_HELD_AFAR: Final = (
    "unless the group is held in a VPC that is not here (aws ec2 "
    "describe-security-group-vpc-associations tells), "
)

HeldTogether = tuple[str, ...]
Ref = tuple[str, GroupRule]
"""A rule and the group that it is of."""


def idle_rules(network: Network) -> Iterator[Suspect]:
    """Every group: whether it is held at all, whom it refers to, which rules others cover."""
    referring: dict[str, list[Held]] = defaultdict(list)
    for group in network.security_groups:
        for rule in group.rules:
            if rule.peer.kind == "group" and rule.peer.group != group.id:
                referring[rule.peer.group].append((group.id, rule))
    held = holders(network)
    for group in network.security_groups:
        # The default group of a VPC cannot be deleted, whatever it is called
        # (docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html).
        if group.id not in held and not group.default and not named_by(network, group.id):
            yield _unheld(network, group, tuple(referring[group.id]))
    yield from _redundant(network, held)


def stale(network: Network) -> Iterator[Smell]:
    """References to groups that are gone; of one that may be elsewhere nothing is said.

    No proof shows that such a rule can go: it takes a group that is not here for one that
    somebody elsewhere may hold.
    """
    for group in network.security_groups:
        for rule in group.rules:
            if rule.certain and rule.peer.kind == "group" and is_gone(network, rule.peer.group):
                yield _stale(group, rule)


def is_gone(network: Network, group: str) -> bool:
    """Whether a group is known to be nowhere: it is not here, and may not be elsewhere."""
    return (
        group not in network.security_group
        and "security_groups" not in network.unobserved
        and not any(
            each.field == "" or (each.field == "security_groups" and group in each.security_groups)
            for each in network.unlisted
        )
    )


def named_by(network: Network, group: str) -> tuple[str, ...]:
    """What runs interfaces that are not listed, and says that they hold the group."""
    return tuple(each.name for each in network.unlisted if group in each.security_groups)


def first_of_all(network: Network, condition: str = "") -> str:
    """What to make sure of before a group, or a rule of one, is taken away."""
    afar = _HELD_AFAR if network.why_more("associations") else ""
    return afar + (f"and {condition}" if afar and condition else condition)


def holders(network: Network) -> Mapping[str, set[HeldTogether]]:
    """Group -> the sets of groups with which interfaces hold it."""
    found: dict[str, set[HeldTogether]] = defaultdict(set)
    for interface in network.interfaces:
        held = tuple(sorted(set(interface.security_groups)))
        for group in held:
            found[group].add(held)
    return found


def _redundant(network: Network, held: Mapping[str, set[HeldTogether]]) -> Iterator[Suspect]:
    """Rules that can all go at once: each is judged by those that are left."""
    gone: set[tuple[str, Direction, int]] = set()
    for group in network.security_groups:
        # Whoever is not listed may hold it alone: then its own rules have to do.
        alone = bool(
            network.why_more("interfaces")
            or network.why_more("associations")
            or named_by(network, group.id)
        )
        together = [(group.id,)] if alone else sorted(held.get(group.id, ()))
        for direction in Direction:
            found = _of_group(network, group, direction, together, gone, alone=alone)
            for rule, by in found if together else ():
                yield _covered(group, rule, by, alone=alone)


def _of_group(
    network: Network,
    group: SecurityGroup,
    direction: Direction,
    held: Sequence[HeldTogether],
    gone: set[tuple[str, Direction, int]],
    *,
    alone: bool,
) -> Iterator[tuple[GroupRule, tuple[Ref, ...]]]:
    together = {each for some in held for each in some if each in network.security_group}
    refs = [
        (each, place, rule)
        for each in sorted(together)
        # One that is written twice is one: they go and stay together.
        for place, rule in enumerate(dict.fromkeys(network.security_group[each].rules))
        if rule.direction is direction and rule.certain
    ]
    if not _may_overlap([rule for _, _, rule in refs]):
        return
    packets = _Packets(network, [rule for _, _, rule in refs], alone=alone)
    for mine, place, rule in refs:
        if mine != group.id:
            continue
        others: list[tuple[HeldTogether, list[Ref]]] = [
            (
                some,
                [
                    (each, other)
                    for each, at, other in refs
                    if each in some
                    and (each, at) != (mine, place)
                    and (each, direction, at) not in gone
                    and (other.peer in _EVERYBODY or rule.peer not in _EVERYBODY)
                ],
            )
            for some in held
        ]
        if all(packets.cover([other for _, other in left], rule) for _, left in others):
            gone.add((mine, direction, place))
            by = [ref for _, left in others for ref in left if packets.meet(ref[1], rule)]
            yield rule, tuple(dict.fromkeys(by))


def _may_overlap(rules: Sequence[GroupRule]) -> bool:
    """Whether it is worth a look: several with one peer, or one for addresses among others."""
    peers = {rule.peer for rule in rules}
    return len(peers) < len(rules) or (
        len(rules) > 1 and any(rule.peer.kind == "cidr" for rule in rules)
    )


class _Packets:
    """The rules of one direction of some groups, as sets."""

    def __init__(self, network: Network, rules: Iterable[GroupRule], *, alone: bool) -> None:
        rules = tuple(rules)
        self._homes = {
            rule.peer.group: () if alone else _home(network, rule.peer.group)
            for rule in rules
            if rule.peer.kind == "group"
        }
        cidrs = [rule.peer.cidr for rule in rules if rule.peer.kind == "cidr"]
        cidrs += [cidr for home in self._homes.values() for cidr in home]
        self._space = PacketAtoms([(r.protocol, r.ports) for r in rules], cidrs, self._homes)
        self._known: dict[GroupRule, int] = {}

    def of(self, rule: GroupRule) -> int:
        if rule not in self._known:
            match = rule.protocol, rule.ports
            self._known[rule] = (
                self._space.of_cidr(match, rule.peer.cidr)
                if rule.peer.kind == "cidr"
                else self._space.of_group(match, rule.peer.group)
            )
        return self._known[rule]

    def cover(self, others: Iterable[GroupRule], rule: GroupRule) -> bool:
        """Whether some rules together admit all that one does."""
        union = 0
        for each in others:
            union |= self.of(each)
        if rule.peer.kind == "group":
            union |= self._space.lifted(union, rule.peer.group, self._homes[rule.peer.group])
        return not self.of(rule) & ~union

    def meet(self, one: GroupRule, other: GroupRule) -> bool:
        """Whether two rules speak of the same packets, as far as their text tells."""
        if other.peer.kind == "group" and one.peer.kind == "cidr":
            home = self._homes[other.peer.group]
            return any(cidr.overlaps(one.peer.cidr) for cidr in home if _alike(cidr, one.peer.cidr))
        return bool(self.of(one) & self.of(other))


def _alike(one: IPNetwork, other: IPNetwork) -> bool:
    return one.version == other.version


def _home(network: Network, group: str) -> tuple[IPNetwork, ...]:
    """All blocks in which a member of the group may have an address, now or later."""
    vpcs = {network.security_group[group].vpc} if group in network.security_group else set()
    for interface in network.interfaces:
        if group in interface.security_groups:
            vpcs.add(network.subnet[interface.subnet].vpc)
    if not vpcs <= set(network.vpc):
        return ()
    blocks = [cidr for each in vpcs for cidr in network.vpc[each].cidrs]
    blocks += [cidr for each in network.subnets if each.vpc in vpcs for cidr in each.cidrs]
    return tuple(dict.fromkeys(blocks))


def _covered(group: SecurityGroup, rule: GroupRule, by: tuple[Ref, ...], *, alone: bool) -> Suspect:
    own = all(each == group.id for each, _ in by)
    return Suspect(
        kind=SmellKind.REDUNDANT,
        component=group.id,
        name=f"security group {group.name}",
        rules=(rule,),
        why="other rules of the group admit the same"
        if own
        else "wherever it is held, other groups that are held with it admit the same",
        by=tuple(RuleRef(each, other) for each, other in by),
        by_text=alone,
    )


def _unheld(network: Network, group: SecurityGroup, referring: tuple[Held, ...]) -> Suspect:
    """What a launch template, or a function that is not called, may ask for later is not seen."""
    return Suspect(
        kind=SmellKind.UNATTACHED,
        component=group.id,
        name=f"security group {group.name}",
        why="no interface holds it"
        + (", and rules of other groups refer to it" if referring else ""),
        rests_on=network.why_more("interfaces"),
        also=(*((group.id, rule) for rule in group.rules), *referring),
        first=first_of_all(network, NOT_RUNNING),
        unless="the rules that refer to it go with it" if referring else "",
    )


def _stale(group: SecurityGroup, rule: GroupRule) -> Smell:
    return Smell(
        kind=SmellKind.STALE,
        component=group.id,
        name=f"security group {group.name}",
        rules=(rule,),
        why=f"security group {rule.peer} is gone: the rule matches nobody",
        advice="name the group that took its place",
    )
