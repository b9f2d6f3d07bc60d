"""Where things are: blocks and subnets of units, addresses of interfaces."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network

from bulkhead.intent import Service, ServiceInterface, Topology
from bulkhead.network import Interface, InterfaceKind, IPNetwork, Subnet, assignable
from bulkhead.network.balancers import is_planned_balancer
from bulkhead.network.zones import is_zone_id
from bulkhead.plan.allot import Allotment, NoRoomError, allot
from bulkhead.plan.aws_needs import is_endpoint
from bulkhead.plan.blocks import blocks_of
from bulkhead.plan.clients import client_ports
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.lock import Lock
from bulkhead.plan.members import crowded, stand_ins
from bulkhead.plan.units import (
    BLOCKS_OF_IPV6,
    Unit,
    ipv6_block,
    ipv6_of,
    ipv6_slot,
    slot,
)
from bulkhead.problems import InputError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressing:
    space: tuple[IPNetwork, ...]
    """All of the VPC, also where others have a part of it."""
    blocks: Mapping[str, tuple[IPNetwork, ...]]
    """Of each unit, one of each family that it has."""
    subnets: tuple[Subnet, ...]
    interfaces: tuple[Interface, ...]
    lock_units: Allotment
    lock_blocks: Allotment
    lock_zones: Allotment
    lock_hosts: Mapping[str, Allotment]

    def space_of(self, unit: Unit) -> tuple[IPNetwork, ...]:
        """All of the VPC, of the families that a unit has."""
        own = {each.version for each in self.blocks[unit.name]}
        return tuple(each for each in self.space if each.version in own)


def address(topology: Topology, units: tuple[Unit, ...], lock: Lock) -> Addressing:
    """Give every unit its blocks, every zone its slot, every interface its addresses.

    Of IPv6 nothing is remembered: a unit's block has the number of its block of IPv4, an address
    the number of its host.

    Raises InputError when the VPC or a subnet is too small, naming what does not fit.
    """
    vpc, of_vpc = blocks_of(topology.cidrs, lock), ipv6_of(topology)
    try:
        blocks = allot((unit.name for unit in units), lock.units, vpc.parts, first=lock.first)
    except NoRoomError as error:
        raise InputError(
            [
                Problem(
                    *topology.place_of("cidr"),
                    f"{vpc} {'has' if len(vpc.slots) == 1 else 'have'} room for {error.room} "
                    f"isolated units, the segments make {error.wanted}",
                    "take a larger cidr (up to /16), add another (cidr: takes a list), or "
                    "declare fewer segments",
                )
            ]
        ) from None
    zones = allot(topology.zones, lock.zones, 4, first=lock.first)
    of = {unit.name: vpc.at(blocks.taken[unit.name]) for unit in units}
    if problems := [*_beyond_ipv6(topology, units, blocks, lock)]:
        raise InputError(problems)
    of_ipv6 = {
        unit.name: ipv6_block(of_vpc, blocks.taken[unit.name])
        for unit in units
        if unit.ipv6_block and of_vpc is not None
    }
    subnets = {
        (unit.name, zone): Subnet(
            id=f"subnet/{unit.key}/{zone}",
            name=f"{unit.key}-{zone}",
            vpc=vpc_id(topology),
            zone=zone,
            cidr=slot(of[unit.name], zones.taken[zone]),
            nacl=f"acl/{unit.key}",
            route_table=f"rtb/{unit.key}",
            segment=unit.segment,
            ipv6_cidrs=(ipv6_slot(of_ipv6[unit.name], zones.taken[zone]),)
            if unit.name in of_ipv6
            else (),
            public_on_launch=False,
            ipv6_on_launch=False,
            zone_id=zone if is_zone_id(zone) else "",
        )
        for unit in units
        for zone in topology.zones
    }
    placed = _placed(topology, units, lock)
    hosts = _hosts(topology, units, subnets, placed, lock)
    own = lock.vpc.blocks if topology.vpc and lock.vpc else topology.cidrs
    behind = {
        unit.name: [subnet for (name, _), subnet in subnets.items() if name == unit.name]
        for unit in units
    }
    taken = {
        subnet.id: hosts[f"{unit}/{zone}"].taken.values()
        for (unit, zone), subnet in subnets.items()
    }
    if problems := [
        problem
        for unit in units
        for problem in crowded(topology, unit.interfaces, behind[unit.name], taken)
    ]:
        raise InputError(problems)
    return Addressing(
        space=own if of_vpc is None else (*own, of_vpc),
        blocks={
            unit.name: (of[unit.name], *_if_any(of_ipv6.get(unit.name) if unit.ipv6 else None))
            for unit in units
        },
        subnets=tuple(subnets.values()),
        interfaces=tuple(
            each
            for unit in units
            for each in (
                *(
                    _interface(topology, end, number, subnets[unit.name, zone], hosts)
                    for end in unit.interfaces
                    for number, zone in enumerate(placed[end.name], start=1)
                ),
                *stand_ins(topology, unit.interfaces, behind[unit.name], taken),
            )
        ),
        lock_units=blocks,
        lock_blocks=vpc.remembered,
        lock_zones=zones,
        lock_hosts=hosts,
    )


def _beyond_ipv6(
    topology: Topology, units: Iterable[Unit], blocks: Allotment, lock: Lock
) -> Iterator[Problem]:
    """Units whose number no block of IPv6 has: a /56 has fewer than several blocks of IPv4.

    Of one that could not keep its own that is told (`lock.moved`).
    """
    for unit in units:
        number = blocks.taken[unit.name]
        kept = lock.units.taken.get(unit.name, number) == number
        if unit.ipv6_block and kept and number >= BLOCKS_OF_IPV6:
            yield Problem(
                *topology.place_of("segments", unit.segment),
                f"{unit.key} has block number {number}, and the /56 of IPv6 has {BLOCKS_OF_IPV6}",
                "write ipv6: false there, or isolation: segment where services are kept apart",
            )


def _if_any(block: IPv6Network | None) -> tuple[IPv6Network, ...]:
    return () if block is None else (block,)


def meet_within_a_subnet(where: Addressing) -> Callable[[str, str], bool]:
    """Tells of two services whether all of both stands in one subnet: no NACL judges there."""
    subnets: dict[str, set[str]] = defaultdict(set)
    for interface in where.interfaces:
        subnets[interface.service or ""].add(interface.subnet)

    def meet(one: str, other: str) -> bool:
        return one in subnets and other in subnets and len(subnets[one] | subnets[other]) == 1

    return meet


def _placed(
    topology: Topology, units: tuple[Unit, ...], lock: Lock
) -> Mapping[str, tuple[str, ...]]:
    """By what flows call each interface of a service, the zones of its replicas in order.

    Known ones stay, new ones go where fewest are. All interfaces of a host are where its first
    one is: AWS attaches one to instances of its own Availability Zone alone
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html).
    """
    unit_of = {end.name: unit for unit in units for end in unit.interfaces}
    placed: dict[str, tuple[str, ...]] = {}
    for service in topology.services.values():
        zones = _zones_of(service, unit_of[service.name], topology.zones, lock)
        placed.update((end.name, zones) for end in service.ends)
    return placed


def _zones_of(service: Service, unit: Unit, zones: tuple[str, ...], lock: Lock) -> tuple[str, ...]:
    if service.comes_and_goes:
        return ()
    names = [_host(service.name, number) for number in range(1, service.replicas + 1)]
    placed: dict[str, str] = {}
    for name in names:
        for zone in zones:
            if name in lock.hosts.get(f"{unit.name}/{zone}", Allotment()).taken:
                placed[name] = zone
    counts = Counter(placed.values())
    for name in names:
        if name not in placed:
            placed[name] = min(zones, key=lambda zone: (counts[zone], zones.index(zone)))
            counts[placed[name]] += 1
    return tuple(placed[name] for name in names)


def _host(end: str, number: int) -> str:
    """What an interface is called: 'router-1', 'router.eth1-1'."""
    return f"{end}-{number}"


def _hosts(
    topology: Topology,
    units: tuple[Unit, ...],
    subnets: Mapping[tuple[str, str], Subnet],
    placed: Mapping[str, tuple[str, ...]],
    lock: Lock,
) -> dict[str, Allotment]:
    wanted: dict[tuple[str, str], list[str]] = {key: [] for key in subnets}
    for unit in units:
        for end in unit.interfaces:
            for number, zone in enumerate(placed[end.name], start=1):
                wanted[unit.name, zone].append(_host(end.name, number))
    hosts: dict[str, Allotment] = {}
    problems: list[Problem] = []
    for (unit_name, zone), names in wanted.items():
        key = f"{unit_name}/{zone}"
        subnet = subnets[unit_name, zone]
        room = len(assignable(subnet.cidr))
        try:
            before = lock.hosts.get(key, Allotment())
            hosts[key] = allot(names, before, room, first=lock.first)
        except NoRoomError as error:
            problems.append(
                Problem(
                    *topology.place_of("cidr"),
                    f"subnet {subnet.name} ({subnet.cidr}) has {error.room} usable addresses, "
                    f"{error.wanted} replicas live there",
                    "take a larger cidr (up to /16), more zones, or fewer replicas",
                )
            )
    if problems:
        raise InputError(problems)
    return hosts


def _interface(
    topology: Topology,
    end: ServiceInterface,
    number: int,
    subnet: Subnet,
    hosts: Mapping[str, Allotment],
) -> Interface:
    service, name = topology.services[end.service], _host(end.name, number)
    offset = next(each.taken[name] for each in hosts.values() if name in each.taken)
    address = IPv4Address(assignable(subnet.cidr)[offset])
    within = int(address) - int(subnet.cidr.network_address)
    of_ipv6 = subnet.ipv6_cidrs if topology.has_ipv6(end.segment) else ()
    return Interface(
        id=f"eni/{name}",
        name=name,
        subnet=subnet.id,
        address=address,
        ipv6_addresses=tuple(each[within] for each in of_ipv6),
        security_groups=(f"sg/{end.name}",),
        service=end.name,
        client_ports=client_ports(service),
        kind=_kind(service.name),
        instance_type=service.instance or None,
        host=_host(service.name, number) if service.several else "",
    )


def _kind(service: str) -> InterfaceKind:
    if is_endpoint(service):
        return InterfaceKind.ENDPOINT
    return InterfaceKind.LOAD_BALANCER if is_planned_balancer(service) else InterfaceKind.HOST
