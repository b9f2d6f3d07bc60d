"""Through a NAT gateway (docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.network import NAT_PORTS, Direction, Subnet
from bulkhead.prove.sets.standing import Called, Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.passage import (
    DROPPED,
    GroupReferences,
    Handed,
    Outcomes,
    Passage,
)


def nat_gateway(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet, target: Standing
) -> Outcomes:
    """Into the gateway's subnet, and on from there with the gateway's address."""
    nat = carriers.nat_gateway.get(id_)
    if nat is None or carriers.doubtful(id_):
        return (packet.unknown(),)
    if packet.reply or packet.nat or not nat.available or nat.vpc != here.vpc:
        return DROPPED
    served = not target.is_ipv6 or target.ipv4
    if not served or not (packet.transit or carriers.routing.is_in(here.vpc, packet.source)):
        return DROPPED
    inside = carriers.network.subnet.get(nat.subnet)
    if inside is None:
        return (packet.unknown(),)
    if inside.id != here.id:
        packet = packet.meets(inside.nacl, Direction.INGRESS, packet.source)
    translated = replace(
        packet.limited(GroupReferences.NONE),
        source=carriers.tree.home(nat.address),
        public=nat.public_address is not None,
        client_ports=NAT_PORTS,
        nat=id_,
    )
    if target.is_ipv6:
        return tuple(_to_ipv4(translated, packet, each, inside) for each in target.ipv4)
    return (Handed(translated, inside.id),)


def _to_ipv4(
    translated: Passage, packet: Passage, called: Called, inside: Subnet
) -> Passage | Handed:
    """To one end that has the address of IPv4; nothing of one in doubt denies.

    (docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html)
    """
    if called.in_doubt:
        return replace(packet, nat=translated.nat, from_ipv6=True).unknown()
    as_ipv4 = replace(translated, from_ipv6=True, receiver=called.place)
    return Handed(as_ipv4, inside.id, target=called.standing)


def nat_standing(carriers: Carriers, id_: str) -> Standing:
    """A NAT gateway as somebody to whom replies are addressed."""
    nat = carriers.nat_gateway[id_]
    return Standing(
        home=carriers.tree.home(nat.address),
        kind=None,
        id=nat.id,
        vpc=nat.vpc,
        subnet=nat.subnet,
        public=nat.public_address is not None,
    )
