"""inproc: a name within one context of one process; any text will do."""

from __future__ import annotations

from bulkhead.intent.endpoints.endpoint import ZmqEndpoint
from bulkhead.intent.wrong import Wrong, quoted


def either(name: str, text: str) -> ZmqEndpoint:
    """Any name. Raises Wrong."""
    if not name:
        raise Wrong(f"{quoted(text)} has no name", 'write one, as in "inproc://workers"')
    if not name.isprintable():
        raise Wrong(f"{quoted(text)} holds an unprintable character", "remove it")
    return ZmqEndpoint(transport="inproc", address=name)
