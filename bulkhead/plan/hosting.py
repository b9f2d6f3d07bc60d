"""Which subnet each interface is in, and at which address: given out once, and remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address
from operator import itemgetter

from bulkhead.intent import Service, ServiceInterface, Topology
from bulkhead.network import Interface, InterfaceKind, Subnet, assignable
from bulkhead.network.balancers import is_planned_balancer
from bulkhead.plan.allot import Allotment, NoRoomError, allot
from bulkhead.plan.aws_needs import is_endpoint
from bulkhead.plan.clients import client_ports
from bulkhead.plan.lock import Lock
from bulkhead.plan.lock_facts import line_of, written
from bulkhead.plan.units import Unit
from bulkhead.problems import InputError, Problem


def hosts_key(unit: str, subnet: Subnet) -> str:
    """Where a lock has the hosts there: of a subnet of others, by its id."""
    whose = unit if subnet.segment is not None else subnet.id
    return f"{whose}/{subnet.zone}"


def placed_in(
    topology: Topology,
    units: tuple[Unit, ...],
    subnets: Mapping[tuple[str, str], Subnet],
    lock: Lock,
) -> Mapping[str, tuple[str, ...]]:
    """By what flows call each interface of a service, the zones of its replicas in order.

    Known ones stay, new ones go where fewest are of their service, but where a subnet is full. All
    interfaces of a host are where its first one is: AWS attaches one to instances of its own
    Availability Zone alone (docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html).
    """
    unit_of = {end.name: unit.name for unit in units for end in unit.interfaces}
    room = {at: len(assignable(each.cidr)) for at, each in subnets.items()}

    def enter(service: Service, zone: str) -> None:
        for end in service.ends:
            room[unit_of[end.name], zone] -= 1

    known: dict[str, dict[str, str]] = {}
    fixed = [each for each in topology.services.values() if not each.comes_and_goes]
    for service in fixed:
        unit = unit_of[service.name]
        keys = {zone: hosts_key(unit, subnets[unit, zone]) for zone in topology.zones}
        known[service.name] = _known(service, keys, lock)
        for zone in known[service.name].values():
            enter(service, zone)
    placed: dict[str, tuple[str, ...]] = {
        end.name: () for each in topology.services.values() for end in each.ends
    }
    for service in fixed:
        at = known[service.name]
        counts = Counter(at.values())
        inside = [unit_of[end.name] for end in service.ends]
        for number in range(1, service.replicas + 1):
            if (name := _host(service.name, number)) not in at:
                full = {zone for zone in topology.zones for unit in inside if room[unit, zone] <= 0}
                order = ((zone in full, counts[zone]) for zone in topology.zones)
                at[name] = min(zip(order, topology.zones, strict=True), key=itemgetter(0))[1]
                counts[at[name]] += 1
                enter(service, at[name])
        zones = tuple(at[_host(service.name, n)] for n in range(1, service.replicas + 1))
        placed.update((end.name, zones) for end in service.ends)
    return placed


def _known(service: Service, keys: Mapping[str, str], lock: Lock) -> dict[str, str]:
    """The zones of its replicas that stand. `keys`: what a lock calls the place, by the zone."""
    return {
        name: zone
        for number in range(1, service.replicas + 1)
        for zone, key in keys.items()
        if (name := _host(service.name, number)) in lock.hosts.get(key, Allotment()).taken
    }


def _host(end: str, number: int) -> str:
    """What an interface is called: 'router-1', 'router.eth1-1'."""
    return f"{end}-{number}"


def hosts_in(
    topology: Topology,
    units: tuple[Unit, ...],
    subnets: Mapping[tuple[str, str], Subnet],
    placed: Mapping[str, tuple[str, ...]],
    lock: Lock,
    *,
    held: Mapping[str, Mapping[int, str]],
) -> dict[str, Allotment]:
    """`held`: by the id of a subnet the offsets that others have there, each with whose it is."""
    wanted: dict[tuple[str, str], list[str]] = {key: [] for key in subnets}
    for unit in units:
        for end in unit.interfaces:
            for number, zone in enumerate(placed[end.name], start=1):
                wanted[unit.name, zone].append(_host(end.name, number))
    hosts: dict[str, Allotment] = {}
    problems: list[Problem] = []
    for (unit_name, zone), names in wanted.items():
        subnet = subnets[unit_name, zone]
        key, others = hosts_key(unit_name, subnet), held.get(subnet.id, {})
        before = lock.hosts.get(key, Allotment())
        problems += _taken_since(topology, subnet, before, others, lock)
        try:
            free = [*_free(len(assignable(subnet.cidr)), others)]
            hosts[key] = allot(names, before, free, first=lock.first)
        except NoRoomError as error:
            problems.append(
                Problem(
                    *topology.place_of("cidr"),
                    f"subnet {subnet.name} ({subnet.cidr}) has {error.room} usable addresses, "
                    f"{error.wanted} replicas live there",
                    "take a larger cidr (up to /16), more zones, or fewer replicas",
                )
                if subnet.segment is not None
                else Problem(
                    *topology.place_of("segments", unit_name, "subnets"),
                    f"{subnet.id} ({subnet.cidr}) of segment {unit_name} has {error.room} free "
                    f"addresses, and {error.wanted} replicas are to live there",
                    "name larger subnets, or fewer replicas",
                )
            )
    if problems:
        raise InputError(problems)
    return hosts


def _free(room: int, held: Iterable[int]) -> Iterator[range]:
    """The offsets that nobody holds, as ranges."""
    start = 0
    for each in (*sorted(held), room):
        if start < each:
            yield range(start, each)
        start = each + 1


def _taken_since(
    topology: Topology, subnet: Subnet, before: Allotment, held: Mapping[int, str], lock: Lock
) -> Iterator[Problem]:
    """Addresses that a lock gave to interfaces of ours, and that others have by now."""
    for name, offset in before.taken.items():
        if offset in held:
            line = written(("host", hosts_key("", subnet)), name)
            address = IPv4Address(assignable(subnet.cidr)[offset])
            yield Problem(
                lock.file or topology.file,
                line_of(lock.text, line),
                f"{address} of {name} is {held[offset]}'s by now",
                f"delete the line {line!r}: it is given another address",
            )


def interface_of(
    topology: Topology,
    end: ServiceInterface,
    number: int,
    subnet: Subnet,
    hosts: Mapping[str, Allotment],
) -> Interface:
    """A copy of one, at the address that its host has."""
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
