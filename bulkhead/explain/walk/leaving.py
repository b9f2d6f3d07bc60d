"""Out of a subnet: its NACL, its route table, and whatever the route leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.walk.atlas import UNIQUE_LOCAL, Atlas
from bulkhead.explain.walk.boxes import firewall, nat_gateway
from bulkhead.explain.walk.filters import acl
from bulkhead.explain.walk.journey import (
    Fork,
    InSubnet,
    Journey,
    OutOfTransit,
    OverInternet,
    Rule,
    Tree,
)
from bulkhead.explain.walk.linked import peering, vpn_gateway
from bulkhead.explain.walk.routes import overruled, routes_for
from bulkhead.explain.walk.transit import transit_gateway
from bulkhead.explain.walk.turn import Turn, let_past, why_inspected
from bulkhead.network import (
    ICMP,
    ICMP6,
    TCP,
    Direction,
    IPAddress,
    PublicAccess,
    Route,
    RouteTable,
    Subnet,
    TargetKind,
)

RFC6598: Final = IPv4Network("100.64.0.0/10")
RFC1918: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
ECHO_REQUESTS: Final = {4: (ICMP, 8), 6: (ICMP6, 128)}


def leave(atlas: Atlas, journey: Journey, stage: InSubnet) -> Tree:
    """From a subnet towards the aim."""
    if stage.fresh and journey.aim.subnet == stage.subnet.id:
        return journey.arrive()
    return _onward(atlas, journey, stage.subnet)


def leave_transit(atlas: Atlas, journey: Journey, stage: OutOfTransit) -> Tree:
    """From the subnet of a transit gateway attachment towards the aim."""
    return _onward(atlas, journey, stage.subnet, stage)


def _is_local(atlas: Atlas, journey: Journey, subnet: Subnet) -> bool:
    """Whether the subnet's table delivers by a local route, as far as anybody knows."""
    table = atlas.network.route_table.get(subnet.route_table)
    if table is None or atlas.doubt(table.id):
        return True
    address = journey.packet.destination
    routes = routes_for(table, atlas.blocks(subnet.vpc), address, journey.aim)
    return all(route is not None and route.is_local for route in routes)


def _onward(
    atlas: Atlas, journey: Journey, subnet: Subnet, transit: OutOfTransit | None = None
) -> Tree:
    id_ = subnet.route_table
    table = atlas.network.route_table.get(id_)
    why = atlas.doubt(id_)
    if table is None or why:
        name = table.name if table else id_
        if transit is None or journey.aim.subnet != subnet.id:
            journey = _past_acl(atlas, journey, subnet)
        return journey.vanish(Layer.ROUTE, id_, name, why or "it is not in the network")
    address = journey.packet.destination
    routes = routes_for(table, atlas.blocks(subnet.vpc), address, journey.aim)
    ways = tuple(_taken(atlas, journey, table, each, (subnet, transit)) for each in routes)
    return ways[0] if len(ways) == 1 else Fork(Rule.EACH, ways)


def _past_acl(atlas: Atlas, journey: Journey, subnet: Subnet) -> Journey:
    """A regional NAT gateway stands in no subnet, so that it has no NACL."""
    if subnet.id not in atlas.network.subnet:
        return journey
    return acl(atlas, journey, subnet.id, Direction.EGRESS)


