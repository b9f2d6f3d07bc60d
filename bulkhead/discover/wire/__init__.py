"""What crosses the wire: captures that somebody took, and greetings of targets that somebody named.

zmtp         the protocol: greetings, frames, handshakes
capture      the packets of a pcap or pcapng;  packets  what is in one;  tcp  streams of them
connections  which streams are of ZeroMQ;  websocket, datagrams  its other transports
reading      read_captures(paths): an OnTheWire (seen)
findings     judge_wire(seen, untrusted=..., subnets=...)
probe        probe(target): a greeting, and never more
signatures   signatures(language): rules for Suricata and Zeek
"""

from bulkhead.discover.wire.findings import (
    Cidr,
    WireCrossing,
    WireFinding,
    WireFindingKind,
    WireJudged,
    crossing,
    judge_wire,
)
from bulkhead.discover.wire.probe import SECONDS, Answered, ProbeAnswer, ProbeTarget, probe, targets
from bulkhead.discover.wire.reading import read_captures
from bulkhead.discover.wire.seen import (
    CaptureRead,
    FrameAt,
    OnTheWire,
    Opener,
    Sureness,
    WireConnection,
    WireDatagrams,
    WireEnd,
    WireSecrecy,
)
from bulkhead.discover.wire.signatures import (
    DeclaredPorts,
    SignatureLanguage,
    declared_ports,
    signatures,
)
from bulkhead.discover.wire.zmtp import Shown

__all__ = [
    "SECONDS",
    "Answered",
    "CaptureRead",
    "Cidr",
    "DeclaredPorts",
    "FrameAt",
    "OnTheWire",
    "Opener",
    "ProbeAnswer",
    "ProbeTarget",
    "Shown",
    "SignatureLanguage",
    "Sureness",
    "WireConnection",
    "WireCrossing",
    "WireDatagrams",
    "WireEnd",
    "WireFinding",
    "WireFindingKind",
    "WireJudged",
    "WireSecrecy",
    "crossing",
    "declared_ports",
    "judge_wire",
    "probe",
    "read_captures",
    "signatures",
    "targets",
]
