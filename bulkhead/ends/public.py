"""Public addresses of what is here: a packet to one goes out to the internet and comes in again.

(docs/model.md, "Public addresses of what is here")
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, ip_network

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.part import part_of
from bulkhead.network import NAT64, IPAddress, NatGateway, Network


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAddress:
    """A public IPv4 address that something here has.

    `end` is the address as one of the internet, or as IPv6 calls it (NAT64), `behind` the
    ends whose own private addresses stand behind it. NAT gateways that have it take replies alone.
    """

    end: Endpoint
    behind: tuple[Endpoint, ...] = ()
    nats: tuple[NatGateway, ...] = ()


def by_ipv6(address: IPv4Address) -> IPv6Address:
    """As IPv6 calls a host of IPv4 (RFC 6052)."""
    return IPv6Address(int(NAT64.network_address) | int(address))


def public_addresses(network: Network, endpoints: Iterable[Endpoint]) -> tuple[PublicAddress, ...]:
    """All that something here has, in the order of the addresses.

    An address that is no end of the internet is left out, whatever it is called.
    """
    endpoints = tuple(endpoints)
    holders = _holders(network, endpoints)
    internet = [
        each
        for each in endpoints
        if each.kind is EndpointKind.INTERNET and (each.version == 4 or each.ipv4)
    ]
    return tuple(
        PublicAddress(
            end=replace(end, part=f"{called} of {who}", whole=end.whole or whole, holders=who.ids),
            behind=tuple(who.behind),
            nats=tuple(who.nats),
        )
        for address, who in sorted(holders.items())
        for called in (address, by_ipv6(address))
        for whole in internet
        if (end := part_of(whole, ip_network(called))) is not None
    )


@dataclass(slots=True)
class _Holders:
    behind: list[Endpoint] = field(default_factory=list)
    nats: list[NatGateway] = field(default_factory=list)

    @property
    def ids(self) -> tuple[str, ...]:
        return (*dict.fromkeys(each.id for each in self.behind), *(each.id for each in self.nats))

    def __str__(self) -> str:
        hosts = (each.thing for each in self.behind)
        gateways = (f"NAT gateway {each.name}" for each in self.nats)
        return " and ".join(dict.fromkeys((*hosts, *gateways)))


def _holders(network: Network, endpoints: Iterable[Endpoint]) -> Mapping[IPv4Address, _Holders]:
    found: dict[IPv4Address, _Holders] = defaultdict(_Holders)
    own: set[tuple[str | None, IPAddress]] = set()
    for nat in network.nat_gateways:
        own.update((nat.subnet, address) for address in nat.addresses)
        for address in nat.public_addresses:
            found[address].nats.append(nat)
    for each in endpoints:
        # The interface of a NAT gateway is the gateway.
        if each.kind is EndpointKind.INTERFACE and (each.subnet, each.address) not in own:
            public = network.interface[each.id].public_for(each.address)
            if isinstance(public, IPv4Address):
                found[public].behind.append(each)
    return found
