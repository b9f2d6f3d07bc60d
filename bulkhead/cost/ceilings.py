"""What a Network costs in speed, as far as AWS says so: what is no faster, no larger than that.

How long a silent connection lives is said where sockets are set (`settings`) and where a packet's
way is told (`explain`); here is what carries no more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bulkhead.network import Flow, InterfaceKind, Network, VpnConnection

_VPN_PAGE: Final = "https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html"
_DEVICE_PAGE: Final = "https://docs.aws.amazon.com/vpn/latest/s2svpn/your-cgw.html"
_TUNNELS_PAGE: Final = "https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html"
_NAT_PAGE: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"
_LINK_PAGE: Final = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html"
_TRANSIT_PAGE: Final = "https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-quotas.html"
_ZONES_PAGE: Final = (
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """`of` what, what it `says` of that, and AWS's `page`."""

    of: str
    says: str
    page: str


def ceilings(network: Network, flows: Iterable[Flow] = ()) -> tuple[Ceiling, ...]:
    """Of what is in a network that is not others', and of the zones that its flows join."""
    return (
        *_of_connections(network),
        *_of_nats(network),
        *_of_endpoints(network),
        *_of_transit(network),
        *_of_zones(network, flows),
    )


def _of_connections(network: Network) -> Iterator[Ceiling]:
    for connection in network.vpn_connections:
        if network.is_others(connection.id):
            continue
        of = f"VPN connection {connection.name}"
        yield Ceiling(
            of=of,
            says="1.25 Gbit/s and 140,000 packets a second through a tunnel of standard bandwidth",
            page=_VPN_PAGE,
        )
        if connection.vpn_gateway:
            yield Ceiling(
                of=of,
                says="towards the site AWS prefers one of the tunnels: two carry no more than one",
                page=_TUNNELS_PAGE,
            )
        yield Ceiling(of=of, says=_largest(connection), page=_DEVICE_PAGE)


def _largest(connection: VpnConnection) -> str:
    offered = {name for tunnel in connection.tunnels for name in tunnel.phase2_encryption}
    named = bool(connection.tunnels) and all(each.phase2_encryption for each in connection.tunnels)
    if named and all("GCM" in each for each in offered):
        size = "packets of 1,446 bytes, 1,438 where the site's device is behind NAT"
    else:
        size = "packets of 1,446 bytes, fewer by other ciphers than AES-GCM"
    return f"{size}; the path's MTU is not discovered"


def _of_nats(network: Network) -> Iterator[Ceiling]:
    for nat in network.nat_gateways:
        if not network.is_others(nat.id, nat.vpc):
            yield Ceiling(
                of=f"NAT gateway {nat.name}",
                says="5 Gbit/s and a million packets a second, growing by itself to 100 Gbit/s and "
                "ten million; 55,000 connections at once to one destination by each address",
                page=_NAT_PAGE,
            )


def _of_endpoints(network: Network) -> Iterator[Ceiling]:
    found = [
        each.service or each.name
        for each in network.interfaces
        if each.kind is InterfaceKind.ENDPOINT
        and not network.is_others(each.id, network.subnet_of(each).vpc)
    ]
    if names := [*dict.fromkeys(found)]:
        yield Ceiling(
            of=f"interface endpoint{'s' * (len(names) > 1)} {', '.join(names)}",
            says="10 Gbit/s each in a zone, growing by itself to 100 Gbit/s; packets of 8,500 "
            "bytes, and the path's MTU is not discovered",
            page=_LINK_PAGE,
        )


def _of_transit(network: Network) -> Iterator[Ceiling]:
    for gateway in network.transit_gateways:
        if not network.is_others(gateway.id):
            yield Ceiling(
                of=f"transit gateway {gateway.name}",
                says="up to 100 Gbit/s for an attachment of a VPC in each zone; packets of 8,500 "
                "bytes, and the path's MTU is not discovered",
                page=_TRANSIT_PAGE,
            )


_COUNTED_ONCE: Final = "; of hosts that come and go one is counted in each zone"


def _of_zones(network: Network, flows: Iterable[Flow]) -> Iterator[Ceiling]:
    """How many of the pairs of hosts that a flow joins are in two zones, in one sentence."""
    zones: dict[str, Counter[str]] = defaultdict(Counter)
    for each in network.interfaces:
        if each.service:
            zones[each.service][network.subnet_of(each).zone] += 1
    joined = {(flow.client, flow.server.owner) for flow in flows}
    known = [(zones[one], zones[other]) for one, other in joined if one in zones and other in zones]
    pairs = sum(one.total() * other.total() for one, other in known)
    coming = any(each.stand_in for each in network.interfaces)
    apart = pairs - sum(one[zone] * other[zone] for one, other in known for zone in one)
    if apart:
        yield Ceiling(
            of="zones",
            says=f"of {pairs} pairs of hosts that flows join {apart} are in two zones, between "
            f"which every packet has a longer way{_COUNTED_ONCE if coming else ''}",
            page=_ZONES_PAGE,
        )
