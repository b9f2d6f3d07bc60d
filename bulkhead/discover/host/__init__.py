"""What runs on machines: processes that use ZeroMQ, their sockets, who is at the other end.

collector   collect(): one file that needs nothing but Python, run here or copied elsewhere
record      what it wrote, as values: read_record(path), parse_record(collect())
containers  which container a process is in
greeting    greet_listeners(record): for what is built without libzmq
joining     join(records): one graph of several machines
"""

from pathlib import Path
from typing import Final

from bulkhead.discover.host.collector import collect
from bulkhead.discover.host.containers import HostContainer, container_of
from bulkhead.discover.host.greeting import greet_listeners
from bulkhead.discover.host.joining import (
    EdgeBecause,
    HostEdge,
    HostGraph,
    HostListener,
    HostParty,
    HostSureness,
    join,
)
from bulkhead.discover.host.record import (
    Greeted,
    HostRecord,
    RecordedProcess,
    RecordedSocket,
    parse_record,
    read_record,
)

COLLECTOR: Final = Path(__file__).with_name("collector.py")
"""The file to be copied."""

__all__ = [
    "COLLECTOR",
    "EdgeBecause",
    "Greeted",
    "HostContainer",
    "HostEdge",
    "HostGraph",
    "HostListener",
    "HostParty",
    "HostRecord",
    "HostSureness",
    "RecordedProcess",
    "RecordedSocket",
    "collect",
    "container_of",
    "greet_listeners",
    "join",
    "parse_record",
    "read_record",
]
