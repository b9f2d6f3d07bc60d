"""The language people write: topology.yaml, read strictly, all mistakes at once."""

from bulkhead.intent.endpoints import Caution, Transport, ZmqEndpoint, parse_bind, parse_connect
from bulkhead.intent.load import load
from bulkhead.intent.model import (
    Connection,
    FlowLogs,
    Gateway,
    InQuarantine,
    Peer,
    PlainFlow,
    Segment,
    Service,
    ServiceInterface,
    Site,
    Socket,
    Test,
    Topology,
)
from bulkhead.intent.sockets import SocketType, legal_peers
from bulkhead.intent.traffic import PlainTraffic

__all__ = [
    "Caution",
    "Connection",
    "FlowLogs",
    "Gateway",
    "InQuarantine",
    "Peer",
    "PlainFlow",
    "PlainTraffic",
    "Segment",
    "Service",
    "ServiceInterface",
    "Site",
    "Socket",
    "SocketType",
    "Test",
    "Topology",
    "Transport",
    "ZmqEndpoint",
    "legal_peers",
    "load",
    "parse_bind",
    "parse_connect",
]
