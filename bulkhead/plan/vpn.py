"""Sites: customer gateway, VPN connection, tunnels with modern algorithms only."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from bulkhead.intent import Site as DeclaredSite
from bulkhead.intent import Topology
from bulkhead.network import (
    CustomerGateway,
    Site,
    SiteRouting,
    Tunnel,
    VpnConnection,
    VpnGateway,
)
from bulkhead.plan.allot import Allotment, NoRoomError, allot
from bulkhead.plan.clients import client_ports, host_ports
from bulkhead.plan.existing import gateway_of_others, vpc_id, vpc_name
from bulkhead.plan.lock import Lock
from bulkhead.plan.lock_tunnels import OptionsByTunnel
from bulkhead.plan.tunnels import TunnelSteps, steps_of, tunnel_names, with_options
from bulkhead.plan.vpc_facts import VpcFacts
from bulkhead.problems import InputError, Problem

LINK_LOCAL = IPv4Network("169.254.0.0/16")
FIRST_INSIDE = 16
"""Inside networks start at 169.254.0.64/30: AWS keeps 169.254.{0,1,2,3,4,5}.0/30 and
169.254.169.252/30 (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)."""
RESERVED_INSIDE = frozenset(
    IPv4Network(each)
    for each in (*(f"169.254.{third}.0/30" for third in range(6)), "169.254.169.252/30")
)
_SIZE = 4
_RESERVED = {int(each[0]) - int(LINK_LOCAL[0]) for each in RESERVED_INSIDE}
_STARTS = tuple(
    start
    for start in range(FIRST_INSIDE * _SIZE, LINK_LOCAL.num_addresses, _SIZE)
    if start not in _RESERVED
)
"""Where inside networks begin, counted from the first address."""


def inside_network(slot: int) -> IPv4Network:
    """The inside network of a tunnel with this slot."""
    return IPv4Network((int(LINK_LOCAL[0]) + _STARTS[slot], 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpns:
    gateways: tuple[VpnGateway, ...] = ()
    customer_gateways: tuple[CustomerGateway, ...] = ()
    connections: tuple[VpnConnection, ...] = ()
    sites: tuple[Site, ...] = ()
    lock_tunnels: Allotment
    steps: TunnelSteps


def vpns(topology: Topology, lock: Lock) -> Vpns:
    """One VPN gateway for a VPC with sites, one connection of two tunnels for each site."""
    sites = tuple(topology.sites.values())
    names = [name for site in sites for name in tunnel_names(site)]
    try:
        slots = allot(names, lock.tunnels, len(_STARTS), first=lock.first)
    except NoRoomError as error:
        place = topology.place_of("sites")
        what = f"{error.wanted} tunnels, and 169.254.0.0/16 has inside networks for {error.room}"
        raise InputError([Problem(*place, what, "declare fewer sites")]) from None
    steps = steps_of(topology, lock)
    return Vpns(
        steps=steps,
        gateways=tuple(
            _gateway(topology, lock.vpc, name)
            for name in topology.own_vpcs
            if any(site.vpc == name for site in sites)
        ),
        customer_gateways=tuple(_customer_gateway(site) for site in sites),
        connections=tuple(
            _connection(
                gateway_id(topology, lock.vpc, site.vpc),
                site,
                tuple(inside_network(slots.taken[each]) for each in tunnel_names(site)),
                steps.options,
            )
            for site in sites
        ),
        sites=tuple(
            Site(
                name=site.name,
                cidrs=site.cidrs,
                vpn_connection=connection_id(site),
                trusted=site.trust == "trusted",
                client_ports=client_ports(site),
                host_ports=tuple(sorted(host_ports(site))),
            )
            for site in sites
        ),
        lock_tunnels=slots,
    )


def _gateway(topology: Topology, facts: VpcFacts | None, vpc: str) -> VpnGateway:
    theirs = gateway_of_others(topology, facts)
    return VpnGateway(
        id=gateway_id(topology, facts, vpc),
        name=theirs or vpc_name(topology, vpc),
        vpc=vpc_id(topology, vpc),
        asn=None if theirs else topology.amazon_asn,
    )


def gateway_id(topology: Topology, facts: VpcFacts | None, vpc: str = "") -> str:
    """What the VPN gateway of a VPC is called in a plan: one of others by its own id."""
    return gateway_of_others(topology, facts) or f"vgw/{vpc_name(topology, vpc)}"


def connection_id(site: DeclaredSite) -> str:
    """What a plan calls it: never one with that of another routing, for none becomes another."""
    return f"vpn/{site.name}" if site.routing == "static" else f"vpn-{site.routing}/{site.name}"


def _customer_gateway(site: DeclaredSite) -> CustomerGateway:
    return CustomerGateway(
        id=f"cgw/{site.name}",
        name=site.name,
        address=site.gateway.address,
        asn=site.gateway.asn,
    )


def _connection(
    gateway: str, site: DeclaredSite, inside: tuple[IPv4Network, ...], options: OptionsByTunnel
) -> VpnConnection:
    """Of a site that speaks BGP `routes` are what it is to announce. An untrusted one may announce
    more, which leads nowhere: no route table learns it, and no other site is beside it."""
    routing = SiteRouting(site.routing)
    return VpnConnection(
        id=connection_id(site),
        name=site.name,
        vpn_gateway=gateway,
        customer_gateway=f"cgw/{site.name}",
        routes=site.cidrs,
        routing=routing,
        learns=routing is SiteRouting.BGP and site.trust != "trusted",
        tunnels=tuple(
            with_options(modern_tunnel(each), options[site.name, number])
            for number, each in enumerate(inside, start=1)
        ),
        site=site.name,
        version=4,
    )


def modern_tunnel(inside: IPv4Network) -> Tunnel:
    """What a tunnel may negotiate: IKEv2, AES-256-GCM, SHA-384 and up, elliptic-curve groups.

    AWS's default lists still hold SHA-1 and 1024-bit groups; naming ours at
    creation is the only way to be rid of them without an interruption later
    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html). Groups 19-21 are the
    NIST curves with at least 128 bits of strength (RFC 5903). Lifetimes and the rest are
    AWS's defaults, said so that another value in the account is one.
    """
    return Tunnel(
        inside_cidr=inside,
        ike_versions=("ikev2",),
        phase1_encryption=("AES256-GCM-16",),
        phase1_integrity=("SHA2-384", "SHA2-512"),
        phase1_dh_groups=(19, 20, 21),
        phase2_encryption=("AES256-GCM-16",),
        phase2_integrity=("SHA2-384", "SHA2-512"),
        phase2_dh_groups=(19, 20, 21),
        phase1_lifetime=28_800,
        phase2_lifetime=3_600,
        dpd_action="clear",
        startup_action="add",
    )
