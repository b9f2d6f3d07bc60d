"""Layout -> namespaces: hosts, routers, gateways, and the cables between them.

VPC: a router. Subnet: a bridge in it. Interface: a host with its own firewall.
A gateway is a namespace of its own, so that what it knows and translates stays
out of the router, which must stay stateless.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from itertools import count
from typing import Final, NamedTuple

from bulkhead.network import (
    Network,
    PortRange,
    Route,
    RouteTable,
    Subnet,
    TargetKind,
    Vpc,
    within,
)
from bulkhead.network.routing import is_asked, preferred
from bulkhead.twin import firewall, nftables
from bulkhead.twin.kernel import Namespace, set_here
from bulkhead.twin.layout import Host, Layout, connection_of, forwards
from bulkhead.twin.limits import ipv4
from bulkhead.twin.links import wait_until_ready
from bulkhead.twin.measured import PartyKind
from bulkhead.twin.rtnetlink import LOOPBACK, Rtnetlink

_ETH0: Final = 2
_FIRST_LINK: Final = 10
_DEFAULT: Final = IPv4Network("0.0.0.0/0")
_LINKS_BETWEEN: Final = IPv4Network("169.254.128.0/17")
"""Addresses of the cables between routers and gateways; no VPC may use them
(docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html)."""

_FIRST_TABLE: Final = 1000
_RULE_PRIORITY: Final = 10


@dataclass(frozen=True, slots=True)
class _Cable:
    """A point-to-point link, seen from one of its ends."""

    name: str
    index: int
    peer: IPv4Address


@dataclass(slots=True)
class _Node:
    """A namespace that forwards: a router, a gateway, or the internet."""

    namespace: Namespace
    indexes: count[int] = field(default_factory=lambda: count(_FIRST_LINK))
    tables: count[int] = field(default_factory=lambda: count(_FIRST_TABLE))


class Bridge(NamedTuple):
    """A subnet on its VPC's router."""

    subnet: Subnet
    block: IPv4Network
    link: int
    name: str


@dataclass(slots=True)
class _Router:
    """Of a VPC: its subnets, and by the ids of gateways and peerings where those are."""

    node: _Node
    bridges: list[Bridge]
    doors: dict[str, _Cable] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class World:
    """A twin that stands: which namespace each host is, and those in between.

    `routers` are those of them that subnets are behind, each with its subnets.
    """

    layout: Layout
    hosts: Mapping[tuple[str, IPv4Address], Namespace]
    """By `Host.place`."""
    between: tuple[Namespace, ...]
    routers: tuple[tuple[Namespace, tuple[Bridge, ...]], ...]

    def namespace(self, host: Host) -> Namespace:
        return self.hosts[host.place]

    def counters(self) -> dict[str, int]:
        """Packets that each rule decided, summed over the hosts that hold it."""
        total: dict[str, int] = {}
        for namespace in (*self.hosts.values(), *self.between):
            with namespace:
                for comment, packets in nftables.counted():
                    total[comment] = total.get(comment, 0) + packets
        return total


def build(layout: Layout) -> World:
    """Make every namespace, link and rule of the twin. TwinError names what the kernel refused."""
    return _Builder(layout).world()


