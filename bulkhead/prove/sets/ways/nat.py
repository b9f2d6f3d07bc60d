"""Through a NAT gateway (docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.network import NAT_PORTS, Direction, NatGateway, Subnet
from bulkhead.prove.sets.standing import Called, Standing
from bulkhead.prove.sets.ways.carriers import Carriers
from bulkhead.prove.sets.ways.passage import (
    DROPPED,
    GroupReferences,
    Handed,
    Outcomes,
    Passage,
    SentOn,
)
from bulkhead.prove.sets.ways.regional import regional


def nat_gateway(
    carriers: Carriers, id_: str, packet: Passage, here: Subnet, target: Standing
) -> Outcomes:
    """Into the gateway's subnet, and on from there with any of the gateway's addresses."""
    nat = carriers.nat_gateway.get(id_)
    if nat is None or carriers.doubtful(id_):
        return (packet.unknown(),)
    if _refuses(carriers, nat, packet, here, target):
        return DROPPED
    if nat.subnet is None:
        return regional(carriers, nat, packet, here, target)
    inside = carriers.network.subnet.get(nat.subnet)
    if inside is None:
        return (packet.unknown(),)
    if inside.id != here.id:
        packet = packet.meets(inside.nacl, Direction.INGRESS, packet.source)
    translated = [
        replace(
            packet.limited(GroupReferences.NONE),
            source=carriers.tree.home(address),
            public=nat.public_address is not None,
            client_ports=NAT_PORTS,
            nat=SentOn(id_, address),
        )
        for address in nat.addresses
    ]
    if target.is_ipv6:
        return tuple(
            _to_ipv4(each, packet, called, inside) for called in target.ipv4 for each in translated
        )
    return tuple(Handed(each, inside.id) for each in translated)


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


def _refuses(
    carriers: Carriers, nat: NatGateway, packet: Passage, here: Subnet, target: Standing
) -> bool:
    if packet.reply or packet.nat or not nat.available or nat.vpc != here.vpc:
        return True
    served = not target.is_ipv6 or target.ipv4
    return not served or not (packet.transit or carriers.routing.is_in(here.vpc, packet.source))


def nat_standing(carriers: Carriers, sent_on: SentOn) -> Standing:
    """A NAT gateway in a subnet as somebody to whom replies are addressed."""
    nat = carriers.nat_gateway[sent_on.gateway]
    assert sent_on.address is not None  # noqa: S101 - only a regional one shows none
    return Standing(
        home=carriers.tree.home(sent_on.address),
        kind=None,
        id=nat.id,
        vpc=nat.vpc,
        subnet=nat.subnet,
        public=nat.public_address is not None,
    )
