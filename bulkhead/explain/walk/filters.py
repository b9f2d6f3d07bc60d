"""What lets packets through or not: network ACLs and security groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.rules import ImplicitDeny, Rule, RuleRef
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.journey import Journey, Packet, Reference, Word
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    ICMP,
    ICMP6,
    AclEntry,
    Action,
    Direction,
    GroupRule,
    InterfaceKind,
    NetworkAcl,
    PortRange,
    has_ports,
    has_types,
)


def covers(rule: GroupRule | AclEntry, packet: Packet) -> bool:
    """Whether a rule is for this protocol and for all of the packet's ports."""
    return _overlap(rule, packet) == packet.ports


def _overlap(rule: GroupRule | AclEntry, packet: Packet) -> PortRange | None:
    if rule.protocol == ANY_PROTOCOL:
        return packet.ports
    if rule.protocol != packet.protocol:
        return None
    looks = has_ports(packet.protocol) or has_types(packet.protocol)
    return packet.ports.overlap(rule.ports if looks else ALL_PORTS)


# Network ACLs


def acl(atlas: Atlas, journey: Journey, subnet: str, direction: Direction) -> Journey:
    """The NACL of a subnet: the first entry that matches decides."""
    layer = Layer.ACL_EGRESS if direction is Direction.EGRESS else Layer.ACL_INGRESS
    id_ = atlas.network.subnet[subnet].nacl
    if subnet in atlas.unsure:
        why = f"{subnet} is in doubt"
        return journey.note(layer, id_, id_, None, why=why, code=Code.UNKNOWN_RESOURCE)
    found = atlas.network.nacl.get(id_)
    if found is None:
        why = f"NACL {id_} is not in the network"
        return journey.note(layer, id_, id_, None, why=why, code=Code.UNKNOWN_RESOURCE)
    why = atlas.doubt(id_)
    if why:
        return journey.note(layer, id_, found.name, None, why=why, code=Code.UNKNOWN_RESOURCE)
    decisions = tuple(_decisions(found, direction, journey.packet))
    refused = [rule for rule, allow in decisions if allow is False]
    if refused:
        rules = _of(id_, refused)
        some = len(refused) < len(decisions)
        also = (Code.REMAP_EPHEMERAL_PORT,) if some else ()
        code = Code.SUBNET_ACL_RESTRICTION
        return journey.note(layer, id_, found.name, False, rules=rules, code=code, also=also)
    unsure = [rule for rule, allow in decisions if allow is None]
    if unsure:
        why = _whether(rule for rule in unsure if not isinstance(rule, ImplicitDeny))
        code, rules = Code.UNKNOWN_RESOURCE, _of(id_, unsure)
        return journey.note(layer, id_, found.name, None, rules=rules, why=why, code=code)
    rules = _of(id_, (rule for rule, _ in decisions))
    return journey.note(layer, id_, found.name, rules=rules)


def _whether(rules: Iterable[object]) -> str:
    """What is not known of some rules in doubt."""
    said = ", ".join(dict.fromkeys(map(str, rules)))
    return f"whether it matches is not known: {said}"


def _of(component: str, rules: Iterable[Rule]) -> tuple[RuleRef, ...]:
    """The rules of one component, each once."""
    return tuple(RuleRef(component, each) for each in dict.fromkeys(rules))


def _decisions(
    nacl: NetworkAcl, direction: Direction, packet: Packet
) -> Iterator[tuple[AclEntry | ImplicitDeny, Word]]:
    """For each stretch of the packet's ports the entry that decides; or those that may."""
    address = packet.destination if direction is Direction.EGRESS else packet.source
    entries = [
        each
        for each in sorted(nacl.entries, key=lambda entry: entry.number)
        if each.direction is direction and address in each.cidr
    ]
    left = [packet.ports]
    while left:
        ports = left.pop(0)
        perhaps: list[AclEntry] = []
        for entry in entries:
            shared = ports.overlap(entry.ports) if _looks(entry, packet) else None
            if shared is None and not _whole(entry, packet):
                continue
            if shared is not None and shared != ports:
                left[:0] = _cut(ports, shared)
                break
            if not entry.certain:
                perhaps.append(entry)
                continue
            yield from _decided(entry, entry.action is Action.ALLOW, perhaps)
            break
        else:
            yield from _decided(ImplicitDeny(direction), False, perhaps)


def _decided(
    rule: AclEntry | ImplicitDeny, allow: bool, perhaps: Iterable[AclEntry]
) -> Iterator[tuple[AclEntry | ImplicitDeny, Word]]:
    """By the first that is certain, unless one before it that is not would say otherwise."""
    otherwise = [each for each in perhaps if (each.action is Action.ALLOW) is not allow]
    if not otherwise:
        yield rule, allow
    for each in otherwise:
        yield each, None


def _looks(entry: AclEntry, packet: Packet) -> bool:
    """Whether the entry is for this protocol and looks at ports or messages."""
    looks = has_ports(packet.protocol) or has_types(packet.protocol)
    return entry.protocol == packet.protocol and looks


def _whole(entry: AclEntry, packet: Packet) -> bool:
    """Whether the entry is for the packet whatever its ports."""
    return entry.protocol == ANY_PROTOCOL or (
        entry.protocol == packet.protocol and not _looks(entry, packet)
    )


def _cut(ports: PortRange, shared: PortRange) -> list[PortRange]:
    """A range in pieces: what lies in the shared one, and what does not."""
    pieces = [shared]
    if ports.first < shared.first:
        pieces.append(PortRange(ports.first, shared.first - 1))
    if shared.last < ports.last:
        pieces.append(PortRange(shared.last + 1, ports.last))
    return sorted(pieces)