class _Builder:
    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._network: Network = layout.network
        self._hosts: dict[tuple[str, IPv4Address], Namespace] = {}
        self._between: list[Namespace] = []
        self._routers: list[tuple[Namespace, tuple[Bridge, ...]]] = []
        self._pairs = iter(_LINKS_BETWEEN.subnets(new_prefix=30))

    def world(self) -> World:
        internet = _Node(self._host_namespace(self._layout.internet))
        self._hosts[self._layout.internet.place] = internet.namespace
        for site in self._layout.of_kind(PartyKind.SITE):
            self._hosts[site.place] = self._host_namespace(site)
        routers = {vpc.id: self._vpc(vpc, internet) for vpc in self._network.vpcs}
        self._peerings(routers)
        for vpc in self._network.vpcs:
            self._tables(vpc, routers[vpc.id])
        self._ways_out()
        for each in (*self._hosts.values(), *self._between):
            with each:
                wait_until_ready()
        return World(
            layout=self._layout,
            hosts=self._hosts,
            between=tuple(self._between),
            routers=tuple(self._routers),
        )

    def _vpc(self, vpc: Vpc, internet: _Node) -> _Router:
        """Its router with its subnets and gateways, which knows no route yet."""
        node = self._node(f"router of {vpc.name}")
        router = _Router(node, self._subnets(vpc, node))
        self._routers.append((node.namespace, tuple(router.bridges)))
        for internet_gateway in self._network.internet_gateways:
            if internet_gateway.vpc == vpc.id:
                router.doors[internet_gateway.id] = self._internet_gateway(vpc, node, internet)
        for vpn_gateway in self._network.vpn_gateways:
            if vpn_gateway.vpc == vpc.id:
                router.doors[vpn_gateway.id] = self._vpn_gateway(vpc, vpn_gateway.id, node)
        return router

    def _peerings(self, routers: Mapping[str, _Router]) -> None:
        """A cable between two routers: what comes by it is for hosts of the VPC alone, as what
        comes by any other door is, so that it leads on to nobody
        (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html)."""
        for each in self._network.peerings:
            one, other = routers.get(each.requester.vpc), routers.get(each.accepter.vpc)
            if each.active and one is not None and other is not None:
                near, far = self._cable(one.node, other.node)
                one.doors[each.id], other.doors[each.id] = near, far

    def _tables(self, vpc: Vpc, router: _Router) -> None:
        """One for each subnet, and for each door one that leads to hosts alone."""
        with router.node.namespace, Rtnetlink() as netlink:
            local = {each.block: (each.link, None) for each in router.bridges}
            for door in router.doors.values():
                self._table(netlink, router.node, door.name, {**_nowhere(vpc), **local})
            for each in router.bridges:
                table = self._network.route_table[each.subnet.route_table]
                routes = {**_nowhere(vpc), **local, **_routes(vpc, table, router.doors, local)}
                self._table(netlink, router.node, each.name, routes)

    def _subnets(self, vpc: Vpc, router: _Node) -> list[Bridge]:
        bridges = []
        owned: dict[str, tuple[IPv4Address, ...]] = {}
        for subnet in self._network.subnets:
            block = subnet.cidr
            if subnet.vpc != vpc.id or not isinstance(block, IPv4Network):
                continue
            index = next(router.indexes)
            bridge = f"br{index}"
            bridges.append(Bridge(subnet, block, index, bridge))
            gateway = block[1]
            hosts = self._layout.by_subnet[subnet.id]
            namespaces = [(host, self._host_namespace(host)) for host in hosts]
            with router.namespace, Rtnetlink() as netlink:
                netlink.bridge(index, bridge, _hardware(gateway))
                netlink.address(index, gateway, block.prefixlen)
                for host, namespace in namespaces:
                    port = next(router.indexes)
                    netlink.veth(
                        port,
                        f"v{port}",
                        peer_namespace=namespace.fd,
                        peer_index=_ETH0,
                        peer_name="eth0",
                        peer_hardware=_hardware(host.addresses[0]),
                        master=index,
                    )
                    _introduce(netlink, index, host)
                    if host.checked:
                        owned[f"v{port}"] = host.addresses
            for host, namespace in namespaces:
                self._hosts[host.place] = namespace
                with namespace, Rtnetlink() as netlink:
                    netlink.link_up(_ETH0)
                    for address in host.addresses:
                        netlink.address(_ETH0, address, block.prefixlen)
                    netlink.route(_DEFAULT, index=_ETH0, via=gateway)
                    netlink.neighbour(_ETH0, gateway, _hardware(gateway))
                    for other in hosts:
                        if other is not host:
                            _introduce(netlink, _ETH0, other)
        nacls = [(each.subnet, self._network.nacl[each.subnet.nacl], each.name) for each in bridges]
        with router.namespace:
            nftables.run(firewall.router_rules(nacls) + firewall.wire_rules(owned))
        return bridges

    def _internet_gateway(self, vpc: Vpc, router: _Node, internet: _Node) -> _Cable:
        gateway = self._node(f"internet gateway of {vpc.name}")
        to_gateway, to_router = self._cable(router, gateway)
        to_internet, to_inside = self._cable(gateway, internet)
        public = {
            host.addresses[0]: host.public_address
            for host in self._layout.hosts
            if host.vpc == vpc.id
            and host.public_address
            and host.public_address not in self._layout.limits.shared
        }
        with gateway.namespace, Rtnetlink() as netlink:
            for cidr in ipv4(vpc.cidrs):
                netlink.route(cidr, index=to_router.index, via=to_router.peer)
            netlink.route(_DEFAULT, index=to_internet.index, via=to_internet.peer)
            nftables.run(firewall.internet_gateway_rules(public, to_internet.name))
        address = self._layout.internet.party.address
        with internet.namespace, Rtnetlink() as netlink:
            for theirs in public.values():
                netlink.route(
                    IPv4Network(theirs), index=to_inside.index, via=to_inside.peer, source=address
                )
        return to_gateway

    def _vpn_gateway(self, vpc: Vpc, gateway_id: str, router: _Node) -> _Cable:
        """It forwards the VPN connections' own prefixes and nothing else."""
        gateway = self._node(f"VPN gateway of {vpc.name}")
        to_gateway, to_router = self._cable(router, gateway)
        with gateway.namespace, Rtnetlink() as netlink:
            for cidr in ipv4(vpc.cidrs):
                netlink.route(cidr, index=to_router.index, via=to_router.peer)
            netlink.route(_DEFAULT)
        for host in self._layout.of_kind(PartyKind.SITE):
            connection = connection_of(self._network, self._network.site[host.party.id])
            if connection is None or connection.vpn_gateway != gateway_id:
                continue
            address = host.party.address
            site = _Node(self._hosts[host.place])
            to_site, to_cloud = self._cable(gateway, site)
            known = forwards(self._network, connection, address)
            if known and not any(address in cidr for cidr in vpc.cidrs):
                with gateway.namespace, Rtnetlink() as netlink:
                    netlink.route(IPv4Network(address), index=to_site.index, via=to_site.peer)
            with site.namespace, Rtnetlink() as netlink:
                for cidr in ipv4(vpc.cidrs):
                    netlink.route(cidr, index=to_cloud.index, via=to_cloud.peer, source=address)
        return to_gateway

    def _ways_out(self) -> None:
        outside = [self._layout.internet, *self._layout.of_kind(PartyKind.SITE)]
        for host in outside:
            with self._hosts[host.place], Rtnetlink() as netlink:
                # What has no way to go leaves on the loopback and is never heard of
                # again: from outside, a private address does not answer.
                netlink.route(_DEFAULT, index=LOOPBACK, source=host.party.address)

    def _host_namespace(self, host: Host) -> Namespace:
        namespace = Namespace(host.name)
        with namespace:
            _quiet()
            # A flow that the tracker has forgotten must not come back by itself.
            set_here("netfilter/nf_conntrack_tcp_loose", 0, optional=True)
            _ask_from(host.client_ports)
            if host.groups is not None:
                nftables.run(firewall.host_rules(self._network, host.groups, host.name))
            if host.listeners is not None:
                nftables.run(firewall.listener_rules(host.listeners, host.name))
            with Rtnetlink() as netlink:
                netlink.link_up(LOOPBACK)
                if host.vpc is None:
                    netlink.address(LOOPBACK, host.party.address, 32)
        return namespace

    def _node(self, name: str) -> _Node:
        namespace = Namespace(name)
        self._between.append(namespace)
        with namespace:
            _quiet()
            set_here("ipv4/ip_forward", 1)
            set_here("ipv4/conf/all/send_redirects", 0)
            # Otherwise what stays inside a subnet passes the NACL as well.
            set_here("bridge/bridge-nf-call-iptables", 0, optional=True)
            with Rtnetlink() as netlink:
                netlink.link_up(LOOPBACK)
        return _Node(namespace)

    def _cable(self, one: _Node, other: _Node) -> tuple[_Cable, _Cable]:
        pair = next(self._pairs)
        near, far = next(one.indexes), next(other.indexes)
        with one.namespace, Rtnetlink() as netlink:
            netlink.veth(
                near,
                f"to{near}",
                peer_namespace=other.namespace.fd,
                peer_index=far,
                peer_name=f"to{far}",
            )
            netlink.address(near, pair[1], 30)
        with other.namespace, Rtnetlink() as netlink:
            netlink.link_up(far)
            netlink.address(far, pair[2], 30)
        return _Cable(f"to{near}", near, pair[2]), _Cable(f"to{far}", far, pair[1])

    def _table(self, netlink: Rtnetlink, router: _Node, link: str, routes: _Routes) -> None:
        table = next(router.tables)
        for destination, hop in routes.items():
            if hop is None:
                netlink.route(destination, table=table)
            else:
                netlink.route(destination, index=hop[0], via=hop[1], table=table)
        netlink.rule(_RULE_PRIORITY, arriving_on=link, table=table)


