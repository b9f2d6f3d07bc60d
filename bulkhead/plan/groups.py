"""Security groups: the firewall by service.

One group per service, one rule per (peer, protocol, port) at each end, nothing
else: replies of a tracked connection pass without a rule
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html),
and which side sends the data does not matter, only which side connects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from bulkhead.intent import Topology
from bulkhead.network import (
    CidrPeer,
    Direction,
    Flow,
    GroupPeer,
    GroupRule,
    Listener,
    Peer,
    PortRange,
    SecurityGroup,
    protocol_name,
)
from bulkhead.plan.ids import own
from bulkhead.plan.sites import addresses_at


def group_id(service: str) -> str:
    """What the group of a service is called in a plan."""
    return f"sg/{service}"


def security_groups(topology: Topology, flows: Iterable[Flow]) -> tuple[SecurityGroup, ...]:
    """The group of every service, with the rules that its flows need."""
    rules: dict[str, dict[str, GroupRule]] = {name: {} for name in topology.services}
    for flow in flows:
        for owner, rule in rules_of_flow(topology, flow):
            rules[owner].setdefault(rule.id, rule)
    return (
        SecurityGroup(
            id=own("sg"), name="default", vpc=f"vpc/{topology.name}", rules=(), default=True
        ),
        *(
            SecurityGroup(
                id=group_id(name),
                name=name,
                vpc=f"vpc/{topology.name}",
                rules=tuple(rules[name][key] for key in sorted(rules[name])),
                service=name,
            )
            for name in topology.services
        ),
    )


def rules_of_flow(topology: Topology, flow: Flow) -> Iterator[tuple[str, GroupRule]]:
    """What a flow needs of groups, each with the service whose group it is."""
    ends = (
        (flow.server.owner, Direction.INGRESS, _peers(topology, flow.client)),
        (flow.client, Direction.EGRESS, _peers(topology, flow.server.owner, flow.server)),
    )
    for owner, direction, peers in ends:
        if owner in topology.services:
            for rule in _rules(owner, direction, peers, flow):
                yield owner, rule


_Called = tuple[str, Peer]


def _rules(
    owner: str, direction: Direction, peers: Iterable[_Called], flow: Flow
) -> Iterable[GroupRule]:
    protocol, port = flow.server.protocol, flow.server.port
    for label, peer in peers:
        yield GroupRule(
            id=f"{owner}/{direction}/{protocol_name(protocol)}-{port}/{label}",
            direction=direction,
            protocol=protocol,
            ports=PortRange(port, port),
            peer=peer,
            description=described(direction, protocol, port, label),
        )


def described(direction: Direction, protocol: int, port: int, label: str) -> str:
    """What a rule says of itself: 'tcp 5556 from momentum'."""
    way = "from" if direction is Direction.INGRESS else "to"
    return f"{protocol_name(protocol)} {port} {way} {label}"


def labels(topology: Topology, name: str) -> Iterable[str]:
    """What the peers are called for which a service or site stands: it, or each of its networks."""
    return (label for label, _ in _peers(topology, name))


def label_of(name: str, addresses: IPv4Network) -> str:
    """What a peer is called that is some addresses of a site."""
    return f"{name} {addresses}"


def _peers(topology: Topology, name: str, waiting: Listener | None = None) -> Iterable[_Called]:
    """A service's group; a site's addresses, or the only one at which a socket of it waits."""
    site = topology.sites.get(name)
    if site is None:
        yield name, GroupPeer(group_id(name))
        return
    for cidr in addresses_at(site, waiting):
        yield label_of(name, cidr), CidrPeer(cidr)
