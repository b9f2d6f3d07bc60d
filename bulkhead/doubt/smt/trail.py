"""What a packet has been through, and what all steps of its way share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from bulkhead.doubt.smt.filters import Layers
from bulkhead.doubt.smt.terms import Formula, Header, all_of, among, any_of, either, inside, same
from bulkhead.network import Direction, NatGateway, PublicAccess, Route, VpnConnection


@dataclass(frozen=True, slots=True)
class Trail:
    """What a packet went through so far, as far as it matters later."""

    nat: str = ""
    over_transit: bool = False
    sends: bool = True
    """Whether references to groups still count among the sender's rules."""
    receives: bool = True
    entered: frozenset[str] = frozenset()
    walls: frozenset[tuple[str, int]] = frozenset()
    """Firewall endpoints, and before (0) or behind (1) the NAT gateway."""
    left_by: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a packet leaves from: one subnet, or several that route alike."""

    subnets: frozenset[str]
    vpc: str
    zone: str
    table: str
    access: PublicAccess


Final = Callable[[Header, Trail], Formula]


class Steps(ABC):
    """A way is read backwards: `final` says what must hold at the end.

    Every step wraps it in its own conditions. A way is for one reading of the
    unknown (`open_`): then an unknown passes, and one of several candidates is
    enough.
    """

    def __init__(
        self,
        layers: Layers,
        final: Final,
        unsure: Callable[[Trail], Formula],
        *,
        open_: bool,
        answering: bool = False,
        towards: NatGateway | None = None,
        leg: int = 0,
    ) -> None:
        self.layers, self.atlas, self.network = layers, layers.atlas, layers.network
        self.final, self.open_, self.answering, self.leg = final, open_, answering, leg
        self._unsure, self._towards = unsure, towards
        self._kept: dict[tuple[object, ...], tuple[Formula, object]] = {}

    def unsure(self, trail: Trail) -> Formula:
        return self._unsure(trail) if self.open_ else False

    def _known(self, scope: str, header: Header, trail: Trail, rest: Formula) -> Formula:
        """The rest, unless the thing itself is in doubt."""
        return either(self.layers.doubt(scope, header.protocol), self.unsure(trail), rest)

    def _candidates(self, formulas: Iterable[Formula]) -> Formula:
        several = list(formulas)
        return bool(several) and (any_of(several) if self.open_ else all_of(several))

    def _in(self, spot: Spot, subnet: str, header: Header) -> Formula:
        if len(spot.subnets) == 1:
            return subnet in spot.subnets
        return subnet in spot.subnets and same(header.origin, self.atlas.subnet(subnet))

    def _arrives_at_subnet(self, subnet: str, spot: Spot, header: Header) -> Formula:
        """The ACL of a subnet that the packet only passes through, if it was not there before."""
        passes = self.layers.acl(Direction.INGRESS, subnet, header, open_=self.open_)
        return any_of((self._in(spot, subnet, header), passes))

    def _spot(self, subnet: str) -> Spot:
        each = self.network.subnet[subnet]
        return Spot(frozenset((subnet,)), each.vpc, each.zone, each.route_table, each.public_access)

    def _out(self, spot: Spot, header: Header) -> Formula:
        if len(spot.subnets) > 1:
            return self.layers.acl_at(Direction.EGRESS, header, open_=self.open_)
        (subnet,) = spot.subnets
        return self.layers.acl(Direction.EGRESS, subnet, header, open_=self.open_)

    def _within(self, address: object, blocks: Iterable[IPv4Network | IPv6Network]) -> Formula:
        return any_of(
            inside(address, each) for each in blocks if each.version == self.atlas.version
        )

    def _ours(self, spot: Spot, header: Header) -> Formula:
        """Whether the packet comes from an address of the VPC: its gateways carry no other."""
        return self._within(header.source, self.network.vpc[spot.vpc].cidrs)

    def _is_internet(self, header: Header) -> Formula:
        return same(header.target, self.atlas.numbers["internet", ""])

    def _places(self) -> list[tuple[str, int]]:
        return [(place[0], number) for place, number in self.atlas.numbers.items()]

    def _sites_of(self, connection: VpnConnection) -> set[str]:
        named = {
            each.name
            for each in self.network.sites
            if each.name == connection.site or each.vpn_connection == connection.id
        }
        return named or {connection.id}

    def _nat_gateway(self, id_: str) -> NatGateway | None:
        return next((each for each in self.network.nat_gateways if each.id == id_), None)

    def _local(self, vpc: str, header: Header, trail: Trail) -> Formula:
        return all_of(
            (
                among(header.target, self.atlas.in_vpc(vpc)),
                self.layers.acl_at(Direction.INGRESS, header, open_=self.open_),
                self.final(header, trail),
            )
        )

    @abstractmethod
    def leave(self, spot: Spot, header: Header, trail: Trail) -> Formula:
        """By the route table of a subnet."""

    @abstractmethod
    def _target(self, route: Route, spot: Spot, header: Header, trail: Trail) -> Formula:
        """What a route leads to."""
