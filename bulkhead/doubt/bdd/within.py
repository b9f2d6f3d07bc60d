"""Into a subnet of a VPC: to stay there, or on the way."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.doubt.bdd.acls import acl, acl_into
from bulkhead.doubt.bdd.flood import Part
from bulkhead.network import Direction, Subnet


def deliver_in(part: Part, vpc: str) -> None:
    """To its end in the VPC, past the ACL there."""
    part = part.keep(part.space.in_vpc(part.layout.end, vpc))
    for passed in part.sieved(acl_into(part.space, part.layout)):
        passed.deliver()


def into(part: Part, subnet: str) -> Iterator[Part]:
    """Past the ACL of a subnet."""
    yield from part.sieved(acl(part.space, subnet, Direction.INGRESS, part.layout))


def on_into(part: Part, subnet: str, here: Subnet | None) -> Iterator[Part]:
    """Into a subnet on the way: past its ACL, unless the packet is there already."""
    if here is not None and subnet == here.id:
        yield part
    else:
        yield from into(part, subnet)
