"""Who has an address, by a Network and by what records say of the interfaces themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address

from bulkhead.discover.flows.seen import FlowEnd, FlowInterface, NamedBy
from bulkhead.network import (
    Interface,
    InterfaceKind,
    IPAddress,
    IPNetwork,
    Network,
    is_private,
)
from bulkhead.network.aws_services import called as called_by_aws
from bulkhead.network.ports import ANY_PROTOCOL, has_ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The interface that records have at an end, '' where none; `changed`: several on one day."""

    interface: str = ""
    changed: bool = False


@dataclass(slots=True)
class Names:
    """Of a Network, which may be an empty one: then records alone say who somebody is."""

    network: Network
    recorded: Mapping[str, FlowInterface] = field(default_factory=dict)
    """What each interface recorded of itself, by its id."""
    _at: Mapping[str, Interface] = field(init=False)
    _public: Mapping[str, Interface] = field(init=False)
    _outside: Sequence[tuple[IPNetwork, str]] = field(init=False)
    _coming: Mapping[str, str] = field(init=False)
    _known: dict[tuple[str, Recorded], FlowEnd] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        present = self.network.present
        self._at = {str(address): each for each in present for address in each.addresses}
        self._public = {str(public): each for each in present for public in _public(each)}
        outside = [(cidr, site.name) for site in self.network.sites for cidr in site.cidrs]
        outside += [(cidr, peer.name) for peer in self.network.peers for cidr in peer.cidrs]
        self._outside = sorted(outside, key=lambda each: -each[0].prefixlen)
        self._coming = dict(_coming(self.network))

    def carries(self, interface: str) -> bool:
        """Whether it passes on packets of others, as that of a NAT gateway does."""
        known = self.network.interface.get(interface)
        return known is not None and known.kind is InterfaceKind.GATEWAY

    def end(self, address: str, recorded: Recorded) -> FlowEnd:
        """Who an address is; 'internet' is all of it that has no name."""
        key = address, recorded
        if key not in self._known:
            self._known[key] = self._end(address, recorded)
        return self._known[key]

    def _end(self, address: str, recorded: Recorded) -> FlowEnd:
        if address == "internet":
            return FlowEnd(address="", public=True)
        if address.startswith(called_by_aws("")):
            by = NamedBy.RECORD
            return FlowEnd(address="", owner=address, called=address, named_by=by, public=True)
        if recorded.changed:
            return FlowEnd(address=address, changed=True)
        if (known := self._here(address, recorded.interface)) is not None:
            return known
        place = ip_address(address)
        return self._outsider(address, place) or self._unknown(address, place, recorded)

    def _here(self, address: str, interface: str) -> FlowEnd | None:
        """Somebody of the network."""
        known = self.network.interface.get(interface)
        if known is not None:
            return _named(address, known, NamedBy.INTERFACE)
        said = str(ip_address(address))  # as we write IPv6
        today = self._at.get(said) or self._public.get(said)
        # An interface that is gone had it: who has the address today is somebody else.
        gone = interface.startswith("eni-")
        if today is None or (gone and today.id.startswith("eni-")):
            return None
        return _named(address, today, NamedBy.ADDRESS)

    def _outsider(self, address: str, place: IPAddress) -> FlowEnd | None:
        """A site, or a peer on the internet."""
        name = next((name for cidr, name in self._outside if place in cidr), "")
        return (
            FlowEnd(
                address=address,
                owner=name,
                called=f"{name} ({address})",
                named_by=NamedBy.ADDRESS,
                public=not is_private(place),
            )
            if name
            else None
        )

    def _unknown(self, address: str, place: IPAddress, recorded: Recorded) -> FlowEnd:
        """Who it is by what the records say, or by where it is."""
        itself = self.recorded.get(recorded.interface)
        owner, by = itself.ecs_service if itself else "", NamedBy.RECORD
        if not owner and (owner := self._coming_in(place)):
            by = NamedBy.SUBNET
        what = owner or (itself.instance if itself else "") or recorded.interface
        said = f"{owner} ({address})" if owner else f"{address} ({what})"
        return FlowEnd(
            address=address,
            owner=owner,
            interface=recorded.interface,
            called=said if what else "",
            named_by=by if what else NamedBy.NOBODY,
            public=not is_private(place),
        )

    def _coming_in(self, place: IPAddress) -> str:
        for subnet in self.network.subnets:
            if any(place in cidr for cidr in subnet.cidrs):
                return self._coming.get(subnet.id, "")
        return ""

    def declared(self) -> list[tuple[str, int, int, int]]:
        """Where sockets wait: address, protocol, first and last port; no two of them overlap."""
        found: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        for each in self.network.listeners:
            if each.protocol == ANY_PROTOCOL or not has_ports(each.protocol):
                continue
            ports = each.ports.first, each.ports.last
            if isinstance(each.address, IPv4Address):
                found[str(each.address), each.protocol].append(ports)
                continue
            for interface in self.network.interfaces_of(each.owner):
                for address in () if interface.stand_in else interface.addresses:
                    found[str(address), each.protocol].append(ports)
        return [
            (address, protocol, first, last)
            for (address, protocol), ranges in found.items()
            for first, last in _apart(ranges)
        ]

    @property
    def public_here(self) -> tuple[IPAddress, ...]:
        """Addresses of the internet that are somebody's by name, one by one."""
        here = [public for each in self.network.present for public in _public(each)]
        alone = [cidr[0] for cidr, _ in self._outside if cidr.num_addresses == 1]
        return tuple(dict.fromkeys((*here, *(each for each in alone if not is_private(each)))))

    def kept(self, addresses: Iterable[str]) -> Iterator[str]:
        """Those of some public addresses that somebody here has, or that have a name."""
        subnets = [cidr for each in self.network.subnets for cidr in each.cidrs]
        named = [cidr for cidr, _ in self._outside] + subnets
        for each in addresses:
            place = ip_address(each)
            if each in self._at or each in self._public or any(place in cidr for cidr in named):
                yield each


def _named(address: str, interface: Interface, by: NamedBy) -> FlowEnd:
    return FlowEnd(
        address=address,
        owner=interface.service or "",
        interface=interface.id,
        called=interface.name or interface.id,
        named_by=by,
    )


def _public(interface: Interface) -> Iterator[IPAddress]:
    if interface.public_address is not None:
        yield interface.public_address
    yield from (public for _, public in interface.more_public)


def _coming(network: Network) -> Iterator[tuple[str, str]]:
    """Of subnets in which copies of one service alone come and go, that service."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in network.interfaces:
        if each.stand_in and each.service:
            found[each.subnet].add(each.service)
    for subnet, services in found.items():
        if len(services) == 1:
            yield subnet, next(iter(services))


def _apart(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same ports as ranges of which no two overlap."""
    last: tuple[int, int] | None = None
    for first, end in sorted(ranges):
        if last is not None and first <= last[1] + 1:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = first, end
    if last is not None:
        yield last
