"""Network ACLs (docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html).

A row is one NACL against all peers, a column one peer against all NACLs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from operator import or_

from bulkhead.ends.prefixes import Prefix, as_prefix, last_address
from bulkhead.network import AclEntry, Action, Direction, IPNetwork, PortRange
from bulkhead.prove.sets.by_port import (
    ALWAYS,
    NEVER,
    ByPort,
    change,
    combine,
    first_match,
    ranges,
    side_by_side,
    union,
)
from bulkhead.prove.sets.rules import covers_ports, decides, speaks_of
from bulkhead.prove.sets.survey import Survey
from bulkhead.prove.sets.touched import Touched
from bulkhead.prove.sets.ways.passage import AclCheck


class AclLayer:
    """Who may leave and enter subnets; each answer is kept for all ends that share it."""

    def __init__(self, survey: Survey, *, unknown_passes: bool) -> None:
        self._survey = survey
        self._unknown_passes = unknown_passes
        self._requests: dict[tuple[int, int], tuple[ByPort, ByPort]] = {}
        self._rows: dict[tuple[str, Direction, int], ByPort] = {}
        self._columns: dict[tuple[Prefix, Direction, int], ByPort] = {}
        self._anyone: dict[tuple[str, int, int], ByPort] = {}

    def after(self, survey: Survey, touched: Touched) -> AclLayer:
        """The layer after a change, with all answers that the change cannot touch."""
        heir = copy(self)
        heir._survey = survey
        chain = survey.classes.tree.chain
        moved = touched.requests | touched.replies
        heir._requests = {
            key: kept for key, kept in self._requests.items() if not moved >> key[0] & 1
        }
        heir._anyone = {
            key: kept for key, kept in self._anyone.items() if key[0] not in touched.acls
        }
        heir._rows = {key: kept for key, kept in self._rows.items() if key[0] not in touched.acls}
        heir._columns = {
            key: kept
            for key, kept in self._columns.items()
            if not any((key[1], prefix) in touched.entries for prefix in chain(key[0]))
        }
        return heir

    def requests(self, standing: int, protocol: int) -> tuple[ByPort, ByPort]:
        """Per port: whom the NACLs let out to this standing, and whom they let in."""
        key = (standing, protocol)
        if key not in self._requests:
            subnet = self._survey.endpoints[standing].subnet
            home = self._survey.classes.grounds[standing]
            leaving = self._column(home, Direction.EGRESS, protocol)
            entering = self._at_subnet(subnet, Direction.INGRESS, protocol)
            leaving, entering = self._own(leaving, -1), self._own(entering, standing)
            if self._unknown_passes and self._survey.in_doubt:
                somehow = self.from_anyone(standing, protocol)
                entering = combine(entering, self._lost_in_doubt(somehow), or_)
            self._requests[key] = self._exempt(leaving, subnet), self._exempt(entering, subnet)
        return self._requests[key]

    def replies(self, standing: int, protocol: int) -> tuple[ByPort, ByPort]:
        """Per client port: whom the NACLs let a reply of this standing out to, and in for."""
        subnet = self._survey.endpoints[standing].subnet
        home = self._survey.classes.grounds[standing]
        leaving = self._at_subnet(subnet, Direction.EGRESS, protocol)
        entering = self._column(home, Direction.INGRESS, protocol)
        leaving, entering = self._own(leaving, standing), self._own(entering, -1)
        return self._exempt(leaving, subnet), self._exempt(entering, subnet)

    def at(self, check: AclCheck, protocol: int) -> ByPort:
        """Per port: whether one NACL passes packets from or to one address (0 or 1)."""
        survey = self._survey
        if check.nacl in survey.unknowns.nacls:
            return ALWAYS if self._unknown_passes else NEVER
        entries = [
            entry
            for prefix in survey.classes.tree.chain(check.about)
            for nacl, entry in survey.entries_about.get((check.direction, prefix), ())
            if nacl == check.nacl and self._asks(entry, protocol)
        ]
        return _first_of(entries, protocol)

    def _asks(self, entry: AclEntry, protocol: int) -> bool:
        return speaks_of(entry, protocol) and decides(entry, unknown_passes=self._unknown_passes)

    def from_anyone(self, standing: int, protocol: int) -> ByPort:
        """Per port: whether the NACL there lets in what comes out of the unknown (0 or 1)."""
        survey = self._survey
        endpoint = survey.endpoints[standing]
        if endpoint.subnet is None or endpoint.subnet in survey.handing_on:
            return ALWAYS
        nacl = survey.network.subnet[endpoint.subnet].nacl
        if nacl in survey.unknowns.nacls:
            return ALWAYS
        key = (nacl, endpoint.version, protocol)
        if key not in self._anyone:
            entries = [
                entry
                for entry in survey.network.nacl[nacl].ordered(Direction.INGRESS)
                if entry.cidr.version == endpoint.version and self._asks(entry, protocol)
            ]
            self._anyone[key] = _from_somewhere(entries, protocol)
        return self._anyone[key]

    def _at_subnet(self, subnet: str | None, direction: Direction, protocol: int) -> ByPort:
        if subnet is None:
            return ((0, self._survey.everyone),)
        return self._row(self._survey.network.subnet[subnet].nacl, direction, protocol)

    def _own(self, steps: ByPort, end: int) -> ByPort:
        """Of an end in doubt no layer of its own denies for sure; -1: of the senders."""
        doubtful = self._survey.in_doubt
        if not self._unknown_passes or not doubtful:
            return steps
        if end >= 0:
            doubtful = self._survey.everyone if doubtful >> end & 1 else 0
        return change(steps, lambda bits: bits | doubtful)

    def _lost_in_doubt(self, somehow: ByPort) -> ByPort:
        """Senders in doubt, where what comes out of the unknown is let in."""
        return change(somehow, lambda passes: passes * self._survey.in_doubt)

    def _exempt(self, steps: ByPort, subnet: str | None) -> ByPort:
        """A NACL stands between subnets, never within one."""
        if subnet is None:
            return steps
        neighbours = self._survey.in_subnet[subnet]
        return change(steps, lambda bits: bits | neighbours)

    def _row(self, nacl: str, direction: Direction, protocol: int) -> ByPort:
        """Per port: the peers with whom this NACL lets its subnets exchange packets."""
        key = (nacl, direction, protocol)
        if key not in self._rows:
            survey = self._survey
            if nacl in survey.unknowns.nacls:
                self._rows[key] = ((0, survey.everyone if self._unknown_passes else 0),)
            else:
                entries = [
                    (
                        covers_ports(entry, protocol),
                        entry.action is Action.ALLOW,
                        survey.inside.get(as_prefix(entry.cidr), 0),
                    )
                    for entry in survey.network.nacl[nacl].ordered(direction)
                    if self._asks(entry, protocol)
                ]
                self._rows[key] = first_match(entries, survey.everyone)
        return self._rows[key]

    def _column(self, home: Prefix, direction: Direction, protocol: int) -> ByPort:
        """Per port: those whose NACL lets them exchange packets with this peer."""
        key = (home, direction, protocol)
        if key not in self._columns:
            self._columns[key] = self._new_column(home, direction, protocol)
        return self._columns[key]

    def _new_column(self, home: Prefix, direction: Direction, protocol: int) -> ByPort:
        survey = self._survey
        by_nacl: dict[str, list[AclEntry]] = defaultdict(list)
        for prefix in survey.classes.tree.chain(home):
            for nacl, entry in survey.entries_about.get((direction, prefix), ()):
                if self._asks(entry, protocol):
                    by_nacl[nacl].append(entry)
        base = survey.external
        parts: list[tuple[PortRange, int]] = []
        for nacl, entries in by_nacl.items():
            behind = survey.behind.get(nacl, 0)
            if behind and nacl not in survey.unknowns.nacls:
                decided = _first_of(entries, protocol)
                parts.extend((ports, behind) for ports, passes in ranges(decided) if passes)
        if self._unknown_passes:
            for nacl in survey.unknowns.nacls:
                base |= survey.behind.get(nacl, 0)
        return union(parts, base)


def _from_somewhere(entries: Sequence[AclEntry], protocol: int) -> ByPort:
    """Per port: whether some source is let in by the first entry that is about it (0 or 1)."""
    spoken = [(covers_ports(each, protocol), each) for each in entries]
    open_: list[tuple[PortRange, int]] = []
    for ports, about in side_by_side(union([(ports, 1)]) for ports, _ in spoken):
        asked = [each for (_, each), hit in zip(spoken, about, strict=True) if hit]
        if _admits_somebody(asked):
            open_.append((ports, 1))
    return union(open_)


def _admits_somebody(entries: Sequence[AclEntry]) -> bool:
    """Whether some allow entry is for an address that no deny before it is for.

    All are for the port in question. An allow before it would have said so itself.
    """
    denied: list[IPNetwork] = []
    for entry in entries:
        if entry.action is Action.DENY:
            denied.append(entry.cidr)
        elif not _is_covered(entry.cidr, denied):
            return True
    return False


def _is_covered(cidr: IPNetwork, by: Iterable[IPNetwork]) -> bool:
    """Whether every address of a block is in one of several, which nest in it or hold it."""
    prefix, others = as_prefix(cidr), [as_prefix(each) for each in by]
    free, last = prefix[0], last_address(prefix)
    for each in sorted(others):
        if each[0] > free:
            break
        free = max(free, last_address(each) + 1)
    return free > last


def _first_of(entries: Iterable[AclEntry], protocol: int) -> ByPort:
    ordered = sorted(entries, key=lambda entry: entry.number)
    return first_match(
        [(covers_ports(each, protocol), each.action is Action.ALLOW, 1) for each in ordered], 1
    )
