"""Who can send and receive: the classes into which a network cuts all addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network
from typing import Final

from bulkhead.ends.behind_vpn import Remote, remotes_of, served_by
from bulkhead.ends.prefixes import (
    ROOT,
    ROOT6,
    Prefix,
    PrefixTree,
    address_at,
    as_network,
    as_prefix,
    is_ipv6,
    number,
)
from bulkhead.network import Interface, IPAddress, IPNetwork, Network, Subnet, kept_by_aws

PRIVATE: Final[tuple[IPNetwork, ...]] = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    )
)
"""RFC 1918, RFC 6598 and RFC 4193: an internet gateway carries none of them
(docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html)."""

NO_HOSTS: Final[tuple[IPNetwork, ...]] = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
            *("::/128", "::1/128", "fe80::/10", "ff00::/8"),
        ),
    )
)
"""This host, loopback, link-local, multicast, reserved (RFC 6890): no endpoint has them.

The link-local services of a VPC (resolver, metadata, time) are outside all
rules and so outside the proof.
"""


class EndpointKind(StrEnum):
    INTERFACE = "interface"
    """A known network interface, by one of its addresses."""
    STRANGER = "stranger"
    """Any host that someone starts in a subnet: no security group holds it back."""
    SITE = "site"
    """Hosts behind a VPN connection."""
    INTERNET = "internet"
    """Public addresses beyond an internet gateway (also those of our own interfaces)."""
    ELSEWHERE = "elsewhere"
    """Private addresses that are nowhere here: somebody's, beyond what was observed."""
    NOWHERE = "nowhere"
    """An address of a VPC that no host can have. No network has such an end: see `nowhere`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Addresses that every rule of the network treats alike.

    `id` is the interface, the subnet, the site (or its connection), or
    'internet'; `thing` is what people call that, `part` which of its addresses,
    where it has several ends. `prefix` is the longest prefix that any rule mentions
    around them; `ranges` are the addresses themselves, first and last.
    """

    kind: EndpointKind
    id: str
    thing: str
    part: str = ""
    prefix: IPNetwork
    ranges: tuple[tuple[IPAddress, IPAddress], ...]
    vpc: str | None = None
    subnet: str | None = None
    segment: str | None = None
    service: str | None = None
    public: bool = False
    """Whether an internet gateway translates for it. A stranger may be given an address."""

    @property
    def name(self) -> str:
        """'ticker-0', 'any host in feed-a (10.0.0.64/26)', 'plant'."""
        whole = any_host_in(self.thing) if self.kind is EndpointKind.STRANGER else self.thing
        return f"{whole} ({self.part})" if self.part else whole

    @property
    def address(self) -> IPAddress:
        """One of its addresses; which one makes no difference."""
        return self.ranges[0][0]

    @property
    def external(self) -> bool:
        return self.subnet is None

    @property
    def version(self) -> int:
        """4 or 6: an end has addresses of one family."""
        return self.prefix.version

    def __contains__(self, address: IPAddress) -> bool:
        place = number(address)
        return any(number(first) <= place <= number(last) for first, last in self.ranges)

    def __str__(self) -> str:
        return self.name


def any_host_in(*places: str) -> str:
    """What strangers are called: hosts that somebody may start in these segments or subnets."""
    return f"any host in {', '.join(places)}"


@dataclass(frozen=True)
class Partition:
    """All endpoints, in a fixed order, and the tree of prefixes that cut them."""

    endpoints: tuple[Endpoint, ...]
    homes: tuple[Prefix, ...]
    tree: PrefixTree
    remotes: tuple[Remote, ...]


def partition(network: Network, cuts: Iterable[Network] = ()) -> Partition:
    """Cut all addresses by all prefixes in play, and by those of other networks to compare with.

    Raises ValueError where an interface or a subnet lies in something that the
    network does not contain: nothing could be said about it.
    """
    _check_places(network)
    remotes = tuple(remotes_of(network))
    tree = PrefixTree(prefixes_of((network, *cuts)))
    endpoints = (
        *_interfaces(network, tree),
        *_strangers(network, tree),
        *_sites(network, tree, remotes),
        *_internet(network, tree),
        *_elsewhere(network, tree, remotes),
    )
    homes = tuple(as_prefix(each.prefix) for each in endpoints)
    return Partition(endpoints, homes, tree, remotes)


