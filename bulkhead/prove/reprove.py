"""A proof after a small change: only what the change can touch is computed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import reduce
from operator import or_
from typing import Final

from bulkhead.ends.cuts import translates_ipv6
from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import (
    AclEntry,
    Direction,
    GroupRule,
    IPNetwork,
    Network,
    NetworkAcl,
    RouteTable,
    SecurityGroup,
    TargetKind,
)
from bulkhead.prove.masks import Masks
from bulkhead.prove.reach import Reach, prove
from bulkhead.prove.sets.by_port import bits_of
from bulkhead.prove.sets.protocols import protocols_of
from bulkhead.prove.sets.routing import Routing
from bulkhead.prove.sets.survey import Survey, reread, unseen_groups
from bulkhead.prove.sets.touched import Touched

_DECIDES: Final = frozenset({"security_groups", "nacls", "route_tables"})
_DECIDES_NOTHING: Final = frozenset({"listeners"})
"""By what packets fare, and what only says how people call a port."""


def reprove(reach: Reach, network: Network) -> Reach:
    """The same as `prove(network)`, quickly where only a few things differ.

    Those are rules, NACL entries, routes that no address takes, and names of sockets. What
    cuts addresses anew, or names another protocol, and any other change takes a whole proof.
    Addresses stay cut as they were, and maybe finer: the two can be compared end by end.
    """
    before = reach.network
    if (
        _same_but_for_rules(before, network)
        and (reach.possibly is not reach.surely or _is_certain(network))
        and (before.nacls == network.nacls or not _is_entangled(network))
        and unseen_groups(before) == unseen_groups(network)
        and set(protocols_of(network)) <= set(reach.protocols)
        and translates_ipv6((before,)) == translates_ipv6((network,))
        and _prefixes(_new_peers(before, network)) <= set(reach.survey.classes.tree.prefixes)
        and _prefixes(_new_grounds(before, network)) <= reach.survey.classes.ground
        and _routes_alike(reach.survey, network)
    ):
        touched = _touched(reach.survey, before, network)
        # What both go by, and the change leaves alone, is so computed once.
        reach.decide(touched.requests | touched.replies)
        return reach.after(reread(reach.survey, network), touched)
    return prove(network, cuts=reach.cut_by)


def unchanged(before: Reach, after: Reach) -> bool:
    """Whether every packet fares as it did before the edit, there and back."""
    return before.endpoints == after.endpoints and all(
        _alike(before, after, index, protocol)
        for index in bits_of(after.touched)
        for protocol in {*before.protocols, *after.protocols}
    )


def untouched(_: Reach, after: Reach) -> bool:
    """Whether it can be told without a look at any packet that none fares otherwise."""
    return not after.touched


def _alike(before: Reach, after: Reach, index: int, protocol: int) -> bool:
    others = ~before.same_host(index)
    was = before.masks(index, before.protocol(protocol))
    now = after.masks(index, after.protocol(protocol))
    return was.turned(others.__and__) == now.turned(others.__and__) and all(
        before.lost(*ends, protocol) == after.lost(*ends, protocol)
        for ends in (
            (before.endpoints[sender], before.endpoints[index])
            for sender in _half_open(before, was, others)
        )
    )


def _half_open(reach: Reach, masks: Masks, others: int) -> set[int]:
    """Whose replies are lost in part, one end for each standing."""
    bits = reduce(or_, (some for _, some in masks.half_open))
    return {reach.standing_of[each] for each in bits_of(bits & others)}


def _same_but_for_rules(before: Network, after: Network) -> bool:
    kinds = {each.name for each in fields(Network)}
    return (
        all(
            getattr(before, kind) == getattr(after, kind)
            for kind in kinds - _DECIDES - _DECIDES_NOTHING
        )
        and all(each.protocol is None for each in before.unmodelled)
        and _names(before.security_groups) == _names(after.security_groups)
        and _names(before.nacls) == _names(after.nacls)
        and _names(before.route_tables) == _names(after.route_tables)
    )


def _is_certain(network: Network) -> bool:
    """Whether no rule and no entry is in doubt: one that is needs a reading of its own."""
    return all(rule.certain for group in network.security_groups for rule in group.rules) and all(
        entry.certain for nacl in network.nacls for entry in nacl.entries
    )


def _names(several: Iterable[SecurityGroup | NetworkAcl | RouteTable]) -> list[object]:
    return [
        (each.id, each.vpc, each.gateway if isinstance(each, RouteTable) else None)
        for each in several
    ]


def _is_entangled(network: Network) -> bool:
    """Whether a NACL may stand on a way between two other subnets."""
    return bool(network.nat_gateways or network.firewalls or network.transit_attachments)


def _prefixes(networks: Iterable[IPNetwork]) -> set[Prefix]:
    return {as_prefix(each) for each in networks}


def _new_peers(before: Network, after: Network) -> Iterator[IPNetwork]:
    """Of which some rule of a group speaks that was not there before."""
    for old, group in zip(before.security_groups, after.security_groups, strict=True):
        for rule in () if old is group else set(group.rules) - set(old.rules):
            if rule.peer.kind == "cidr":
                yield rule.peer.cidr


def _new_grounds(before: Network, after: Network) -> Iterator[IPNetwork]:
    """Of which some entry or route speaks that was not there before."""
    for former, nacl in zip(before.nacls, after.nacls, strict=True):
        for entry in () if former is nacl else set(nacl.entries) - set(former.entries):
            yield entry.cidr
    for known, table in zip(before.route_tables, after.route_tables, strict=True):
        for route in () if known is table else set(table.routes) - set(known.routes):
            yield route.destination


def _routes_alike(survey: Survey, after: Network) -> bool:
    """Whether every table chooses the same for every address as it did before."""
    pairs = zip(survey.network.route_tables, after.route_tables, strict=True)
    changed = [(old, table) for old, table in pairs if old.routes != table.routes]
    if not changed:
        return True
    known = {each.id for each in after.internet_gateways}
    routes = {each for old, table in changed for each in set(old.routes) ^ set(table.routes)}
    # A gateway that only a route names is a door all the same, whichever route wins.
    if any(
        each.target is TargetKind.INTERNET_GATEWAY and each.target_id not in known
        for each in routes
    ):
        return False
    routing = Routing(after, survey.classes, survey.unknowns)
    tree = survey.classes.tree
    homes = [home for home in tree.prefixes if tree.own_ranges(home)]
    return all(
        table.vpc in after.vpc
        and routing.choices(table.id, table.vpc, home)
        == survey.routing.choices(table.id, table.vpc, home)
        for _, table in changed
        for home in homes
    )


def _touched(survey: Survey, before: Network, after: Network) -> Touched:
    rules = [
        (group.id, rule)
        for old, group in zip(before.security_groups, after.security_groups, strict=True)
        if old is not group
        for rule in _changed_rules(old, group)
    ]
    entries = [
        (nacl.id, entry)
        for old, nacl in zip(before.nacls, after.nacls, strict=True)
        if old is not nacl
        for entry in _changed_entries(old, nacl)
    ]
    ingress_of = frozenset(id_ for id_, rule in rules if rule.direction is Direction.INGRESS)
    peers = [rule.peer for _, rule in rules if rule.direction is Direction.EGRESS]
    to_groups = frozenset(peer.group for peer in peers if peer.kind == "group")
    to_prefixes = frozenset(as_prefix(peer.cidr) for peer in peers if peer.kind == "cidr")
    requests = replies = 0
    for group in ingress_of | to_groups:
        requests |= survey.holding.get(group, 0)
    if to_groups:
        # Any reference may mean an interface in doubt.
        requests |= survey.in_doubt & survey.interfaces
    for prefix in to_prefixes:
        requests |= survey.inside.get(prefix, 0)
    for called, places in survey.classes.ipv4.items():
        if any(requests >> each & 1 for each in places):
            requests |= 1 << called
    for id_, entry in entries:
        behind = survey.behind.get(id_, 0)
        about = survey.inside.get(as_prefix(entry.cidr), 0)
        if entry.direction is Direction.EGRESS:
            requests |= about
            replies |= behind
        else:
            requests |= behind
            # Whoever may come by several ways is answered by one that lets him in.
            replies |= about | behind
    return Touched(
        ingress_of=ingress_of,
        egress_to_groups=to_groups,
        egress_to_prefixes=to_prefixes,
        acls=frozenset(id_ for id_, _ in entries),
        entries=frozenset((each.direction, as_prefix(each.cidr)) for _, each in entries),
        requests=requests,
        replies=replies,
    )


def _changed_rules(before: SecurityGroup, after: SecurityGroup) -> Iterable[GroupRule]:
    return set(before.rules) ^ set(after.rules)


def _changed_entries(before: NetworkAcl, after: NetworkAcl) -> Iterable[AclEntry]:
    return set(before.entries) ^ set(after.entries)
