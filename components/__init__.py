"""What a program in this repository imports: the components, which `bulkhead.components` holds."""

from bulkhead.components import (
    Balancer,
    Fabric,
    FlowLogs,
    GatewayEndpoint,
    InterfaceEndpoint,
    Nat,
    PrivateNames,
    PublicAccessOptions,
    Segment,
    Service,
    Site,
    TunnelAlarms,
    Vpc,
)

__all__ = [
    "Balancer",
    "Fabric",
    "FlowLogs",
    "GatewayEndpoint",
    "InterfaceEndpoint",
    "Nat",
    "PrivateNames",
    "PublicAccessOptions",
    "Segment",
    "Service",
    "Site",
    "TunnelAlarms",
    "Vpc",
]