def _check_places(network: Network) -> None:
    for subnet in network.subnets:
        if subnet.vpc not in network.vpc:
            raise ValueError(f"subnet {subnet.id} lies in VPC {subnet.vpc}, which is not there")
    for each in network.interfaces:
        if each.subnet not in network.subnet:
            raise ValueError(
                f"interface {each.id} lies in subnet {each.subnet}, which is not there"
            )


def _speaks_ipv6(network: Network) -> bool:
    return any(cidr.version == 6 for vpc in network.vpcs for cidr in vpc.cidrs) or any(
        each.ipv6_cidrs for each in network.subnets
    )


def prefixes_of(networks: Iterable[Network]) -> set[IPNetwork]:
    """Every prefix by which some networks tell addresses apart."""
    networks = tuple(networks)
    found = {prefix for each in networks for prefix in _mentioned(each)}
    if any(_speaks_ipv6(each) for each in networks):
        return found
    # Rules for ::/0 stand everywhere; where no host has an IPv6 address they say nothing.
    return {each for each in found if each.version == 4}


def _mentioned(network: Network) -> Iterator[IPNetwork]:
    yield from PRIVATE
    yield from NO_HOSTS
    yield from _placed(network)
    yield from _ruled(network)
    for each in remotes_of(network):
        yield from each.cidrs


def _placed(network: Network) -> Iterator[IPNetwork]:
    """The prefixes in which something lies."""
    for vpc in network.vpcs:
        yield from vpc.cidrs
    for subnet in network.subnets:
        yield from subnet.cidrs
    for peering in network.peerings:
        yield from peering.requester.cidrs
        yield from peering.accepter.cidrs
    for nat in network.nat_gateways:
        yield ip_network(nat.address)


def _ruled(network: Network) -> Iterator[IPNetwork]:
    """The prefixes of which a rule or a route speaks."""
    for group in network.security_groups:
        yield from (rule.peer.cidr for rule in group.rules if rule.peer.kind == "cidr")
    for nacl in network.nacls:
        yield from (entry.cidr for entry in nacl.entries)
    for table in network.route_tables:
        yield from (route.destination for route in table.routes)
    for transit in network.transit_route_tables:
        yield from (way.destination for way in transit.routes)
    for firewall in network.firewalls:
        for rule in (*firewall.stateless, *firewall.stateful):
            yield from rule.sources
            yield from rule.destinations


