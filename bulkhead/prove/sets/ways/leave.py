"""Out of a subnet: its NACL, its route, and whatever the route leads to.

That may be the internet, and over it another VPC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.prefixes import as_prefix
from bulkhead.network import Direction, PublicAccess, Route, Subnet, TargetKind
from bulkhead.prove.sets.routing import Choice, Unrouted
from bulkhead.prove.sets.standing import Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.exits import (
    egress_only_gateway,
    gateway_endpoint,
    internet_gateway,
    vpn_gateway,
)
from bulkhead.prove.sets.ways.firewall import firewall
from bulkhead.prove.sets.ways.nat import nat_gateway
from bulkhead.prove.sets.ways.passage import (
    DROPPED,
    Abroad,
    Candidates,
    Exit,
    GroupReferences,
    Handed,
    Outcomes,
    Passage,
)
from bulkhead.prove.sets.ways.transit import transit_gateway


def leave(carriers: Carriers, packet: Passage, subnet: str, target: Standing) -> Candidates:
    """To the target's end of the way. Within the subnet nothing is asked."""
    if target.subnet == subnet:
        return (packet,)
    here = carriers.network.subnet.get(subnet)
    if here is None:
        return (packet.unknown(),)
    return forward(carriers, packet.meets(here.nacl, Direction.EGRESS, target.home), here, target)


def _leave_attachment(
    carriers: Carriers, packet: Passage, here: Subnet, gateway: str, target: Standing
) -> Candidates:
    """From a transit gateway into a VPC, by the route table of the attachment's subnet.

    To a host in that same subnet no NACL is asked
    (docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html).
    """
    leaving = packet.meets(here.nacl, Direction.EGRESS, target.home)
    found: list[Passage | None] = []
    for choice in carriers.routing.towards(here.route_table, here.vpc, target.home, target.kind):
        if target.subnet == here.id and choice in (Unrouted.LOCAL, Unrouted.UNKNOWN):
            found.append(packet if choice is Unrouted.LOCAL else packet.unknown())
        elif isinstance(choice, Route) and choice.target_id == gateway and not choice.blackhole:
            found.append(None)
        else:
            found.extend(_by(carriers, choice, leaving, here, target))
    return tuple(found)


def follow(carriers: Carriers, outcomes: Outcomes, target: Standing) -> Candidates:
    """Each to its end: what was put into a subnet leaves it again."""
    found: list[Passage | None] = []
    for each in outcomes:
        if isinstance(each, Abroad):
            found.extend(from_internet(carriers, each.packet, target))
        elif not isinstance(each, Handed):
            found.append(each)
        elif each.transit is None:
            found.extend(leave(carriers, each.packet, each.subnet, each.target or target))
        else:
            here = carriers.network.subnet[each.subnet]
            found.extend(_leave_attachment(carriers, each.packet, here, each.transit, target))
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def from_internet(carriers: Carriers, packet: Passage, target: Standing) -> Candidates:
    """By the internet gateway of the target's VPC.

    A reply to what left by an egress-only gateway comes back by that, past no other table.
    """
    if target.vpc is None:
        return DROPPED
    packet = packet.limited(GroupReferences.NONE)
    if packet.asked_by is Exit.EGRESS_ONLY_GATEWAY:
        return deliver(carriers, packet, target.vpc, target)
    subnet = carriers.network.subnet[target.subnet or ""]
    closed = not packet.reply and subnet.public_access is not PublicAccess.OPEN
    if closed or not target.public or carriers.routing.is_in(target.vpc, packet.source):
        return DROPPED
    doors = carriers.doors.get(target.vpc, ())
    known = [
        each for each in doors if each in carriers.internet_gateway and not carriers.doubtful(each)
    ]
    if not known:
        return (packet.unknown(),) if doors else DROPPED
    if subnet.inspected:
        return (packet.unknown(),)
    return by_edge(carriers, known[0], packet, target)


def by_edge(carriers: Carriers, gateway: str, packet: Passage, target: Standing) -> Candidates:
    """A table of the gateway itself may lead what enters to a firewall or an appliance.

    (docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html)
    """
    vpc = target.vpc or ""
    edge = carriers.edge_table.get(gateway)
    if edge is None:
        return deliver(carriers, packet, vpc, target)
    choices = carriers.routing.towards(edge, vpc, target.home, target.kind)
    several = [each for one in choices for each in _redirected(carriers, one, packet, target)]
    return tuple(dict.fromkeys(several))


