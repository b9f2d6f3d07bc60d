"""What each layer lets through: security groups, NACLs, firewalls, as sets per port."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from typing import Final

from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import (
    ICMP,
    ICMP6,
    NAT_PORTS,
    AclEntry,
    Action,
    Direction,
    GroupRule,
    LoadBalancer,
    PortRange,
    has_ports,
    has_types,
    icmp_range,
)
from bulkhead.prove.sets.by_port import ByPort, change, first_match, ranges, union
from bulkhead.prove.sets.passage import AclCheck, Check, FirewallCheck
from bulkhead.prove.sets.rules import covers_ports, firewall_passes, speaks_of
from bulkhead.prove.sets.survey import Survey
from bulkhead.prove.sets.touched import Touched

NEVER: Final[ByPort] = ((0, 0),)
ALWAYS: Final[ByPort] = ((0, 1),)


_TAKEN: Final = {ICMP: (3,), ICMP6: (1, 2)}
"""Messages that a load balancer takes without a listener: what it must know of its paths."""


class Filters:
    """The layers, with what is unknown taken for shut, or for open."""

    def __init__(self, survey: Survey, client_ports: PortRange, *, unknown_passes: bool) -> None:
        self._survey = survey
        self._network = survey.network
        self._homes = survey.classes.homes
        self._guess = unknown_passes
        self._client_ports = client_ports
        self._firewalls = {each.id: each for each in survey.network.firewalls}
        self._balancers: dict[str, list[LoadBalancer]] = defaultdict(list)
        for balancer in survey.network.load_balancers:
            for interface in balancer.interfaces:
                self._balancers[interface].append(balancer)
        self._layers: dict[tuple[int, int], tuple[ByPort, ByPort]] = {}
        self._acl_rows: dict[tuple[str, Direction, int], ByPort] = {}
        self._acl_columns: dict[tuple[Prefix, Direction, int], ByPort] = {}
        self._checks: dict[tuple[Check, int, bool], ByPort] = {}
        self._group_ingresses: dict[tuple[tuple[str, ...], int, object], ByPort] = {}
        self._group_egresses: dict[tuple[tuple[str, ...], Prefix, int, bool], ByPort] = {}

    def after(self, survey: Survey, touched: Touched) -> Filters:
        """The layers after a change, with all answers that the change cannot touch."""
        heir = copy(self)
        heir._survey, heir._network = survey, survey.network
        chain = survey.classes.tree.chain
        moved = touched.requests | touched.replies
        heir._layers = {key: kept for key, kept in self._layers.items() if not moved >> key[0] & 1}
        heir._acl_rows = {
            key: kept for key, kept in self._acl_rows.items() if key[0] not in touched.acls
        }
        heir._acl_columns = {
            key: kept
            for key, kept in self._acl_columns.items()
            if not any((key[1], prefix) in touched.entries for prefix in chain(key[0]))
        }
        heir._checks = {
            key: kept
            for key, kept in self._checks.items()
            if not (isinstance(key[0], AclCheck) and key[0].nacl in touched.acls)
        }
        heir._group_ingresses = {
            key: kept
            for key, kept in self._group_ingresses.items()
            if touched.ingress_of.isdisjoint(key[0])
        }
        heir._group_egresses = {
            key: kept
            for key, kept in self._group_egresses.items()
            if touched.egress_to_groups.isdisjoint(key[0])
            and touched.egress_to_prefixes.isdisjoint(chain(key[1]))
        }
        return heir

    # Security groups

    def group_egress(self, destination: int, protocol: int, *, direct: bool = True) -> ByPort:
        """Per port: whose own security groups let them send there."""
        survey = self._survey
        groups = survey.groups[destination] if direct else ()
        home = self._homes[destination]
        key = (groups, home, protocol, direct)
        if key not in self._group_egresses:
            rules: list[tuple[str, GroupRule]] = []
            for group in groups:
                rules.extend(survey.egress_to_group.get(group, ()))
            for prefix in survey.classes.tree.chain(home):
                rules.extend(survey.egress_to_prefix.get(prefix, ()))
            base = survey.unfiltered
            if self._guess:
                base |= survey.bare | survey.in_doubt
                for group in survey.unknowns.groups:
                    base |= survey.holding.get(group, 0)
            self._group_egresses[key] = union(
                (
                    (covers_ports(rule, protocol), survey.holding.get(group, 0))
                    for group, rule in rules
                    if speaks_of(rule, protocol)
                ),
                base,
            )
        return self._group_egresses[key]

    def group_ingress(
        self,
        destination: int,
        protocol: int,
        *,
        referenced: bool = True,
        translated: Prefix | None = None,
    ) -> ByPort:
        """Per port: whom the destination's security groups let in."""
        survey = self._survey
        if survey.unfiltered >> destination & 1:
            return ((0, survey.everyone),)
        groups = survey.groups[destination]
        doubtful = survey.in_doubt >> destination & 1
        key = (groups, protocol, (translated or referenced, doubtful))
        if key not in self._group_ingresses:
            in_doubt = doubtful or not groups or not survey.unknowns.groups.isdisjoint(groups)
            self._group_ingresses[key] = union(
                (
                    (covers_ports(rule, protocol), self._peer(rule, referenced, translated))
                    for group in groups
                    if group in self._network.security_group
                    for rule in self._network.security_group[group].towards(Direction.INGRESS)
                    if speaks_of(rule, protocol)
                ),
                survey.everyone if in_doubt and self._guess else 0,
            )
        return self._group_ingresses[key]

    def listening(self, destination: int, protocol: int) -> ByPort:
        """Per port: everybody, or nobody where a load balancer has no listener.

        (docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html)
        """
        survey = self._survey
        endpoint = survey.endpoints[destination]
        here = self._balancers.get(endpoint.id, ()) if endpoint.subnet is not None else ()
        everyone: ByPort = ((0, survey.everyone),)
        if not here or not survey.interfaces >> destination & 1:
            return everyone
        in_doubt = survey.in_doubt >> destination & 1 or any(
            each.id in survey.unknowns.balancers for each in here
        )
        if (self._guess and in_doubt) or not (has_ports(protocol) or has_types(protocol)):
            return everyone
        taken = [
            PortRange(each.port, each.port)
            for balancer in here
            for each in balancer.listeners
            if each.protocol == protocol
        ]
        taken += [icmp_range(kind, None) for kind in _TAKEN.get(protocol, ())]
        return union([(ports, survey.everyone) for ports in taken])

    def _peer(self, rule: GroupRule, referenced: bool, translated: Prefix | None) -> int:
        survey = self._survey
        if rule.peer.kind == "cidr":
            prefix = as_prefix(rule.peer.cidr)
            if translated is not None:
                return survey.everyone if prefix in survey.classes.tree.chain(translated) else 0
            return survey.inside.get(prefix, 0)
        if translated is not None or not referenced:
            return 0
        return survey.holding.get(rule.peer.group, 0)

    # Network ACLs: a row is one NACL against all peers, a column one peer against all NACLs.

    def request_layers(self, standing: int, protocol: int) -> tuple[ByPort, ByPort]:
        """Per port: whom the NACLs let out to this standing, and whom they let in."""
        key = (standing, protocol)
        if key not in self._layers:
            subnet = self._survey.endpoints[standing].subnet
            leaving = self._acl_column(self._homes[standing], Direction.EGRESS, protocol)
            entering: ByPort = ((0, self._survey.everyone),)
            if subnet is not None:
                nacl = self._network.subnet[subnet].nacl
                entering = self._acl_row(nacl, Direction.INGRESS, protocol)
            leaving, entering = self._own(leaving, -1), self._own(entering, standing)
            self._layers[key] = self._exempt(leaving, subnet), self._exempt(entering, subnet)
        return self._layers[key]

    def reply_layers(self, destination: int, protocol: int) -> tuple[ByPort, ByPort]:
        """Per client port: whom the NACLs let a reply out to, and in for."""
        subnet = self._survey.endpoints[destination].subnet
        leaving: ByPort = ((0, self._survey.everyone),)
        if subnet is not None:
            nacl = self._network.subnet[subnet].nacl
            leaving = self._acl_row(nacl, Direction.EGRESS, protocol)
        entering = self._acl_column(self._homes[destination], Direction.INGRESS, protocol)
        leaving, entering = self._own(leaving, destination), self._own(entering, -1)
        return self._exempt(leaving, subnet), self._exempt(entering, subnet)

    def _own(self, steps: ByPort, end: int) -> ByPort:
        """Of an end in doubt no layer of its own denies for sure; -1: of the senders."""
        doubtful = self._survey.in_doubt
        if not self._guess or not doubtful:
            return steps
        if end >= 0:
            doubtful = self._survey.everyone if doubtful >> end & 1 else 0
        return change(steps, lambda bits: bits | doubtful)

    def _exempt(self, steps: ByPort, subnet: str | None) -> ByPort:
        """A NACL stands between subnets, never within one.

        (docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html)
        """
        if subnet is None:
            return steps
        neighbours = self._survey.in_subnet[subnet]
        return change(steps, lambda bits: bits | neighbours)

    def _acl_row(self, nacl: str, direction: Direction, protocol: int) -> ByPort:
        """Per port: the peers with whom this NACL lets its subnets exchange packets."""
        key = (nacl, direction, protocol)
        if key not in self._acl_rows:
            survey = self._survey
            if nacl in survey.unknowns.nacls:
                self._acl_rows[key] = ((0, survey.everyone if self._guess else 0),)
            else:
                entries = [
                    (
                        covers_ports(entry, protocol),
                        entry.action is Action.ALLOW,
                        survey.inside.get(as_prefix(entry.cidr), 0),
                    )
                    for entry in self._network.nacl[nacl].ordered(direction)
                    if speaks_of(entry, protocol)
                ]
                self._acl_rows[key] = first_match(entries, survey.everyone)
        return self._acl_rows[key]

    def _acl_column(self, home: Prefix, direction: Direction, protocol: int) -> ByPort:
        """Per port: those whose NACL lets them exchange packets with this peer."""
        key = (home, direction, protocol)
        if key not in self._acl_columns:
            self._acl_columns[key] = self._column(home, direction, protocol)
        return self._acl_columns[key]

    def _column(self, home: Prefix, direction: Direction, protocol: int) -> ByPort:
        survey = self._survey
        by_nacl: dict[str, list[AclEntry]] = defaultdict(list)
        for prefix in survey.classes.tree.chain(home):
            for nacl, entry in survey.entries_about.get((direction, prefix), ()):
                if speaks_of(entry, protocol):
                    by_nacl[nacl].append(entry)
        base = survey.external
        parts: list[tuple[PortRange, int]] = []
        for nacl, entries in by_nacl.items():
            behind = survey.behind.get(nacl, 0)
            if behind and nacl not in survey.unknowns.nacls:
                decided = _first_of(entries, protocol)
                parts.extend((ports, behind) for ports, passes in ranges(decided) if passes)
        if self._guess:
            for nacl in survey.unknowns.nacls:
                base |= survey.behind.get(nacl, 0)
        return union(parts, base)

    def check(self, check: Check, protocol: int, *, reply: bool) -> ByPort:
        """Per port: whether one thing on a passage lets the packet through."""
        key = (check, protocol, reply)
        if key not in self._checks:
            if isinstance(check, AclCheck):
                self._checks[key] = self.acl_at(check, protocol)
            else:
                self._checks[key] = self._firewall_at(check, protocol, reply=reply)
        return self._checks[key]

    def acl_at(self, check: AclCheck, protocol: int) -> ByPort:
        if check.nacl in self._survey.unknowns.nacls:
            return ALWAYS if self._guess else NEVER
        chain = self._survey.classes.tree.chain(check.about)
        entries = [
            entry
            for prefix in chain
            for nacl, entry in self._survey.entries_about.get((check.direction, prefix), ())
            if nacl == check.nacl and speaks_of(entry, protocol)
        ]
        return _first_of(entries, protocol)

    def _firewall_at(self, check: FirewallCheck, protocol: int, *, reply: bool) -> ByPort:
        tree = self._survey.classes.tree
        return firewall_passes(
            self._firewalls[check.firewall],
            frozenset(tree.chain(check.source)),
            frozenset(tree.chain(check.destination)),
            protocol,
            client_ports=None if reply else NAT_PORTS if check.translated else self._client_ports,
            guess=self._guess,
        )


def _first_of(entries: Iterable[AclEntry], protocol: int) -> ByPort:
    ordered = sorted(entries, key=lambda entry: entry.number)
    return first_match(
        [(covers_ports(each, protocol), each.action is Action.ALLOW, 1) for each in ordered], 1
    )