def _interfaces(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    for each in sorted(network.interfaces, key=lambda interface: (interface.name, interface.id)):
        for address in each.addresses:
            yield _interface(network, tree, each, address)


def _interface(
    network: Network, tree: PrefixTree, interface: Interface, address: IPAddress
) -> Endpoint:
    primary = address == interface.address
    subnet = network.subnet_of(interface)
    return Endpoint(
        kind=EndpointKind.INTERFACE,
        id=interface.id,
        thing=interface.name,
        part="" if primary else str(address),
        prefix=as_network(tree.home(address)),
        ranges=((address, address),),
        vpc=subnet.vpc,
        subnet=subnet.id,
        segment=subnet.segment,
        service=interface.service,
        public=interface.public_for(address) is not None,
    )


def _strangers(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    occupied: dict[str, set[int]] = {subnet.id: set() for subnet in network.subnets}
    for interface in network.interfaces:
        occupied[interface.subnet].update(map(number, interface.addresses))
    for nat in network.nat_gateways:
        if nat.subnet in occupied:
            occupied[nat.subnet].add(number(nat.address))
    for subnet in sorted(network.subnets, key=lambda each: (each.name, each.id)):
        for cidr in subnet.cidrs:
            taken = sorted(occupied[subnet.id].union(map(number, kept_by_aws(cidr))))
            yield from _strangers_in(subnet, cidr, tree, taken)


def _strangers_in(
    subnet: Subnet, cidr: IPNetwork, tree: PrefixTree, taken: list[int]
) -> Iterator[Endpoint]:
    pieces = {
        home: free
        for home in tree.within(as_prefix(cidr))
        if (free := _without(tree.own_ranges(home), taken))
    }
    whole = len(pieces) == 1 and cidr.version == 4
    for home, free in sorted(pieces.items()):
        yield Endpoint(
            kind=EndpointKind.STRANGER,
            id=subnet.id,
            thing=subnet.name,
            part="" if whole else str(as_network(home)),
            prefix=as_network(home),
            ranges=_addresses(free),
            vpc=subnet.vpc,
            subnet=subnet.id,
            segment=subnet.segment,
            public=True,
        )


def _sites(network: Network, tree: PrefixTree, remotes: Iterable[Remote]) -> Iterator[Endpoint]:
    served = served_by(network)
    for each in sorted(remotes, key=lambda one: (one.name, one.id)):
        vpcs = {vpc for connection in each.connections for vpc in served.get(connection.id, ())}
        # A VPC's own addresses are never looked for at a site: its local routes win.
        hidden = {as_prefix(cidr) for vpc in network.vpcs if vpc.id in vpcs for cidr in vpc.cidrs}
        hidden.update(map(as_prefix, NO_HOSTS))
        known = [as_prefix(cidr) for cidr in each.cidrs]
        homes = sorted({home for own in known if _is_cut(tree, own) for home in tree.within(own)})
        pieces = [
            home for home in homes if tree.own_ranges(home) and hidden.isdisjoint(tree.chain(home))
        ]
        for home in pieces:
            yield Endpoint(
                kind=EndpointKind.SITE,
                id=each.id,
                thing=each.name,
                part="" if len(pieces) == 1 else str(as_network(home)),
                prefix=as_network(home),
                ranges=_addresses(tree.own_ranges(home)),
            )


def _is_cut(tree: PrefixTree, prefix: Prefix) -> bool:
    """Whether the tree knows the prefix: not one of IPv6 where nobody speaks it."""
    return not is_ipv6(prefix) or prefix in tree.prefixes


def _internet(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    hidden = {as_prefix(block) for block in (*PRIVATE, *NO_HOSTS)}
    # A global IPv6 block of a VPC is nobody else's; a public IPv4 block may be.
    hidden.update(
        as_prefix(cidr) for vpc in network.vpcs for cidr in vpc.cidrs if cidr.version == 6
    )
    hidden.update(as_prefix(cidr) for each in network.subnets for cidr in each.ipv6_cidrs)
    roots = {ROOT: "", ROOT6: "IPv6"}
    spoken = _speaks_ipv6(network)
    for home in tree.prefixes:
        if is_ipv6(home) and not spoken:
            continue
        if tree.own_ranges(home) and hidden.isdisjoint(tree.chain(home)):
            yield Endpoint(
                kind=EndpointKind.INTERNET,
                id="internet",
                thing="internet",
                part=roots.get(home, str(as_network(home))),
                prefix=as_network(home),
                ranges=_addresses(tree.own_ranges(home)),
            )


def _elsewhere(network: Network, tree: PrefixTree, remotes: Iterable[Remote]) -> Iterator[Endpoint]:
    private = {as_prefix(block) for block in PRIVATE if block.version == 4 or _speaks_ipv6(network)}
    ours = {as_prefix(cidr) for vpc in network.vpcs for cidr in vpc.cidrs}
    ours.update(as_prefix(cidr) for subnet in network.subnets for cidr in subnet.cidrs)
    ours.update(as_prefix(cidr) for site in remotes for cidr in site.cidrs)
    for home in tree.prefixes:
        chain = tree.chain(home)
        if not private.isdisjoint(chain) and ours.isdisjoint(chain) and tree.own_ranges(home):
            yield Endpoint(
                kind=EndpointKind.ELSEWHERE,
                id="elsewhere",
                thing="elsewhere",
                part=str(as_network(home)),
                prefix=as_network(home),
                ranges=_addresses(tree.own_ranges(home)),
            )


def _without(ranges: Iterable[tuple[int, int]], taken: list[int]) -> list[tuple[int, int]]:
    """The ranges less some single addresses, given in order."""
    left = []
    for first, last in ranges:
        free = first
        for address in taken:
            if free <= address <= last:
                if free < address:
                    left.append((free, address - 1))
                free = address + 1
        if free <= last:
            left.append((free, last))
    return left


def _addresses(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[IPAddress, IPAddress], ...]:
    return tuple((address_at(first), address_at(last)) for first, last in ranges)