def _taken(
    atlas: Atlas,
    journey: Journey,
    table: RouteTable,
    route: Route | None,
    place: tuple[Subnet, OutOfTransit | None],
) -> Tree:
    """By one route of the subnet's table, past its NACL.

    From a transit gateway to a host in the very subnet of its attachment none is asked
    (docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html).
    """
    id_, address = table.id, journey.packet.destination
    subnet, transit = place
    within = transit is not None and journey.aim.subnet == subnet.id
    if not (within and route is not None and route.is_local):
        journey = _past_acl(atlas, journey, subnet)
    if route is None:
        also = _other_zones(atlas, journey, transit)
        code, why = _no_route(atlas, journey, subnet.vpc), f"no route to {address}"
        return journey.drop(Layer.ROUTE, id_, table.name, code, why, also=also)
    also = (
        *overruled(table, route, address, journey.aim, subnet.vpc),
        *_other_zones(atlas, journey, transit),
    )
    turn = Turn(
        atlas=atlas,
        journey=journey,
        subnet=subnet,
        route=route,
        table=table,
        also=also,
        from_transit=transit is not None,
    )
    if route.blackhole:
        return turn.no_route(Code.BAD_STATE_ROUTE, "the route's target is gone")
    if transit and (route.target, route.target_id) == (TargetKind.TRANSIT_GATEWAY, transit.gateway):
        why = "the route leads back to the transit gateway that the packet came from"
        return turn.no_route(Code.NO_POSSIBLE_DESTINATION, why)
    return _TARGETS[route.target](turn)


def _no_route(atlas: Atlas, journey: Journey, vpc: str) -> Code:
    other = journey.aim.vpc
    apart = other not in (None, vpc) and not _connected(atlas, vpc, other or "")
    return Code.DISCONNECTED_VPCS if apart else Code.NO_ROUTE_TO_DESTINATION


def _other_zones(atlas: Atlas, journey: Journey, transit: OutOfTransit | None) -> tuple[Code, ...]:
    """Whether another subnet of the attachment, in another zone, would have led there."""
    for id_ in transit.others if transit else ():
        subnet = atlas.network.subnet.get(id_)
        if subnet and journey.aim.vpc == subnet.vpc and _is_local(atlas, journey, subnet):
            return (Code.TGW_ATTACH_VPC_AZ_RESTRICTION,)
    return ()


def _connected(atlas: Atlas, one: str, other: str) -> bool:
    """Whether a peering or transit gateways join two VPCs, whatever the routes say."""
    if any(each.other(one) and each.other(other) for each in atlas.network.peerings):
        return True
    attached = [
        {each.gateway for each in atlas.network.transit_attachments if each.resource == vpc}
        for vpc in (one, other)
    ]
    peered = any(each.peer_gateway for each in atlas.network.transit_attachments)
    return all(attached) and (peered or not attached[0].isdisjoint(attached[1]))


# Targets within the VPC


def _local(turn: Turn) -> Tree:
    aim = turn.journey.aim
    if aim.vpc != turn.subnet.vpc or aim.subnet is None:
        other = aim.vpc is not None and not _connected(turn.atlas, turn.subnet.vpc, aim.vpc)
        code = Code.DISCONNECTED_VPCS if other else Code.VPC_LOCAL_ROUTE_CIDR_RESTRICTION
        return turn.no_route(code, "the local route stays within the VPC")
    if aim.subnet == turn.subnet.id and turn.from_transit:
        return turn.taken().arrive()
    return turn.deliver(turn.taken())


def _interface(turn: Turn) -> Tree:
    found = turn.atlas.network.interface.get(turn.route.target_id)
    if found is None:
        return turn.missing(Layer.APPLIANCE)
    if found.holds(turn.journey.packet.destination):
        if turn.journey.aim.subnet is None or turn.journey.aim.id != found.id:
            return turn.no_route(Code.CANNOT_ROUTE, "the interface has this address itself")
        return turn.deliver(turn.taken())
    layer, id_, name = Layer.APPLIANCE, found.id, found.name
    if found.source_dest_check:
        code = Code.ENI_SOURCE_DEST_CHECK_RESTRICTION
        why = "its source/destination check drops what is not addressed to it"
        return turn.taken().drop(layer, id_, name, code, why, also=turn.also)
    why = "nobody knows what the appliance does with the packet"
    return turn.taken().vanish(layer, id_, name, why, code=Code.UNSUPPORTED_COMPONENT)


def _unmodelled(turn: Turn) -> Tree:
    why = f"{turn.route.target_id} is not modelled"
    return turn.journey.vanish(
        Layer.ROUTE,
        turn.table.id,
        turn.table.name,
        why,
        code=Code.UNSUPPORTED_COMPONENT,
        rules=(turn.deciding,),
    )


