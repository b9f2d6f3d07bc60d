"""Zonal NAT gateways: one in each zone, in a public subnet of its own.

The subnets are those of a segment that no topology writes, so that what holds of segments holds of
them: a block, a slot for each zone, a NACL. That lets pass what crosses the gateways and nothing
else: the request of each unit to a peer's port and out there, and the replies both ways
(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html: a NAT gateway uses the ports from
1024 to 65535). Who goes through them has a route table in each zone, which leads to the gateway
there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.intent import Segment, Topology
from bulkhead.network import ANY_CLIENT_PORTS, Direction, IPNetwork, PortRange
from bulkhead.plan.acls import (
    Need,
    Refused,
    client_needs,
    server_needs,
    telling_needs,
    told_by_anybody,
)
from bulkhead.plan.units import exposed_ends

SEGMENT: Final = "NAT"
"""Where the gateways are: a name that no segment of a topology can have."""


def translated_ends(topology: Topology) -> frozenset[str]:
    """The interfaces, as flows call them, that connect to a peer of IPv4 and that none connects
    to: a NAT gateway sends on what they send."""
    exposed = exposed_ends(topology)
    sockets = ((each.client_socket.connects_by, each.server) for each in topology.connections)
    plain = ((each.client, each.server) for each in topology.flows)
    return frozenset(
        client
        for client, server in (*sockets, *plain)
        if server in topology.peers
        and client in topology.interfaces
        and client not in exposed
        and 4 in topology.versions_of(server)
    )


def with_zonal_nat(topology: Topology) -> Topology:
    """The topology with the segment in which NAT gateways stand; itself, where none stands in any.

    IPv6 has no business there: its way out is another.
    """
    if topology.nat != "zonal" or SEGMENT in topology.segments or not translated_ends(topology):
        return topology
    segment = Segment(name=SEGMENT, purpose="the way to peers on the internet", ipv6=False)
    return topology.but(segments={**topology.segments, SEGMENT: segment})


def nat_needs(
    protocol: int, ports: PortRange, of: tuple[IPNetwork, IPNetwork], client_ports: PortRange
) -> Iterator[Need]:
    """What the NACL of the gateways lets pass for a client's block and a server's network, `of`."""
    client, server = of
    yield from server_needs(protocol, ports, client, client_ports)
    yield from client_needs(protocol, ports, server, ANY_CLIENT_PORTS)


def nat_tells(client: IPNetwork, refused: Refused) -> Iterator[Need]:
    """What it lets pass so that routers of the internet tell a client's block that a packet is too
    large: in from everybody, and on."""
    yield from told_by_anybody(4, refused[Direction.INGRESS])
    yield from telling_needs(Direction.EGRESS, client)
