"""A short way to write a Network down, for tests of what its twin does.

net = Sketch()
net.subnet("left", "10.0.1.0/24")
net.group("client", egress=["tcp 5555 @server"])
net.host("client", "left", "10.0.1.10", ["client"])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from bulkhead.network import (
    ALL_PORTS,
    TCP,
    AclEntry,
    Action,
    CidrPeer,
    CustomerGateway,
    Direction,
    Flow,
    GroupPeer,
    GroupRule,
    Interface,
    InternetGateway,
    Listener,
    Network,
    NetworkAcl,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
    Service,
    Site,
    Subnet,
    TargetKind,
    Vpc,
    VpnConnection,
    VpnGateway,
    protocol_number,
)
from bulkhead.twin import Drill, drill

OPEN = ("100 allow all 0.0.0.0/0",)
TARGETS = {
    "igw": TargetKind.INTERNET_GATEWAY,
    "vgw": TargetKind.VPN_GATEWAY,
    "pcx": TargetKind.UNMODELLED,
}


def ports(text: str) -> PortRange:
    first, _, last = text.partition("-")
    return PortRange(int(first), int(last or first))


def group_rule(name: str, direction: Direction, text: str) -> GroupRule:
    """'tcp 5555-5560 10.0.0.0/16', 'tcp 5555 @group', 'all 0.0.0.0/0'."""
    protocol, *some, peer = text.split()
    return GroupRule(
        id=f"{name}/{direction}/{text.replace(' ', '-')}",
        direction=direction,
        protocol=protocol_number(protocol),
        ports=ports(some[0]) if some else ALL_PORTS,
        peer=GroupPeer(peer[1:]) if peer.startswith("@") else CidrPeer(IPv4Network(peer)),
    )


def acl_entry(direction: Direction, text: str) -> AclEntry:
    """'100 allow tcp 5555 10.0.1.0/24', '90 deny all 0.0.0.0/0'."""
    number, action, protocol, *some, cidr = text.split()
    return AclEntry(
        number=int(number),
        direction=direction,
        action=Action(action),
        protocol=protocol_number(protocol),
        ports=ports(some[0]) if some else ALL_PORTS,
        cidr=IPv4Network(cidr),
    )


@dataclass
class Sketch:
    """One or more VPCs, filled in by name; the first is made with the sketch."""

    vpcs: list[Vpc] = field(default_factory=list)
    subnets: list[Subnet] = field(default_factory=list)
    interfaces: list[Interface] = field(default_factory=list)
    groups: list[SecurityGroup] = field(default_factory=list)
    nacls: list[NetworkAcl] = field(default_factory=list)
    tables: list[RouteTable] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    connections: list[VpnConnection] = field(default_factory=list)
    customers: list[CustomerGateway] = field(default_factory=list)
    internet_gateways: list[InternetGateway] = field(default_factory=list)
    vpn_gateways: list[VpnGateway] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.vpc("main", "10.0.0.0/16")

    def vpc(self, name: str, cidr: str) -> None:
        self.vpcs.append(Vpc(id=name, name=name, region="eu-west-1", cidrs=(IPv4Network(cidr),)))

    def subnet(
        self,
        name: str,
        cidr: str,
        *,
        ingress: Sequence[str] = OPEN,
        egress: Sequence[str] = OPEN,
        routes: Sequence[str] = (),
        vpc: str = "main",
    ) -> None:
        entries = [acl_entry(Direction.INGRESS, each) for each in ingress]
        entries += [acl_entry(Direction.EGRESS, each) for each in egress]
        self.nacls.append(
            NetworkAcl(id=f"acl-{name}", name=f"acl-{name}", vpc=vpc, entries=tuple(entries))
        )
        self.tables.append(
            RouteTable(
                id=f"rtb-{name}",
                name=f"rtb-{name}",
                vpc=vpc,
                routes=tuple(self._route(each) for each in routes),
            )
        )
        self.subnets.append(
            Subnet(
                id=f"subnet-{name}",
                name=name,
                vpc=vpc,
                zone="eu-west-1a",
                cidr=IPv4Network(cidr),
                nacl=f"acl-{name}",
                route_table=f"rtb-{name}",
            )
        )

    @staticmethod
    def _route(text: str) -> Route:
        """'0.0.0.0/0 igw', '192.168.0.0/16 vgw blackhole'."""
        destination, target, *more = text.split()
        return Route(
            destination=IPv4Network(destination),
            target=TARGETS[target],
            target_id=target,
            blackhole="blackhole" in more,
            propagated="propagated" in more,
        )

    def group(self, name: str, *, ingress: Iterable[str] = (), egress: Iterable[str] = ()) -> None:
        rules = [group_rule(name, Direction.INGRESS, each) for each in ingress]
        rules += [group_rule(name, Direction.EGRESS, each) for each in egress]
        self.groups.append(
            SecurityGroup(id=name, name=name, vpc="main", rules=tuple(rules), service=name)
        )

    def host(
        self,
        name: str,
        subnet: str,
        address: str,
        groups: Sequence[str] = ("open",),
        *,
        service: str | None = None,
        public: str | None = None,
        secondary: Sequence[str] = (),
    ) -> None:
        self.interfaces.append(
            Interface(
                id=f"eni-{name}",
                name=name,
                subnet=f"subnet-{subnet}",
                address=IPv4Address(address),
                secondary_addresses=tuple(IPv4Address(each) for each in secondary),
                security_groups=tuple(groups),
                public_address=IPv4Address(public) if public else None,
                service=service or name,
            )
        )

    def listen(self, owner: str, kind: str, port: int, protocol: int = TCP) -> Listener:
        listener = Listener(
            owner=owner, socket=kind.lower(), type=kind, protocol=protocol, port=port
        )
        self.listeners.append(listener)
        return listener

    def internet(self, vpc: str = "main") -> None:
        self.internet_gateways.append(InternetGateway(id="igw", name="igw", vpc=vpc))

    def vpn(self, site: str, cidrs: Sequence[str], *, known: Sequence[str] | None = None) -> None:
        """A site behind the VPN gateway 'vgw', which knows these prefixes of it."""
        if not self.vpn_gateways:
            self.vpn_gateways.append(VpnGateway(id="vgw", name="vgw", vpc="main"))
        prefixes = cidrs if known is None else known
        self.connections.append(
            VpnConnection(
                id=f"vpn-{site}",
                name=f"vpn-{site}",
                vpn_gateway="vgw",
                customer_gateway=f"cgw-{site}",
                routes=tuple(IPv4Network(each) for each in prefixes),
                site=site,
            )
        )
        self.sites.append(
            Site(
                name=site,
                cidrs=tuple(IPv4Network(each) for each in cidrs),
                vpn_connection=f"vpn-{site}",
            )
        )

    def network(self) -> Network:
        if any("open" in each.security_groups for each in self.interfaces):
            self.group("open", ingress=["all 0.0.0.0/0"], egress=["all 0.0.0.0/0"])
        return Network(
            vpcs=tuple(self.vpcs),
            subnets=tuple(self.subnets),
            interfaces=tuple(self.interfaces),
            security_groups=tuple(self.groups),
            nacls=tuple(self.nacls),
            route_tables=tuple(self.tables),
            internet_gateways=tuple(self.internet_gateways),
            vpn_gateways=tuple(self.vpn_gateways),
            customer_gateways=tuple(self.customers),
            vpn_connections=tuple(self.connections),
            services=tuple(
                Service(name=name, segment=None, security_group="")
                for name in dict.fromkeys(each.service or "" for each in self.interfaces)
            ),
            sites=tuple(self.sites),
            listeners=tuple(self.listeners),
        )


def pair(
    *, ingress: Iterable[str] = (), egress: Iterable[str] = (), same_subnet: bool = False
) -> Sketch:
    """A client whose group has this egress, a server (REP 5555) whose group has this ingress."""
    net = Sketch()
    net.subnet("left", "10.0.1.0/24")
    net.subnet("right", "10.0.2.0/24")
    net.group("client", egress=egress)
    net.group("server", ingress=ingress)
    net.host("client", "left", "10.0.1.10", ["client"])
    if same_subnet:
        net.host("server", "left", "10.0.1.20", ["server"])
    else:
        net.host("server", "right", "10.0.2.10", ["server"])
    net.listen("server", "REP", 5555)
    return net


def flow(client: str, client_type: str, server: Listener) -> Flow:
    return Flow(
        client=client, client_socket=client_type.lower(), client_type=client_type, server=server
    )


def run(net: Sketch, flows: Sequence[Flow] = ()) -> Drill:
    """A drill that gives up on a dropped connection early: these networks are small."""
    return drill(net.network(), flows, patience=0.3)


def allowed(result: Drill) -> set[tuple[str, str, int]]:
    """The open cells: source, target, port."""
    return {
        (each.source.name, each.target.name, each.port)
        for each in result.measurements
        if each.allowed
    }


def asked(result: Drill) -> set[tuple[str, str, int]]:
    return {(each.source.name, each.target.name, each.port) for each in result.measurements}