# Targets that lead to the internet


def _internet_gateway(turn: Turn) -> Tree:
    """(docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html)."""
    journey, atlas, packet = turn.taken(), turn.atlas, turn.journey.packet
    id_ = turn.route.target_id
    found = atlas.internet_gateway.get(id_)
    if not _is_abroad(turn):
        return journey.drop(
            Layer.GATEWAY,
            id_,
            found.name if found else id_,
            _not_public(packet.destination),
            "the internet gateway does not lead there",
            also=turn.also,
        )
    if found is None or atlas.doubt(id_):
        return turn.missing(Layer.GATEWAY, found.name if found else "")
    if found.vpc != turn.subnet.vpc:
        return turn.detached(Layer.GATEWAY, found.name)
    for subnet in _inspected(turn):
        return journey.vanish(Layer.GATEWAY, id_, found.name, why_inspected(subnet))
    if atlas.translated(packet.source, turn.subnet.vpc):
        journey = journey.note(Layer.GATEWAY, id_, found.name)
    else:
        code = Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS
        why = "the sender has no public address here"
        journey = journey.note(
            Layer.GATEWAY, id_, found.name, False, code=code, also=turn.also, why=why
        )
    left = replace(_with_public_access(turn, journey), exit=TargetKind.INTERNET_GATEWAY)
    return _to_the_internet(left)


def _inspected(turn: Turn) -> Iterator[Subnet]:
    """Those of this one, and of the one that a request set out from, that a firewall inspects."""
    journey, here = turn.journey, turn.subnet
    if here.inspected:
        yield here
    start = turn.atlas.network.subnet.get(journey.start or "")
    if start is not None and not journey.reply and start.vpc == here.vpc and start.inspected:
        yield start


def _is_abroad(turn: Turn) -> bool:
    """Whether the aim is on the internet, or may be reached over it: public IPv6 elsewhere."""
    aim, destination = turn.journey.aim, turn.journey.packet.destination
    if aim.kind is EndpointKind.INTERNET:
        return True
    there = aim.vpc is not None and aim.vpc != turn.subnet.vpc
    return there and isinstance(destination, IPv6Address) and destination not in UNIQUE_LOCAL


def _to_the_internet(journey: Journey) -> Journey:
    """There, or on into the aim's own VPC; then it comes from the internet."""
    if journey.aim.kind is EndpointKind.INTERNET:
        return journey.arrive()
    return replace(journey.unreferable(), stage=OverInternet.HERE)


def _with_public_access(turn: Turn, journey: Journey) -> Journey:
    """Whether VPC Block Public Access lets the packet out by an internet gateway.

    It lets replies pass where it let the request in.
    (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)
    """
    left, subnets = turn.subnet.public_access, turn.atlas.network.subnet
    if journey.reply:
        return journey
    past = let_past(turn.atlas, journey, turn.subnet)
    if not journey.nats:
        return past if left.lets_out else turn.no_public_access(journey, turn.subnet)
    if left is PublicAccess.BLOCKED:
        return turn.no_public_access(journey, turn.subnet)
    start = subnets[journey.start] if journey.start else None
    if start is None or start.public_access is not PublicAccess.BLOCKED:
        return past
    why = "public access is blocked for the sender's subnet, not for the NAT gateway's"
    code = Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED
    return journey.note(Layer.PUBLIC_ACCESS, start.id, start.name, None, why=why, code=code)


def _not_public(address: IPAddress) -> Code:
    if address in RFC6598:
        return Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS
    if any(address in block for block in RFC1918):
        return Code.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS
    return Code.NO_PATH


