"""The shape of a topology as it is written, before anything is resolved."""

from bulkhead.intent.written.defaults import WrittenSegmentDefaults
from bulkhead.intent.written.exposure import WrittenExposure
from bulkhead.intent.written.flow import WrittenFlow
from bulkhead.intent.written.flow_logs import WrittenFlowLogs
from bulkhead.intent.written.interface import WrittenNetworkInterface
from bulkhead.intent.written.join import WrittenJoin
from bulkhead.intent.written.monitoring import WrittenMonitoring
from bulkhead.intent.written.peer import WrittenPeer
from bulkhead.intent.written.public_access import WrittenBlockPublicAccess
from bulkhead.intent.written.quarantine import WrittenQuarantine
from bulkhead.intent.written.quotas import WrittenQuotas
from bulkhead.intent.written.reading import read, read_shape
from bulkhead.intent.written.segment import WrittenSegment
from bulkhead.intent.written.service import WrittenService
from bulkhead.intent.written.site import WrittenGateway, WrittenSite
from bulkhead.intent.written.site_host import WrittenSiteHost
from bulkhead.intent.written.socket import WrittenSocket
from bulkhead.intent.written.test import WrittenTest
from bulkhead.intent.written.topology import WrittenDefaults, WrittenTopology
from bulkhead.intent.written.tunnels import WrittenTunnels
from bulkhead.intent.written.use import WrittenUse
from bulkhead.intent.written.vpc import WrittenOwnVpc, WrittenVpc
from bulkhead.intent.written.vpc_encryption import WrittenVpcEncryption

__all__ = [
    "WrittenBlockPublicAccess",
    "WrittenDefaults",
    "WrittenExposure",
    "WrittenFlow",
    "WrittenFlowLogs",
    "WrittenGateway",
    "WrittenJoin",
    "WrittenMonitoring",
    "WrittenNetworkInterface",
    "WrittenOwnVpc",
    "WrittenPeer",
    "WrittenQuarantine",
    "WrittenQuotas",
    "WrittenSegment",
    "WrittenSegmentDefaults",
    "WrittenService",
    "WrittenSite",
    "WrittenSiteHost",
    "WrittenSocket",
    "WrittenTest",
    "WrittenTopology",
    "WrittenTunnels",
    "WrittenUse",
    "WrittenVpc",
    "WrittenVpcEncryption",
    "read",
    "read_shape",
]
