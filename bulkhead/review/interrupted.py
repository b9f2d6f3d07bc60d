"""What goes and comes anew from one network to the other, and what that interrupts.

Of a plan, what the engine cannot change in place. The provider's schema says which field that
is (ForceNew), and CloudFormation's pages say the same of AWS itself ("Update requires:
Replacement"): of a subnet its zone and blocks, of an interface its subnet and primary address,
of a customer gateway everything, of a VPN connection the networks inside its tunnels.
(github.com/hashicorp/terraform-provider-aws, internal/service/ec2)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any, Final

from bulkhead.compare.pairing import match
from bulkhead.network import (
    CustomerGateway,
    Interface,
    Network,
    SecurityGroup,
    Subnet,
    Tunnel,
    Vpc,
    VpnConnection,
)
from bulkhead.review import ways
from bulkhead.review.engine import said_by_engine, why
from bulkhead.review.interruption import Interruption
from bulkhead.review.reviewed import Replacement
from bulkhead.review.version import Version


def interrupted(base: Version, head: Version) -> Iterator[Replacement]:
    """Everything that is replaced, what interrupts most first."""
    found = [*_between(base, head)]
    yield from sorted(found, key=lambda each: _ORDER.index(each.interrupts))


_ORDER: Final = tuple(Interruption)


def _between(base: Version, head: Version) -> Iterator[Replacement]:
    both = _Both(base, head)
    if base.declaration and not head.declaration:
        # Differences of what stands from its plan are findings, and nobody replaces them.
        yield from said_by_engine(head.replaced or (), (), head.origins)
        return
    whole = [*both.vpcs()]
    yield from whole
    if not whole:
        yield from both.subnets()
        yield from both.associations()
        yield from both.groups()
        yield from both.interfaces()
        yield from both.client_ports()
    yield from both.connections()
    yield from both.renamed_connections()
    if not whole:
        yield from said_by_engine(head.replaced or (), both.told, head.origins)


class _Both:
    """Both networks, and which thing of one is which of the other: by name, else by id."""

    def __init__(self, base: Version, head: Version) -> None:
        self._head = head
        self._one, self._other = base.network, head.network
        planned = base.declaration or head.declaration
        self._found_twice = planned is None
        """Whether both stand in AWS, which gives what is new another id."""
        self._planned_twice = None not in (base.declaration, head.declaration)
        self._engine = {each.new_id: each for each in head.replaced or ()}
        self.told: set[str] = set()
        """Ids in HEAD."""

    def _pairs(
        self, kind: str, inside: Callable[[Network, Any], Hashable]
    ) -> list[tuple[Any, Any]]:
        sides = [
            [
                (network, each)
                for each in getattr(network, kind)
                if kind == "vpcs" or not network.is_others(each.id)
            ]
            for network in (self._one, self._other)
        ]
        found = match(
            sides,
            lambda side: (inside(*side), side[1].name) if side[1].name else None,
            lambda side: side[1].id,
        )
        return [(one, other) for (_, one), (_, other) in found]

    def _another(self, one: Any, other: Any) -> list[str]:
        new = self._found_twice and one.id != other.id
        if new and (engine := self._engine.get(other.id)):
            return [why(engine)]
        return [f"{one.id} is now {other.id}"] if new else []

    def _said(self, way: ways.Manner, thing: Any, reasons: Iterable[str]) -> Replacement:
        self.told.add(thing.id)
        return Replacement(
            kind=way.kind,
            name=thing.name,
            why=", ".join(reasons),
            interrupts=way.interrupts,
            means=way.means,
            page=way.page,
            origin=self._head.origins.of(thing.id),
            steps=thing.id in self._engine,
        )

    def vpcs(self) -> Iterator[Replacement]:
        one: Vpc
        pairs = self._pairs("vpcs", lambda _, __: None)
        if self._planned_twice and not pairs:
            pairs = [*zip(self._one.vpcs, self._other.vpcs, strict=False)]
        for one, other in pairs:
            reasons = self._another(one, other)
            if self._planned_twice and one.name != other.name:
                reasons.append(f"{one.name} is called {other.name} now: the engine makes another")
            reasons += _differ("Region", one.region, other.region)
            if not (self._one.is_others(one.id) and self._other.is_others(other.id)):
                reasons += _differ("block", one.cidrs[:1], other.cidrs[:1])
            if reasons:
                yield self._said(ways.VPC, other, reasons)

    def subnets(self) -> Iterator[Replacement]:
        one: Subnet
        for one, other in self._pairs("subnets", _vpc_of):
            if reasons := self._another(one, other) + _moved(one, other):
                yield self._said(ways.SUBNET, other, reasons)

    def associations(self) -> Iterator[Replacement]:
        for one, other in self._pairs("subnets", _vpc_of):
            was, now = self._one.nacl.get(one.nacl), self._other.nacl.get(other.nacl)
            if was and now and was.name != now.name and not _moved(one, other):
                yield self._said(ways.ACL, other, _differ("NACL", was.name, now.name))

    def groups(self) -> Iterator[Replacement]:
        one: SecurityGroup
        for one, other in self._pairs("security_groups", _vpc_of):
            if reasons := self._another(one, other):
                yield self._said(ways.GROUP, other, reasons)

    def interfaces(self) -> Iterator[Replacement]:
        """Replicas that are replaced for the same reason are told as one."""
        found: dict[Hashable, list[tuple[Interface, list[str]]]] = defaultdict(list)
        for one, other in self._pairs("interfaces", _service_of):
            if one.stand_in or other.stand_in:
                continue  # whoever runs there comes and goes without us
            home, new_home = self._one.subnet.get(one.subnet), self._other.subnet.get(other.subnet)
            reasons = self._another(one, other)
            if home and new_home:
                if home.name == new_home.name and _moved(home, new_home):
                    reasons.append(f"subnet {new_home.name} is replaced")
                reasons += _differ("subnet", home.name, new_home.name)
            reasons += _differ("address", one.address, other.address)
            if reasons:
                kinds = tuple(each.partition(" ")[0] for each in reasons)
                found[other.service or other.id, kinds].append((other, reasons))
        for several in found.values():
            first, reasons = several[0]
            way = ways.INTERFACE if len(several) == 1 else ways.INTERFACES
            told = self._said(way, first, reasons)
            self.told.update(each.id for each, _ in several)
            yield replace(told, name=", ".join(each.name for each, _ in several))

    def client_ports(self) -> Iterator[Replacement]:
        """From which ports a service connects: of two plans, each with NACLs for its own."""
        if not (self._planned_twice and self._head.declaration):
            return
        clients = {each.client for each in self._head.declaration.flows}
        told: set[str | None] = set()
        for one, other in self._pairs("interfaces", _service_of):
            was, now = one.client_ports, other.client_ports
            within = now.first <= was.first and was.last <= now.last
            if other.service in clients - told and not within:
                told.add(other.service)
                said = self._said(ways.CLIENT_PORTS, other, [f"{was} are now {now}"])
                yield replace(said, name=other.service)

    def connections(self) -> Iterator[Replacement]:
        one: VpnConnection
        for one, other in self._pairs("vpn_connections", lambda _, each: each.site):
            inside = [
                f"inside network of tunnel {number} {was.inside_cidr} is now {now.inside_cidr}"
                for number, was, now in _tunnels(one, other)
                if None not in (was.inside_cidr, now.inside_cidr)
                and was.inside_cidr != now.inside_cidr
            ]
            regions = _region(self._one, one), _region(self._other, other)
            elsewhere = [] if None in regions else _differ("Region", *regions)
            new = self._another(one, other) + elsewhere + inside
            moved = self._gateways(one, other)
            options = [
                f"tunnel {number}: {', '.join(_options(was, now))}"
                for number, was, now in _tunnels(one, other)
                if _options(was, now)
            ]
            numbers, routing = self._numbers(one, other), _another_routing(one, other)
            if numbers:
                way, reasons = ways.ANOTHER_ASN, numbers
            elif routing:
                way, reasons = ways.OTHER_ROUTING, routing
            elif new:
                way, reasons = ways.NEW_TUNNELS, new
            elif moved:
                way, reasons = ways.OTHER_GATEWAY, moved
            else:
                way = ways.ONE_TUNNEL if len(options) == 1 else ways.BOTH_OPTIONS
                reasons = options
            if reasons:
                yield self._said(way, other, reasons)
            if new or moved or routing:  # which is all that a new gateway of it does
                self.told |= {other.customer_gateway, other.vpn_gateway or ""}

    def renamed_connections(self) -> Iterator[Replacement]:
        """Of a site that is called otherwise the engine makes another, to the same device."""
        matched = self._pairs("vpn_connections", lambda _, each: each.site)
        known = {id(each) for pair in matched for each in pair}
        sides = [
            [(network, each) for each in network.vpn_connections if id(each) not in known]
            for network in (self._one, self._other)
        ]
        for (_, one), (_, other) in match(sides, lambda side: _device_of(*side)):
            if one.site == other.site:  # the engine says why it makes another
                continue
            why = f"site {one.site} is called {other.site} now, and the engine makes another"
            yield replace(self._said(ways.NEW_TUNNELS, other, [why]), name=one.name)

    def _numbers(self, one: VpnConnection, other: VpnConnection) -> list[str]:
        """What AWS's side is called in BGP, which a gateway keeps for life."""
        was, now = (
            {each.id: each.asn for each in network.vpn_gateways}.get(connection.vpn_gateway)
            for network, connection in ((self._one, one), (self._other, other))
        )
        return [] if None in (was, now) else _differ("the ASN of AWS's side", was, now)

    def _gateways(self, one: VpnConnection, other: VpnConnection) -> list[str]:
        """What leads a connection to another device, or to another gateway of AWS."""
        was, now = _device(self._one, one), _device(self._other, other)
        reasons = []
        if was and now:
            reasons += _differ("address of the site's device", was.address, now.address)
            reasons += _differ("its ASN", was.asn, now.asn)
        ends = [
            {each.id: each.name for each in network.vpn_gateways}.get(connection.vpn_gateway)
            for network, connection in ((self._one, one), (self._other, other))
        ]
        return reasons + (_differ("VPN gateway", *ends) if None not in ends else [])


