"""Which declared flows a network lets in the middle of a change, and what else it lets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bulkhead.judge.declared import Declared
from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.judge.host_pairs import HostPair, host_pairs
from bulkhead.judge.lines import TopologyLines
from bulkhead.judge.since import Since, since
from bulkhead.judge.undeclared import Undeclared, undeclared
from bulkhead.network import (
    Flow,
    Interface,
    InternetPeer,
    Network,
    Origins,
    PortRange,
    Service,
    Site,
    Verdict,
    Vpc,
)
from bulkhead.network.traffic import without
from bulkhead.prove import Reach, prove, reprove
from bulkhead.review.steps.calls import COMING


@dataclass(frozen=True)
class Facts:
    """What no call makes: who waits where, which networks a site has, from which ports hosts ask.

    Programs go over from what is old of it to what is new once all that is new stands.
    """

    old: Network
    new: Network

    def of_both(self, network: Network) -> Network:
        """With all that either side says, so that nothing that one declares seems nobody's."""
        services: dict[str, Service] = {}
        services |= {each.name: each for each in (*self.old.services, *self.new.services)}
        return replace(
            network,
            vpcs=tuple(self._vpcs(network)),
            **self._made_with_vpcs(network),
            services=tuple(services.values()),
            listeners=tuple(dict.fromkeys((*self.new.listeners, *self.old.listeners))),
            sites=tuple(self._sites()),
            peers=tuple(self._peers()),
            beside=tuple(dict.fromkeys((*self.new.beside, *self.old.beside))),
        )

    def as_used(self, network: Network, *, after: bool) -> Network:
        """As the programs of one side use it: of a host that stands twice the one of that side."""
        side = self.new if after else self.old
        known = {each.name: each for each in side.present}
        return replace(
            network,
            interfaces=(
                *(
                    _as_in(known.get(each.name), each)
                    for each in network.present
                    if not _is_of_the_other_side(each, network, after=after)
                    and each.name not in self._unasked[after]
                ),
                *_stand_ins(side, network),
            ),
            sites=tuple(
                _as_linked(side.site.get(each.name, each), network) for each in network.sites
            ),
            peers=side.peers,
        )

    def whoever_comes(self, network: Network) -> Network:
        """With what stands for hosts that come and go, of both sides."""
        before = {each.id: each for each in _stand_ins(self.old, network)}
        later = (
            each if each.id not in before else replace(each, id=each.id + COMING)
            for each in _stand_ins(self.new, network)
            if before.get(each.id) != each
        )
        return replace(
            network,
            interfaces=(*network.present, *before.values(), *later),
            sites=tuple(_as_linked(each, network) for each in network.sites),
        )

    @cached_property
    def are_the_same(self) -> bool:
        """Whether both sides use what stands alike."""
        return (
            (self.old.sites, self.old.peers) == (self.new.sites, self.new.peers)
            and [*_coming_and_going(self.old)] == [*_coming_and_going(self.new)]
            and all(
                _as_in(self._new_hosts.get(each.name), each) == each for each in self.old.present
            )
        )

    @cached_property
    def _unasked(self) -> tuple[frozenset[str], frozenset[str]]:
        """Copies that only the new side has, and those that only the old one has, of services of
        both: where hosts move, those of one side are not asked how they fare with these."""
        old, new = ({each.name: each for each in side.present} for side in (self.old, self.new))
        moved = any(
            (old[name].subnet, old[name].address) != (new[name].subnet, new[name].address)
            for name in old.keys() & new.keys()
        )
        if not moved:
            return frozenset(), frozenset()
        both = {each.service for each in old.values()} & {each.service for each in new.values()}
        return (
            frozenset(name for name in new.keys() - old.keys() if new[name].service in both),
            frozenset(name for name in old.keys() - new.keys() if old[name].service in both),
        )

    @cached_property
    def _new_hosts(self) -> Mapping[str, Interface]:
        return {each.name: each for each in self.new.present}

    def _vpcs(self, network: Network) -> Iterator[Vpc]:
        """With the blocks of both: what stands in one that goes is there until then. What calls
        change of it is that of the network."""
        for vpc in self.new.vpcs:
            before = self.old.vpc.get(vpc.id, vpc)
            cidrs = tuple(dict.fromkeys((*vpc.cidrs, *before.cidrs)))
            blocked = network.vpc.get(vpc.id, vpc).access_block
            yield replace(vpc, cidrs=cidrs, access_block=blocked)
        yield from (each for each in self.old.vpcs if each.called and each.id not in self.new.vpc)

    def _made_with_vpcs(self, network: Network) -> Mapping[str, Any]:
        """Of several VPCs, what AWS makes with each, of those that only one side has too."""
        if not any(each.called for each in (*self.old.vpcs, *self.new.vpcs)):
            return {}
        kinds = {"nacls": "default", "security_groups": "default", "route_tables": "main"}
        return {
            kind: (*getattr(network, kind), *self._lacking(network, kind, own))
            for kind, own in kinds.items()
        }

    def _lacking(self, network: Network, kind: str, own: str) -> Iterator[Any]:
        known = {each.id for each in getattr(network, kind)}
        for side in (self.old, self.new):
            for each in getattr(side, kind):
                if getattr(each, own) and each.id not in known:
                    known.add(each.id)
                    yield each

    def _sites(self) -> Iterator[Site]:
        for site in {each.name: each for each in (*self.old.sites, *self.new.sites)}.values():
            before = self.old.site.get(site.name, site)
            yield replace(site, cidrs=tuple(dict.fromkeys((*site.cidrs, *before.cidrs))))

    def _peers(self) -> Iterator[InternetPeer]:
        before = {each.name: each for each in self.old.peers}
        for peer in {**before, **{each.name: each for each in self.new.peers}}.values():
            old = before.get(peer.name, peer)
            yield replace(peer, cidrs=tuple(dict.fromkeys((*peer.cidrs, *old.cidrs))))


