"""Boxes that packets of others pass: NAT gateways and Network Firewalls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.rules import DefaultAction, Engine, KnownReply, Rule, RuleRef
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.filters import acl
from bulkhead.explain.walk.journey import (
    Fork,
    InSubnet,
    Journey,
    Packet,
    SentOn,
    Tree,
    Word,
    together,
)
from bulkhead.explain.walk.journey import Rule as Forking
from bulkhead.explain.walk.nat64 import not_translated, on_as_ipv4
from bulkhead.explain.walk.regional import regional
from bulkhead.explain.walk.turn import Turn
from bulkhead.network import (
    ALL_PORTS,
    ICMP,
    NAT_PORTS,
    TCP,
    UDP,
    Direction,
    Firewall,
    FirewallAction,
    FirewallRule,
    IPAddress,
    IPNetwork,
    NatGateway,
    PortRange,
    Subnet,
    has_ports,
)

# NAT gateways (docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)


def nat_gateway(turn: Turn) -> Tree:
    """In with the client's address, out with any of its own."""
    found = turn.atlas.nat_gateway.get(turn.route.target_id)
    if found is None or turn.atlas.doubt(found.id):
        return turn.missing(Layer.NAT, found.name if found else "")
    journey, subnet = turn.taken(), turn.subnet
    refusal = _nat_refuses(turn, journey, found)
    if refusal:
        code, why = refusal
        return journey.drop(Layer.NAT, found.id, found.name, code, why, also=turn.also)
    if found.subnet is None:
        return regional(turn, journey, found)
    inside = turn.atlas.network.subnet[found.subnet]
    if subnet.id != inside.id:
        journey = acl(turn.atlas, journey, inside.id, Direction.INGRESS)
    ways = tuple(_sent_on(journey, found, inside, each) for each in found.addresses)
    if isinstance(journey.packet.destination, IPv6Address):
        return on_as_ipv4(turn.atlas, ways)
    return ways[0] if len(ways) == 1 else Fork(Forking.EACH, ways)


def _sent_on(journey: Journey, nat: NatGateway, inside: Subnet, address: IPv4Address) -> Journey:
    """Out of the gateway's subnet, with one of its addresses: nobody knows with which."""
    if nat.available:
        journey = journey.note(Layer.NAT, nat.id, nat.name, source=address)
    else:
        why = "the NAT gateway is not available"
        journey = journey.note(Layer.NAT, nat.id, nat.name, False, code=Code.BAD_STATE, why=why)
    return replace(
        journey.unreferable(),
        packet=replace(journey.packet, source=address, client_ports=NAT_PORTS),
        nats=(*journey.nats, SentOn(nat, address)),
        stage=InSubnet(inside),
    )


def _nat_refuses(turn: Turn, journey: Journey, nat: NatGateway) -> tuple[Code, str] | None:
    packet = journey.packet
    own = turn.atlas.in_vpc(packet.source, nat.vpc)
    if nat.vpc != turn.subnet.vpc:
        return Code.BAD_STATE_ROUTE, "the NAT gateway is not in this VPC"
    if journey.reply:
        return Code.NO_PATH, "a NAT gateway passes no reply to a request that came another way"
    if journey.nats:
        return Code.NO_PATH, "the packet came from a NAT gateway already"
    if isinstance(packet.destination, IPv6Address):
        why = not_translated(packet)
    else:
        served = packet.protocol in (TCP, UDP, ICMP)
        why = "" if served else "a NAT gateway serves tcp, udp and icmp alone"
    if why:
        return Code.PROTOCOL_RESTRICTION, why
    if not own and not journey.transits:
        why = "a NAT gateway serves senders of its own VPC, or behind a transit gateway"
        return Code.NGW_REQUIRES_SOURCE_IN_VPC, why
    return None


# Network Firewall (docs.aws.amazon.com/network-firewall/latest/developerguide/)


def firewall(turn: Turn) -> Tree:
    """By a route of a subnet to an endpoint."""
    atlas, endpoint = turn.atlas, turn.route.target_id
    if not _why_unseen(atlas, endpoint):
        box, subnet = atlas.firewall[endpoint]
        if atlas.network.subnet[subnet].vpc != turn.subnet.vpc:
            return turn.detached(Layer.FIREWALL, box.name)
    return to_firewall(atlas, turn.taken(), endpoint, turn.subnet.id)


def to_firewall(atlas: Atlas, journey: Journey, endpoint: str, came_from: str | None) -> Tree:
    """In at an endpoint, past the rules, out of the endpoint's subnet."""
    unseen = _why_unseen(atlas, endpoint)
    if unseen:
        return journey.vanish(Layer.FIREWALL, endpoint, endpoint, unseen)
    box, subnet = atlas.firewall[endpoint]
    inside = atlas.network.subnet[subnet]
    if endpoint in journey.visited:
        why = "the packet came from this firewall already"
        return journey.drop(Layer.FIREWALL, endpoint, box.name, Code.NO_PATH, why)
    if came_from != inside.id:
        journey = acl(atlas, journey, inside.id, Direction.INGRESS)
    return replace(_inspect(journey, box, endpoint), stage=InSubnet(inside))