def _another_routing(one: VpnConnection, other: VpnConnection) -> list[str]:
    """AWS changes it of no connection that stands."""
    known = None not in (one.routing, other.routing)
    return _differ("routing", one.routing, other.routing) if known else []


def _device(network: Network, connection: VpnConnection) -> CustomerGateway | None:
    wanted = connection.customer_gateway
    return next((each for each in network.customer_gateways if each.id == wanted), None)


def _device_of(network: Network, connection: VpnConnection) -> Hashable:
    found = _device(network, connection)
    named = found and found.address and connection.site
    return (found.address, found.asn) if found and named else None


def _region(network: Network, connection: VpnConnection) -> str | None:
    vpcs = (each.vpc for each in network.vpn_gateways if each.id == connection.vpn_gateway)
    return next((network.vpc[each].region for each in vpcs if each in network.vpc), None)


def _tunnels(one: VpnConnection, other: VpnConnection) -> Iterator[tuple[int, Tunnel, Tunnel]]:
    for number, (was, now) in enumerate(zip(one.tunnels, other.tunnels, strict=False), 1):
        yield number, was, now


def _options(was: Tunnel, now: Tunnel) -> list[str]:
    """What a tunnel may negotiate otherwise; a changed network inside is another connection."""
    return [
        f"{each.name.replace('_', ' ')} {_value(getattr(was, each.name))} is now "
        f"{_value(getattr(now, each.name))}"
        for each in fields(Tunnel)
        if each.name != "inside_cidr" and _changes(getattr(was, each.name), getattr(now, each.name))
    ]


def _changes(was: object, now: object) -> bool:
    """Whether a call is made: what no plan asks for is left as it stands."""
    return now is not None and was != now


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return "/".join(map(str, value)) or "AWS's default"
    if value is None:
        return "not said"
    return str(value)


def _moved(one: Subnet, other: Subnet) -> list[str]:
    return _differ("zone", one.zone, other.zone) + _differ("block", one.cidr, other.cidr)


def _differ(what: str, was: object, now: object) -> list[str]:
    if was == now:
        return []
    return [f"{what} {_value(was)} is now {_value(now)}"]


def _vpc_of(network: Network, thing: Any) -> Hashable:
    vpc = network.vpc.get(thing.vpc)
    return vpc.name if vpc else None


def _service_of(_: Network, interface: Interface) -> Hashable:
    return interface.service
