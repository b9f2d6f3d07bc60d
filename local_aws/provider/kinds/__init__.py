"""The table: every type that the stand-in knows."""

from local_aws.provider.kinds import (
    gateways,
    interfaces,
    network_acls,
    networks,
    routes,
    security_groups,
    vpn_connections,
)
from local_aws.provider.table import Kind

KINDS: dict[str, Kind] = {
    kind.token: kind
    for room in (
        networks,
        routes,
        security_groups,
        network_acls,
        interfaces,
        gateways,
        vpn_connections,
    )
    for kind in room.KINDS
}
