"""What is measured: fleets of any size as a plan makes them, and one edit of each kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network

from bulkhead.network import (
    LINUX_PORTS,
    TCP,
    AclEntry,
    Action,
    Direction,
    GroupPeer,
    GroupRule,
    Interface,
    Listener,
    Network,
    NetworkAcl,
    PortRange,
    RouteTable,
    SecurityGroup,
    Service,
    Subnet,
    Vpc,
)
from bulkhead.prove import Reach

VPC = Vpc(id="vpc", name="vpc", region="eu-west-1", cidrs=(IPv4Network("10.0.0.0/8"),))
SEGMENT = 25
"""Services of one segment: one subnet, one NACL."""
STEPS = (1, 7, SEGMENT, 3 * SEGMENT + 1)
"""How far away the servers of a service are: far enough to fill the NACLs, not to burst them."""
PORT = PortRange(5556, 5556)
FIRST_REPLY = 5100
"""From here on a NACL's numbers are those of replies."""


@dataclass(frozen=True)
class Member:
    """One service of a fleet, with one interface."""

    number: int
    size: int

    @property
    def name(self) -> str:
        return f"svc{self.number}"

    @property
    def group(self) -> str:
        return f"sg-{self.name}"

    @property
    def segment(self) -> int:
        return self.number // SEGMENT

    @property
    def servers(self) -> list[Member]:
        return [Member((self.number + step) % self.size, self.size) for step in STEPS]

    @property
    def clients(self) -> list[Member]:
        return [Member((self.number - step) % self.size, self.size) for step in STEPS]


def build(services: int) -> Network:
    """`services` services with four flows each, 25 to a subnet, one NACL for a subnet."""
    members = [Member(number, services) for number in range(services)]
    segments = range(-(-services // SEGMENT))
    return Network(
        vpcs=(VPC,),
        subnets=tuple(_subnet(each) for each in segments),
        interfaces=tuple(_interface(each) for each in members),
        security_groups=tuple(_group(each) for each in members),
        nacls=tuple(_acl(each, members) for each in segments),
        route_tables=(RouteTable(id="main", name="main", vpc=VPC.id, routes=()),),
        services=tuple(
            Service(name=each.name, segment=f"s{each.segment}", security_group=each.group)
            for each in members
        ),
        listeners=tuple(
            Listener(owner=each.name, socket="in", type="PULL", protocol=TCP, ports=PORT)
            for each in members
        ),
    )


def _block(segment: int) -> IPv4Network:
    return IPv4Network(f"10.{segment // 256}.{segment % 256}.0/24")


def _subnet(segment: int) -> Subnet:
    return Subnet(
        id=f"s{segment}",
        name=f"s{segment}",
        vpc=VPC.id,
        zone="eu-west-1a",
        cidr=_block(segment),
        nacl=f"acl-s{segment}",
        route_table="main",
        segment=f"s{segment}",
    )


def _interface(member: Member) -> Interface:
    address: IPv4Address = _block(member.segment)[10 + member.number % SEGMENT]
    return Interface(
        id=member.name,
        name=member.name,
        subnet=f"s{member.segment}",
        address=address,
        security_groups=(member.group,),
        service=member.name,
    )


def _group(member: Member) -> SecurityGroup:
    wanted = [(Direction.INGRESS, each.group) for each in member.clients]
    wanted += [(Direction.EGRESS, each.group) for each in member.servers]
    rules = tuple(
        GroupRule(
            id=f"{member.group}-{index}",
            direction=direction,
            protocol=TCP,
            ports=PORT,
            peer=GroupPeer(group),
        )
        for index, (direction, group) in enumerate(wanted)
    )
    return SecurityGroup(
        id=member.group, name=member.group, vpc=VPC.id, rules=rules, service=member.name
    )


def _acl(segment: int, members: list[Member]) -> NetworkAcl:
    """Requests and their replies, once for each segment that this one talks to."""
    inside = members[segment * SEGMENT : (segment + 1) * SEGMENT]
    served = sorted({client.segment for each in inside for client in each.clients}, key=_as_text)
    used = sorted({server.segment for each in inside for server in each.servers}, key=_as_text)
    entries: list[AclEntry] = []
    for segments, request in ((served, Direction.INGRESS), (used, Direction.EGRESS)):
        reply = Direction.EGRESS if request is Direction.INGRESS else Direction.INGRESS
        for index, other in enumerate(segments):
            entries.append(_entry(100 + index, request, PORT, other))
            entries.append(_entry(FIRST_REPLY + index, reply, LINUX_PORTS, other))
    name = f"acl-s{segment}"
    return NetworkAcl(id=name, name=name, vpc=VPC.id, entries=tuple(entries))


def _as_text(segment: int) -> str:
    return str(_block(segment))


def _entry(number: int, direction: Direction, ports: PortRange, segment: int) -> AclEntry:
    return AclEntry(
        number=number,
        direction=direction,
        action=Action.ALLOW,
        protocol=TCP,
        ports=ports,
        cidr=_block(segment),
    )


def decide(reach: Reach, among: int = -1) -> int:
    """Every cell of the destinations, both directions: how many have a verdict."""
    reach.decide(among)
    return len(reach.endpoints) ** 2 * len(reach.protocols)


def other_rule(network: Network) -> Network:
    """One ingress rule of one group in the middle moved to another port."""
    groups = list(network.security_groups)
    number = len(groups) // 2
    rules = groups[number].rules
    moved = replace(rules[0], ports=PortRange(9999, 9999))
    groups[number] = replace(groups[number], rules=(moved, *rules[1:]))
    return replace(network, security_groups=tuple(groups))


def lost_reply(network: Network) -> Network:
    """One NACL entry for replies deleted: what compares rules only does not see it."""
    nacls = list(network.nacls)
    number = next(
        index
        for index, each in enumerate(nacls)
        if index > len(nacls) // 2 and any(_is_reply(entry) for entry in each.entries)
    )
    gone = next(entry for entry in nacls[number].entries if _is_reply(entry))
    kept = tuple(entry for entry in nacls[number].entries if entry is not gone)
    nacls[number] = replace(nacls[number], entries=kept)
    return replace(network, nacls=tuple(nacls))


def _is_reply(entry: AclEntry) -> bool:
    return entry.number >= FIRST_REPLY
