"""Endpoints, read strictly: one file a transport, each citing what libzmq does with a text.

libzmq is lenient, and takes much for something else than what was written. So only what it takes
literally is an endpoint here; for the rest we say what it would do.
"""

from bulkhead.intent.endpoints.endpoint import Caution, Transport, ZmqEndpoint
from bulkhead.intent.endpoints.parse import parse_bind, parse_connect
from bulkhead.intent.endpoints.ports import port_libzmq_binds

__all__ = [
    "Caution",
    "Transport",
    "ZmqEndpoint",
    "parse_bind",
    "parse_connect",
    "port_libzmq_binds",
]
