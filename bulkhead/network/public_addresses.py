"""Public addresses that AWS is yet to give: in a plan what stands for them, in what was found they.

Nobody knows them beforehand, and a proof needs some. Who compares a plan with what was found
takes them from there: that they are others is no difference, and that there are none is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.network.addresses import IPAddress
from bulkhead.network.gateways import NatGateway
from bulkhead.network.model import Network
from bulkhead.network.places import Interface

_OF_HOSTS: Final = IPv4Network("198.18.0.0/16")
_OF_ZONES: Final = IPv4Network("198.19.0.0/16")
"""Where benchmarks are measured (RFC 2544), so that nobody on the internet has them."""


def standing_for(address: IPv4Address, blocks: Iterable[IPv4Network]) -> IPv4Address | None:
    """What stands in a plan for the public address of a host of a VPC that has these blocks.

    None for one in a block beyond the first 65,536 addresses of the VPC.
    """
    before = 0
    for block in blocks:
        if address in block:
            place = before + int(address) - int(block.network_address)
            return _OF_HOSTS[place] if place < _OF_HOSTS.num_addresses else None
        before += block.num_addresses
    return None


def standing_in_zone(slot: int) -> IPv4Address:
    """The same of a NAT gateway in a zone."""
    return _OF_ZONES[slot]


def stands_in(address: object) -> bool:
    """Whether it is one of these, and no address that anybody has."""
    return isinstance(address, IPv4Address) and (address in _OF_HOSTS or address in _OF_ZONES)


def with_public_addresses_of(planned: Network, found: Network) -> Network:
    """A plan in which public addresses are those of a network that was found.

    Itself, where nothing stands for any.
    """
    hosts = any(stands_in(each.public_address) for each in planned.interfaces)
    zones = any(stands_in(at) for each in planned.nat_gateways for at in each.public_addresses)
    if not (hosts or zones):
        return planned
    return replace(
        planned,
        interfaces=tuple(_interfaces(planned.interfaces, found)),
        nat_gateways=tuple(_nats(planned.nat_gateways, found)),
    )


def _interfaces(several: Iterable[Interface], found: Network) -> Iterator[Interface]:
    real: dict[tuple[str, IPAddress], IPv4Address] = {
        (each.name, each.address): each.public_address
        for each in found.interfaces
        if each.public_address is not None
    }
    # What AWS makes for a NAT gateway has no name of ours, and nobody else the address.
    real.update(
        ((each.name, each.address), each.public_address)
        for each in found.nat_gateways
        if each.public_address is not None and each.address is not None
    )
    for each in several:
        there = real.get((each.name, each.address)) if stands_in(each.public_address) else None
        yield replace(each, public_address=there) if there else each


def _nats(several: Iterable[NatGateway], found: Network) -> Iterator[NatGateway]:
    real: Mapping[str, Mapping[str, IPv4Address]] = {
        each.name: dict(reversed(each.zones)) for each in found.nat_gateways if each.subnet is None
    }
    zonal = {
        (each.name, each.address): each.public_address
        for each in found.nat_gateways
        if each.subnet is not None
    }
    for each in several:
        if each.subnet is not None:
            own = zonal.get((each.name, each.address)) if stands_in(each.public_address) else None
            yield replace(each, public_address=own) if own else each
            continue
        there = real.get(each.name, {})
        zones = tuple(
            (zone, there.get(zone, at) if stands_in(at) else at) for zone, at in each.zones
        )
        yield replace(each, zones=zones)
