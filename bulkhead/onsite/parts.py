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

    def at_host(self, host: OnsiteHost) -> tuple[DevicePassage, ...]:
        """Those that a host, or some host of a network, has a part in."""
        return tuple(
            each for each in self.passages if any(one.overlaps(host.at) for one in each.inside)
        )
