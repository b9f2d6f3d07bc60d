"""A network as bit sets: bit i stands for endpoint i.

Everything here is fact, whatever is unknown: who has which address, who lies
where, who holds which group, which rule speaks of which prefix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.partition import Partition
from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import (
    AclEntry,
    Direction,
    GroupRule,
    Interface,
    InterfaceKind,
    Network,
    PortRange,
)
from bulkhead.prove.sets.routing import Routing
from bulkhead.prove.sets.unknowns import Unknowns


@dataclass(frozen=True)
class Survey:
    network: Network
    classes: Partition
    unknowns: Unknowns
    routing: Routing
    everyone: int
    external: int
    interfaces: int
    in_doubt: int
    """Endpoints whose own presence, subnet, VPC or site is in question."""
    bare: int
    """Interfaces of which nobody knows what filters them: hosts without a security group."""
    unfiltered: int
    """Everybody whom no security group holds back."""
    handing_on: frozenset[str]
    """Subnets in which something may hand on what others sent: no NACL is asked there."""
    carried: frozenset[str]
    """Groups as whose member what comes out of the unknown may be known."""
    mute: int
    """Those that open no connection: some interfaces, and addresses that are but names."""
    deaf: int
    """Interfaces that accept no connection."""
    ipv6: int
    clients: Mapping[PortRange, int]
    """Who opens connections from which ports."""
    inside: Mapping[Prefix, int]
    in_subnet: Mapping[str, int]
    in_vpc: Mapping[str, int]
    by_table: Mapping[str, Mapping[str, int]]
    """Per VPC: per route table, whose subnets use it."""
    behind: Mapping[str, int]
    """Per NACL: whose subnets use it."""
    holding: Mapping[str, int]
    groups: tuple[tuple[str, ...], ...]
    """Per endpoint: the security groups that it holds, or may hold where nobody looked."""
    entries_about: Mapping[tuple[Direction, Prefix], Sequence[tuple[str, AclEntry]]]
    """NACL entries, with their NACL, by the prefix they speak of."""
    egress_to_prefix: Mapping[Prefix, Sequence[tuple[str, GroupRule]]]
    egress_to_group: Mapping[str, Sequence[tuple[str, GroupRule]]]
    homes_in: Mapping[str, Mapping[Prefix, int]]
    """Per VPC: what routes and NACLs know of an address, and whose it is."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        return self.classes.endpoints


def survey_of(network: Network, classes: Partition, unknowns: Unknowns) -> Survey:
    """Read a network into bit sets."""
    own: dict[Prefix, int] = defaultdict(int)
    in_subnet: dict[str, int] = defaultdict(int)
    groups = []
    holding: dict[str, int] = defaultdict(int)
    kinds: dict[InterfaceKind, int] = defaultdict(int)
    clients: dict[PortRange, int] = defaultdict(int)
    interfaces = external = in_doubt = groupless = ipv6 = elsewhere = names = 0
    unseen = unseen_groups(network)
    for index, (endpoint, home) in enumerate(zip(classes.endpoints, classes.homes, strict=True)):
        bit = 1 << index
        interface = network.interface.get(endpoint.id) if _is_interface(endpoint) else None
        held = interface.security_groups if interface else ()
        if endpoint.kind is EndpointKind.ELSEWHERE:
            elsewhere |= bit
            groups.append(unseen)
        else:
            groups.append(held)
        own[home] |= bit
        clients[endpoint.client_ports] |= bit
        for group in held:
            holding[group] |= bit
        if endpoint.subnet is not None:
            in_subnet[endpoint.subnet] |= bit
        if interface:
            interfaces |= bit
            kinds[interface.kind] |= bit
            groupless |= bit * (not held)
        external |= bit * endpoint.external
        names |= bit * endpoint.opens_nothing
        ipv6 |= bit * (endpoint.version == 6)
        in_doubt |= bit * _in_doubt(endpoint, unknowns)
    for group in unseen:
        holding[group] |= elsewhere
    in_vpc: dict[str, int] = defaultdict(int)
    by_table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    behind: dict[str, int] = defaultdict(int)
    for subnet in network.subnets:
        members = in_subnet[subnet.id]
        in_vpc[subnet.vpc] |= members
        by_table[subnet.vpc][subnet.route_table] |= members
        behind[subnet.nacl] |= members
    homes_in: dict[str, dict[Prefix, int]] = defaultdict(lambda: defaultdict(int))
    for index, (endpoint, home) in enumerate(zip(classes.endpoints, classes.grounds, strict=True)):
        if endpoint.vpc is not None:
            homes_in[endpoint.vpc][home] |= 1 << index
    routing = Routing(network, classes, unknowns)
    everyone = (1 << len(classes.endpoints)) - 1
    passing_on = [each for each in network.interfaces if _hands_on(each, unknowns)]
    balancers = kinds[InterfaceKind.LOAD_BALANCER]
    gateways = kinds[InterfaceKind.GATEWAY]
    return Survey(
        network=network,
        classes=classes,
        unknowns=unknowns,
        routing=routing,
        everyone=everyone,
        external=external,
        interfaces=interfaces,
        in_doubt=in_doubt,
        bare=groupless & ~balancers & ~gateways,
        unfiltered=everyone & ~interfaces | groupless & balancers,
        handing_on=frozenset(
            (
                *(each.subnet for each in passing_on),
                *(each.subnet for each in network.nat_gateways if each.subnet),
                *(subnet for each in network.firewalls for _, subnet in each.endpoints),
                *(subnet for each in network.transit_attachments for subnet in each.subnets),
            )
        ),
        carried=frozenset(
            (*unseen, *(group for each in passing_on for group in each.security_groups))
        ),
        mute=gateways | kinds[InterfaceKind.ENDPOINT] | names,
        deaf=gateways,
        ipv6=ipv6,
        clients=clients,
        inside=classes.tree.accumulate(own),
        in_subnet=in_subnet,
        in_vpc=in_vpc,
        by_table=by_table,
        behind=behind,
        holding=holding,
        groups=tuple(groups),
        entries_about=_entries_by_prefix(network),
        egress_to_prefix=_egress_by_prefix(network),
        egress_to_group=_egress_by_group(network),
        homes_in=homes_in,
    )


