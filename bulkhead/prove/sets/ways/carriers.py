"""What carries packets, by what a packet under way asks of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bulkhead.ends.behind_vpn import Remote
from bulkhead.ends.partition import Partition
from bulkhead.ends.prefixes import Prefix, PrefixTree, as_prefix
from bulkhead.network import (
    NatGateway,
    Network,
    Peering,
    Subnet,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    VpnConnection,
)
from bulkhead.prove.sets.routing import Routing
from bulkhead.prove.sets.unknowns import Unknowns


@dataclass(frozen=True)
class Carriers:
    """Lookups only: which VPC a gateway serves, what it knows, where it stands."""

    network: Network
    classes: Partition
    unknowns: Unknowns
    routing: Routing
    elsewhere: dict[tuple[str, Prefix], bool] = field(default_factory=dict)
    """Kept answers: whether somebody nobody knows, at a home, may get into a VPC."""

    @property
    def tree(self) -> PrefixTree:
        return self.classes.tree

    def doubtful(self, *parts: str) -> bool:
        """Whether any of these gateways, or parts of them, is in doubt."""
        return not self.unknowns.gateways.isdisjoint(parts)

    @cached_property
    def remote(self) -> Mapping[str, Remote]:
        return {each.id: each for each in self.classes.remotes}

    @cached_property
    def internet_gateway(self) -> Mapping[str, str]:
        """Each with its VPC."""
        return {each.id: each.vpc for each in self.network.internet_gateways}

    @cached_property
    def egress_only_gateway(self) -> Mapping[str, str]:
        """Each with its VPC."""
        return {each.id: each.vpc for each in self.network.egress_only_gateways}

    @cached_property
    def vpn_gateway(self) -> Mapping[str, str]:
        """Each with its VPC."""
        return {each.id: each.vpc for each in self.network.vpn_gateways}

    @cached_property
    def nat_gateway(self) -> Mapping[str, NatGateway]:
        return {each.id: each for each in self.network.nat_gateways}

    @cached_property
    def peering(self) -> Mapping[str, Peering]:
        return {each.id: each for each in self.network.peerings}

    @cached_property
    def gateway_endpoints(self) -> frozenset[str]:
        return frozenset(each.id for each in self.network.gateway_endpoints)

    @cached_property
    def firewall(self) -> Mapping[str, tuple[str, str]]:
        """Endpoint -> its firewall and its subnet."""
        return {
            endpoint: (firewall.id, subnet)
            for firewall in self.network.firewalls
            for endpoint, subnet in firewall.endpoints
        }

    # Transit gateways

    @cached_property
    def transit_gateway(self) -> Mapping[str, TransitGateway]:
        return {each.id: each for each in self.network.transit_gateways}

    @cached_property
    def attachment(self) -> Mapping[tuple[str, str], TransitAttachment]:
        """(Transit gateway, attachment) -> the attachment: a peering has one id at both."""
        return {(each.gateway, each.id): each for each in self.network.transit_attachments}

    @cached_property
    def transit_tables(self) -> frozenset[str]:
        return frozenset(each.id for each in self.network.transit_route_tables)

    def attached(self, attachment: TransitAttachment) -> Sequence[Subnet]:
        """The subnets of an attachment that are here."""
        known = self.network.subnet
        return [known[each] for each in sorted(attachment.subnets) if each in known]

    # Into a VPC

    @cached_property
    def edge_table(self) -> Mapping[str, str]:
        """Gateway -> the route table for what enters by it."""
        return {
            each.gateway: each.id for each in self.network.route_tables if each.gateway is not None
        }

    @cached_property
    def doors(self) -> Mapping[str, Sequence[str]]:
        """VPC -> its internet gateways, those only named by a route too."""
        found: dict[str, list[str]] = defaultdict(list)
        for gateway in self.network.internet_gateways:
            found[gateway.vpc].append(gateway.id)
        for table in self.network.route_tables:
            for route in table.routes:
                if (
                    route.target is TargetKind.INTERNET_GATEWAY
                    and not route.blackhole
                    and route.target_id not in self.internet_gateway
                ):
                    found[table.vpc].append(route.target_id)
        return found

    # VPN connections

    @cached_property
    def site_of(self) -> Mapping[str, str]:
        """VPN connection -> what lies behind it."""
        return {
            connection.id: remote.id
            for remote in self.classes.remotes
            for connection in remote.connections
        }

    @cached_property
    def learning(self) -> Mapping[str, Sequence[VpnConnection]]:
        """VPN gateway -> the connections that may have told it more than is known."""
        found: dict[str, list[VpnConnection]] = defaultdict(list)
        for each in self.network.vpn_connections:
            if each.learns and each.vpn_gateway:
                found[each.vpn_gateway].append(each)
        return found

    @cached_property
    def tunnels_of(self) -> Mapping[str, Mapping[Prefix, Sequence[VpnConnection]]]:
        """VPN gateway -> the connections that know a prefix."""
        found: dict[str, dict[Prefix, list[VpnConnection]]] = {}
        for remote in self.classes.remotes:
            for connection in remote.connections:
                known = found.setdefault(connection.vpn_gateway, {})
                for cidr in connection.routes:
                    known.setdefault(as_prefix(cidr), []).append(connection)
        return found
