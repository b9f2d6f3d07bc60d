"""The gateways of a network, by what packets ask of them."""

from __future__ import annotations

from collections import defaultdict

from bulkhead.ends.classes import Partition
from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import Network, TargetKind, VpnConnection


class Carriers:
    """Lookups only: which VPC a gateway serves, what it knows, where it stands."""

    def __init__(self, network: Network, classes: Partition) -> None:
        self.remotes = {each.id: each for each in classes.remotes}
        self.internet = {each.id: each.vpc for each in network.internet_gateways}
        self.egress_only = {each.id: each.vpc for each in network.egress_only_gateways}
        self.vpn = {each.id: each.vpc for each in network.vpn_gateways}
        self.nats = {each.id: each for each in network.nat_gateways}
        self.peerings = {each.id: each for each in network.peerings}
        self.transits = {each.id: each for each in network.transit_gateways}
        self.endpoints = {each.id for each in network.gateway_endpoints}
        self.firewalls = {
            endpoint: (firewall.id, subnet)
            for firewall in network.firewalls
            for endpoint, subnet in firewall.endpoints
        }
        self.attachments = {(each.gateway, each.id): each for each in network.transit_attachments}
        self.transit_tables = {each.id for each in network.transit_route_tables}
        self.edges = {
            each.gateway: each.id for each in network.route_tables if each.gateway is not None
        }
        self.doors: dict[str, list[str]] = defaultdict(list)
        """VPC -> its internet gateways, those only named by a route too."""
        for gateway in network.internet_gateways:
            self.doors[gateway.vpc].append(gateway.id)
        for table in network.route_tables:
            for route in table.routes:
                if (
                    route.target is TargetKind.INTERNET_GATEWAY
                    and not route.blackhole
                    and route.target_id not in self.internet
                ):
                    self.doors[table.vpc].append(route.target_id)
        self.tunnels_of: dict[str, dict[Prefix, list[VpnConnection]]] = {}
        self.site_of: dict[str, str] = {}
        for site in classes.remotes:
            for connection in site.connections:
                self.site_of[connection.id] = site.id
                known = self.tunnels_of.setdefault(connection.vpn_gateway, {})
                for cidr in connection.routes:
                    known.setdefault(as_prefix(cidr), []).append(connection)