def _redirected(
    carriers: Carriers, choice: Choice, packet: Passage, target: Standing
) -> Candidates:
    vpc = target.vpc or ""
    if isinstance(choice, Unrouted):
        unknown = choice is Unrouted.UNKNOWN
        return (packet.unknown(),) if unknown else deliver(carriers, packet, vpc, target)
    if choice.blackhole:
        return DROPPED
    if choice.target is TargetKind.FIREWALL:
        inspected = firewall(carriers, choice.target_id, packet, None, target)
        return follow(carriers, inspected, target)
    if choice.target is TargetKind.INTERFACE:
        return appliance(carriers, choice.target_id, packet, vpc, target)
    return (packet.unknown(),) if choice.target is TargetKind.UNMODELLED else DROPPED


def forward(carriers: Carriers, packet: Passage, here: Subnet, target: Standing) -> Candidates:
    """By the route for the target, or any that may be it, past the subnet's NACL."""
    choices = carriers.routing.towards(here.route_table, here.vpc, target.home, target.kind)
    several = [each for one in choices for each in _by(carriers, one, packet, here, target)]
    return tuple(dict.fromkeys(several)) if len(choices) > 1 else tuple(several)


def _by(
    carriers: Carriers, choice: Choice, packet: Passage, here: Subnet, target: Standing
) -> Candidates:
    if choice is Unrouted.UNKNOWN:
        return (packet.unknown(),)
    if choice is Unrouted.LOCAL:
        return deliver(carriers, packet, here.vpc, target)
    if isinstance(choice, Unrouted) or choice.blackhole:
        return DROPPED
    if choice.target is TargetKind.INTERFACE:
        return appliance(carriers, choice.target_id, packet, here.vpc, target)
    if choice.target not in _TARGETS:
        return (packet.unknown(),)
    outcomes = _TARGETS[choice.target](carriers, choice.target_id, packet, here, target)
    return follow(carriers, outcomes, target)


def deliver(carriers: Carriers, packet: Passage, vpc: str, target: Standing) -> Candidates:
    """Within a VPC, past the NACL of the target's subnet."""
    if target.vpc != vpc or target.subnet is None:
        return DROPPED
    nacl = carriers.network.subnet[target.subnet].nacl
    return (packet.meets(nacl, Direction.INGRESS, packet.source),)


def appliance(
    carriers: Carriers, id_: str, packet: Passage, vpc: str, target: Standing
) -> Candidates:
    """To an interface: as to any other if it is the target, else who knows."""
    interface = carriers.network.interface.get(id_)
    if interface is None or id_ in carriers.unknowns.interfaces:
        return (packet.unknown(),)
    if target.kind is EndpointKind.INTERFACE and target.id == id_:
        return deliver(carriers, packet, vpc, target)
    return DROPPED if interface.source_dest_check else (packet.unknown(),)


def _peering(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet, target: Standing
) -> Candidates:
    """(docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html)."""
    peering = carriers.peering.get(id_)
    if peering is None or carriers.doubtful(id_):
        return (packet.unknown(),)
    far = peering.other(here.vpc)
    if not peering.active or far is None or not carriers.routing.is_in(here.vpc, packet.source):
        return DROPPED
    if set(map(as_prefix, far.cidrs)).isdisjoint(carriers.tree.chain(target.home)):
        return DROPPED
    if far.vpc not in carriers.network.vpc:
        return (replace(packet.unknown(), at_unseen_peer=True),)
    if peering.requester.region != peering.accepter.region:
        packet = packet.limited(GroupReferences.NONE)
    return deliver(carriers, packet, far.vpc, target)


_Target = Callable[[Carriers, str, Passage, Subnet, Standing], Outcomes]

_TARGETS: Final[Mapping[TargetKind, _Target]] = {
    TargetKind.INTERNET_GATEWAY: internet_gateway,
    TargetKind.EGRESS_ONLY_GATEWAY: egress_only_gateway,
    TargetKind.VPN_GATEWAY: vpn_gateway,
    TargetKind.NAT_GATEWAY: nat_gateway,
    TargetKind.PEERING: _peering,
    TargetKind.TRANSIT_GATEWAY: transit_gateway,
    TargetKind.GATEWAY_ENDPOINT: gateway_endpoint,
    TargetKind.FIREWALL: firewall,
}
"""What each kind of target makes of a packet; of any other nobody knows."""
