"""Which thing of the plan is which of the account.

By what each kind of thing is known by, most telling first: never by id, which AWS
gives, and never by a name alone where something better is there, since a `Name` tag
decides nothing. Where several could be the one, it is the one that differs least, and
the others are what nobody planned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bulkhead.judge.state.content import said
from bulkhead.judge.state.members import Membership
from bulkhead.judge.state.neighbours import of_neighbours
from bulkhead.judge.state.roles import Compared, Parts, Reference
from bulkhead.judge.state.table import FIELDS, KINDS
from bulkhead.network import Network, NetworkAcl, RouteTable, SecurityGroup, VpnGateway


@dataclass(frozen=True, slots=True)
class Nobody:
    """An id of the account that no planned thing has a part in."""

    id: str


@dataclass(slots=True)
class Side:
    """One network, its ids as the plan has them."""

    network: Network
    ids: Mapping[str, str]
    """Id of a matched thing -> its id in the plan."""
    things: Mapping[str, str]
    """Id of everything here -> the field of the Network that has it."""
    planned: bool
    nacls: Mapping[str, list[str]] = field(default_factory=dict)
    tables: Mapping[str, list[str]] = field(default_factory=dict)

    def known(self, name: str) -> Hashable:
        """What an id stands for on both sides. One that is of no thing here stands for itself."""
        if self.planned:
            return name
        return self.ids.get(name) or (Nobody(name) if name in self.things else name)

    def behind(self, thing: Any) -> Hashable:
        """The subnets that a NACL guards or a table routes; None where there are none."""
        homes = self.nacls if type(thing).__name__ == "NetworkAcl" else self.tables
        return frozenset(map(self.known, homes.get(thing.id, ()))) or None

    def translating(self, table: RouteTable) -> Hashable:
        """The regional NAT gateways whose own table it is: AWS made it, and gave it no name."""
        own = (each for each in self.network.nat_gateways if each.route_table == table.id)
        return frozenset((self.known(each.vpc), each.name) for each in own) or None

    def holders(self, group: SecurityGroup) -> Hashable:
        """Where the interfaces are that hold a group; None where none does."""
        held = (each for each in self.network.interfaces if group.id in each.security_groups)
        return frozenset((self.known(each.subnet), each.address) for each in held) or None

    def may_be_nameless(self, kind: str) -> bool:
        """Whether things of a kind may be here of which only the id is known; of a plan, always."""
        return self.planned or kind in self.network.unobserved

    def led_to(self, gateway: VpnGateway) -> Hashable:
        """The sites that a VPN gateway leads to; None where there are none."""
        ends = (each for each in self.network.vpn_connections if each.vpn_gateway == gateway.id)
        return frozenset(each.site for each in ends if each.site) or None


@dataclass(frozen=True, slots=True)
class Matched:
    """A planned thing and the one that stands for it in the account."""

    kind: str
    planned: Any
    observed: Any


@dataclass(frozen=True, slots=True)
class Matching:
    """Everything of both networks, each once."""

    pairs: tuple[Matched, ...]
    lacking: tuple[tuple[str, Any], ...]
    unplanned: tuple[tuple[str, Any], ...]
    plan: Side
    account: Side
    why_no_member: Mapping[str, str] = field(default_factory=dict)
    """Of interfaces that hold the group of a service whose interfaces come and go."""

    @property
    def observed_id(self) -> Mapping[str, str]:
        """Id in the plan -> id in the account."""
        return {planned: observed for observed, planned in self.account.ids.items()}


MatchKey = Callable[[Any, Side], Hashable]


def _vpc(thing: Any, side: Side) -> Hashable:
    return side.known(thing.vpc)


def _guarding(acl: NetworkAcl, side: Side) -> Hashable:
    subnets = side.behind(acl)
    return None if acl.default or subnets is None else (subnets, acl.turn)


_BY_NAME: Final[MatchKey] = lambda each, _: each.name  # noqa: E731 - a row of the table below
_IN_VPC: Final[tuple[MatchKey, ...]] = (
    lambda each, side: (_vpc(each, side), each.name),
    _vpc,
)

_KEYS: Final[Mapping[str, tuple[MatchKey, ...]]] = {
    "vpcs": (
        lambda each, _: (each.topology, each.called),
        lambda each, _: each.topology,
        _BY_NAME,
        lambda each, _: frozenset(each.cidrs) or None,
        lambda _, __: "the only one",
    ),
    "subnets": (
        lambda each, side: (_vpc(each, side), each.cidr),
        lambda each, side: (_vpc(each, side), each.name),
    ),
    "nacls": (
        lambda each, side: (_vpc(each, side), "default") if each.default else None,
        lambda each, side: None if each.default else (_vpc(each, side), each.name),
        # One that is in the place of another is not that one, though it guards the same subnets.
        _guarding,
    ),
    "route_tables": (
        lambda each, side: side.translating(each),
        lambda each, side: (_vpc(each, side), each.name, each.main),
        lambda each, side: (_vpc(each, side), each.name),
        lambda each, side: (_vpc(each, side), "main") if each.main else None,
        lambda each, side: side.behind(each),
    ),
    "security_groups": (
        lambda each, side: (_vpc(each, side), "default") if each.default else None,
        lambda each, side: (_vpc(each, side), each.name, each.service),
        lambda each, side: (_vpc(each, side), each.name),
        lambda each, side: (_vpc(each, side), each.service) if each.service else None,
        # EKS calls its group after a cluster, and adds a number.
        lambda each, side: (_vpc(each, side), each.more_of) if each.more_of else None,
        lambda each, side: side.holders(each),
    ),
    "interfaces": (
        # Its address alone tells nothing: that was free once the planned one was gone.
        lambda each, side: (side.known(each.subnet), each.address, each.name),
        lambda each, side: (side.known(each.subnet), each.address, each.service),
        lambda each, side: (
            side.known(each.subnet),
            each.address,
            frozenset(map(side.known, each.security_groups)),
        ),
        lambda each, _: (each.name, each.service),
    ),
    "internet_gateways": _IN_VPC,
    "egress_only_gateways": _IN_VPC,
    # A VPC has one: another in its place is not it, called otherwise or not.
    "vpn_gateways": (
        _IN_VPC[0],
        lambda each, side: side.led_to(each),
        # What only a route names, where gateways could not be asked for, has no other mark.
        lambda each, side: _vpc(each, side) if side.may_be_nameless("vpn_gateways") else None,
    ),
    "customer_gateways": (
        lambda each, _: (each.name, each.address, each.asn),
        lambda each, _: (each.address, each.asn),
        _BY_NAME,
    ),
    "vpn_connections": (
        lambda each, side: (side.known(each.vpn_gateway), each.site, each.name),
        lambda each, side: (side.known(each.vpn_gateway), each.site) if each.site else None,
        _BY_NAME,
        lambda each, side: (
            side.known(each.customer_gateway),
            frozenset(each.routes),
        ),
    ),
    "sites": (_BY_NAME,),
    "nat_gateways": (
        lambda each, side: (side.known(each.subnet), each.address) if each.subnet else None,
        lambda each, side: (_vpc(each, side), each.name),
    ),
    "peerings": (
        lambda each, side: (
            each.name,
            side.known(each.requester.vpc),
            side.known(each.accepter.vpc),
        ),
        lambda each, side: (side.known(each.requester.vpc), side.known(each.accepter.vpc)),
    ),
    "transit_gateways": (_BY_NAME,),
    "transit_attachments": (
        lambda each, side: (side.known(each.gateway), each.name, side.known(each.resource)),
        lambda each, side: (side.known(each.gateway), side.known(each.resource)),
        # Two that peer name one another: neither is known before the other.
        lambda each, side: (side.known(each.gateway), each.name),
    ),
    "transit_route_tables": (lambda each, side: (side.known(each.gateway), each.name),),
    "gateway_endpoints": (
        lambda each, side: (_vpc(each, side), each.service, each.name),
        lambda each, side: (_vpc(each, side), each.service),
    ),
    "firewalls": _IN_VPC[:1],
    "load_balancers": (
        # What AWS shows of one has no tags, and the name that it goes by there is AWS's.
        lambda each, side: frozenset(map(side.known, each.interfaces)) or None,
        _IN_VPC[0],
    ),
}
"""What a thing is known by, most telling first; None is nothing to know it by."""


def matched(planned: Network, observed: Network) -> Matching:
    """Pair everything of both, kind after kind: what a thing is inside of comes before it."""
    # What others have in a VPC that is shared with them is planned under the id that it has.
    ids = {each: each for each in planned.beside if observed.is_others(each)}
    plan = _side(planned, {}, planned=True)
    account = _side(observed, ids, planned=False)
    beside, planned_beside = of_neighbours(observed), of_neighbours(planned)
    membership = Membership(planned, account.known)
    pairs: list[Matched] = []
    lacking: list[tuple[str, Any]] = []
    unplanned: list[tuple[str, Any]] = []
    for kind in KINDS:
        left = [each for each in _real(planned, kind) if not planned_beside(kind, each)]
        right = [each for each in _real(observed, kind) if not beside(kind, each)]
        for key in _KEYS[kind]:
            taken: set[int] = set()
            for mine, yours in _by(key, plan, left, account, right):
                pairs.append(Matched(kind, mine, yours))
                taken |= {id(mine), id(yours)}
                if hasattr(mine, "id"):
                    ids[yours.id] = mine.id
            left = [each for each in left if id(each) not in taken]
            right = [each for each in right if id(each) not in taken]
        if kind == "interfaces":
            members = list(membership.pairs(right))
            pairs += [Matched(kind, mine, yours) for mine, yours in members]
            ids.update((yours.id, mine.id) for mine, yours in members)
            joined = {yours.id for _, yours in members}
            right = [each for each in right if each.id not in joined]
        lacking += [(kind, each) for each in left]
        unplanned += [(kind, each) for each in right]
    return Matching(
        tuple(pairs), tuple(lacking), tuple(unplanned), plan, account, membership.why_not
    )


def _real(network: Network, kind: str) -> Iterator[Any]:
    """Things of a kind; what stands in for interfaces that come and go is none."""
    every = getattr(network, kind)
    return (each for each in every if kind != "interfaces" or not each.stand_in)


def _side(network: Network, ids: Mapping[str, str], *, planned: bool) -> Side:
    nacls: dict[str, list[str]] = defaultdict(list)
    tables: dict[str, list[str]] = defaultdict(list)
    for subnet in network.subnets:
        nacls[subnet.nacl].append(subnet.id)
        tables[subnet.route_table].append(subnet.id)
    things = {each.id: kind for kind in KINDS if kind != "sites" for each in getattr(network, kind)}
    return Side(network, ids, things, planned, nacls, tables)


def _by(
    key: MatchKey, plan: Side, left: Sequence[Any], account: Side, right: Iterable[Any]
) -> Iterator[tuple[Any, Any]]:
    """Pairs by one key, one after the other: what a pair settles tells the next ones apart.

    So those that only one can be come first.
    """
    candidates: dict[Hashable, list[Any]] = defaultdict(list)
    for each in right:
        candidates[key(each, account)].append(each)
    known = [(key(mine, plan), mine) for mine in left]
    asked = [
        (candidates[each], mine) for each, mine in known if each is not None and each in candidates
    ]
    for several, mine in sorted(asked, key=lambda each: len(each[0]) > 1):
        if several:
            apart = [distance(mine, each, plan, account) for each in several]
            yield mine, several.pop(apart.index(min(apart)))


def distance(mine: Any, yours: Any, plan: Side, account: Side) -> int:
    """In how many fields two things differ."""
    return sum(
        said(mine, name, plan.known) != said(yours, name, account.known)
        for name, role in FIELDS[type(mine)].items()
        if isinstance(role, Compared | Reference | Parts)
    )
