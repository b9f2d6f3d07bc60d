"""Through a NAT gateway (docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.ends.prefixes import as_prefix
from bulkhead.network import NAT64, NAT_PORTS, Direction, Subnet
from bulkhead.prove.sets.standing import Standing
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
    served = not target.is_ipv6 or as_prefix(NAT64) in carriers.tree.chain(target.home)
    if not served or not (packet.transit or carriers.routing.is_in(here.vpc, packet.source)):
        return DROPPED
    inside = carriers.network.subnet.get(nat.subnet)
    if inside is None:
        return (packet.unknown(),)
    if inside.id != here.id:
        packet = packet.meets(inside.nacl, Direction.INGRESS, packet.source)
    if target.is_ipv6:
        # What becomes of it as a packet of IPv4 is not modelled.
        return (replace(packet, nat=id_, from_ipv6=True).unknown(),)
    translated = replace(
        packet.limited(GroupReferences.NONE),
        source=carriers.tree.home(nat.address),
        public=nat.public_address is not None,
        client_ports=NAT_PORTS,
        nat=id_,
    )
    return (Handed(translated, inside.id),)


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
