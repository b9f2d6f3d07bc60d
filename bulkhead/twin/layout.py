"""Which hosts a Network's twin has, and where each is attached. Pure.

Beside the interfaces there are hosts that the Network does not name but that
can send packets into it: a stranger in each subnet, somebody at each site, and
somebody on the internet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network import (
    ANY_CLIENT_PORTS,
    LINUX_PORTS,
    TCP,
    CidrPeer,
    Flow,
    GroupPeer,
    Interface,
    InterfaceKind,
    IPNetwork,
    Network,
    PortRange,
    Site,
    Subnet,
    TargetKind,
    VpnConnection,
    assignable,
)
from bulkhead.twin import patterns
from bulkhead.twin.limits import Limits, ipv4, ipv4_addresses
from bulkhead.twin.measured import Party, PartyKind, TwinError

SOCKET_TYPES: Final = frozenset({*patterns.SOCKETS, *patterns.RAW})
"""What a listener may be here. The draft types are not in the pyzmq wheel."""

INTERNET: Final = "internet"

_INTERNET_ADDRESSES: Final = tuple(
    IPv4Address(text) for text in ("198.51.100.77", "203.0.113.77", "192.0.2.77", "1.2.3.77")
)
"""Where the internet's host may live: documentation addresses first (RFC 5737)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One namespace with one link to the network around it."""

    party: Party
    addresses: tuple[IPv4Address, ...]
    vpc: str | None = None
    subnet: str | None = None
    groups: tuple[str, ...] | None = None
    """None where no security group stands in front of it."""
    public_address: IPv4Address | None = None
    checked: bool = True
    """Whether it may only send from, and be sent to, its own addresses."""
    opens: bool = True
    """Whether it opens connections: an interface endpoint only accepts them."""
    listeners: tuple[tuple[int, int], ...] | None = None
    """What a load balancer takes in, as (protocol, port); None where there is no load balancer."""
    client_ports: PortRange = ANY_CLIENT_PORTS
    """From which it connects."""

    @property
    def kind(self) -> PartyKind:
        return self.party.kind

    @property
    def name(self) -> str:
        return self.party.name

    @property
    def place(self) -> tuple[str, IPv4Address]:
        """Where it is, whatever it is called: a VPC, a site or the internet, and an address."""
        return self.vpc or self.party.id, self.addresses[0]

    def is_at(self, network: IPv4Network | None) -> bool:
        """Whether it has an address there; None is anywhere."""
        return network is None or any(each in network for each in self.addresses)

    def __str__(self) -> str:
        return str(self.party)