def _as_linked(site: Site, network: Network) -> Site:
    """A site whose connection is not there, yet or any more, is behind none."""
    there = site.vpn_connection is None or site.vpn_connection in network.vpn_connection
    return site if there else replace(site, vpn_connection=None)


def _as_in(known: Interface | None, each: Interface) -> Interface:
    """As a host uses it that goes by what one side says: its ports, and whether it has IPv6."""
    if known is None:
        return each
    spoken = known.ipv6_addresses if known.address == each.address else each.ipv6_addresses
    return replace(each, client_ports=known.client_ports, ipv6_addresses=spoken)


def _coming_and_going(network: Network) -> Iterator[Interface]:
    return (each for each in network.interfaces if each.stand_in)


def _stand_ins(side: Network, network: Network) -> Iterator[Interface]:
    """Those of one side for which there is a place now, and what they hold."""
    for each in _coming_and_going(side):
        held = all(group in network.security_group for group in each.security_groups)
        if held and each.subnet in network.subnet:
            yield each


def _is_of_the_other_side(each: Interface, network: Network, *, after: bool) -> bool:
    if after:
        return each.id + COMING in network.interface
    return each.id.endswith(COMING) and each.id.removesuffix(COMING) in network.interface


class Watch:
    """What becomes of flows from one state to the next: proved once, then from call to call."""

    def __init__(self, flows: Collection[Flow], cuts: Iterable[Network]) -> None:
        """`flows` are those that are asked about; `cuts` all networks that will be seen."""
        self._flows = tuple(dict.fromkeys(flows))
        places = [network for each in self._flows for network in each.clients_at]
        self._cuts = (
            *cuts,
            Network(
                listeners=tuple(each.server for each in self._flows if each.server.address),
                sites=(Site(name="", cidrs=tuple(places), vpn_connection=None),),
            ),
        )
        self._seen: _Seen | None = None
        self._open: frozenset[Flow] = frozenset()
        self._nobodys: Undeclared | None = None
        self._before: Undeclared | None = None

    def open_in(self, network: Network) -> frozenset[Flow]:
        """Which of the flows are open there: from each client to each server, on every port."""
        now = self._see(network)
        self._open = frozenset(
            each
            for each in self._flows
            if (
                _is_open(now, each)
                if now.afresh or now.declared.at(each.server) & now.reach.touched
                else each in self._open
            )
        )
        return self._open

    def begin(self, network: Network) -> tuple[str, ...]:
        """What is open before the first call, or may be, and is none of the flows: of that
        `nobodys` says nothing then."""
        self._before = self._undeclared(network)
        return tuple(each.message for each in _told(self._before))

    def in_doubt(self, network: Network) -> tuple[Flow, ...]:
        """Of which flows nobody can tell whether they are open there."""
        now = self._see(network)
        return tuple(
            each
            for each in self._flows
            if any(pair.verdict is Verdict.UNDETERMINED for pair in _pairs(now, each))
        )

    def nobodys(self, network: Network) -> tuple[str, ...]:
        """What is open there, or may be, and is none of the flows."""
        now = self._undeclared(network)
        if self._before is None:
            return tuple(each.message for each in _told(now))
        before, more = _told(self._before), since(self._before, now)
        return tuple(
            each.message
            for each in _told(now)
            if _is_beyond(each, before)
            and (each.kind is not FindingKind.EXTRA or _is_in(more, each))
        )

    def _undeclared(self, network: Network) -> Undeclared:
        now = self._see(network)
        if self._nobodys is None or now.afresh or now.reach.touched:
            self._nobodys = undeclared(now.reach, now.declared, TopologyLines(Origins()))
        return self._nobodys

    def _see(self, network: Network) -> _Seen:
        """The proof of the network that there is now, and what was declared of it."""
        before = self._seen
        if before is not None and before.network is network:
            return before
        reach = reprove(before.reach, network) if before else prove(network, cuts=self._cuts)
        # A proof that goes on from another has its ends: there is nothing to look up anew.
        same = before if before and before.reach.endpoints is reach.endpoints else None
        declared = same.declared if same else Declared(reach, self._flows)
        self._seen = _Seen(network, reach, declared, afresh=same is None)
        return self._seen


