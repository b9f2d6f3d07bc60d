"""The far end of a VPN connection as values."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Final

from bulkhead.network import CustomerGateway, PortRange, Tunnel

TUNNEL_MTU: Final = 1438
"""Bytes that a packet in a tunnel of AES-GCM may have where a NAT is on its way, and 1446 where
none is: the smaller holds for both
(docs.aws.amazon.com/vpn/latest/s2svpn/your-cgw.html, "Maximum transmission unit")."""


class NeedsAddressesError(Exception):
    """What AWS gives a connection when it is made was asked for, and is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTunnel:
    """What AWS gave a tunnel that stands. Never its key: `key` is the ARN of the secret in Secrets
    Manager that has it, '' where AWS keeps it itself or nobody said."""

    number: int
    outside: IPv4Address
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsiteTunnel:
    """One of the two. AWS has the first address of its inside network and the device the second
    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html, "Inside tunnel IPv4 CIDR")."""

    number: int
    """1 or 2, as the console counts them, and as XFRM tells their interfaces apart."""
    outside: IPv4Address | None
    """AWS's public address; None before the connection is made."""
    inside: IPv4Interface
    """The device's own address in the tunnel, with its network."""
    beyond: IPv4Address
    """AWS's address in the tunnel."""
    options: Tunnel
    """What AWS may negotiate."""
    key: str = ""

    @property
    def interface(self) -> str:
        """What the device calls it."""
        return f"aws{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePassage:
    """Traffic that crosses the device because flows need it, and replies with it.

    `outward`: hosts of the site open the connections, else hosts of the VPC do. `inside` are
    addresses of the site, `beyond` those of the VPC; `ports` are the receiver's (of ICMP its
    messages: type x 256 + code). `flows` in words, for who reads the rules.
    """

    outward: bool
    inside: tuple[IPv4Network, ...]
    beyond: tuple[IPv4Network, ...]
    protocol: int
    ports: PortRange
    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsiteHost:
    """A host or a network of the site that has a name."""

    name: str
    at: IPv4Network
    purpose: str = ""
    vlan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """What the device and AWS tell each other by BGP, through each tunnel."""

    own: int
    """The device's number."""
    aws: int
    """That of AWS's side."""
    announces: tuple[IPv4Network, ...]
    """The networks of the site, as they are declared."""
    accepts: tuple[IPv4Network, ...]
    """The blocks of the VPC: AWS announces each, and beside them what it has of other sites
    (docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html)."""


HOLD_TIME: Final = 30
KEEPALIVE: Final = 10
"""Seconds, as AWS's own configuration of a device has them: after `HOLD_TIME` without a word a
session is over (docs.aws.amazon.com/vpn/latest/s2svpn/cgw-dynamic-routing-examples.html)."""


def preference(number: int) -> int:
    """The MED with which a tunnel's routes are told to AWS: of two, AWS sends by the lowest
    (docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html). AS paths stay alike, and so do
    local preferences, that AWS can lead both ways around a tunnel whose end it replaces."""
    return 100 * number


@dataclass(frozen=True, slots=True, kw_only=True)
class Onsite:
    """All that the site's own side has to be told of one topology."""

    topology: str
    site: str
    region: str
    trusted: bool
    device: CustomerGateway
    connection: str
    """As the plan calls it, or by its id where it stands."""
    networks: tuple[IPv4Network, ...]
    """Of the site."""
    beyond: tuple[IPv4Network, ...]
    """Of the VPC, all of it: what may only come and go by a tunnel."""
    tunnels: tuple[OnsiteTunnel, ...]
    passages: tuple[DevicePassage, ...]
    hosts: tuple[OnsiteHost, ...]
    bgp: Speaking | None = None
    """None where routes are static."""

    def at_host(self, host: OnsiteHost) -> tuple[DevicePassage, ...]:
        """Those that a host, or some host of a network, has a part in."""
        return tuple(
            each for each in self.passages if any(one.overlaps(host.at) for one in each.inside)
        )
