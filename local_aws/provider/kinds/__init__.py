"""The table: every type that the stand-in knows."""

from local_aws.provider.kinds import (
    addresses,
    blocks,
    buckets,
    dhcp_options,
    egress_only,
    encryption_controls,
    endpoints,
    flow_logs,
    gateways,
    iam,
    interfaces,
    key_pairs,
    launch_templates,
    log_groups,
    main_route_tables,
    nat_gateways,
    network_acls,
    networks,
    peerings,
    prefix_lists,
    public_access,
    routes,
    security_group_rules,
    security_groups,
    vpn_connections,
    zones,
)
from local_aws.provider.table import Kind

KINDS: dict[str, Kind] = {
    kind.token: kind
    for room in (
        networks,
        blocks,
        dhcp_options,
        routes,
        main_route_tables,
        security_groups,
        security_group_rules,
        network_acls,
        interfaces,
        launch_templates,
        gateways,
        egress_only,
        addresses,
        nat_gateways,
        endpoints,
        prefix_lists,
        vpn_connections,
        public_access,
        encryption_controls,
        log_groups,
        buckets,
        iam,
        flow_logs,
        zones,
        peerings,
        key_pairs,
    )
    for kind in room.KINDS
}
