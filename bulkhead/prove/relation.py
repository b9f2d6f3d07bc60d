"""Who reaches whom, layer by layer, as sets of sources per destination and port.

Every layer is monotone: passing more at one layer never passes less in the end.
So what is unknown needs no third truth value inside: the relation is computed
once with every unknown shut and once with every unknown open, and what differs
is undetermined.
"""

from __future__ import annotations

from collections import defaultdict
from operator import and_

from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    AclEntry,
    Action,
    Direction,
    GroupRule,
    PortRange,
    has_ports,
)
from bulkhead.prove.endpoints import Endpoint, EndpointKind
from bulkhead.prove.ground import Ground, places_of
from bulkhead.prove.prefixes import Prefix, as_prefix
from bulkhead.prove.routing import Passage, Way
from bulkhead.prove.steps import (
    Steps,
    bits_of,
    change,
    combine,
    first_match,
    ranges,
    throughout,
    union,
)


class Relation:
    def __init__(self, ground: Ground, client_ports: PortRange, *, unknown_passes: bool) -> None:
        self._ground = ground
        self._network = ground.network
        self._homes = ground.classes.homes
        self._client_ports = client_ports
        self._guess = unknown_passes
        self._always_local = {
            vpc: {table: ground.routing.always_local(table, vpc) for table in tables}
            for vpc, tables in ground.by_table.items()
        }
        self.places = places_of(ground)
        self._requests: dict[tuple[int, int], Steps] = {}
        self._path: dict[int, tuple[int, int]] = {}
        self._reply_path: dict[int, tuple[int, int]] = {}
        self._layers: dict[tuple[int, int], tuple[Steps, Steps]] = {}
        self._acl_rows: dict[tuple[str, Direction, int], Steps] = {}
        self._acl_columns: dict[tuple[Prefix, Direction, int], Steps] = {}
        self._group_ingresses: dict[tuple[tuple[str, ...], int], Steps] = {}
        self._group_egresses: dict[tuple[tuple[str, ...], Prefix, int], Steps] = {}
        self._answers: dict[tuple[int, int], int] = {}

    def requests(self, destination: int, protocol: int) -> Steps:
        """Per port: whose packets arrive."""
        key = (destination, protocol)
        if key not in self._requests:
            sending = self.group_egress(destination, protocol)
            receiving = self.group_ingress(destination, protocol)
            self._requests[key] = self._through(destination, protocol, sending, receiving)
        return self._requests[key]

    def transit(self, destination: int, protocol: int) -> Steps:
        """Per port: whose packets would arrive if no security group held them back."""
        everyone: Steps = ((0, self._ground.everyone),)
        return self._through(destination, protocol, everyone, everyone)

    def answered(self, destination: int, protocol: int) -> int:
        """To whom every reply returns, whatever client port the request came from."""
        key = (self.places[destination], protocol)
        if key not in self._answers:
            leaving, returning = self._reply_layers(destination, protocol)
            home, detour = self._reply_paths(self.places[destination])
            self._answers[key] = throughout(leaving, self._client_ports) & (
                (throughout(returning, self._client_ports) & home) | detour
            )
        return self._answers[key]

    def lost(self, source: int, destination: int, protocol: int) -> tuple[PortRange, ...]:
        """The client ports from which no reply returns."""
        leaving, returning = self._reply_layers(destination, protocol)
        home, detour = self._reply_paths(self.places[destination])
        after = change(returning, lambda bits: (bits & home) | detour)
        lost = [
            shared
            for ports, bits in ranges(
                change(combine(leaving, after, and_), lambda bits: bits >> source & 1)
            )
            if not bits and (shared := ports.overlap(self._client_ports))
        ]
        return tuple(lost)

    # Layers, in the order in which a request meets them.

    def group_egress(self, destination: int, protocol: int) -> Steps:
        """Per port: whose own security groups let them send there."""
        ground = self._ground
        groups, home = ground.groups[destination], self._homes[destination]
        key = (groups, home, protocol)
        if key not in self._group_egresses:
            rules: list[tuple[str, GroupRule]] = []
            for group in groups:
                rules.extend(ground.egress_to_group.get(group, ()))
            for prefix in ground.classes.tree.chain(home):
                rules.extend(ground.egress_to_prefix.get(prefix, ()))
            base = ground.everyone & ~ground.interfaces
            if self._guess:
                base |= ground.bare
                for group in ground.unknowns.groups:
                    base |= ground.holding.get(group, 0)
            self._group_egresses[key] = union(
                (
                    (_ports(rule, protocol), ground.holding.get(group, 0))
                    for group, rule in rules
                    if _speaks_of(rule, protocol)
                ),
                base,
            )
        return self._group_egresses[key]

    def group_ingress(self, destination: int, protocol: int) -> Steps:
        """Per port: whom the destination's security groups let in."""
        ground = self._ground
        if not ground.interfaces >> destination & 1:
            return ((0, ground.everyone),)
        groups = ground.groups[destination]
        key = (groups, protocol)
        if key not in self._group_ingresses:
            in_doubt = not groups or not ground.unknowns.groups.isdisjoint(groups)
            self._group_ingresses[key] = union(
                (
                    (_ports(rule, protocol), self._peer(rule))
                    for group in groups
                    if group in self._network.security_group
                    for rule in self._network.security_group[group].towards(Direction.INGRESS)
                    if _speaks_of(rule, protocol)
                ),
                ground.everyone if in_doubt and self._guess else 0,
            )
        return self._group_ingresses[key]

    def _peer(self, rule: GroupRule) -> int:
        if rule.peer.kind == "cidr":
            return self._ground.inside[as_prefix(rule.peer.cidr)]
        return self._ground.holding.get(rule.peer.group, 0)

    def _through(self, destination: int, protocol: int, sending: Steps, receiving: Steps) -> Steps:
        place = self.places[destination]
        path, detour = self._paths(place)
        leaving, entering = self._request_layers(place, protocol)
        # What an unmodelled target passes on may look different to the layers behind it.
        arriving = change(combine(receiving, entering, and_), lambda bits: (bits & path) | detour)
        return combine(combine(sending, leaving, and_), arriving, and_)

    def _request_layers(self, place: int, protocol: int) -> tuple[Steps, Steps]:
        """Per port: whom the NACLs let out to this place, and whom they let in."""
        key = (place, protocol)
        if key not in self._layers:
            subnet = self._ground.endpoints[place].subnet
            leaving = self._acl_column(self._homes[place], Direction.EGRESS, protocol)
            entering: Steps = ((0, self._ground.everyone),)
            if subnet is not None:
                nacl = self._network.subnet[subnet].nacl
                entering = self._acl_row(nacl, Direction.INGRESS, protocol)
            self._layers[key] = self._exempt(leaving, subnet), self._exempt(entering, subnet)
        return self._layers[key]

    def _reply_layers(self, destination: int, protocol: int) -> tuple[Steps, Steps]:
        """Per client port: whom the NACLs let a reply out to, and in for."""
        subnet = self._ground.endpoints[destination].subnet
        leaving: Steps = ((0, self._ground.everyone),)
        if subnet is not None:
            nacl = self._network.subnet[subnet].nacl
            leaving = self._exempt(self._acl_row(nacl, Direction.EGRESS, protocol), subnet)
        entering = self._acl_column(self._homes[destination], Direction.INGRESS, protocol)
        return leaving, self._exempt(entering, subnet)

    # Network ACLs: a row is one NACL against all peers, a column one peer against all NACLs.

    def _exempt(self, steps: Steps, subnet: str | None) -> Steps:
        """A NACL stands between subnets, never within one.

        (docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html)
        """
        if subnet is None:
            return steps
        neighbours = self._ground.in_subnet[subnet]
        return change(steps, lambda bits: bits | neighbours)

    def _acl_row(self, nacl: str, direction: Direction, protocol: int) -> Steps:
        """Per port: the peers with whom this NACL lets its subnets exchange packets."""
        key = (nacl, direction, protocol)
        if key not in self._acl_rows:
            ground = self._ground
            if nacl in ground.unknowns.nacls:
                self._acl_rows[key] = ((0, ground.everyone if self._guess else 0),)
            else:
                entries = [
                    (
                        _ports(entry, protocol),
                        entry.action is Action.ALLOW,
                        ground.inside[as_prefix(entry.cidr)],
                    )
                    for entry in self._network.nacl[nacl].ordered(direction)
                    if _speaks_of(entry, protocol)
                ]
                self._acl_rows[key] = first_match(entries, ground.everyone)
        return self._acl_rows[key]

    def _acl_column(self, home: Prefix, direction: Direction, protocol: int) -> Steps:
        """Per port: those whose NACL lets them exchange packets with this peer."""
        key = (home, direction, protocol)
        if key not in self._acl_columns:
            self._acl_columns[key] = self._column(home, direction, protocol)
        return self._acl_columns[key]

    def _column(self, home: Prefix, direction: Direction, protocol: int) -> Steps:
        ground = self._ground
        by_nacl: dict[str, list[AclEntry]] = defaultdict(list)
        for prefix in ground.classes.tree.chain(home):
            for nacl, entry in ground.entries_about.get((direction, prefix), ()):
                if _speaks_of(entry, protocol):
                    by_nacl[nacl].append(entry)
        base = ground.external
        parts: list[tuple[PortRange, int]] = []
        for nacl, entries in by_nacl.items():
            behind = ground.behind.get(nacl, 0)
            if behind and nacl not in ground.unknowns.nacls:
                ordered = sorted(entries, key=lambda entry: entry.number)
                decided = first_match(
                    [(_ports(each, protocol), each.action is Action.ALLOW, 1) for each in ordered],
                    1,
                )
                parts.extend((ports, behind) for ports, passes in ranges(decided) if passes)
        if self._guess:
            for nacl in ground.unknowns.nacls:
                base |= ground.behind.get(nacl, 0)
        return union(parts, base)

    # Paths: routes and gateways, there and back.

    def _paths(self, place: int) -> tuple[int, int]:
        """Whose packets are led to the place, and whose by an unmodelled target."""
        if place not in self._path:
            self._path[place] = self._find_paths(place)
        return self._path[place]

    def _find_paths(self, destination: int) -> tuple[int, int]:
        endpoint = self._ground.endpoints[destination]
        if endpoint.vpc is None or endpoint.subnet is None:
            path, detour = self._out_to(destination)
        else:
            path, detour = self._local_to(endpoint.vpc, self._homes[destination])
            path |= self._in_from_outside(endpoint)
            # Within a subnet no route table is asked.
            neighbours = self._ground.in_subnet[endpoint.subnet]
            path, detour = path | neighbours, detour & ~neighbours
        return self._doubt(path, destination), detour

    def _out_to(self, destination: int) -> tuple[int, int]:
        """Who can send out of a VPC to an external endpoint."""
        ground, routing = self._ground, self._ground.routing
        endpoint, home = ground.endpoints[destination], self._homes[destination]
        path = detour = 0
        for vpc, tables in ground.by_table.items():
            for table, users in tables.items():
                passage = routing.leaves(table, vpc, home, endpoint)
                if passage is Passage.OPEN:
                    path |= users & self._translated(endpoint.kind)
                elif passage is Passage.UNKNOWN and self._guess:
                    detour |= users
        if self._guess:
            for index in bits_of(ground.external):
                if routing.neighbours(ground.endpoints[index], endpoint):
                    path |= 1 << index
        return path, detour

    def _local_to(self, vpc: str, home: Prefix) -> tuple[int, int]:
        """Whose route tables lead to this address of the VPC, whichever VPC they are in."""
        path = detour = 0
        for other, tables in self._ground.by_table.items():
            for table, users in tables.items():
                if other == vpc and self._always_local[vpc][table]:
                    path |= users
                    continue
                way, _ = self._ground.routing.way(table, other, home)
                if way is Way.LOCAL and other == vpc:
                    path |= users
                elif way is Way.UNMODELLED and self._guess:
                    detour |= users
        return path, detour

    def _in_from_outside(self, endpoint: Endpoint) -> int:
        """Which external endpoints' packets get into the VPC and to this host."""
        path = 0
        for index in bits_of(self._ground.external):
            outside = self._ground.endpoints[index]
            translated = endpoint.public or outside.kind is not EndpointKind.INTERNET
            if translated and self._enters(endpoint.vpc or "", index):
                path |= 1 << index
        return path

    def _reply_paths(self, place: int) -> tuple[int, int]:
        """To whom replies are led back, and to whom by an unmodelled target."""
        if place not in self._reply_path:
            self._reply_path[place] = self._find_reply_paths(place)
        return self._reply_path[place]

    def _find_reply_paths(self, destination: int) -> tuple[int, int]:
        endpoint = self._ground.endpoints[destination]
        detour = 0
        if endpoint.vpc is None or endpoint.subnet is None:
            path = self._ground.external if self._guess else 0
            for vpc, members in self._ground.in_vpc.items():
                if self._enters(vpc, destination):
                    path |= members & self._translated(endpoint.kind)
        else:
            table = self._network.subnet[endpoint.subnet].route_table
            path, detour = self._local_from(endpoint.vpc, table)
            out, beyond = self._out_from(endpoint, table)
            neighbours = self._ground.in_subnet[endpoint.subnet]
            path, detour = path | out | neighbours, (detour | beyond) & ~neighbours
        return self._doubt(path, destination), detour

    def _local_from(self, vpc: str, table: str) -> tuple[int, int]:
        """To whom inside VPCs this route table leads."""
        path = detour = 0
        for other, homes in self._ground.homes_in.items():
            if other == vpc and self._always_local[vpc][table]:
                path |= self._ground.in_vpc[vpc]
                continue
            for home, peers in homes.items():
                way, _ = self._ground.routing.way(table, vpc, home)
                if way is Way.LOCAL and other == vpc:
                    path |= peers
                elif way is Way.UNMODELLED and self._guess:
                    detour |= peers
        return path, detour

    def _out_from(self, endpoint: Endpoint, table: str) -> tuple[int, int]:
        """To which external endpoints this host's packets get out."""
        path = detour = 0
        for index in bits_of(self._ground.external):
            outside = self._ground.endpoints[index]
            passage = self._ground.routing.leaves(
                table, endpoint.vpc or "", self._homes[index], outside
            )
            translated = endpoint.public or outside.kind is not EndpointKind.INTERNET
            if passage is Passage.OPEN and translated:
                path |= 1 << index
            elif passage is Passage.UNKNOWN and self._guess:
                detour |= 1 << index
        return path, detour

    def _enters(self, vpc: str, index: int) -> bool:
        passage = self._ground.routing.enters(
            vpc, self._homes[index], self._ground.endpoints[index]
        )
        return passage is Passage.OPEN or (passage is Passage.UNKNOWN and self._guess)

    def _translated(self, kind: EndpointKind) -> int:
        """Those for whom an internet gateway has a public address; others need none."""
        return self._ground.public if kind is EndpointKind.INTERNET else self._ground.everyone

    def _doubt(self, path: int, destination: int) -> int:
        """An endpoint in doubt may be led anywhere, or nowhere."""
        everyone, in_doubt = self._ground.everyone, self._ground.in_doubt
        doubtful = everyone if in_doubt >> destination & 1 else in_doubt
        return path | doubtful if self._guess else path & ~doubtful


def _speaks_of(rule: GroupRule | AclEntry, protocol: int) -> bool:
    return rule.protocol in (ANY_PROTOCOL, protocol)


def _ports(rule: GroupRule | AclEntry, protocol: int) -> PortRange:
    """The ports of a rule, for a protocol it speaks of.

    Only tcp and udp have any, and a rule for all protocols is one for all ports
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html).
    """
    return rule.ports if has_ports(protocol) and rule.protocol != ANY_PROTOCOL else ALL_PORTS
