"""Where an end stands: what routes and NACLs know of it, and who else stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.prefixes import Prefix, is_ipv6
from bulkhead.network import ANY_CLIENT_PORTS, PortRange, TargetKind
from bulkhead.prove.sets.survey import Survey


@dataclass(frozen=True, slots=True)
class Called:
    """An end of IPv4 that IPv6 calls by an address of its own (NAT64)."""

    place: int
    """The first end of its standing."""
    standing: Standing
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What routes and NACLs know of an end (or of a NAT gateway, whose kind is None)."""

    home: Prefix
    kind: EndpointKind | None
    id: str
    vpc: str | None
    subnet: str | None
    public: bool
    client_ports: PortRange = ANY_CLIENT_PORTS
    ipv4: tuple[Called, ...] = ()
    """Who has the addresses of IPv4 that these stand for."""

    @property
    def opens_nothing(self) -> bool:
        """Whether it is but a name for somebody (NAT64)."""
        return bool(self.ipv4)

    @property
    def is_ipv6(self) -> bool:
        return is_ipv6(self.home)


@dataclass(frozen=True)
class Standings:
    """Ends that routes and NACLs cannot tell apart, as one: known by the first of them."""

    of: tuple[int, ...]
    """Per endpoint the first one of its standing."""
    members: Mapping[int, int]
    """First endpoint -> everybody there."""
    seen: Mapping[int, Standing]


def standings_of(survey: Survey) -> Standings:
    """Gather the ends of a network by where they stand."""
    appliances = {
        route.target_id
        for table in survey.network.route_tables
        for route in table.routes
        if route.target is TargetKind.INTERFACE
    }
    homes = survey.classes.grounds
    first: dict[tuple[object, ...], int] = {}
    members: dict[int, int] = defaultdict(int)
    firsts: list[int] = []
    for index, (endpoint, home) in enumerate(zip(survey.endpoints, homes, strict=True)):
        where = endpoint.subnet or (endpoint.kind, endpoint.id)
        # A route can lead to this interface and to no other of its subnet.
        named = endpoint.kind is EndpointKind.INTERFACE and endpoint.id in appliances
        alone = endpoint.id if named else None
        # Firewalls look at the ports that a request comes from; nothing else on its way does.
        ports = endpoint.client_ports if survey.network.firewalls else None
        called = tuple(firsts[each] for each in survey.classes.ipv4.get(index, ()))
        doubtful = survey.in_doubt >> index & 1
        key = (where, home, endpoint.public, doubtful, alone, ports, called)
        found = first.setdefault(key, index)
        members[found] |= 1 << index
        firsts.append(found)
    seen = {each: _standing(survey.endpoints[each], homes[each]) for each in members}
    for index, places in survey.classes.ipv4.items():
        if index in seen:
            meant = (
                Called(firsts[each], seen[firsts[each]], bool(survey.in_doubt >> each & 1))
                for each in places
            )
            seen[index] = replace(seen[index], ipv4=tuple(meant))
    return Standings(tuple(firsts), members, seen)


def _standing(endpoint: Endpoint, home: Prefix) -> Standing:
    return Standing(
        home=home,
        kind=endpoint.kind,
        id=endpoint.id,
        vpc=endpoint.vpc,
        subnet=endpoint.subnet,
        public=endpoint.public,
        client_ports=endpoint.client_ports,
    )
