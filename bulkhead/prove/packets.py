"""What the layers on the way say to one packet: security groups, NACLs, and the path between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address

from bulkhead.network import (
    ANY_PROTOCOL,
    AclEntry,
    Action,
    Direction,
    GroupRule,
    Network,
    Subnet,
    has_ports,
)
from bulkhead.prove.crossing import Packet, doubt, leave, unmodelled, way
from bulkhead.prove.endpoints import Endpoint, EndpointKind
from bulkhead.prove.hops import Code, Hop, Layer


def request(
    network: Network, packet: Packet, source: Endpoint, destination: Endpoint
) -> Iterator[Hop]:
    """Everything that a request meets, from the sender's groups to the receiver's."""
    for end in dict.fromkeys((source, destination)):
        why = doubt(network, end)
        if why:
            yield Hop(layer=Layer.UNMODELLED, id=end.id, name=end.name, passes=None, why=why)
    if source.kind is EndpointKind.INTERFACE:
        yield _groups(network, packet, Direction.EGRESS, source, destination)
    yield from travel(network, packet, source, destination)
    if destination.kind is EndpointKind.INTERFACE:
        last = _groups(network, packet, Direction.INGRESS, destination, source)
        yield _behind(last) if _detoured(network, packet, source, destination) else last


# Security groups


def _groups(
    network: Network, packet: Packet, direction: Direction, end: Endpoint, peer: Endpoint
) -> Hop:
    layer = Layer.GROUP_EGRESS if direction is Direction.EGRESS else Layer.GROUP_INGRESS
    address = packet.destination if direction is Direction.EGRESS else packet.source
    held = network.interface[end.id].security_groups
    groups = [network.security_group[each] for each in held if each in network.security_group]
    names = ", ".join(group.name for group in groups) or end.name
    rules = [rule for group in groups for rule in group.rules if rule.direction is direction]
    matching = [
        rule for rule in rules if _covers(rule, packet) and _is_peer(network, rule, peer, address)
    ]
    hop = Hop(layer=layer, id=",".join(held), name=names, passes=True)
    if matching:
        return replace(hop, rules=tuple(map(str, matching)))
    if not held:
        return replace(hop, passes=None, why="the interface has no security group")
    doubts = [
        unmodelled(network, each)
        if each in network.security_group
        else f"security group {each} is not in the network"
        for each in held
    ]
    if any(doubts):
        return replace(hop, passes=None, why="; ".join(filter(None, doubts)))
    if not rules:
        return replace(hop, passes=False, code=Code.SG_HAS_NO_RULES, why=f"no {direction} rule")
    foreign = any(
        rule.peer.kind == "group" and rule.peer.group not in network.security_group
        for rule in rules
        if _covers(rule, packet)
    )
    code = Code.UNKNOWN_PEERED_SGS if foreign else Code.ENI_SG_RULES_MISMATCH
    return replace(hop, passes=False, code=code, why="no rule matches")


def _is_peer(network: Network, rule: GroupRule, peer: Endpoint, address: IPv4Address) -> bool:
    if rule.peer.kind == "cidr":
        return address in rule.peer.cidr
    return (
        peer.kind is EndpointKind.INTERFACE
        and rule.peer.group in network.interface[peer.id].security_groups
    )


def _covers(rule: GroupRule | AclEntry, packet: Packet) -> bool:
    if rule.protocol == ANY_PROTOCOL:
        return True
    if rule.protocol != packet.protocol:
        return False
    return not has_ports(packet.protocol) or packet.port in rule.ports


# Between the interfaces: NACLs, routes, gateways


def travel(network: Network, packet: Packet, origin: Endpoint, target: Endpoint) -> Iterator[Hop]:
    """Everything between two interfaces; all that a reply meets, since groups are stateful."""
    if origin.subnet is not None and origin.subnet == target.subnet:
        return
    if origin.subnet is not None:
        subnet = network.subnet[origin.subnet]
        yield _acl(network, packet, Direction.EGRESS, subnet)
    doubtful = bool(doubt(network, origin) or doubt(network, target))
    hops = [
        replace(hop, passes=None, code=None) if doubtful and hop.passes is False else hop
        for hop in way(network, packet, origin, target)
    ]
    yield from hops
    if target.subnet is not None:
        last = _acl(network, packet, Direction.INGRESS, network.subnet[target.subnet])
        yield _behind(last) if _detoured(network, packet, origin, target) else last


def _detoured(network: Network, packet: Packet, origin: Endpoint, target: Endpoint) -> bool:
    """Whether a route leads the packet to a target that nobody models."""
    if origin.subnet is None or origin.subnet == target.subnet:
        return False
    hops = leave(network, packet, origin, target)
    return any(hop.layer is Layer.ROUTE and hop.passes is None for hop in hops)


def _behind(hop: Hop) -> Hop:
    """A layer behind a target nobody models: the packet may look different there."""
    return replace(hop, passes=None, code=None, rules=(), why="behind an unmodelled target")


def _acl(network: Network, packet: Packet, direction: Direction, subnet: Subnet) -> Hop:
    layer = Layer.ACL_EGRESS if direction is Direction.EGRESS else Layer.ACL_INGRESS
    nacl = network.nacl.get(subnet.nacl)
    if nacl is None:
        why = f"NACL {subnet.nacl} is not in the network"
        return Hop(layer=layer, id=subnet.nacl, name=subnet.nacl, passes=None, why=why)
    hop = Hop(layer=layer, id=nacl.id, name=nacl.name, passes=None)
    why = unmodelled(network, nacl.id)
    if why:
        return replace(hop, why=why)
    address = packet.destination if direction is Direction.EGRESS else packet.source
    for entry in sorted(nacl.entries, key=lambda each: each.number):
        if entry.direction is direction and _covers(entry, packet) and address in entry.cidr:
            allow = entry.action is Action.ALLOW
            code = None if allow else Code.SUBNET_ACL_RESTRICTION
            return replace(hop, passes=allow, rules=(str(entry),), code=code)
    rules = (f"{direction} *: deny",)
    return replace(hop, passes=False, rules=rules, code=Code.SUBNET_ACL_RESTRICTION)
