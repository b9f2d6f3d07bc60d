"""Site-to-site VPN: connections, their tunnels, and the sites behind them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network.addresses import IPNetwork, within
from bulkhead.network.clients import ANY_CLIENT_PORTS
from bulkhead.network.ports import PortRange

AMAZON_ASN: Final = 64_512
"""That of a gateway of AWS for which nobody says another
(docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html)."""

BOTH_TUNNELS: Final = ("bulkhead", "both-tunnels")
"""The name and the key of the configuration by which a stack lets both tunnels of a site go."""


def consent_to_both(site: str) -> str:
    """The command by which it does."""
    return f"pulumi config set {':'.join(BOTH_TUNNELS)} {site}"


class SiteRouting(StrEnum):
    """How AWS knows what lies behind a connection; for its life
    (docs.aws.amazon.com/vpn/latest/s2svpn/vpn-static-dynamic.html)."""

    STATIC = "static"
    BGP = "bgp"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerGateway:
    id: str
    name: str
    address: IPv4Address | None
    asn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """What a tunnel may negotiate, and what AWS does about it. Never its pre-shared key.

    Empty tuples mean that AWS's own default list applies (all algorithms); the other
    defaults are AWS's too; lifetimes are in seconds. None is what no plan asks for, which
    leaves it as it stands, or what was not shown.
    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)
    """

    inside_cidr: IPv4Network | None = None
    ike_versions: tuple[str, ...] = ()
    phase1_encryption: tuple[str, ...] = ()
    phase1_integrity: tuple[str, ...] = ()
    phase1_dh_groups: tuple[int, ...] = ()
    phase2_encryption: tuple[str, ...] = ()
    phase2_integrity: tuple[str, ...] = ()
    phase2_dh_groups: tuple[int, ...] = ()
    phase1_lifetime: int = 28_800
    phase2_lifetime: int = 3_600
    dpd_action: str = "clear"
    """When the site's device is dead: clear, none or restart.

    (docs.aws.amazon.com/vpn/latest/s2svpn/initiate-vpn-tunnels.html)
    """
    startup_action: str = "add"
    """Who opens the tunnel: the site's device (add), or AWS (start)."""
    dpd_timeout: int | None = None
    """After how many seconds a silent device is dead; AWS's default has changed (30, now 40)."""
    rekey_margin: int | None = None
    """How many seconds before its end AWS replaces the key of phase 2."""
    rekey_fuzz: int | None = None
    """Within which part of the margin, in percent, the moment is drawn."""
    replay_window: int | None = None
    """In packets."""
    lifecycle_control: bool | None = None
    """Whether AWS waits until somebody accepts it, before it replaces the endpoint."""
    logs: bool | None = None
    """Whether AWS writes down in CloudWatch what it negotiates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VpnConnection:
    """`routes` are the prefixes that lead into it: static ones, those learned by BGP, and those
    that its site is declared to announce.

    `vpn_gateway` is '' where it ends at a transit gateway, whose tables then lead into it.
    `routing`: whether somebody writes its routes down, or its site's device announces them.
    `learns`: it speaks BGP, and may lead to more than `routes` and those tables show.
    `version`: 4 or 6, what its tunnels carry inside; None where that is not known.
    (docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html)
    """

    id: str
    name: str
    vpn_gateway: str
    customer_gateway: str
    routes: tuple[IPNetwork, ...]
    tunnels: tuple[Tunnel, ...] = ()
    site: str | None = None
    available: bool = True
    routing: SiteRouting | None = None
    """None where that is not known."""
    learns: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A network outside AWS, as the connection that leads there describes it."""

    name: str
    cidrs: tuple[IPNetwork, ...]
    vpn_connection: str | None
    trusted: bool = False
    client_ports: PortRange = ANY_CLIENT_PORTS
    """From which its hosts open connections: any of them."""
    host_ports: tuple[tuple[IPNetwork, PortRange], ...] = ()
    """Some addresses of it, and from which ports those ask: the narrowest that holds one says."""

    def asks_from(self, host: IPNetwork) -> PortRange:
        """From which ports a host of it opens connections, or all in a network that no such one
        cuts."""
        around = [each for each in self.host_ports if within(host, each[0])]
        return max(around, key=lambda each: each[0].prefixlen)[1] if around else self.client_ports
