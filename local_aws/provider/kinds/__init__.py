"""The table: every type that the stand-in knows."""

from local_aws.provider.kinds import (
    addresses,
    blocks,
    dhcp_options,
    egress_only,
    endpoints,
    gateways,
    interfaces,
    nat_gateways,
    network_acls,
    networks,
    prefix_lists,
    routes,
    security_groups,
    vpn_connections,
)
from local_aws.provider.table import Kind

KINDS: dict[str, Kind] = {
    kind.token: kind
    for room in (
        networks,
        blocks,
        dhcp_options,
        routes,
        security_groups,
        network_acls,
        interfaces,
        gateways,
        egress_only,
        addresses,
        nat_gateways,
        endpoints,
        prefix_lists,
        vpn_connections,
    )
    for kind in room.KINDS
}
