"""From a topology and its plan to what each of its programs needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from ipaddress import IPv4Network, IPv6Address

from bulkhead.intent import Connection, Socket, Topology
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.network import TCP, Flow, Interface, is_of_family
from bulkhead.network.ipv6_blocks import stands_in
from bulkhead.plan import Plan
from bulkhead.plan.aws_needs import host_of
from bulkhead.plan.balancers import IDLE as NLB_IDLE
from bulkhead.plan.balancers import balancer_of
from bulkhead.plan.dns import host_name
from bulkhead.settings.addresses import bound_at, reached_at, through
from bulkhead.settings.beside import beside
from bulkhead.settings.entries import (
    BindsAt,
    ComingCopies,
    ConnectsTo,
    Copy,
    CopyInterface,
    OwnerSettings,
    SocketSettings,
)
from bulkhead.settings.keys import public_key, secret_key
from bulkhead.settings.profile import SocketRole, profile
from bulkhead.settings.silence import Silence, of_balancer, of_peer, of_service, of_site, shortest


def settings(topology: Topology, plan: Plan, owner: str, copy: int | None = None) -> OwnerSettings:
    """What the programs of a service or a site need; of one copy where that is named.

    Raises KeyError for an owner that there is not, ValueError for a copy.
    """
    return _Known(topology, plan).of(owner, copy)


def every_settings(topology: Topology, plan: Plan) -> Mapping[str, OwnerSettings]:
    """Those of every service and site, by name."""
    known = _Known(topology, plan)
    return {name: known.of(name) for name in (*topology.services, *topology.sites)}


class _Known:
    """What is looked up once for all owners."""

    def __init__(self, topology: Topology, plan: Plan) -> None:
        self._topology = topology
        self._flows: dict[str, list[Flow]] = defaultdict(list)
        for flow in plan.flows:
            client, server = topology.whose(flow.client), topology.whose(flow.server.owner)
            sockets = (f"{client}.{flow.client_socket}", f"{server}.{flow.server.socket}")
            for socket in dict.fromkeys(sockets):
                self._flows[socket].append(flow)
        self._plain: dict[str, list[Flow]] = defaultdict(list)
        for flow in plan.flows:
            if not flow.client_socket:
                for name in dict.fromkeys((flow.client, flow.server.owner)):
                    self._plain[name].append(flow)
        self._outbound: dict[str, list[Connection]] = defaultdict(list)
        self._inbound: dict[str, list[Connection]] = defaultdict(list)
        for connection in topology.connections:
            if connection.server_socket.feedback:
                continue  # NORM itself answers, and no program connects.
            self._outbound[connection.client_socket.reference].append(connection)
            self._inbound[connection.server_socket.reference].append(connection)
        self._interfaces: dict[str, list[Interface]] = defaultdict(list)
        for each in plan.network.interfaces:
            self._interfaces[each.service or ""].append(each)
        self._subnet = {
            each.id: each.cidr
            for each in plan.network.subnets
            if isinstance(each.cidr, IPv4Network)
        }
        self._names = frozenset(plan.zone.names if plan.zone else ())
        self._balancer_idle = {
            each.name: min(one.tcp_idle or NLB_IDLE for one in each.listeners)
            for each in plan.network.load_balancers
        }
        self._zone = {each.id: each.zone for each in plan.network.subnets}
        self._silence = cache(self._forgotten_by)

    def _forgotten_by(self, owner: str) -> Silence:
        known = self._interfaces[owner]
        if seconds := self._balancer_idle.get(owner):
            return of_balancer(owner, seconds)
        if owner in self._topology.peers:
            asked = any(each.server == owner for each in self._topology.connections)
            return of_peer(owner, translated=asked and 4 in self._topology.versions_of(owner))
        return of_service(known) if known else of_site(owner)

    def of(self, owner: str, copy: int | None = None) -> OwnerSettings:
        place = self._topology.sites.get(owner) or self._topology.services[owner]
        copies = self._copies(owner)
        if copy is not None:
            copies = tuple(each for each in copies if each.number == copy)
            if not copies:
                raise ValueError(f"{owner} has no copy {copy}")
        return OwnerSettings(
            topology=self._topology.name,
            owner=owner,
            kind="site" if owner in self._topology.sites else "service",
            copies=copies,
            sockets=tuple(self._socket(each, copies, copy) for each in place.sockets.values()),
            coming=self._coming(owner),
            beside=tuple(
                each
                for end, interface in self._ends(owner)
                for each in beside(end, interface, self._plain[end], self._reached_by(end))
            ),
        )

    def _ends(self, owner: str) -> list[tuple[str, str]]:
        """What flows call it, and which interface that is: '' of who has but one."""
        service = self._topology.services.get(owner)
        if service is None or not service.several:
            return [(owner, "")]
        return [(each.name, each.interface) for each in service.ends]

    def _reached_by(self, end: str) -> Callable[[str, int], list[str]]:
        """By what it reaches another, with a protocol: of names hosts of the VPC alone are told
        the addresses."""
        inside = end in self._topology.interfaces

        def places(other: str, protocol: int) -> list[str]:
            four = self._places(other, by_name=inside) if is_of_family(protocol, 4) else []
            both = is_of_family(protocol, 6) and self._has_ipv6(end)
            return [*four, *(self._places_of_ipv6(other) if both else ())]

        return places

    def _has_ipv6(self, end: str) -> bool:
        return any(each.ipv6_addresses for each in self._interfaces[end])

    def _places_of_ipv6(self, end: str) -> list[str]:
        every = (one for each in self._interfaces[end] for one in each.ipv6_addresses)
        return [str(each) for each in every if not stands_in(each)]

    def _host(self, end: str, number: int) -> str:
        """What DNS calls a copy; '' where it has no name."""
        name = f"{host_name(end, number)}.{self._topology.dns}"
        return name if name in self._names else ""

    def _places(self, owner: str, *, by_name: bool) -> list[str]:
        """Of each copy of a service, or the networks of a site; a service of AWS by its name."""
        if name := host_of(owner, self._topology.region):
            return [name]
        site = self._topology.outside.get(owner)
        if site is not None:
            return [str(each) for each in site.cidrs]
        if coming := self._coming(owner):
            return [str(each) for each in coming.within]
        return [
            (by_name and self._host(owner, number)) or str(each.address)
            for number, each in enumerate(self._interfaces[owner], start=1)
        ]

    def _comes_and_goes(self, owner: str) -> bool:
        service = self._topology.services.get(owner)
        return service is not None and service.comes_and_goes

    def _coming(self, owner: str) -> ComingCopies | None:
        if not self._comes_and_goes(owner):
            return None
        service = self._topology.services[owner]
        return ComingCopies(
            fewest=0 if service.is_function else service.fewest,
            most=None if service.is_function else service.replicas,
            within=tuple(self._subnet[each.subnet] for each in self._interfaces[owner]),
        )

    def _number_of(self, owner: str) -> int:
        """How many copies there may be."""
        if self._comes_and_goes(owner):
            return self._topology.services[owner].replicas
        return len(self._interfaces.get(owner, (1,)))

    def _copies(self, owner: str) -> tuple[Copy, ...]:
        """As the plan has them: in the order of their numbers; none where they come and go."""
        if self._comes_and_goes(owner):
            return ()
        return tuple(
            Copy(
                number=number,
                name=each.name,
                address=each.address,
                host=self._host(owner, number),
                ipv6=_ipv6(each),
                instance_type=each.instance_type or "",
                interfaces=self._of_copy(owner, number),
            )
            for number, each in enumerate(self._interfaces[owner], start=1)
        )

    def _of_copy(self, owner: str, number: int) -> tuple[CopyInterface, ...]:
        ends = self._ends(owner)
        return tuple(
            CopyInterface(
                end=end,
                interface=interface,
                name=each.name,
                address=each.address,
                host=self._host(end, number),
                ipv6=_ipv6(each),
            )
            for end, interface in (ends if len(ends) > 1 else ())
            for each in (self._interfaces[end][number - 1],)
        )

    def _socket(self, socket: Socket, copies: Sequence[Copy], copy: int | None) -> SocketSettings:
        curve = socket.mechanism is Mechanism.CURVE
        name = self._topology.name
        plain = not socket.type.speaks_zmtp and socket.mechanism.of_zmtp
        met_by = self._flows[socket.reference]
        flows = [each for each in met_by if each.server.protocol == TCP]
        inbound = self._inbound.get(socket.reference, ())
        outbound = self._outbound.get(socket.reference, ())
        bind = tuple(self._bound(socket, copies))
        connect = tuple(self._reached(socket, copy))
        met = [each.endpoint for each in bind]
        met += [one for each in connect for one in (each.endpoint, *each.also)]
        later = any(each.later for each in bind) or any(each.later for each in connect)
        return SocketSettings(
            name=socket.name,
            type=str(socket.type),
            mechanism="" if plain else str(socket.mechanism),
            zap=socket.zap,
            vpc_encrypts=bool(met_by) and all(each.vpc_encrypts for each in met_by),
            bind=bind,
            connect=connect,
            profile=profile(
                socket,
                SocketRole(
                    binds=bool(socket.listens),
                    connects=any(each.leaves_host for each in outbound),
                    clients=sum(self._number_of(each.client) for each in inbound),
                    domain=socket.reference if socket.zap and socket.bind else "",
                    ipv6=later or any("://[" in each for each in met if each),
                ),
                shortest(flows, self._silence) if flows else None,
            ),
            public_key=public_key(name, socket) if curve else None,
            secret_key=secret_key(name, socket) if curve else None,
            client_keys=tuple(public_key(name, each.client_socket) for each in inbound)
            if curve and socket.zap
            else (),
        )

    def _bound(self, socket: Socket, copies: Sequence[Copy]) -> Iterator[BindsAt]:
        for endpoint in socket.bind:
            yield from bound_at(
                endpoint,
                socket.reached_at(endpoint),
                copies,
                socket.at,
                comes_and_goes=self._comes_and_goes(socket.owner),
            )

    def _reached(self, socket: Socket, copy: int | None) -> Iterator[ConnectsTo]:
        for each in self._outbound.get(socket.reference, ()):
            curve = each.mechanism == Mechanism.CURVE and each.transport != "inproc"
            key = public_key(self._topology.name, each.server_socket) if curve else None
            itself = copy if each.client == each.server else None
            if balancer := balancer_of(self._topology, each):
                yield through(each, self._doors(balancer, socket, copy), key)
                continue
            yield from reached_at(
                each,
                self._copies(each.server),
                key,
                leave_out=itself,
                by_name=socket.owner in self._topology.services,
                ipv6=self._has_ipv6(socket.connects_by),
                peer=self._topology.peers.get(each.server),
                comes_and_goes=self._comes_and_goes(each.server),
            )

    def _doors(self, balancer: str, socket: Socket, copy: int | None) -> list[str]:
        """By what a load balancer is reached: by its name, where its client can ask for that, or
        by its addresses, that in the zone of the copy first."""
        name = f"{host_name(balancer)}.{self._topology.dns}"
        if socket.owner in self._topology.services and name in self._names:
            return [name]
        own = self._interfaces[socket.connects_by]
        zone = self._zone[own[copy - 1].subnet] if copy and copy <= len(own) else ""
        doors = sorted(self._interfaces[balancer], key=lambda each: self._zone[each.subnet] != zone)
        return [str(each.address) for each in doors]


def _ipv6(interface: Interface) -> IPv6Address | None:
    return next(iter(interface.ipv6_addresses), None)
