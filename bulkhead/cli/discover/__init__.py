"""`bulkhead discover`: where does ZeroMQ cross the network? One kind of evidence a verb."""

from __future__ import annotations

from typing import Final

VERBS: Final = {
    "code": "The sockets that source code makes, where each binds and connects, and who decides "
    "that.",
    "flows": "Who talks to whom, at which ports, and what was refused, by VPC flow logs.",
    "host": "Processes that use ZeroMQ, their sockets, and who is at the other end.",
    "register": "All evidence joined: who connects to whom, at which port, across what, and what "
    "shows it.",
    "wire": "ZeroMQ on the wire: in captures, or by a greeting to targets that you name.",
}
"""Each has a module of its name with a function of its name, whose help begins with this."""
