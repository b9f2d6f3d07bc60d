"""Security groups: the firewall by service.

One group per service, one rule per (peer, protocol, port) at each end, nothing
else: replies of a tracked connection pass without a rule
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html),
and which side sends the data does not matter, only which side connects.
"""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.intent import Topology
from bulkhead.network import (
    CidrPeer,
    Direction,
    Flow,
    GroupPeer,
    GroupRule,
    Peer,
    PortRange,
    SecurityGroup,
    protocol_name,
)
from bulkhead.plan.ids import own


def group_id(service: str) -> str:
    """What the group of a service is called in a plan."""
    return f"sg/{service}"


def security_groups(topology: Topology, flows: Iterable[Flow]) -> tuple[SecurityGroup, ...]:
    """The group of every service, with the rules that its flows need."""
    rules: dict[str, dict[str, GroupRule]] = {name: {} for name in topology.services}
    for flow in flows:
        ends = (
            (flow.server.owner, Direction.INGRESS, flow.client),
            (flow.client, Direction.EGRESS, flow.server.owner),
        )
        for owner, direction, peer_name in ends:
            if owner in rules:
                for rule in _rules(topology, owner, direction, peer_name, flow):
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


def _rules(
    topology: Topology, owner: str, direction: Direction, peer_name: str, flow: Flow
) -> Iterable[GroupRule]:
    protocol, port = flow.server.protocol, flow.server.port
    for label, peer in _peers(topology, peer_name):
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


def _peers(topology: Topology, name: str) -> Iterable[tuple[str, Peer]]:
    site = topology.sites.get(name)
    if site is None:
        yield name, GroupPeer(group_id(name))
        return
    for cidr in site.cidrs:
        yield f"{name} {cidr}", CidrPeer(cidr)
