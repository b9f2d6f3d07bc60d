"""A peer on the internet, as it is written."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.written.fields import Named, Purpose, Written, by, first
from bulkhead.intent.written.socket import Sockets

PeerCidrs = Annotated[
    tuple[Annotated[IPv4Network | IPv6Network, by(values.parse_peer_cidr)], ...],
    first(values.many),
]


class WrittenPeer(Written):
    """Hosts on the internet, with no tunnel to them."""

    addresses: PeerCidrs | None = Field(
        default=(),
        description="its public addresses, as in addresses: [198.51.100.7/32]",
    )
    prefix_list: Annotated[str, by(values.parse_prefix_list)] | None = Field(
        default="",
        alias="prefix-list",
        description="or the id of a prefix list that holds them, which `bulkhead adopt` reads into "
        "the lock, as in prefix-list: pl-0123abcd",
    )
    purpose: Purpose | None = Field(default=None, description="what it is, in a line")
    owner: Named | None = Field(default=None, description="who answers for it")
    sockets: Sockets | None = Field(default_factory=dict, description="its sockets, by name")