_Hop = tuple[int, IPv4Address | None]
_Routes = Mapping[IPv4Network, _Hop | None]
"""Where to by longest prefix; None is a silent end, as in a VPC."""


def _nowhere(vpc: Vpc) -> _Routes:
    return {_DEFAULT: None, **dict.fromkeys(ipv4(vpc.cidrs))}


def _routes(
    vpc: Vpc, table: RouteTable, doors: Mapping[str, _Cable], local: _Routes
) -> dict[IPv4Network, _Hop | None]:
    """A subnet's own routes. `local` ones come first: a gateway never takes over a
    VPC's addresses, only a middlebox may, for a whole subnet
    (docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html).
    """
    asked: dict[IPv4Network, list[Route]] = defaultdict(list)
    for each in table.routes:
        known = each.certain and is_asked(each, vpc.cidrs)
        if isinstance(each.destination, IPv4Network) and known:
            asked[each.destination].append(each)
    chosen: dict[IPv4Network, _Hop | None] = {}
    for destination, routes in asked.items():
        # Where any of several may decide, no drill asks: see `limits`.
        route = preferred(routes)[0]
        door = None if route.blackhole else doors.get(route.target_id)
        if any(within(destination, block) for block in vpc.cidrs) and (
            route.target is not TargetKind.UNMODELLED or destination not in local
        ):
            continue
        chosen[destination] = (door.index, door.peer) if door else None
    return chosen


def _hardware(address: IPv4Address) -> bytes:
    """A locally administered MAC address that says whose it is."""
    return b"\x02\x00" + address.packed


def _introduce(netlink: Rtnetlink, index: int, host: Host) -> None:
    """A VPC has no ARP to overhear, and the kernel forgets neighbours above 1024
    of them in all namespaces together (net.ipv4.neigh.default.gc_thresh3)."""
    for address in host.addresses:
        netlink.neighbour(index, address, _hardware(host.addresses[0]))


def _ask_from(ports: PortRange) -> None:
    """Let the kernel take these ports for connections, as the host that it stands for does."""
    set_here("ipv4/ip_unprivileged_port_start", min(1024, ports.first))
    set_here("ipv4/ip_local_port_range", f"{ports.first} {ports.last}")


def _quiet() -> None:
    """IPv4 only, and no check of the way back: routes here may differ by direction."""
    set_here("ipv6/conf/default/disable_ipv6", 1, optional=True)
    set_here("ipv4/conf/all/rp_filter", 0)
    set_here("ipv4/conf/default/rp_filter", 0)
