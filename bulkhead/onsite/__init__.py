"""What the other side of a site needs: the device that ends its tunnels, and its own hosts.

    onsite(topology, plan, "exchange")             from the plan alone
    onsite(topology, plan, "exchange", standing)   with what AWS gave its tunnels

One value, and a module for each program that reads a form of it. Keys are nobody's business
here: where they are, at most.
"""

from bulkhead.onsite.bird import bird
from bulkhead.onsite.frr import frr
from bulkhead.onsite.links import links, updown
from bulkhead.onsite.nftables import nftables, nftables_of_host
from bulkhead.onsite.onsite import onsite
from bulkhead.onsite.parts import (
    DevicePassage,
    NeedsAddressesError,
    Onsite,
    OnsiteHost,
    OnsiteTunnel,
    Speaking,
    StandingTunnel,
)
from bulkhead.onsite.swanctl import swanctl

__all__ = [
    "DevicePassage",
    "NeedsAddressesError",
    "Onsite",
    "OnsiteHost",
    "OnsiteTunnel",
    "Speaking",
    "StandingTunnel",
    "bird",
    "frr",
    "links",
    "nftables",
    "nftables_of_host",
    "onsite",
    "swanctl",
    "updown",
]