@dataclass(frozen=True, kw_only=True)
class Layout:
    network: Network
    hosts: tuple[Host, ...]
    notes: tuple[str, ...] = ()

    def of_kind(self, kind: PartyKind) -> tuple[Host, ...]:
        return tuple(host for host in self.hosts if host.kind is kind)

    @cached_property
    def internet(self) -> Host:
        return self.of_kind(PartyKind.INTERNET)[0]

    @cached_property
    def limits(self) -> Limits:
        return Limits(self.network)

    @cached_property
    def by_subnet(self) -> Mapping[str, tuple[Host, ...]]:
        return {
            subnet.id: tuple(host for host in self.hosts if host.subnet == subnet.id)
            for subnet in self.network.subnets
        }

    def playing(self, role: str) -> tuple[Host, ...]:
        """The hosts of a service, or of a site, by the name a flow gives it."""
        return tuple(
            host
            for host in self.hosts
            if (host.kind is PartyKind.INTERFACE and host.party.service == role)
            or (host.kind is PartyKind.SITE and host.party.id == role)
        )

    def find(self, name: str) -> Host:
        """The one host that has this name or id. Raises TwinError otherwise."""
        found = [
            host
            for host in self.hosts
            if name in (host.name, f"{host.name}@{host.party.address}")
            or (host.kind is PartyKind.STRANGER and name == f"stranger@{host.subnet}")
            or (host.kind is not PartyKind.STRANGER and host.party.id == name)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise TwinError(f"'{name}' is the name of {len(found)} hosts; use an id")
        raise TwinError(f"there is no host '{name}' in the twin")

    def at(self, address: IPv4Address, seen_from: Host) -> Host:
        """The host that `address` means to `seen_from`: VPCs may use the same addresses."""
        candidates = [
            host
            for host in self.hosts
            if address in host.addresses or address == host.public_address
        ]
        near = [host for host in candidates if host.vpc == seen_from.vpc or host.vpc is None]
        chosen = near if seen_from.vpc else candidates
        if len(chosen or candidates) != 1:
            count = len(chosen or candidates)
            raise TwinError(f"{count} hosts in the twin have the address {address}; it takes one")
        return (chosen or candidates)[0]


def lay_out(network: Network, flows: Iterable[Flow] = ()) -> Layout:
    """The hosts of the twin of `network`. Raises TwinError naming all that cannot be built.

    Of a site there are hosts where `flows` may come from alone, and beside them.
    """
    alone = tuple(dict.fromkeys(cidr for flow in flows for cidr in flow.clients_at))
    wrong = list(_mistakes(network))
    if wrong:
        raise TwinError("this network has no twin: " + "; ".join(wrong))
    notes = list(_notes(network))
    hosts = [
        _interface_host(network, interface, interface.address)
        for interface in network.interfaces
        if interface.kind is not InterfaceKind.GATEWAY
        and isinstance(interface.address, IPv4Address)
    ]
    for subnet in network.subnets:
        if not isinstance(subnet.cidr, IPv4Network):
            continue
        stranger = _stranger(network, subnet)
        if stranger:
            hosts.append(stranger)
        else:
            notes.append(
                f"subnet {subnet.name} is full: no stranger fits in it, so none is measured"
            )
    hosts += [host for site in network.sites for host in _site_hosts(network, site, alone)]
    hosts.append(_internet_host(network))
    return Layout(network=network, hosts=tuple(hosts), notes=tuple(notes))


def _interface_host(network: Network, interface: Interface, primary: IPv4Address) -> Host:
    return Host(
        party=Party(
            kind=PartyKind.INTERFACE,
            id=interface.id,
            name=interface.name,
            address=primary,
            service=interface.service,
        ),
        addresses=ipv4_addresses(interface.addresses),
        vpc=network.subnet_of(interface).vpc,
        subnet=interface.subnet,
        groups=_groups(interface),
        public_address=interface.public_address,
        checked=interface.source_dest_check,
        opens=interface.kind is not InterfaceKind.ENDPOINT,
        listeners=_listeners(network, interface),
        client_ports=interface.client_ports,
    )


def _listeners(network: Network, interface: Interface) -> tuple[tuple[int, int], ...] | None:
    here = [each for each in network.load_balancers if interface.id in each.interfaces]
    taken = tuple((one.protocol, one.port) for each in here for one in each.listeners)
    return taken if here else None


def _groups(interface: Interface) -> tuple[str, ...] | None:
    # A load balancer without security groups is not filtered by any
    # (docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html).
    if interface.kind is InterfaceKind.LOAD_BALANCER and not interface.security_groups:
        return None
    return interface.security_groups


def _stranger(network: Network, subnet: Subnet) -> Host | None:
    taken = {
        address
        for interface in network.interfaces
        if interface.subnet == subnet.id
        for address in interface.addresses
    }
    taken.update(
        address
        for each in network.nat_gateways
        if each.subnet == subnet.id
        for address in each.addresses
    )
    every = map(IPv4Address, reversed(assignable(subnet.cidr)))
    address = next((each for each in every if each not in taken), None)
    if address is None:
        return None
    return Host(
        party=Party(
            kind=PartyKind.STRANGER,
            id=subnet.id,
            name=f"stranger@{subnet.name}",
            address=address,
        ),
        addresses=(address,),
        vpc=subnet.vpc,
        subnet=subnet.id,
        client_ports=LINUX_PORTS,
    )


def _site_hosts(network: Network, site: Site, alone: Sequence[IPv4Network]) -> tuple[Host, ...]:
    """One host for each of the site's networks, whose rules may differ, and for each socket's.

    Where a socket waits at some addresses alone, or those alone may connect or ask from other
    ports, a host has one of them, and another stands beside it: what is for the one must not be
    for the other. Where a VPC has the same addresses, they are the VPC's.
    """
    taken = [block for vpc in network.vpcs for block in ipv4(vpc.cidrs)]
    waiting = (
        each.alone_at
        for each in network.listeners
        if each.owner == site.name and each.alone_at is not None
    )
    asking = ipv4(each for each, _ in site.host_ports)
    apart = tuple(dict.fromkeys((*alone, *waiting, *asking)))
    addresses: dict[IPv4Address, None] = {}
    for cidr in ipv4(site.cidrs):
        inside = [each for each in apart if each.subnet_of(cidr)]
        for each in (cidr, *sorted(inside)):
            if (address := _beside(each, inside)) is not None:
                addresses[address] = None
    return tuple(
        Host(
            party=Party(kind=PartyKind.SITE, id=site.name, name=site.name, address=each),
            addresses=(each,),
            client_ports=site.asks_from(IPv4Network(each)),
        )
        for each in addresses
        if not any(each in block for block in taken)
    )


def _beside(cidr: IPv4Network, apart: Iterable[IPv4Network]) -> IPv4Address | None:
    """Where somebody may be in a network, and in none of those that lie in it: where hosts mostly
    are, or at the first address that is left; None where they leave none."""
    inside = [each for each in apart if each != cidr and each.subnet_of(cidr)]
    kept = cidr.num_addresses > 2
    first, last = int(cidr[0]) + kept, int(cidr[-1]) - kept
    usual = cidr[10] if cidr.num_addresses > 16 else cidr[cidr.num_addresses // 2]
    tried = (int(usual), first, *sorted(int(each[-1]) + 1 for each in inside))
    places = (IPv4Address(each) for each in tried if first <= each <= last)
    return next((each for each in places if not any(each in some for some in inside)), None)


def _internet_host(network: Network) -> Host:
    named = [cidr for cidr in ipv4(_cidrs(network)) if cidr.prefixlen]
    address = next(
        (each for each in _INTERNET_ADDRESSES if not any(each in cidr for cidr in named)), None
    )
    if address is None:
        raise TwinError("the rules name all addresses that stand for the internet at large")
    party = Party(kind=PartyKind.INTERNET, id=INTERNET, name=INTERNET, address=address)
    return Host(party=party, addresses=(address,))


def _cidrs(network: Network) -> Iterable[IPNetwork]:
    """Every block of addresses that somebody names: the internet at large is none of them."""
    for vpc in network.vpcs:
        yield from vpc.cidrs
    for site in network.sites:
        yield from site.cidrs
    for nacl in network.nacls:
        yield from (entry.cidr for entry in nacl.entries)
    for group in network.security_groups:
        yield from (rule.peer.cidr for rule in group.rules if isinstance(rule.peer, CidrPeer))
    for table in network.route_tables:
        yield from (route.destination for route in table.routes)


def connection_of(network: Network, site: Site) -> VpnConnection | None:
    """The VPN connection that links this site to a gateway of the network, if any."""
    connection = network.vpn_connection.get(site.vpn_connection or "")
    gateways = {gateway.id for gateway in network.vpn_gateways}
    if connection is None or not connection.available or connection.vpn_gateway not in gateways:
        return None
    return connection


def forwards(network: Network, connection: VpnConnection, address: IPv4Address) -> bool:
    """Whether the connection's gateway sends an address into it: by the longest prefix."""
    longest = [
        (prefix.prefixlen, each.id)
        for each in network.vpn_connections
        if each.vpn_gateway == connection.vpn_gateway
        for prefix in each.routes
        if address in prefix
    ]
    return (max(longest)[0], connection.id) in longest if longest else False


def _mistakes(network: Network) -> Iterable[str]:
    for listener in network.listeners:
        if listener.protocol == TCP and patterns.played(listener.type) not in SOCKET_TYPES:
            yield f"listener {listener.name} is a {listener.type} socket; the twin cannot open one"
    for subnet in network.subnets:
        if subnet.vpc not in network.vpc:
            yield f"subnet {subnet.name} is in VPC {subnet.vpc}, which is missing"
        if subnet.nacl not in network.nacl:
            yield f"subnet {subnet.name} has NACL {subnet.nacl}, which is missing"
        if subnet.route_table not in network.route_table:
            yield f"subnet {subnet.name} has route table {subnet.route_table}, which is missing"
    yield from _interface_mistakes(network)


def _interface_mistakes(network: Network) -> Iterable[str]:
    seen: dict[tuple[str, IPv4Address], str] = {}
    for interface in network.interfaces:
        if interface.subnet not in network.subnet:
            yield f"interface {interface.name} is in subnet {interface.subnet}, which is missing"
            continue
        subnet = network.subnet_of(interface)
        for address in ipv4_addresses(interface.addresses):
            if address not in subnet.cidr:
                yield f"interface {interface.name} has {address}, outside {subnet.cidr}"
            other = seen.setdefault((subnet.vpc, address), interface.name)
            if other != interface.name:
                yield f"interfaces {other} and {interface.name} both have {address}"
        for group in interface.security_groups:
            if group not in network.security_group:
                yield f"interface {interface.name} has security group {group}, which is missing"


def _notes(network: Network) -> Iterable[str]:
    for thing in network.unmodelled:
        yield f"not in the twin: {thing.kind} {thing.id}: {thing.why}"
    for table in network.route_tables:
        for route in table.routes:
            if route.target is TargetKind.UNMODELLED:
                yield f"route {route} of {table.name} leads nowhere in the twin: not modelled"
    for listener in network.listeners:
        if listener.protocol == TCP and (player := patterns.STAND_INS.get(listener.type)):
            yield f"{listener} is tried as {player}: a normal build of libzmq has no draft types"
    yield from Limits(network).notes
    for group in network.security_groups:
        for rule in group.rules:
            if isinstance(rule.peer, GroupPeer) and rule.peer.group not in network.security_group:
                yield f"rule {rule.id} of {group.name} names {rule.peer.group}: nobody holds it"
    for site in network.sites:
        if connection_of(network, site):
            yield f"site {site.name} is on a plain link: encryption is not measured"
        else:
            yield f"site {site.name} is not connected: its VPN connection leads to no gateway here"
