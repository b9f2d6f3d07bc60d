"""Where things are: blocks and subnets of units, addresses of interfaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from bulkhead.intent import Topology
from bulkhead.network import Interface, IPNetwork, Subnet
from bulkhead.network.zones import is_zone_id
from bulkhead.plan.allot import Allotment, NoRoomError, allot
from bulkhead.plan.blocks import VpcBlocks, blocks_of
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.hosting import hosts_in, hosts_key, interface_of, placed_in
from bulkhead.plan.ids import acl_id
from bulkhead.plan.lock import Lock
from bulkhead.plan.members import crowded, stand_ins
from bulkhead.plan.standing import NOTHING_STANDS, StandingByZone, held_in, subnet_of
from bulkhead.plan.units import (
    BLOCKS_OF_IPV6,
    Unit,
    ipv6_block,
    ipv6_of,
    ipv6_slot,
    made,
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
    """Those that are made."""
    every_subnet: tuple[Subnet, ...]
    """And those of others, in which something stands."""
    interfaces: tuple[Interface, ...]
    lock_units: Allotment
    lock_blocks: Allotment
    lock_zones: Allotment
    lock_hosts: Mapping[str, Allotment]

    def space_of(self, unit: Unit) -> tuple[IPNetwork, ...]:
        """All of the VPC, of the families that a unit has."""
        own = {each.version for each in self.blocks[unit.name]}
        return tuple(each for each in self.space if each.version in own)


def address(
    topology: Topology,
    units: tuple[Unit, ...],
    lock: Lock,
    standing: StandingByZone = NOTHING_STANDS,
) -> Addressing:
    """Give every unit its blocks, every zone its slot, every interface its addresses.

    Of IPv6 nothing is remembered: a unit's block has the number of its block of IPv4, an address
    the number of its host. Units in subnets that are `standing` have the blocks of these.

    Raises InputError when the VPC or a subnet is too small, naming what does not fit.
    """
    vpc, of_vpc = blocks_of(topology.cidrs, lock), ipv6_of(topology)
    blocks = _given_out(topology, units, vpc, lock)
    zones = allot(topology.zones, lock.zones, 4, first=lock.first)
    of = {unit.name: vpc.at(blocks.taken[unit.name]) for unit in made(units)}
    if problems := [*_beyond_ipv6(topology, made(units), blocks, lock)]:
        raise InputError(problems)
    of_ipv6 = {
        unit.name: ipv6_block(of_vpc, blocks.taken[unit.name])
        for unit in made(units)
        if unit.ipv6_block and of_vpc is not None
    }
    own_subnets = {
        (unit.name, zone): Subnet(
            id=f"subnet/{unit.key}/{zone}",
            name=f"{unit.key}-{zone}",
            vpc=vpc_id(topology, topology.segments[unit.segment].vpc),
            zone=zone,
            cidr=slot(of[unit.name], zones.taken[zone]),
            nacl=acl_id(unit),
            route_table=f"rtb/{unit.key}",
            segment=unit.segment,
            ipv6_cidrs=(ipv6_slot(of_ipv6[unit.name], zones.taken[zone]),)
            if unit.name in of_ipv6
            else (),
            public_on_launch=False,
            ipv6_on_launch=False,
            zone_id=zone if is_zone_id(zone) else "",
        )
        for unit in made(units)
        for zone in topology.zones
    }
    subnets = {**own_subnets, **dict(_of_others(topology, units, standing))}
    held = dict(held_in(standing, lock.vpc.standing)) if lock.vpc else {}
    placed = placed_in(topology, units, subnets, lock)
    hosts = hosts_in(topology, units, subnets, placed, lock, held=held)
    own = lock.vpc.blocks if topology.vpc and lock.vpc else topology.cidrs
    behind = {
        unit.name: [subnet for (name, _), subnet in subnets.items() if name == unit.name]
        for unit in units
    }
    taken = {
        subnet.id: (*hosts[hosts_key(unit, subnet)].taken.values(), *held.get(subnet.id, ()))
        for (unit, _), subnet in subnets.items()
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
            unit.name: _named_by(of[unit.name], of_ipv6.get(unit.name) if unit.ipv6 else None)
            if unit.name in of
            else tuple(sorted(IPv4Network(each.cidr) for each in behind[unit.name]))
            for unit in units
        },
        subnets=tuple(own_subnets.values()),
        every_subnet=tuple(subnets.values()),
        interfaces=tuple(
            each
            for unit in units
            for each in (
                *(
                    interface_of(topology, end, number, subnets[unit.name, zone], hosts)
                    for end in unit.interfaces
                    for number, zone in enumerate(placed[end.name], start=1)
                ),
                *stand_ins(topology, unit.interfaces, behind[unit.name], taken),
            )
        ),
        lock_units=blocks,
        lock_blocks=vpc.each_remembered if topology.vpcs else vpc.remembered,
        lock_zones=zones,
        lock_hosts=hosts,
    )


def _given_out(
    topology: Topology, units: Iterable[Unit], blocks: VpcBlocks, lock: Lock
) -> Allotment:
    """A slot for each unit, among those of its VPC. Raises InputError where there are too few."""
    taken: dict[str, int] = {}
    gone: set[int] = set()
    problems: list[Problem] = []
    for name, vpc in topology.own_vpcs.items():
        inside = [each for each in made(units) if topology.segments[each.segment].vpc == name]
        here = blocks.of(vpc.cidrs)
        try:
            found = allot((each.name for each in inside), lock.units, here.parts, first=lock.first)
        except NoRoomError as error:
            has = "has" if len(here.slots) == 1 else "have"
            what = f"{here} {has} room for {error.room} isolated units, the segments "
            what += f"{f'of VPC {name} ' if name else ''}make {error.wanted}"
            remedy = "take a larger cidr (up to /16), add another (cidr: takes a list), or "
            remedy += "declare fewer segments"
            place = topology.place_of(*(("vpcs", name) if name else ()), "cidr")
            problems.append(Problem(*place, what, remedy))
            continue
        taken |= found.taken
        gone |= found.gone
    if problems:
        raise InputError(problems)
    return Allotment(taken, frozenset(gone))


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


def _named_by(block: IPv4Network, of_ipv6: IPv6Network | None) -> tuple[IPNetwork, ...]:
    """What NACL entries name a unit by that has blocks of its own."""
    return (block,) if of_ipv6 is None else (block, of_ipv6)


def _of_others(
    topology: Topology, units: Iterable[Unit], standing: StandingByZone
) -> Iterator[tuple[tuple[str, str], Subnet]]:
    """The subnets that units stand in, by the name of the unit and the zone."""
    for unit in units:
        for zone in topology.zones if unit.standing else ():
            one = standing[unit.segment, zone]
            yield (unit.name, zone), subnet_of(one, zone, vpc_id(topology))


def meet_within_a_subnet(where: Addressing) -> Callable[[str, str], bool]:
    """Tells of two services whether all of both stands in one subnet: no NACL judges there."""
    subnets: dict[str, set[str]] = defaultdict(set)
    for interface in where.interfaces:
        subnets[interface.service or ""].add(interface.subnet)

    def meet(one: str, other: str) -> bool:
        return one in subnets and other in subnets and len(subnets[one] | subnets[other]) == 1

    return meet
