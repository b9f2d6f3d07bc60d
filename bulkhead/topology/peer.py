"""A peer on the internet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import ClassVar

from bulkhead.intent.written import WrittenPeer
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import NamedPart
from bulkhead.topology.socket import Socket


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Peer(NamedPart):
    """Hosts on the internet, with no tunnel to them."""

    shape: ClassVar[type[Written]] = WrittenPeer

    addresses: Iterable[str | IPv4Network | IPv6Network] | None = None
    """Its public addresses, as in addresses=["198.51.100.7/32"], of IPv6 too."""
    prefix_list: str | None = None
    """Or the id of a prefix list that holds them, as in prefix_list="pl-0123abcd"."""
    purpose: str | None = None
    """What it is, in a line."""
    owner: str | None = None
    """Who answers for it."""
    sockets: Iterable[Socket] | None = None
    """Its sockets, each name once."""