def _egress_only_gateway(turn: Turn) -> Tree:
    """(docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html)."""
    journey, id_ = turn.taken(), turn.route.target_id
    found = turn.atlas.egress_only_gateway.get(id_)
    four = isinstance(journey.packet.destination, IPv4Address)
    if not _is_abroad(turn) or four:
        why = "an egress-only gateway leads to the IPv6 internet alone"
        code = Code.NO_POSSIBLE_DESTINATION
        return journey.drop(Layer.GATEWAY, id_, id_, code, why, also=turn.also)
    if found is None or turn.atlas.doubt(found.id):
        return turn.missing(Layer.GATEWAY, found.name if found else "")
    if found.vpc != turn.subnet.vpc:
        return turn.detached(Layer.GATEWAY, found.name)
    if journey.reply:
        why = "an egress-only gateway passes no reply to a request that came another way"
        return journey.drop(Layer.GATEWAY, found.id, found.name, Code.NO_PATH, why)
    if not turn.atlas.in_vpc(journey.packet.source, found.vpc):
        why = "an egress-only gateway serves the addresses of its own VPC"
        code = Code.GATEWAY_REJECTS_SPOOFED_TRAFFIC
        return journey.drop(Layer.GATEWAY, found.id, found.name, code, why)
    if turn.atlas.translated(journey.packet.source, found.vpc):
        journey = journey.note(Layer.GATEWAY, found.id, found.name)
    else:
        code = Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS
        why = "the sender's address is a private one"
        journey = journey.note(Layer.GATEWAY, found.id, found.name, False, code=code, why=why)
    if turn.subnet.public_access is PublicAccess.BLOCKED:
        journey = turn.no_public_access(journey, turn.subnet)
    else:
        journey = let_past(turn.atlas, journey, turn.subnet)
    return _to_the_internet(replace(journey, exit=TargetKind.EGRESS_ONLY_GATEWAY))


def _gateway_endpoint(turn: Turn) -> Tree:
    """(docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)."""
    journey, packet, id_ = turn.taken(), turn.journey.packet, turn.route.target_id
    found, layer = turn.atlas.gateway_endpoint.get(id_), Layer.GATEWAY_ENDPOINT
    if journey.aim.kind is not EndpointKind.INTERNET:
        why = "a gateway endpoint leads to the service's public addresses alone"
        return journey.drop(layer, id_, id_, Code.NO_POSSIBLE_DESTINATION, why, also=turn.also)
    if found is None or turn.atlas.doubt(found.id):
        return turn.missing(layer, found.name if found else "")
    if found.vpc != turn.subnet.vpc:
        return turn.detached(layer, found.name)
    name = found.name
    if journey.reply:
        why = "a gateway endpoint passes no reply to a request that came another way"
        return journey.drop(layer, id_, name, Code.NO_PATH, why)
    echo = (packet.protocol, packet.ports.first // 256) == ECHO_REQUESTS[packet.source.version]
    if packet.protocol != TCP and not echo:
        code = Code.VPCE_GATEWAY_PROTOCOL_RESTRICTION
        why = "a gateway endpoint accepts tcp and icmp echo requests alone"
        journey = journey.note(layer, id_, name, False, code=code, why=why)
    elif not turn.atlas.in_vpc(packet.source, turn.subnet.vpc):
        why = "a gateway endpoint serves its own VPC alone"
        return journey.drop(layer, id_, name, Code.CANNOT_ROUTE, why, also=turn.also)
    else:
        journey = journey.note(layer, id_, name)
    return replace(journey, exit=TargetKind.GATEWAY_ENDPOINT).arrive()


_TARGETS: Final[dict[TargetKind, Callable[[Turn], Tree]]] = {
    TargetKind.LOCAL: _local,
    TargetKind.INTERFACE: _interface,
    TargetKind.UNMODELLED: _unmodelled,
    TargetKind.INTERNET_GATEWAY: _internet_gateway,
    TargetKind.EGRESS_ONLY_GATEWAY: _egress_only_gateway,
    TargetKind.GATEWAY_ENDPOINT: _gateway_endpoint,
    TargetKind.VPN_GATEWAY: vpn_gateway,
    TargetKind.PEERING: peering,
    TargetKind.TRANSIT_GATEWAY: transit_gateway,
    TargetKind.NAT_GATEWAY: nat_gateway,
    TargetKind.FIREWALL: firewall,
}
