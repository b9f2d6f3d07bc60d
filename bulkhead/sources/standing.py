"""What stands in subnets of others that segments are to stand in, as it is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.intent.document import FileLine
from bulkhead.network import Interface, Network, RouteTable, Subnet, TargetKind, tags, within
from bulkhead.plan.standing_facts import StandingFacts, StandingSubnet
from bulkhead.problems import Problem

_OTHERS: Final = "name other subnets, or let the segment have its own"
_ASK_ALL: Final = "ask the account itself, with the permissions of docs/observe.md"
_TOLD: Final = {
    "nacls": "network ACLs",
    "route_tables": "route tables",
    "interfaces": "network interfaces",
}


@dataclass(frozen=True, slots=True)
class NamedSubnets:
    """The subnets that a segment is said to stand in: their ids, or tags that they have in its
    zones."""

    subnets: tuple[str, ...] | Mapping[str, str]
    zones: tuple[str, ...]
    place: FileLine

    def means(self, subnet: Subnet) -> bool:
        if isinstance(self.subnets, tuple):
            return subnet.id in self.subnets
        there = not {subnet.zone, subnet.zone_id}.isdisjoint(self.zones)
        return there and {*self.subnets.items()} <= {*subnet.tags}


class StandingThere:
    """The subnets of some segments, in a VPC as it was found."""

    def __init__(
        self, network: Network, vpc: str, named: Mapping[str, NamedSubnets], source: str
    ) -> None:
        self._network, self._vpc, self._named, self._source = network, vpc, named, source
        self._of = {
            name: tuple(each for each in self._all() if one.means(each))
            for name, one in named.items()
        }

    def facts(self) -> StandingFacts:
        """What a lock is to know of them."""
        usable = {
            name: [each for each in several if isinstance(each.cidr, IPv4Network)]
            for name, several in self._of.items()
        }
        every = {each.id: each for several in usable.values() for each in several}
        guarding = {self._network.nacl[each.nacl] for each in every.values() if self._guarded(each)}
        return StandingFacts(
            subnets={
                name: tuple(
                    self._standing(each) for each in sorted(several, key=lambda one: one.id)
                )
                for name, several in usable.items()
                if several
            },
            tags={
                name: dict(one.subnets)
                for name, one in self._named.items()
                if isinstance(one.subnets, Mapping)
            },
            nacls={
                each.id: tuple(sorted(each.entries, key=lambda one: (one.direction, one.number)))
                for each in sorted(guarding, key=lambda one: one.id)
            },
            held=dict(sorted(self._held(every))),
        )

    def problems(self) -> Iterator[Problem]:
        """All that does not fit of them, whatever is declared."""
        for kind, called in _TOLD.items() if self._named else ():
            if why := self._network.why_more(kind, self._vpc):
                place = next(each.place for each in self._named.values())
                what = f"{self._source} does not tell all {called} of {self._vpc}: {why}"
                yield Problem(*place, what, _ASK_ALL)
        for name, one in self._named.items():
            found = {each.id for each in self._of[name]}
            if isinstance(one.subnets, tuple):
                for id_ in one.subnets:
                    if id_ not in found:
                        what = f"{id_} of segment {name} is no subnet of {self._vpc}"
                        yield Problem(*one.place, what, "name one of it")
            elif not found:
                told = ", ".join(f"{key}={value}" for key, value in one.subnets.items())
                what = f"no subnet of {self._vpc} is tagged {told}, for segment {name}"
                yield Problem(*one.place, what, "name them by their ids, or tag them")
            for each in self._of[name]:
                for what, remedy in self._wrong(each):
                    yield Problem(*one.place, f"{each.id} of segment {name} {what}", remedy)

    def _all(self) -> Iterator[Subnet]:
        return (each for each in self._network.subnets if each.vpc == self._vpc)

    def _guarded(self, subnet: Subnet) -> bool:
        return subnet.nacl in self._network.nacl

    def _wrong(self, subnet: Subnet) -> Iterator[tuple[str, str]]:
        network, made_for = self._network, dict(subnet.tags).get(tags.TOPOLOGY)
        if made_for or not network.is_others(subnet.id):
            of = f"topology {made_for}" if made_for else "the topology itself"
            yield f"was made for {of}, which holds all that stands there for its own", _OTHERS
        if not isinstance(subnet.cidr, IPv4Network):
            yield "has IPv6 alone, and in a VPC of others addresses of IPv4 are planned", _OTHERS
        elif subnet.ipv6_on_launch:
            what = "gives every interface an address of IPv6, and none is planned there"
            yield what, "ask for it to be switched off (AssignIpv6AddressOnCreation), or " + _OTHERS
        if not self._guarded(subnet) or subnet.route_table not in network.route_table:
            yield f"is guarded by {subnet.nacl}, which was not found", _ASK_ALL
            return
        doubt = {subnet.id, subnet.nacl, subnet.route_table}
        for each in network.unmodelled:
            if each.scope in doubt:
                yield f"is in doubt: {each.why}", _ASK_ALL
        if not all(each.certain for each in network.nacl[subnet.nacl].entries):
            yield f"is guarded by {subnet.nacl}, of which an entry is not known", _ASK_ALL
        yield from self._led(network.route_table[subnet.route_table])

    def _led(self, table: RouteTable) -> Iterator[tuple[str, str]]:
        """Where a table leads that it must not: out to the internet and in again, or elsewhere
        within the VPC."""
        inside = self._network.vpc[self._vpc].cidrs
        for route in table.routes:
            if route.target is TargetKind.INTERNET_GATEWAY:
                what = f"is public: {table.id} leads {route.destination} to {route.target_id}"
                yield what, "name a private one, which leads to no internet gateway"
            elif any(within(route.destination, each) for each in inside):
                what = f"leads {route.destination} within the VPC to {route.target_id}, by "
                yield f"{what}{table.id}", _OTHERS

    def _held(self, every: Mapping[str, Subnet]) -> Iterator[tuple[IPv4Address, str]]:
        for each in self._network.present:
            if each.subnet in every and self._is_in_the_way(each):
                for at in each.addresses:
                    if isinstance(at, IPv4Address):
                        yield at, each.id

    def _is_in_the_way(self, interface: Interface) -> bool:
        """Whether no plan gave it its address: it is others', or one of those that come and go."""
        groups = (self._network.security_group.get(each) for each in interface.security_groups)
        comes_and_goes = any(each is not None and each.members for each in groups)
        return comes_and_goes or self._network.is_others(interface.id)

    def _standing(self, subnet: Subnet) -> StandingSubnet:
        table = self._network.route_table.get(subnet.route_table)
        return StandingSubnet(
            id=subnet.id,
            cidr=IPv4Network(subnet.cidr),
            zone=subnet.zone,
            zone_id=subnet.zone_id,
            nacl=subnet.nacl,
            route_table=subnet.route_table,
            main=table is not None and table.main,
        )
