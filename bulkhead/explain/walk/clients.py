"""From which ports an end opens connections.

(docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html)
"""

from __future__ import annotations

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.network import ANY_CLIENT_PORTS, LINUX_PORTS, Network, PortRange


def asks_from(network: Network, end: Endpoint) -> PortRange:
    """As the network says of an interface and of a site; a stranger is taken for Linux."""
    match end.kind:
        case EndpointKind.INTERFACE:
            return network.interface[end.id].client_ports
        case EndpointKind.SITE if end.id in network.site:
            site = network.site[end.id]
            around = [each for each in site.host_ports if end.address in each[0]]
            narrowest = max(around, key=lambda each: each[0].prefixlen, default=None)
            return narrowest[1] if narrowest else site.client_ports
        case EndpointKind.STRANGER | EndpointKind.NOWHERE:
            return LINUX_PORTS
        case _:
            return ANY_CLIENT_PORTS
