"""Of everything in a plan, the line of the topology that it is there for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial

from bulkhead.intent import Peer, Service, Site, Topology
from bulkhead.intent.document import KeyPath
from bulkhead.network import (
    AclEntry,
    Flow,
    GroupPeer,
    GroupRule,
    IPNetwork,
    Network,
    Origin,
    Origins,
    Route,
    SecurityGroup,
    TargetKind,
    within,
)
from bulkhead.network import Peer as Named
from bulkhead.network.balancers import is_behind, is_planned_balancer
from bulkhead.network.encryption import control_of
from bulkhead.network.origins import WhenAsked
from bulkhead.network.public_access import access_block_of
from bulkhead.plan.acls import BANDS, Need
from bulkhead.plan.aws_needs import SEGMENT, calls_of, is_endpoint
from bulkhead.plan.balancers import SEGMENT as NLB
from bulkhead.plan.dns import zone_id
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.flow_logs import flow_log_id
from bulkhead.plan.gateway_endpoints import block_of
from bulkhead.plan.groups import needs_of_flow
from bulkhead.plan.ids import acl_id, table_id
from bulkhead.plan.joins import peering_id
from bulkhead.plan.sites import networks_at, networks_of_clients
from bulkhead.plan.units import Unit, made
from bulkhead.plan.zonal_nat import SEGMENT as NAT

NeedsOf = Callable[[Flow], Iterable[tuple[str, Need]]]
"""Of a flow: what it needs of NACLs, each with the name of the unit."""


def origins_of(
    topology: Topology,
    network: Network,
    units: Iterable[Unit],
    flows: Iterable[Flow],
    needs_of: NeedsOf,
) -> Origins:
    """A rule comes from where a socket connects, a thing from what it stands for."""
    written = _Written(topology, network, flows, needs_of)
    found: dict[str, Callable[[], _Found]] = {}
    for unit in made(units):
        found[acl_id(unit)] = partial(written.entries, unit)
        for id_ in (table_id(unit), *(table_id(unit, zone) for zone in topology.zones)):
            found[id_] = partial(written.routes, unit, id_)
    for group in network.security_groups:
        if name := group.service or group.more_of or group.named_by:
            found[group.id] = partial(written.group_rules, group, name)

    def rules(component_id: str) -> Mapping[object, Origin]:
        told = [*found[component_id]()] if component_id in found else []
        return dict(reversed(told))

    return Origins(
        things=WhenAsked(lambda: dict(written.things())),
        owners=WhenAsked(lambda: dict(written.owners())),
        segments={name: written.at("segments", name) for name in topology.segments},
        flows=WhenAsked(lambda: {each: written.flow(each) for each in written.number}),
        rules=rules,
        whole=written.at("name"),
    )


_Found = Iterator[tuple[object, Origin]]
"""Of several for one rule, the first is its origin: that of the flow that is declared first."""


class _Written:
    """Lines of a topology, by what is planned."""

    def __init__(
        self, topology: Topology, network: Network, flows: Iterable[Flow], needs_of: NeedsOf
    ) -> None:
        self._topology = topology
        self._network = network
        self._flows = flows
        self._needs_of = needs_of

    @cached_property
    def number(self) -> Mapping[Flow, int]:
        """Each flow once, in the order in which they are declared."""
        return {flow: number for number, flow in enumerate(dict.fromkeys(self._flows))}

    @cached_property
    def _needing(self) -> Mapping[str, str]:
        """By what is needed, who is the first that needs it."""
        return {name: client for client, name in reversed([*calls_of(self._topology)])}

    @cached_property
    def _connections(self) -> Mapping[tuple[str, str], KeyPath]:
        """Where it is written that a client connects to a server."""
        topology = self._topology
        return dict(
            (
                *((ends, each.path) for each in topology.connections for ends in each.between),
                *(((each.client, each.reference), each.path) for each in topology.flows),
                *((each, ("services", each[0], "needs")) for each in calls_of(topology)),
            )
        )

    @cached_property
    def _with(self) -> Mapping[str, Sequence[Flow]]:
        """By who opens a flow or answers it."""
        found: dict[str, list[Flow]] = defaultdict(list)
        for flow in self.number:
            for owner in dict.fromkeys((flow.client, flow.server.owner)):
                found[owner].append(flow)
        return found

    def at(self, *path: str | int) -> Origin:
        match path:
            case ("services", str(name), *_) if is_endpoint(name):
                path = ("services", self._needing[name], "needs")
            case ("services", str(name), *inside) if is_planned_balancer(name):
                path = ("services", is_behind(name), *inside)
            case ("segments", str(name), *_) if name == NLB:
                first = next(each for each in self._topology.services if is_planned_balancer(each))
                path = ("services", is_behind(first))
            case ("segments", str(name), *_) if name == NAT:
                path = ("nat",)
            case ("segments", str(name), *_) if name == SEGMENT:
                first = next(each for each in self._needing if is_endpoint(each))
                path = ("services", self._needing[first], "needs")
        file, line = self._topology.place_of(*path)
        return Origin(file=file, line=line)

    def owner(self, name: str, *inside: str | int) -> Origin:
        among = self._topology
        kind = "sites" if name in among.sites else "peers" if name in among.peers else "services"
        return self.at(kind, name, *inside)

    def flow(self, flow: Flow) -> Origin:
        """The line that it follows from: the reference behind `connect`, or one of `flows`."""
        return self.at(*self._connections[flow.client_name, flow.server.name])

    def owners(self) -> Iterator[tuple[str, Origin]]:
        every: tuple[Service | Site | Peer, ...] = (
            *self._topology.services.values(),
            *self._topology.outside.values(),
        )
        for owner in every:
            yield owner.name, self.owner(owner.name)
            for socket in owner.sockets.values():
                at = self.owner(owner.name, "sockets", socket.name)
                yield socket.reference, at
                yield from ((f"{end}.{socket.name}", at) for end in socket.ends)
        for end in self._topology.interfaces.values():
            yield end.name, self.owner(end.name)
        for name, client in self._needing.items():
            yield name, self.at("services", client, "needs")
        for flow in reversed(self._topology.flows):
            yield flow.reference, self.at(*flow.path)
            yield flow.entry, self.at(*flow.path)

    def things(self) -> Iterator[tuple[str, Origin]]:
        """Of what is there for the VPC as a whole, the line that names the topology."""
        network, whole = self._network, self.at("name")
        yield from ((thing.id, whole) for thing in network.things)
        yield flow_log_id(self._topology), self.at("flow-logs")
        yield zone_id(self._topology), self.at("dns")
        yield from ((control_of(each.id), self.at("vpc-encryption")) for each in network.vpcs)
        yield from (
            (access_block_of(each.id), self.at("block-public-access")) for each in network.vpcs
        )
        yield from self.of_several_vpcs()
        yield from self.ways_out()
        for peer in network.peers:
            if peer.prefix_list:
                yield peer.prefix_list, self.at("peers", peer.name, "prefix-list")
        for endpoint in network.gateway_endpoints:
            yield endpoint.id, self.at("services", self._needing[endpoint.called], "needs")
        segment_behind: dict[str, str] = {}
        for subnet in network.subnets:
            if subnet.segment is not None:
                yield subnet.id, self.at("segments", subnet.segment)
                segment_behind[subnet.nacl] = segment_behind[subnet.route_table] = subnet.segment
        for id_, segment in segment_behind.items():
            yield id_, self.at("segments", segment)
        for group in network.security_groups:
            if name := group.service or group.more_of or group.named_by:
                yield group.id, self.owner(name)
        for interface in network.interfaces:
            if interface.service is not None:
                yield interface.id, self.owner(interface.service)
        for connection in network.vpn_connections:
            if connection.site is not None:
                yield connection.id, self.owner(connection.site)
                yield connection.customer_gateway, self.owner(connection.site, "gateway")

    def of_several_vpcs(self) -> Iterator[tuple[str, Origin]]:
        for kind in ("vpcs", "joins") if self._topology.vpcs else ():
            yield f"{kind}/{self._topology.name}", self.at(kind)
        for name in self._topology.vpcs:
            yield vpc_id(self._topology, name), self.at("vpcs", name)
            yield flow_log_id(self._topology, name), self.at("flow-logs")
        for index, pair in enumerate(self._topology.peerings):
            yield peering_id(pair), self.at("joins", index)

    def ways_out(self) -> Iterator[tuple[str, Origin]]:
        network = self._network
        yield from ((each.id, self.owner(each.name)) for each in network.load_balancers)
        yield from ((each.id, self.at("sites")) for each in network.vpn_gateways)
        yield from ((each.id, self.at("peers")) for each in network.internet_gateways)
        yield from ((each.id, self.at("peers")) for each in network.egress_only_gateways)
        for nat in network.nat_gateways:
            yield nat.id, self.at("nat" if nat.subnet else "peers")
            yield nat.route_table or "", self.at("peers")

    def group_rules(self, group: SecurityGroup, service: str) -> _Found:
        """One may serve many flows, to sockets whose ports are neighbours."""
        rules: dict[tuple[object, ...], list[GroupRule]] = defaultdict(list)
        for each in group.rules:
            for peer in (each.peer, *self._sharing.get(each.peer, ())):
                rules[each.direction, each.protocol, peer].append(each)
        for flow in self._with.get(service, ()):
            for need in needs_of_flow(self._topology, flow):
                if need.owner == service:
                    for each in rules[need.direction, need.protocol, need.peer]:
                        if each.ports.covers(flow.server.ports):
                            yield each, self.flow(flow)

    @cached_property
    def _sharing(self) -> Mapping[Named, Collection[Named]]:
        """By what a rule names that names a shared group, the own groups of who holds it."""
        network = self._network
        shared = {each.id for each in network.security_groups if each.named_by}
        found: dict[Named, dict[Named, None]] = defaultdict(dict)
        for each in network.interfaces if shared else ():
            for held in shared.intersection(each.security_groups):
                found[GroupPeer(held)][GroupPeer(each.security_groups[0])] = None
        return found

    def entries(self, unit: Unit) -> _Found:
        """One may serve many flows, whose ports are neighbours or who share replies."""
        every = self._network.nacl[acl_id(unit)].entries
        entries: dict[tuple[object, ...], list[AclEntry]] = defaultdict(list)
        for each in every:
            entries[each.direction, each.protocol, each.cidr].append(each)
        for each in every:
            if each.number < BANDS["request"]:
                yield each, self._quarantine(each)
        for flow in self._of(unit):
            for name, need in self._needs_of(flow):
                if name == unit.name:
                    own = entries[need.direction, need.protocol, need.cidr]
                    found = [each for each in own if each.ports.covers(need.ports)]
                    for each in found or _around(need, every):
                        yield each, self.flow(flow)

    def _quarantine(self, entry: AclEntry) -> Origin:
        """The line that cuts off whom an entry names."""
        named = {
            self._topology.whose(each.service or "")
            for each in self._network.interfaces
            if any(one in entry.cidr for one in each.addresses)
        }
        lines = self._topology.quarantine
        return self.at(*next(each.path for each in lines if each.service in named))

    def routes(self, unit: Unit, table: str) -> _Found:
        routes = self._network.route_table[table].routes
        far = _far(self._network, routes)
        for flow in self._of(unit):
            leads_to: Collection[IPNetwork]
            if site := self._topology.outside.get(flow.server.owner):
                leads_to = networks_at(site, flow.server)
            elif site := self._topology.outside.get(flow.client):
                leads_to = networks_of_clients(site, flow.clients_at)
            elif block := block_of(flow.server.owner):
                leads_to = (block,)
            else:
                leads_to = far[flow.client] | far[flow.server.owner]
            for each in routes:
                if each.destination in leads_to:
                    yield each, self.flow(flow)

    def _of(self, unit: Unit) -> Iterable[Flow]:
        if unit.name == NAT:
            inside = {each for each in self.number if each.server.owner in self._topology.peers}
        else:
            inside = {flow for each in unit.interfaces for flow in self._with.get(each.name, ())}
        return sorted(inside, key=self.number.__getitem__)


def _far(network: Network, routes: Iterable[Route]) -> Mapping[str, set[IPNetwork]]:
    """By service of another VPC, those of the routes that lead to it."""
    found: dict[str, set[IPNetwork]] = defaultdict(set)
    leading = [each.destination for each in routes if each.target is TargetKind.PEERING]
    for interface in network.interfaces if leading else ():
        where = network.subnet_of(interface).cidr
        found[interface.service or ""].update(each for each in leading if within(where, each))
    return found


def _around(need: Need, entries: Iterable[AclEntry]) -> Iterator[AclEntry]:
    """Those that name more than one unit, where a NACL had no room to name each."""
    for each in entries:
        same = (each.direction, each.protocol) == (need.direction, need.protocol)
        if same and within(need.cidr, each.cidr) and each.ports.covers(need.ports):
            yield each
