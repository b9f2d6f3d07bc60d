"""Into a subnet of a VPC: to stay there, or on the way."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.doubt.bdd.acls import acl, acl_into
from bulkhead.doubt.bdd.flood import Wave
from bulkhead.network import Direction, Subnet


def deliver_in(wave: Wave, vpc: str) -> None:
    """To its end in the VPC, past the ACL there."""
    wave = wave.keep(wave.space.in_vpc(wave.roles.end, vpc))
    for passed in wave.sieved(acl_into(wave.space, wave.roles)):
        passed.deliver()


def into(wave: Wave, subnet: str) -> Iterator[Wave]:
    """Past the ACL of a subnet."""
    yield from wave.sieved(acl(wave.space, subnet, Direction.INGRESS, wave.roles))


def on_into(wave: Wave, subnet: str, here: Subnet | None) -> Iterator[Wave]:
    """Into a subnet on the way: past its ACL, unless the packet is there already."""
    if here is not None and subnet == here.id:
        yield wave
    else:
        yield from into(wave, subnet)
