"""A topology, resolved: what the rest of the program works with. Frozen throughout."""

from bulkhead.intent.model.connection import Connection
from bulkhead.intent.model.exposure import ExposureSaid
from bulkhead.intent.model.flow_logs import FlowLogs
from bulkhead.intent.model.monitoring import MonitoringWanted
from bulkhead.intent.model.peer import Peer
from bulkhead.intent.model.plain_flow import PlainFlow
from bulkhead.intent.model.public_access import PublicAccessWanted
from bulkhead.intent.model.quarantine import InQuarantine
from bulkhead.intent.model.quotas import AccountQuotas
from bulkhead.intent.model.segment import Segment
from bulkhead.intent.model.service import Proxy, Service, ServiceInterface
from bulkhead.intent.model.site import Gateway, Site
from bulkhead.intent.model.socket import Socket
from bulkhead.intent.model.test import Target, Test
from bulkhead.intent.model.topology import Topology
from bulkhead.intent.model.tunnels import OPTIONS, TunnelOption, Tunnels
from bulkhead.intent.model.vpc import ExistingVpc, OwnVpc
from bulkhead.intent.model.vpc_encryption import VpcEncryptionWanted

__all__ = [
    "OPTIONS",
    "AccountQuotas",
    "Connection",
    "ExistingVpc",
    "ExposureSaid",
    "FlowLogs",
    "Gateway",
    "InQuarantine",
    "MonitoringWanted",
    "OwnVpc",
    "Peer",
    "PlainFlow",
    "Proxy",
    "PublicAccessWanted",
    "Segment",
    "Service",
    "ServiceInterface",
    "Site",
    "Socket",
    "Target",
    "Test",
    "Topology",
    "TunnelOption",
    "Tunnels",
    "VpcEncryptionWanted",
]
