"""A peer on the internet, and why something is open to one."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.socket import Socket


class Peer(Resolved):
    """Hosts on the internet, with no tunnel to them."""

    name: str
    cidrs: tuple[IPv4Network | IPv6Network, ...]
    """Its addresses, as a site has networks; none where a list has them, until a plan is made."""
    prefix_list: str = ""
    """The id of the prefix list that holds them; '' where the topology says them."""
    sockets: Frozen[Socket]
    purpose: str | None = None
    owner: str | None = None

    @property
    def client_ports(self) -> str:
        """From which its hosts connect: nobody asks them."""
        return "any"
