"""The language of topology.yaml, in Python: what a program says instead of a file.

    from bulkhead.topology import Segment, Service, Socket, Topology

    feed = Segment("feed", purpose="market data")
    ticks = Socket("ticks", type="PUB", bind="tcp://*:5556")
    market = Socket("market", type="SUB", connect=ticks)
    topology = Topology(
        "demo", region="eu-west-1", cidr="10.20.0.0/16", zones=2,
        segments=[feed],
        services=[
            Service("ticker", segment=feed, sockets=[ticks]),
            Service("momentum", segment=feed, sockets=[market], replicas=3),
        ],
    )
    plan(topology.load())

What has a name takes it first, and all else by keyword: the keys of the file, with `_` for `-`.
Whatever is referred to may be given itself: `connect=ticks` is `connect: ticker.ticks`. Nothing
is judged before `load`, which says all that is wrong at once, each with the file and the line of
the program where it stands.
"""

from bulkhead.topology.defaults import (
    Defaults,
    DefaultSegment,
    DefaultService,
    DefaultSite,
    DefaultSocket,
    SegmentDefaults,
)
from bulkhead.topology.exposure import Exposure
from bulkhead.topology.flow import Flow
from bulkhead.topology.flow_logs import FlowLogs
from bulkhead.topology.join import Join
from bulkhead.topology.monitoring import Monitoring
from bulkhead.topology.network_interface import NetworkInterface
from bulkhead.topology.peer import Peer
from bulkhead.topology.proxy import Proxy
from bulkhead.topology.public_access import BlockPublicAccess
from bulkhead.topology.quarantine import Quarantine
from bulkhead.topology.quotas import Quotas
from bulkhead.topology.segment import Segment
from bulkhead.topology.service import Service
from bulkhead.topology.site import Gateway, Site
from bulkhead.topology.site_host import SiteHost
from bulkhead.topology.socket import Socket
from bulkhead.topology.test import Test
from bulkhead.topology.topology import Topology
from bulkhead.topology.tunnels import Tunnels
from bulkhead.topology.use import Use
from bulkhead.topology.vpc import OwnVpc, Vpc
from bulkhead.topology.vpc_encryption import VpcEncryption

__all__ = [
    "BlockPublicAccess",
    "DefaultSegment",
    "DefaultService",
    "DefaultSite",
    "DefaultSocket",
    "Defaults",
    "Exposure",
    "Flow",
    "FlowLogs",
    "Gateway",
    "Join",
    "Monitoring",
    "NetworkInterface",
    "OwnVpc",
    "Peer",
    "Proxy",
    "Quarantine",
    "Quotas",
    "Segment",
    "SegmentDefaults",
    "Service",
    "Site",
    "SiteHost",
    "Socket",
    "Test",
    "Topology",
    "Tunnels",
    "Use",
    "Vpc",
    "VpcEncryption",
]