@dataclass(frozen=True, slots=True)
class _Seen:
    """A state that was proved; `afresh`: not from the one before it."""

    network: Network
    reach: Reach
    declared: Declared
    afresh: bool


def _is_open(seen: _Seen, flow: Flow) -> bool:
    ends = seen.declared.clients(flow), seen.declared.at(flow.server)
    return all(ends) and all(each.verdict is Verdict.ALLOWED for each in _pairs(seen, flow))


def _pairs(seen: _Seen, flow: Flow) -> tuple[HostPair, ...]:
    server = flow.server
    ends = seen.declared.clients(flow), seen.declared.at(server)
    return host_pairs(seen.reach, ends, server.protocol, server.ports)


def _told(found: Undeclared) -> tuple[Finding, ...]:
    kinds = (FindingKind.EXTRA, FindingKind.UNDETERMINED)
    return tuple(each for each in found.findings if each.kind in kinds)


def _is_in(more: Since, found: Finding) -> bool:
    """Whether some of it is new, whatever it is called together with."""
    if found.protocol is None:
        return bool(more)
    new = more.get(found.protocol, ())
    return not found.ports or any(one.overlap(each) for one in new for each in found.ports)


def _is_beyond(found: Finding, before: Iterable[Finding]) -> bool:
    """Whether it says more than was so before, of the same two and a protocol."""
    known = [
        each
        for each in before
        if each.kind in (FindingKind.EXTRA, found.kind)
        and (each.source, each.destination, each.protocol)
        == (found.source, found.destination, found.protocol)
    ]
    if not found.ports:
        return not known
    more: Iterable[PortRange] = found.ports
    for each in known:
        more = [left for ports in more for left in without(ports, each.ports)]
    return bool(more)
