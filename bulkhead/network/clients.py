"""From which ports clients open connections: who answers one has to reach the same port again.

A kernel takes one of a range of its own, and a NACL, which keeps nothing in mind, has to
let the reply through whichever that was.
(docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bulkhead.network.ports import PortRange

LINUX_PORTS: Final = PortRange(32768, 60999)
"""The kernel's own ip_local_port_range; AWS writes 32768-61000.

libzmq leaves the choice to the system unless an endpoint pins it
(libzmq src/tcp_connecter.cpp).
"""
WINDOWS_PORTS: Final = PortRange(49152, 65535)
"""Of Windows Server 2008 and later; macOS takes the same (net.inet.ip.portrange.first)."""
ANY_CLIENT_PORTS: Final = PortRange(1024, 65535)
"""Of load balancers, NAT gateways and functions; and all that clients of whatever kind use."""
NAT_PORTS: Final = ANY_CLIENT_PORTS

CLIENT_PORTS_BY_NAME: Final[Mapping[str, PortRange]] = {
    "linux": LINUX_PORTS,
    "windows": WINDOWS_PORTS,
    "macos": WINDOWS_PORTS,
    "nat": NAT_PORTS,
    "any": ANY_CLIENT_PORTS,
}
"""What people call them."""