def _why_unseen(atlas: Atlas, endpoint: str) -> str:
    """Why nobody can follow a packet behind a firewall endpoint; '' where one can."""
    if endpoint not in atlas.firewall or atlas.firewall[endpoint][1] not in atlas.network.subnet:
        return f"{endpoint} is not in the network"
    return atlas.doubt(endpoint) or atlas.doubt(atlas.firewall[endpoint][0].id)


def _inspect(journey: Journey, box: Firewall, endpoint: str) -> Journey:
    """Past the rules of a firewall."""
    passed = replace(
        journey.unreferable(),
        firewalls=(*journey.firewalls, endpoint),
        visited=journey.visited | {endpoint},
    )
    said = [
        tuple(_judge(box, journey.packet, clients, ports, reply=journey.reply))
        for clients, ports in _stretches(box, journey.packet)
    ]
    deciding = dict.fromkeys(rule for several in said for _, rule in several)
    rules = tuple(RuleRef(box.id, rule) for rule in sorted(deciding, key=str))
    each = {_unanimous(several) for several in said}
    # Of a reply every port must pass; a request comes from one that nobody knows.
    word = together(each) if journey.reply else each.pop() if len(each) == 1 else None
    if word is True:
        return passed.note(Layer.FIREWALL, box.id, box.name, rules=rules)
    why = "" if word is False else "some client ports pass, some do not"
    code = Code.FIREWALL_RULES_RESTRICTION
    return passed.note(Layer.FIREWALL, box.id, box.name, word, rules=rules, code=code, why=why)


def _unanimous(said: tuple[tuple[bool, Rule], ...]) -> Word:
    words = {word for word, _ in said}
    return words.pop() if len(words) == 1 else None


def _judge(
    box: Firewall, packet: Packet, client: int, port: int, *, reply: bool
) -> Iterator[tuple[bool, Rule]]:
    """Whether one packet passes, and by which rule; both, where nobody can tell.

    Stateless rules see every packet by itself, the stateful engine the first of a flow
    (docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html).
    """
    for rule in box.stateless:
        if _matches(rule, packet, client, port, reply=reply):
            if rule.action is FirewallAction.FORWARD:
                yield _stateful(box, packet, client, port, reply=reply)
            else:
                yield rule.action is FirewallAction.PASS, rule
            if not (reply and _names_clients(rule)):
                return
    if box.stateless_default is FirewallAction.FORWARD:
        yield _stateful(box, packet, client, port, reply=reply)
    else:
        default = box.stateless_default
        yield default is FirewallAction.PASS, DefaultAction(Engine.STATELESS, default)


def _stateful(
    box: Firewall, packet: Packet, client: int, port: int, *, reply: bool
) -> tuple[bool, Rule]:
    if reply:
        return True, KnownReply()
    matching = [rule for rule in box.stateful if _matches(rule, packet, client, port, reply=False)]
    if box.action_order:
        # Every pass rule comes before every drop rule.
        matching.sort(key=lambda rule: rule.action is not FirewallAction.PASS)
    if matching:
        return matching[0].action is FirewallAction.PASS, matching[0]
    default = box.stateful_default
    return default is not FirewallAction.DROP, DefaultAction(Engine.STATEFUL, default)


def _names_clients(rule: FirewallRule) -> bool:
    """A reply's source port is the port that was asked for, which a cell may hold many of."""
    return bool(rule.client_ports) and ALL_PORTS not in rule.client_ports


def _matches(rule: FirewallRule, packet: Packet, client: int, port: int, *, reply: bool) -> bool:
    """Whether a rule may match; of a reply its source port is left open."""
    if rule.protocols and packet.protocol not in rule.protocols:
        return False
    if not has_ports(packet.protocol) and (rule.client_ports or rule.ports):
        return False
    there = (packet.source, client), (packet.destination, port)
    if reply and _names_clients(rule):
        rule = replace(rule, client_ports=())
    return _fits(rule, *there) or (rule.both_ways and _fits(rule, *reversed(there)))


def _fits(rule: FirewallRule, one: tuple[IPAddress, int], other: tuple[IPAddress, int]) -> bool:
    return (
        _within(rule.sources, one[0])
        and _among(rule.client_ports, one[1])
        and _within(rule.destinations, other[0])
        and _among(rule.ports, other[1])
    )


def _within(blocks: tuple[IPNetwork, ...], address: IPAddress) -> bool:
    return not blocks or any(address in block for block in blocks)


def _among(ranges: tuple[PortRange, ...], port: int) -> bool:
    return not ranges or any(port in each for each in ranges)


def _stretches(box: Firewall, packet: Packet) -> Iterator[tuple[int, int]]:
    """One client port and one port for every way in which the rules can tell them apart."""
    if not has_ports(packet.protocol):
        yield packet.client_ports.first, packet.ports.first
        return
    cuts = set(cuts_of(box))
    for client in _starts(packet.client_ports, cuts):
        for port in _starts(packet.ports, cuts):
            yield client, port


def cuts_of(box: Firewall) -> Iterator[int]:
    """Where a rule about ports begins, and where it has ended."""
    for rule in (*box.stateless, *box.stateful):
        for ports in (*rule.client_ports, *rule.ports):
            yield from (ports.first, ports.last + 1)


def _starts(ports: PortRange, cuts: Iterable[int]) -> list[int]:
    return sorted({ports.first, *(cut for cut in cuts if cut in ports)})
