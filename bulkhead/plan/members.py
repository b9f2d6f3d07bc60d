"""Services whose interfaces come and go: the room that they need, and what stands for them.

Nothing of theirs is allotted, and so nothing is in the lock: they take what is free. In each of
their subnets a stand-in holds their group, at the last address that nobody has; no rule of a plan
tells one address of a subnet from another, so that what is proved of it is proved of every member.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address

from bulkhead.intent import Service, ServiceInterface, Topology
from bulkhead.network import GroupMembers, Interface, Subnet, assignable
from bulkhead.network.members import stand_in_name
from bulkhead.plan.clients import client_ports
from bulkhead.problems import Problem


def members_of(
    topology: Topology, service: Service, standing: Iterable[str] = ()
) -> GroupMembers | None:
    """How many there may be, and where, also in subnets that are `standing`; None where its
    interfaces are planned one by one."""
    if not service.comes_and_goes:
        return None
    alone = topology.segments[service.segment].isolation == "service"
    return GroupMembers(
        fewest=0 if service.is_function else service.fewest,
        most=0 if service.is_function else service.replicas,
        unit=f"{service.segment}.{service.name}" if alone else service.segment,
        subnets=tuple(sorted(standing)),
        client_ports=client_ports(service),
        function=service.is_function,
    )


def most_in_a_zone(service: Service, zones: int) -> int:
    """Addresses that its members take in each zone, evenly spread as autoscaling groups, ECS and
    EKS do; of a function at least one, which all its copies share
    (docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html,
    docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)."""
    return 1 if service.is_function else -(-service.replicas // zones)


def stand_ins(
    topology: Topology,
    inside: Iterable[ServiceInterface],
    subnets: Iterable[Subnet],
    taken: Mapping[str, Iterable[int]],
) -> Iterator[Interface]:
    """One for each such service of a unit in each of its subnets; `taken` gives the offsets of
    addresses that are allotted there, by the id of the subnet."""
    services = [topology.services[end.service] for end in inside]
    coming = [each for each in services if each.comes_and_goes]
    for subnet in subnets if coming else ():
        room, held = assignable(subnet.cidr), frozenset(taken[subnet.id])
        free = (offset for offset in reversed(range(len(room))) if offset not in held)
        for service, offset in zip(coming, free, strict=False):
            name = stand_in_name(service.name, subnet.zone)
            within = room[offset] - int(subnet.cidr.network_address)
            of_ipv6 = subnet.ipv6_cidrs if topology.has_ipv6(service.segment) else ()
            yield Interface(
                id=f"eni/{name}",
                name=name,
                subnet=subnet.id,
                address=IPv4Address(room[offset]),
                ipv6_addresses=tuple(each[within] for each in of_ipv6),
                security_groups=(f"sg/{service.name}",),
                service=service.name,
                client_ports=client_ports(service),
                instance_type=service.instance or None,
                function=service.is_function,
                stand_in=True,
            )


def crowded(
    topology: Topology,
    inside: Iterable[ServiceInterface],
    subnets: Iterable[Subnet],
    taken: Mapping[str, Iterable[int]],
) -> Iterator[Problem]:
    """Subnets of a unit that have no room for all that may come."""
    services = [topology.services[end.service] for end in inside]
    wanted = Counter(
        {
            each.name: most_in_a_zone(each, len(topology.zones))
            for each in services
            if each.comes_and_goes
        }
    )
    for subnet in subnets if wanted else ():
        room, held = len(assignable(subnet.cidr)), len(frozenset(taken[subnet.id]))
        if held + wanted.total() > room:
            several = " and ".join(f"{count} of {name}" for name, count in wanted.items())
            there = "replicas live" if subnet.segment is not None else "addresses are taken"
            yield Problem(
                *topology.place_of("services", wanted.most_common(1)[0][0], "replicas"),
                f"subnet {subnet.name} ({subnet.cidr}) has {room} usable addresses, "
                f"{held} {there} there, and {several} may come",
                "take a larger cidr (up to /16), more zones, or fewer replicas"
                if subnet.segment is not None
                else "name larger subnets, or fewer replicas",
            )
