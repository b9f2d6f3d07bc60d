"""A packet under way, and what is asked of it wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from ipaddress import IPv4Address
from typing import Any, NamedTuple

from bulkhead.doubt.smt.acls import acl, acl_of_end
from bulkhead.doubt.smt.encoding import Encoding
from bulkhead.doubt.smt.in_doubt import in_doubt
from bulkhead.doubt.smt.terms import Formula, Header, all_of, among, any_of, either, same
from bulkhead.network import Direction, NatGateway, Network, PublicAccess, TargetKind


class Leg(Enum):
    """A stretch of the way between two hosts that a NAT gateway may stand between."""

    CLIENT = "the client's side of the NAT gateway, or all where there is none"
    FAR = "beyond the NAT gateway"


class Inspected(NamedTuple):
    """A firewall endpoint that has seen the packet, and where."""

    endpoint: str
    leg: Leg


class SentOn(NamedTuple):
    """A NAT gateway that a packet came through, and the address that it has from there.

    A regional one shows none, but the zone in which it sent the packet on.
    """

    gateway: str
    address: IPv4Address | None
    zone: str = ""


class TransitDoor(NamedTuple):
    """An attachment of a transit gateway."""

    gateway: str
    attachment: str


@dataclass(frozen=True, slots=True)
class Trail:
    """What a packet has been through, as far as it matters later."""

    nat: SentOn | None = None
    ipv4: Header | None = None
    """What the NAT gateway made of a packet of IPv6: one of IPv4 (NAT64)."""
    over_transit: bool = False
    egress_references: bool = True
    """Whether references to groups still count among the sender's rules."""
    ingress_references: bool = True
    entered: frozenset[str | TransitDoor] = frozenset()
    """NAT gateways, firewall endpoints and doors that it must not enter again."""
    inspected: frozenset[Inspected] = frozenset()
    left_by: TargetKind | None = None
    """What led it out of a VPC to the internet."""
    behind: str | None = None
    """The site by whose tunnel it came from, or went to, an end that is no site's."""
    kept_to: frozenset[tuple[str, str, str]] = frozenset()
    """Gateway, attachment in appliance mode, and the subnet by which it came out."""

    def unreferable(self) -> Trail:
        """No longer the direct way: no rule may name the other end by its group."""
        return replace(self, egress_references=False, ingress_references=False)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a packet leaves from: one subnet, or several that route alike; none at an edge."""

    subnets: frozenset[str]
    vpc: str
    zone: str = ""
    table: str = ""
    access: PublicAccess = PublicAccess.OPEN
    inspected: bool = False


def spot_of(network: Network, subnet: str) -> Spot:
    """The spot that is one subnet."""
    each = network.subnet[subnet]
    return Spot(
        frozenset((subnet,)),
        each.vpc,
        each.zone,
        each.route_table,
        each.public_access,
        each.inspected,
    )


Arrival = Callable[[Header, Trail], Formula]


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """What is asked of every packet that goes one way, there or back.

    A way is read from its end: every step puts its own conditions around what
    `arrival` says of a packet that is there.
    """

    encoding: Encoding
    arrival: Arrival
    unknown: bool
    """What whatever is unknown counts as; if as true, one of several candidates is enough."""
    out_of_sight: Formula = True
    """What is asked of a packet that goes where nobody can follow, if the unknown is true."""
    answering: bool = False
    behind: str | None = None
    """Of a reply: the site by whose tunnel the request came from outside, or went there."""
    kept_to: frozenset[tuple[str, str, str]] = frozenset()
    """Of a reply: by which subnets its request came out of attachments in appliance mode."""
    towards: NatGateway | None = None
    """Of a reply: the NAT gateway that it comes to first."""
    let_in: bool = False
    """Of a reply: whether the egress-only gateway by which its request left lets it in."""
    leg: Leg = Leg.CLIENT
    filtered: bool = True
    """Whether ACLs and firewalls are asked at all, or routes alone."""
    made: dict[Any, Formula] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Traveller:
    """A packet on a way, with what it has been through."""

    way: Way
    header: Header
    trail: Trail = field(default_factory=Trail)

    @property
    def encoding(self) -> Encoding:
        return self.way.encoding

    @property
    def network(self) -> Network:
        return self.way.encoding.network

    @property
    def made(self) -> dict[Any, Formula]:
        return self.way.made

    def after(self, trail: Trail) -> Traveller:
        return replace(self, trail=trail)

    def arrives(self) -> Formula:
        """What is asked of it at the end of its way."""
        return self.way.arrival(self.header, self.trail)

    def vanishes(self) -> Formula:
        """What is asked of it where nobody can follow."""
        return self.way.unknown and self.way.out_of_sight

    def unless_in_doubt(self, scope: str, rest: Formula) -> Formula:
        """The rest, unless the thing itself is in doubt: then it vanishes there."""
        doubt = in_doubt(self.encoding, scope, self.header.cell)
        return either(doubt, self.vanishes(), rest)

    def by_any(self, candidates: Iterable[Formula]) -> Formula:
        """By one of several ways, of which AWS does not say by which."""
        several = list(candidates)
        return bool(several) and (any_of(several) if self.way.unknown else all_of(several))

    # Where it is and where it goes

    def is_from_vpc(self, vpc: str) -> Formula:
        """Whether it comes from an address of the VPC: its gateways carry no other."""
        return self.encoding.within(self.header.source, self.network.vpc[vpc].cidrs)

    def is_for_vpc(self, vpc: str) -> Formula:
        return among(self.header.target, self.encoding.in_vpc(vpc))

    def is_for_subnet(self, subnet: str) -> Formula:
        return same(self.header.target, self.encoding.subnet(subnet))

    def is_for_internet(self) -> Formula:
        return not self.way.behind and same(self.header.target, self.encoding.internet)

    def is_for_sites(self, sites: Iterable[str]) -> Formula:
        several = set(sites)
        tunnelled = self.way.behind in several and self.is_for_outside()
        return any_of((among(self.header.target, map(self.encoding.site, several)), tunnelled))

    def is_for_outside(self) -> Formula:
        """Whether it is for somebody who is in no VPC and at no site."""
        return among(self.header.target, self.encoding.outside)

    def is_in(self, spot: Spot, subnet: str) -> Formula:
        """Whether it is the one subnet of a spot that it stands in."""
        if len(spot.subnets) == 1:
            return subnet in spot.subnets
        return subnet in spot.subnets and same(self.header.origin, self.encoding.subnet(subnet))

    # The ACLs that it meets

    def passes_out_of(self, spot: Spot) -> Formula:
        if not self.way.filtered:
            return True
        unknown = self.way.unknown
        if len(spot.subnets) > 1:
            return acl_of_end(self.encoding, Direction.EGRESS, self.header, unknown=unknown)
        (subnet,) = spot.subnets
        return acl(self.encoding, Direction.EGRESS, subnet, self.header, unknown=unknown)

    def passes_into(self, subnet: str) -> Formula:
        unknown = self.way.unknown
        return not self.way.filtered or acl(
            self.encoding, Direction.INGRESS, subnet, self.header, unknown=unknown
        )

    def passes_on_into(self, subnet: str, spot: Spot) -> Formula:
        """Into a subnet that it only passes through, if it is not there already."""
        return any_of((self.is_in(spot, subnet), self.passes_into(subnet)))

    def delivered_in(self, vpc: str) -> Formula:
        """To its target in the VPC, past the ACL there."""
        passes = not self.way.filtered or acl_of_end(
            self.encoding, Direction.INGRESS, self.header, unknown=self.way.unknown
        )
        return all_of((self.is_for_vpc(vpc), passes, self.arrives()))