def reread(survey: Survey, network: Network) -> Survey:
    """The same survey with other rules and NACL entries on it."""
    return replace(
        survey,
        network=network,
        entries_about=_entries_by_prefix(network),
        egress_to_prefix=_egress_by_prefix(network),
        egress_to_group=_egress_by_group(network),
    )


def asking_from(survey: Survey, client_ports: PortRange) -> Survey:
    """The same survey where everybody opens connections from the same ports."""
    endpoints = tuple(replace(each, client_ports=client_ports) for each in survey.endpoints)
    return replace(
        survey,
        classes=replace(survey.classes, endpoints=endpoints),
        clients={client_ports: survey.everyone},
    )


def unseen_groups(network: Network) -> tuple[str, ...]:
    """Groups that rules name and that are not here: whoever is elsewhere may hold them."""
    named = {
        rule.peer.group
        for group in network.security_groups
        for rule in group.rules
        if rule.peer.kind == "group"
    }
    return tuple(sorted(named - set(network.security_group)))


def _is_interface(endpoint: Endpoint) -> bool:
    return endpoint.kind is EndpointKind.INTERFACE


def _entries_by_prefix(
    network: Network,
) -> dict[tuple[Direction, Prefix], list[tuple[str, AclEntry]]]:
    found: dict[tuple[Direction, Prefix], list[tuple[str, AclEntry]]] = defaultdict(list)
    for nacl in network.nacls:
        for entry in nacl.entries:
            found[entry.direction, as_prefix(entry.cidr)].append((nacl.id, entry))
    return found


def _egress_by_prefix(network: Network) -> dict[Prefix, list[tuple[str, GroupRule]]]:
    found: dict[Prefix, list[tuple[str, GroupRule]]] = defaultdict(list)
    for group in network.security_groups:
        for rule in group.towards(Direction.EGRESS):
            if rule.peer.kind == "cidr":
                found[as_prefix(rule.peer.cidr)].append((group.id, rule))
    return found


def _egress_by_group(network: Network) -> dict[str, list[tuple[str, GroupRule]]]:
    found: dict[str, list[tuple[str, GroupRule]]] = defaultdict(list)
    for group in network.security_groups:
        for rule in group.towards(Direction.EGRESS):
            if rule.peer.kind == "group":
                found[rule.peer.group].append((group.id, rule))
    return found


def _hands_on(interface: Interface, unknowns: Unknowns) -> bool:
    """Whether it may send what others sent, as an appliance or a gateway does."""
    return (
        interface.kind is InterfaceKind.GATEWAY
        or not interface.source_dest_check
        or (interface.kind is InterfaceKind.HOST and not interface.security_groups)
        or _interface_in_doubt(interface, unknowns)
    )


def _interface_in_doubt(interface: Interface, unknowns: Unknowns) -> bool:
    return (
        unknowns.everything
        or interface.subnet in unknowns.subnets
        or interface.id in unknowns.interfaces
    )


def _in_doubt(endpoint: Endpoint, unknowns: Unknowns) -> bool:
    return (
        unknowns.everything
        or endpoint.subnet in unknowns.subnets
        or (endpoint.kind is EndpointKind.INTERFACE and endpoint.id in unknowns.interfaces)
        or (endpoint.kind is EndpointKind.SITE and endpoint.id in unknowns.sites)
    )
