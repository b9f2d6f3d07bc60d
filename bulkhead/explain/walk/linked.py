"""Links to one other network: VPC peering, and VPN connections of a VPN gateway."""

from __future__ import annotations

from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.walk.journey import Fork, Journey, Rule, Tree
from bulkhead.explain.walk.tunnels import carries, learned, may_learn
from bulkhead.explain.walk.turn import Turn
from bulkhead.network import PeeredVpc, Peering, VpnConnection, VpnGateway


def peering(turn: Turn) -> Tree:
    """Between the two VPCs, and never through one into a third.

    (docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html)
    """
    found = turn.atlas.peering.get(turn.route.target_id)
    if found is None or turn.atlas.doubt(found.id):
        return turn.missing(Layer.PEERING, found.name if found else "")
    other = found.other(turn.subnet.vpc)
    if other is None:
        return turn.detached(Layer.PEERING, found.name)
    journey = turn.taken()
    refusal = _not_peered(turn, found, other)
    if refusal:
        return journey.drop(Layer.PEERING, found.id, found.name, *refusal, also=turn.also)
    if other.vpc not in turn.atlas.network.vpc:
        why = f"VPC {other.vpc} is not in the network"
        code = Code.UNKNOWN_DESTINATION
        return journey.vanish(Layer.PEERING, found.id, found.name, why, code=code)
    journey = journey.note(Layer.PEERING, found.id, found.name)
    if found.requester.region != found.accepter.region:
        journey = journey.unreferable()
    return turn.deliver(journey)


def _not_peered(turn: Turn, peering: Peering, other: PeeredVpc) -> tuple[Code, str] | None:
    packet, known = turn.journey.packet, other.vpc in turn.atlas.network.vpc
    theirs = any(packet.destination in block for block in other.cidrs)
    if not peering.active:
        return Code.BAD_STATE, "the peering connection is not active"
    if not turn.atlas.in_vpc(packet.source, turn.subnet.vpc) or not theirs:
        why = "a peering carries only packets between addresses of its two VPCs"
        return Code.PCX_REQUIRES_ADDRESS_IN_VPC_CIDR, why
    if known and turn.journey.aim.vpc != other.vpc:
        return Code.NO_POSSIBLE_DESTINATION, f"it leads to {other.vpc} alone"
    return None


def vpn_gateway(turn: Turn) -> Tree:
    """The connection whose prefixes hold the destination by the longest one.

    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html)
    """
    atlas, packet = turn.atlas, turn.journey.packet
    found = atlas.vpn_gateway.get(turn.route.target_id)
    if found is None or atlas.doubt(found.id):
        return turn.missing(Layer.GATEWAY, found.name if found else "")
    if found.vpc != turn.subnet.vpc:
        return turn.detached(Layer.GATEWAY, found.name)
    known = [
        (cidr.prefixlen, each)
        for each in atlas.network.vpn_connections
        if each.vpn_gateway == found.id
        for cidr in each.routes
        if packet.destination in cidr
    ]
    longest = max((length for length, _ in known), default=0)
    chosen = [each for length, each in known if length == longest]
    ways = [_into_tunnel(turn, found, chosen)]
    ways += [
        _perhaps(turn, found, each)
        for each in atlas.network.vpn_connections
        if each.vpn_gateway == found.id and each.learns
    ]
    return ways[0] if len(ways) == 1 else Fork(Rule.EACH, tuple(ways))


def _perhaps(turn: Turn, gateway: VpnGateway, connection: VpnConnection) -> Journey:
    """Into a connection that may have announced a longer prefix than any that is known."""
    if may_learn(turn.journey, connection) and _is_served(turn):
        if not carries(connection, turn.journey.packet.destination):
            return _into_tunnel(turn, gateway, [connection])
        noted = turn.taken().note(Layer.GATEWAY, gateway.id, gateway.name)
        return learned(turn.atlas, noted, connection)
    return _into_tunnel(turn, gateway, [connection])


def _is_served(turn: Turn) -> bool:
    return turn.atlas.in_vpc(turn.journey.packet.source, turn.subnet.vpc)


def _into_tunnel(turn: Turn, gateway: VpnGateway, chosen: list[VpnConnection]) -> Journey:
    atlas, aim, journey = turn.atlas, turn.journey.aim, turn.taken()
    ids, ours = {each.id for each in chosen}, {each.id for each in atlas.connections_of(aim)}
    layer, id_, name = Layer.GATEWAY, gateway.id, gateway.name
    if not ids & ours:
        why = "no VPN connection of the gateway leads there with this prefix"
        return journey.drop(layer, id_, name, Code.CANNOT_ROUTE, why, also=turn.also)
    if not _is_served(turn):
        why = "a VPN gateway serves senders of its own VPC alone"
        code = Code.VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS
        return journey.drop(layer, id_, name, code, why, also=turn.also)
    journey = journey.note(layer, id_, name)
    if ids - ours:
        why = f"several sites claim this prefix: {', '.join(sorted(ids))}"
        return journey.note(Layer.VPN, aim.id, aim.id, None, why=why).arrive()
    address = journey.packet.destination
    usable = tuple(sorted({each.id for each in chosen if carries(each, address)}))
    if usable:
        return journey.note(Layer.VPN, usable, ", ".join(usable)).arrive()
    down = tuple(sorted(ids))
    why = "the VPN connection is not available"
    return journey.drop(Layer.VPN, down, ", ".join(down), Code.BAD_STATE_VPN, why)
