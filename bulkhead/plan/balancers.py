"""Network Load Balancers, where a topology asks for some: `via: nlb`.

Each is planned as a service of a segment that no topology writes, with a group of its own and one
interface in each zone, so that everything that is true of services is true of it. A connection to
a socket behind it is two: to the load balancer, and from there to each copy.

Targets see the load balancer's address and not the client's (`preserve_client_ip.enabled` is off),
as its health checks come from it in any case
(docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html,
target-group-health-checks.html): so the group of the copies lets in the group of the load balancer
and nobody else, and their network ACL its block. What is lost is the client's address. A health
check is a connection to the very port, and so the same flow.

It sends to copies in all zones, for which of them has some nobody can rely on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.intent import Connection, Segment, Service, Socket, Topology
from bulkhead.network import TCP, BalancedPort, Interface, LoadBalancer
from bulkhead.network.balancers import (
    balancer_before,
    is_behind,
    is_planned_balancer,
    is_public_balancer,
)
from bulkhead.plan.existing import vpc_id
from bulkhead.problems import Problem

SEGMENT: Final = "NLB"
"""Where load balancers are: a name that no segment of a topology can have."""
IDLE: Final = 350
"""Seconds, AWS's default
(docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html)."""
_LISTENERS: Final = 50
_TARGETS: Final = 500
_BALANCERS: Final = 50
"""For each load balancer, with copies in all zones, and for each Region
(docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html)."""


def balancer_of(topology: Topology, connection: Connection) -> str | None:
    """What its client connects to in place of the server's copies; None where to these."""
    if not connection.leaves_host:
        return None
    public = connection.client in topology.peers
    via = connection.exposed_via if public else connection.server_socket.via
    return balancer_before(connection.server, public=public) if via else None


def with_balancers(topology: Topology) -> Topology:
    """The topology with a service for each load balancer, and its connections by way of these.

    Itself, where nobody asks for one.
    """
    if SEGMENT in topology.segments:
        return topology
    doors: dict[str, dict[str, Socket]] = defaultdict(dict)
    connections: list[Connection] = []
    onward: dict[tuple[str, str], Connection] = {}
    for each in topology.connections:
        name = balancer_of(topology, each)
        if name is None:
            connections.append(each)
            continue
        door = doors[name].setdefault(each.server_socket.name, _door(name, each.server_socket))
        connections.append(each.model_copy(update={"server": name, "server_socket": door}))
        onward.setdefault(
            (name, door.name),
            each.model_copy(
                update={
                    "client": name,
                    # What it sends on is what its clients say.
                    "client_socket": door.model_copy(update={"type": each.client_socket.type}),
                    "path": _asked_for(each),
                }
            ),
        )
    if not doors:
        return topology
    purpose = "load balancers before services"
    # They have IPv4 alone where nobody asks for more (docs.aws.amazon.com/elasticloadbalancing/
    # latest/network/create-network-load-balancer.html), and one keeps out of the other's way.
    segment = Segment(name=SEGMENT, purpose=purpose, ipv6=False, isolation="service")
    return topology.but(
        segments={**topology.segments, SEGMENT: segment},
        services={
            **topology.services,
            **{name: _balancer(topology, name, sockets) for name, sockets in doors.items()},
        },
        connections=(*connections, *onward.values()),
    )


def _asked_for(connection: Connection) -> tuple[str, ...]:
    """Where it is written that there is one."""
    client, server = connection.client_socket, connection.server_socket
    at = ("services", server.owner, "sockets", server.name)
    if connection.exposed_via and not (server.exposure and server.exposure.via):
        return ("peers", client.owner, "sockets", client.name, "exposure", "via")
    return (*at, "exposure", "via") if connection.exposed_via else (*at, "via")


def _door(balancer: str, socket: Socket) -> Socket:
    """Where a load balancer waits for a socket: at the ports where others reach that."""
    bind = tuple(each.from_outside.model_copy(update={"address": "*"}) for each in socket.listens)
    return socket.model_copy(
        update={
            "owner": balancer,
            "bind": tuple(each.model_copy(update={"published": None}) for each in bind),
            "connect": (),
        }
    )


def _balancer(topology: Topology, name: str, sockets: Mapping[str, Socket]) -> Service:
    behind = topology.services[is_behind(name)]
    public = is_public_balancer(name)
    return Service(
        name=name,
        segment=SEGMENT,
        replicas=len(topology.zones),
        fewest=len(topology.zones),
        # docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html
        client_ports="any",
        # docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html, "Resources that
        # migrate automatically"; what it does not let, a TLS listener, no load balancer here has.
        held_to_encrypt=topology.vpc_enforces_encryption,
        sockets=sockets,
        purpose=f"the load balancer before {behind.name}",
        owner=topology.owners[behind.name] or None,
        data=topology.classifications[behind.name] or None,
        was=tuple(balancer_before(each, public=public) for each in behind.was),
    )


def load_balancers(topology: Topology, interfaces: Iterable[Interface]) -> Iterator[LoadBalancer]:
    """Those that were asked for, with where each passes on what comes to which of its ports."""
    placed: dict[str, list[Interface]] = defaultdict(list)
    for each in interfaces:
        placed[each.service or ""].append(each)
    for name, service in topology.services.items():
        if not is_planned_balancer(name):
            continue
        copies = placed[is_behind(name)]
        yield LoadBalancer(
            id=f"nlb/{name}",
            name=name,
            vpc=vpc_id(topology),
            interfaces=tuple(each.id for each in placed[name]),
            listeners=tuple(
                BalancedPort(
                    protocol=TCP,
                    port=port,
                    targets=tuple((each.id, port) for each in copies),
                    keeps_client_address=False,
                    tcp_idle=IDLE,
                    crosses_zones=True,
                )
                for port in _ports(service)
            ),
        )


def _ports(service: Service) -> list[int]:
    every = (endpoint for each in service.sockets.values() for endpoint in each.listens)
    return sorted({each.outside[0] for each in every if each.outside is not None})


def too_much_for_balancers(topology: Topology) -> Iterator[Problem]:
    """What AWS does not take of them."""
    every = [each for each in topology.services.values() if is_planned_balancer(each.name)]
    if len(every) > _BALANCERS:
        what = f"the plan has {len(every)} load balancers, the quota is {_BALANCERS} per Region"
        yield Problem(*topology.place_of("services"), what, "let fewer services have via: nlb")
    for each in every:
        behind = topology.services[is_behind(each.name)]
        place = topology.place_of("services", behind.name)
        if (ports := len(_ports(each))) > _LISTENERS:
            what = f"{each.name} would have {ports} listeners, and {_LISTENERS} fit"
            yield Problem(*place, what, "let fewer of its sockets have via: nlb")
        if (targets := len(_ports(each)) * behind.replicas) > _TARGETS:
            what = f"{each.name} would have {targets} targets, and {_TARGETS} fit"
            yield Problem(*place, what, "write fewer replicas, or fewer sockets with via: nlb")
