"""A proof after a small change: only what the change can touch is computed again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from bulkhead.ends.cuts import prefixes_of
from bulkhead.ends.prefixes import as_prefix
from bulkhead.network import AclEntry, Direction, GroupRule, Network, NetworkAcl, SecurityGroup
from bulkhead.prove.reach import Reach, prove
from bulkhead.prove.sets.survey import Survey, reread
from bulkhead.prove.sets.touched import Touched


def reprove(reach: Reach, network: Network) -> Reach:
    """The same as `prove(network)`, quickly where only rules and NACL entries differ.

    A rule with a prefix that cuts addresses anew, and any other change, takes a
    whole proof.
    """
    if not _same_but_for_rules(reach.network, network) or _is_entangled(network):
        return prove(network, reach.client_ports)
    tree = reach.survey.classes.tree
    known = set(tree.prefixes)
    if any(as_prefix(each) not in known for each in prefixes_of([network])):
        return prove(network, reach.client_ports)
    touched = _touched(reach.survey, reach.network, network)
    return reach.after(reread(reach.survey, network), touched)


def _same_but_for_rules(before: Network, after: Network) -> bool:
    names = [each.name for each in fields(Network)]
    return (
        all(
            getattr(before, name) is getattr(after, name)
            or getattr(before, name) == getattr(after, name)
            for name in names
            if name not in ("security_groups", "nacls")
        )
        and all(each.protocol is None for each in before.unmodelled)
        and [each.id for each in before.nacls] == [each.id for each in after.nacls]
        and [each.id for each in before.security_groups]
        == [each.id for each in after.security_groups]
        and _protocols(before) == _protocols(after)
    )


def _protocols(network: Network) -> set[int]:
    found = {rule.protocol for group in network.security_groups for rule in group.rules}
    return found | {entry.protocol for nacl in network.nacls for entry in nacl.entries}


def _is_entangled(network: Network) -> bool:
    """Whether a NACL may stand on a way between two other subnets."""
    return bool(network.nat_gateways or network.firewalls or network.transit_attachments)


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
    for prefix in to_prefixes:
        requests |= survey.inside.get(prefix, 0)
    for id_, entry in entries:
        behind = survey.behind.get(id_, 0)
        about = survey.inside.get(as_prefix(entry.cidr), 0)
        if entry.direction is Direction.EGRESS:
            requests |= about
            replies |= behind
        else:
            requests |= behind
            replies |= about
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
