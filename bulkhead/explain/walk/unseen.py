"""What an end says to everybody: it holds for packets of which nobody knows how they come.

They may come from any address; their destination and its port are what they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.hops import Code, Hop, Layer
from bulkhead.explain.rules import ImplicitDeny, Rule, RuleRef
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.filters import covers, listening
from bulkhead.explain.walk.journey import Ended, Journey, Packet
from bulkhead.network import (
    ALL_PORTS,
    AclEntry,
    Action,
    Direction,
    GroupRule,
    InterfaceKind,
    IPNetwork,
    Network,
    PortRange,
)


def to_everyone(
    network: Network, sender: Endpoint, end: Endpoint, protocol: int, port: int
) -> tuple[Hop, ...]:
    """What an interface says to a packet wherever it comes from: the layers that block it."""
    atlas, ports = Atlas(network, protocol), PortRange(port, port)
    packet = Packet(
        source=sender.address,
        destination=end.address,
        protocol=protocol,
        ports=ports,
        client_ports=ALL_PORTS,
    )
    way = Journey(packet=packet, aim=atlas.aim(end), stage=Ended.BEYOND)
    if network.interface[end.id].kind is InterfaceKind.GATEWAY:
        code, why = Code.CANNOT_ROUTE, "a gateway has no connections of its own"
        way = way.note(Layer.INTERFACE, end.id, end.name, False, code=code, why=why)
    elif not atlas.doubt_about(end):
        way = acl_to_everyone(atlas, way, packet)
        known = sender if sender.version == end.version else None
        way = groups_to_everyone(atlas, way, packet, end, known)
    return way.hops


def acl_to_everyone(atlas: Atlas, journey: Journey, packet: Packet) -> Journey:
    """Blocked where the NACL of the aim's subnet denies every source, and surely is asked."""
    subnet = journey.aim.subnet
    if subnet is None or subnet in atlas.hands_on:
        return journey
    id_ = atlas.network.subnet[subnet].nacl
    found = atlas.network.nacl.get(id_)
    if found is None or atlas.doubt(id_):
        return journey
    entries = [each for each in found.ordered(Direction.INGRESS) if covers(each, packet)]
    if _lets_somebody_in(entries, packet):
        return journey
    denying: list[Rule] = [
        each
        for each in entries
        if each.certain
        and each.action is Action.DENY
        and each.cidr.version == packet.destination.version
    ]
    denying.append(ImplicitDeny(Direction.INGRESS))
    return journey.note(
        Layer.ACL_INGRESS,
        id_,
        found.name,
        False,
        rules=tuple(RuleRef(id_, each) for each in denying),
        code=Code.SUBNET_ACL_RESTRICTION,
    )


def _lets_somebody_in(entries: Iterable[AclEntry], packet: Packet) -> bool:
    """Whether an address is left for some allow entry by the deny entries before it."""
    denied: list[IPNetwork] = []
    for entry in entries:
        if entry.cidr.version != packet.destination.version:
            continue
        if entry.action is Action.ALLOW and any(_without(entry.cidr, denied)):
            return True
        if entry.action is Action.DENY and entry.certain:
            denied.append(entry.cidr)
    return False


def _without(cidr: IPNetwork, denied: Iterable[IPNetwork]) -> list[IPNetwork]:
    """What is left of a block."""
    left = [cidr]
    for gone in denied:
        left = [rest for each in left for rest in _less(each, gone)]
    return left


def _less(cidr: IPNetwork, gone: IPNetwork) -> Iterator[IPNetwork]:
    if not cidr.overlaps(gone):
        yield cidr
    elif cidr.prefixlen < gone.prefixlen:
        yield from cidr.address_exclude(gone)  # type: ignore[arg-type]  # of one family


def groups_to_everyone(
    atlas: Atlas, journey: Journey, packet: Packet, end: Endpoint, sender: Endpoint | None
) -> Journey:
    """Blocked where no rule of the receiver's groups may match, and by its listeners.

    `sender`: None where no rule means it, because a NAT gateway stands for it.
    """
    network = atlas.network
    interface = network.interface[end.id]
    held = interface.security_groups
    known = [network.security_group[each] for each in held if each in network.security_group]
    unknown = not held or len(known) < len(held) or any(map(atlas.doubt, held))
    if not unknown and not any(
        covers(rule, packet) and _may_mean(atlas, rule, packet, sender)
        for group in known
        for rule in group.towards(Direction.INGRESS)
    ):
        some = any(group.towards(Direction.INGRESS) for group in known)
        journey = journey.note(
            Layer.GROUP_INGRESS,
            held,
            ", ".join(group.name for group in known),
            False,
            code=Code.ENI_SG_RULES_MISMATCH if some else Code.SG_HAS_NO_RULES,
            why="no rule can match, whoever sends" if some else "no ingress rule",
        )
    heard = listening(atlas, Journey(packet=packet, aim=journey.aim, stage=journey.stage), end)
    return replace(
        journey, hops=(*journey.hops, *(hop for hop in heard.hops if hop.passes is False))
    )


def _may_mean(atlas: Atlas, rule: GroupRule, packet: Packet, sender: Endpoint | None) -> bool:
    """Whether a rule may be about what comes out of the unknown, with any address."""
    if rule.peer.kind == "cidr":
        return rule.peer.cidr.version == packet.destination.version
    group = rule.peer.group
    if group not in atlas.network.security_group or atlas.may_come_as(group):
        return True
    return (
        sender is not None
        and sender.kind is EndpointKind.INTERFACE
        and group in atlas.network.interface[sender.id].security_groups
    )
