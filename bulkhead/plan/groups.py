"""Security groups: the firewall by service.

One group per service (several where its rules are too many for one: `shares`), one rule per
(peer, protocol, run of ports) at each end, nothing
else: replies of a tracked connection pass without a rule
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html),
and which side sends the data does not matter, only which side connects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bulkhead.intent import Topology
from bulkhead.network import (
    CidrPeer,
    Direction,
    Flow,
    GroupMembers,
    GroupPeer,
    GroupRule,
    IPNetwork,
    Listener,
    Peer,
    PortRange,
    SecurityGroup,
)
from bulkhead.network.traffic import runs, traffic_of_rule
from bulkhead.plan.crowds import said_of
from bulkhead.plan.existing import vpc_id
from bulkhead.plan.gateway_endpoints import block_of, list_of
from bulkhead.plan.ids import own
from bulkhead.plan.members import members_of
from bulkhead.plan.sites import addresses_at, clients_at


def group_id(service: str, number: int = 0) -> str:
    """What the group of a service is called in a plan, or another (1, 2…) that has more of its
    rules: 'sg/broker', 'sg/broker+2'. No name has a plus."""
    return f"sg/{service}+{number + 1}" if number else f"sg/{service}"


@dataclass(frozen=True, slots=True)
class GroupNeed:
    """Whom a service's group must let in or out, before it is said at which ports."""

    owner: str
    direction: Direction
    protocol: int
    label: str
    """What the peer is called."""
    peer: Peer

    def rule(self, ports: PortRange) -> GroupRule:
        """The rule that says it of some ports, and nothing else."""
        return GroupRule(
            id=f"{self.owner}/{self.direction}/{said_of(self.protocol, ports)}/{self.label}",
            direction=self.direction,
            protocol=self.protocol,
            ports=ports,
            peer=self.peer,
            description=described(self.direction, self.protocol, ports, self.label),
            prefix_list=list_of(self.peer),
        )


def rules_of(topology: Topology, flows: Iterable[Flow]) -> Mapping[str, tuple[GroupRule, ...]]:
    """The rules that flows need, by service."""
    ports: dict[GroupNeed, dict[PortRange, None]] = defaultdict(dict)
    for flow in flows:
        for need in needs_of_flow(topology, flow):
            ports[need][flow.server.ports] = None
    rules: dict[str, list[GroupRule]] = defaultdict(list)
    for each, several in ports.items():
        rules[each.owner] += map(each.rule, runs(each.protocol, several))
    return {
        owner: tuple(sorted(several, key=lambda each: each.id)) for owner, several in rules.items()
    }


def security_groups(
    topology: Topology,
    rules: Mapping[str, Mapping[int, Sequence[GroupRule]]],
    standing: Mapping[str, Mapping[str, str]],
) -> tuple[SecurityGroup, ...]:
    """The groups of every service, each with its rules, and each VPC's own. `standing` by segment
    and zone has the ids of subnets of others."""

    def members(end: str) -> GroupMembers | None:
        service = topology.service_of(end)
        return members_of(topology, service, standing.get(service.segment, {}).values())

    vpcs_own = (
        SecurityGroup(
            id=own("sg", vpc), name="default", vpc=vpc_id(topology, vpc), rules=(), default=True
        )
        for vpc in topology.own_vpcs
    )
    return (
        *(vpcs_own if topology.vpc is None else ()),
        *(
            SecurityGroup(
                id=group_id(name, number),
                name=group_id(name, number).removeprefix(group_id("")),
                vpc=vpc_id(topology, topology.vpc_of(name)),
                rules=tuple(some),
                service=None if number else name,
                more_of=name if number else "",
                members=None if number else members(name),
            )
            for name in topology.interfaces
            for number, some in rules[name].items()
        ),
    )


def needs_of_flow(topology: Topology, flow: Flow) -> Iterator[GroupNeed]:
    """What a flow needs of groups, at the ports of its server."""
    ends = (
        (flow.server.owner, Direction.INGRESS, _clients(topology, flow.client, flow.clients_at)),
        (flow.client, Direction.EGRESS, _servers(topology, flow.server)),
    )
    for owner, direction, peers in ends:
        if owner in topology.interfaces:
            versions = topology.versions_of(owner)
            for label, peer in peers:
                if not isinstance(peer, CidrPeer) or peer.cidr.version in versions:
                    yield GroupNeed(owner, direction, flow.server.protocol, label, peer)


_Called = tuple[str, Peer]


def described(direction: Direction, protocol: int, ports: PortRange, label: str) -> str:
    """What a rule says of itself: 'tcp 5556 from momentum'."""
    way = "from" if direction is Direction.INGRESS else "to"
    return f"{traffic_of_rule(protocol, ports)} {way} {label}"


def labels(
    topology: Topology,
    name: str,
    alone: tuple[IPNetwork, ...] = (),
    versions: Iterable[int] = (4, 6),
) -> Iterable[str]:
    """What the peers are called for which a service or site stands: it, each of its networks of
    these families, or those that are meant alone."""
    return (
        label
        for label, peer in _clients(topology, name, alone)
        if not isinstance(peer, CidrPeer) or peer.cidr.version in versions
    )


def label_of(name: str, addresses: IPNetwork) -> str:
    """What a peer is called that is some addresses of a site."""
    return f"{name} {addresses}"


def _clients(topology: Topology, name: str, alone: tuple[IPNetwork, ...]) -> Iterable[_Called]:
    """A service's group; a site's addresses, or those that alone may connect."""
    site = topology.outside.get(name)
    return _called(name, None if site is None else clients_at(site, alone))


def _servers(topology: Topology, waiting: Listener) -> Iterable[_Called]:
    """A service's group; a site's addresses, or the only one at which a socket of it waits."""
    if block := block_of(waiting.owner):
        return ((waiting.owner, CidrPeer(block)),)
    site = topology.outside.get(waiting.owner)
    return _called(waiting.owner, None if site is None else addresses_at(site, waiting))


def _called(name: str, at: tuple[IPNetwork, ...] | None) -> Iterable[_Called]:
    if at is None:
        yield name, GroupPeer(group_id(name))
        return
    for cidr in at:
        yield label_of(name, cidr), CidrPeer(cidr)
