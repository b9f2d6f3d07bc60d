"""Pulumi components: `Fabric` is a whole topology, each other one its part of a planned Network."""

from bulkhead.components.balancer import Balancer
from bulkhead.components.fabric import Fabric
from bulkhead.components.flow_logs import FlowLogs
from bulkhead.components.gateway_endpoint import GatewayEndpoint
from bulkhead.components.interface_endpoint import InterfaceEndpoint
from bulkhead.components.monitoring import TunnelAlarms
from bulkhead.components.nat import Nat
from bulkhead.components.peering import Peering
from bulkhead.components.private_names import PrivateNames
from bulkhead.components.public_access import PublicAccessOptions
from bulkhead.components.segment import Segment
from bulkhead.components.service import Service
from bulkhead.components.shared_group import SharedGroup
from bulkhead.components.site import Site
from bulkhead.components.vpc import Vpc

__all__ = [
    "Balancer",
    "Fabric",
    "FlowLogs",
    "GatewayEndpoint",
    "InterfaceEndpoint",
    "Nat",
    "Peering",
    "PrivateNames",
    "PublicAccessOptions",
    "Segment",
    "Service",
    "SharedGroup",
    "Site",
    "TunnelAlarms",
    "Vpc",
]