# Load balancers


def listening(atlas: Atlas, journey: Journey, end: Endpoint) -> Journey:
    """Whether a load balancer has a listener for the packet; of icmp it takes errors only.

    (docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html)
    """
    balancers = [each for each in atlas.network.load_balancers if end.id in each.interfaces]
    packet = journey.packet
    asked = has_ports(packet.protocol) or has_types(packet.protocol)
    if end.kind is not EndpointKind.INTERFACE or not balancers or not asked:
        return journey
    ids, name = tuple(each.id for each in balancers), ", ".join(each.name for each in balancers)
    heard = tuple(
        RuleRef(balancer.id, each)
        for balancer in balancers
        for each in balancer.listeners
        if each.protocol == packet.protocol and each.port == packet.ports.first
    )
    errors = {ICMP: (3,), ICMP6: (1, 2)}.get(packet.protocol, ())
    if heard or packet.ports.first // 256 in errors:
        return journey.note(Layer.LISTENER, ids, name, rules=heard)
    code = Code.ELBV2_LISTENERS_MISMATCH
    why = "; ".join(filter(None, (atlas.doubt(each.id) for each in balancers)))
    if why:
        return journey.note(Layer.LISTENER, ids, name, None, why=why, code=code)
    why = "no listener takes it"
    return journey.note(Layer.LISTENER, ids, name, False, why=why, code=code)


# Security groups


def groups(
    atlas: Atlas, journey: Journey, direction: Direction, end: Endpoint, peer: Endpoint
) -> Journey:
    """The security groups of one end; `journey.packet` as that end sees it."""
    network, packet = atlas.network, journey.packet
    layer = Layer.GROUP_EGRESS if direction is Direction.EGRESS else Layer.GROUP_INGRESS
    interface = network.interface[end.id]
    held = interface.security_groups
    if not held and interface.kind is InterfaceKind.LOAD_BALANCER:
        return journey.note(layer, end.id, end.name, why="a load balancer without security groups")
    known = [network.security_group[each] for each in held if each in network.security_group]
    name = ", ".join(group.name for group in known) or end.name
    rules = [(group.id, rule) for group in known for rule in group.towards(direction)]
    speaking = [(id_, rule) for id_, rule in rules if covers(rule, packet)]
    referable = _referable(journey, direction)
    naming = tuple(
        RuleRef(id_, rule)
        for id_, rule in speaking
        if _names(atlas, rule, packet, peer, referable=referable)
    )
    matching = tuple(ref for ref in naming if _is_sure(atlas, ref))
    if matching:
        return journey.note(layer, held, name, rules=matching)
    if not held:
        why = "the interface has no security group"
        return journey.note(layer, held, name, None, why=why, code=Code.UNKNOWN_RESOURCE)
    doubts = [
        atlas.doubt(each)
        if each in network.security_group
        else f"security group {each} is not in the network"
        for each in held
    ]
    if uncertain := [ref.rule for ref in naming if not atlas.doubt(ref.component)]:
        doubts.append(_whether(uncertain))
    if any(doubts):
        why, code = "; ".join(filter(None, doubts)), Code.UNKNOWN_RESOURCE
        return journey.note(layer, held, name, None, rules=naming, why=why, code=code)
    if not rules:
        why = f"no {direction} rule"
        return journey.note(layer, held, name, False, code=Code.SG_HAS_NO_RULES, why=why)
    foreign = any(
        rule.peer.kind == "group" and rule.peer.group not in network.security_group
        for _, rule in speaking
    )
    code = Code.UNKNOWN_PEERED_SGS if foreign else Code.ENI_SG_RULES_MISMATCH
    asked = [rule for _, rule in speaking]
    also = tuple(_in_vain(atlas, journey, asked, peer, referable=referable))
    return journey.note(layer, held, name, False, code=code, also=also, why="no rule matches")


def _is_sure(atlas: Atlas, ref: RuleRef) -> bool:
    """Whether a rule of a group is there for sure: none is of a group in doubt."""
    return isinstance(ref.rule, GroupRule) and ref.rule.certain and not atlas.doubt(ref.component)


def _referable(journey: Journey, direction: Direction) -> bool:
    """Whether the packet came a way on which rules may name the other end by its group."""
    if direction is Direction.INGRESS:
        return journey.reference is not Reference.NEITHER
    return journey.reference is Reference.BOTH


def _names(
    atlas: Atlas, rule: GroupRule, packet: Packet, peer: Endpoint, *, referable: bool
) -> bool:
    if rule.peer.kind == "cidr":
        address = packet.destination if rule.direction is Direction.EGRESS else packet.source
        return address in rule.peer.cidr
    if not referable:
        return False
    if peer.kind is EndpointKind.ELSEWHERE:
        # Who holds a group that was not observed, nobody knows.
        return rule.peer.group not in atlas.network.security_group
    if peer.kind is not EndpointKind.INTERFACE:
        return False
    interface = atlas.network.interface[peer.id]
    return rule.peer.group in interface.security_groups or atlas.is_unsure(interface)


def _in_vain(
    atlas: Atlas,
    journey: Journey,
    speaking: list[GroupRule],
    peer: Endpoint,
    *,
    referable: bool,
) -> Iterator[Code]:
    """Why rules that mean the other end do not match what comes from it."""
    for rule in speaking:
        if rule.peer.kind == "group":
            if not referable and _names(atlas, rule, journey.packet, peer, referable=True):
                yield journey.unreferenced or Code.SG_REFERENCES_NOT_PRESERVED
        elif (
            journey.nats and rule.direction is Direction.INGRESS and peer.address in rule.peer.cidr
        ):
            yield Code.NGW_SOURCE_ADDRESS_REASSIGN
