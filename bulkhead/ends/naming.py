"""The words people use for endpoints and sockets, and what they mean here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Final, Protocol

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import owner
from bulkhead.ends.nowhere import undecided
from bulkhead.ends.partition import partition
from bulkhead.ends.sockets import waits_at
from bulkhead.network import IPAddress, IPNetwork, Listener, Network

WORLD: Final = ("internet", "elsewhere")
"""The kinds of endpoint that are called by their kind."""


def resolve(network: Network, text: str) -> tuple[Endpoint, ...]:
    """The endpoints that a word means.

    An id before a name: of an interface, an instance, a subnet or a VPC (all
    ends in it, also hosts that are not there yet), a security group (whoever
    holds it), a VPN connection (its site). Then a service or one of its sockets
    ('ticker.ticks'), a site, a segment, 'internet', 'elsewhere', an address
    (a public one stands for the interface that has it), a CIDR (all ends that
    it overlaps). The first of these that fits. Raises LookupError, with names
    that come close, where nothing does.
    """
    return resolve_among(network, partition(network).endpoints, text)


def resolve_among(
    network: Network, endpoints: Iterable[Endpoint], text: str
) -> tuple[Endpoint, ...]:
    """The same among endpoints at hand, such as those of a `Reach`."""
    endpoints = tuple(endpoints)
    for fits in _meanings(network, text):
        found = tuple(each for each in endpoints if fits(each))
        if found:
            return found
    raise LookupError(_unknown(network, text))


def listeners(network: Network, text: str) -> tuple[Listener, ...]:
    """The listeners of a socket ('ticker.ticks') or of all sockets of an owner.

    Raises LookupError, with names that come close.
    """
    found = tuple(each for each in network.listeners if text in (each.name, each.owner))
    if not found:
        names = {name for each in network.listeners for name in (each.name, each.owner)}
        raise LookupError(_misspelt(text, names))
    return found


def example(endpoint: Endpoint, text: str | None = None) -> IPAddress:
    """One address of an endpoint: one that was asked for, if the word was an address or a CIDR."""
    block = _block(text or "")
    if block is None or block.version != endpoint.address.version:
        return endpoint.address
    low, high = block.network_address, block.broadcast_address
    inside = (
        max(int(first), int(low))
        for first, last in endpoint.ranges
        if int(first) <= int(high) and int(low) <= int(last)
    )
    address = next(inside, None)
    return endpoint.address if address is None else type(endpoint.address)(address)


_Fits = Callable[[Endpoint], bool]


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def _meanings(network: Network, text: str) -> Iterator[_Fits]:
    """What the word may mean, the most particular first."""
    yield from _things(network, lambda each: each.id == text)
    instance = {each.id for each in network.interfaces if each.instance == text}
    yield lambda end: end.kind is EndpointKind.INTERFACE and end.id in instance
    sockets = [each for each in network.listeners if each.name == text]

    def owns(end: Endpoint) -> bool:
        return owner(end) == text or any(waits_at(each, end) for each in sockets)

    yield lambda end: end.kind is EndpointKind.INTERFACE and owns(end)
    yield lambda end: end.kind is EndpointKind.SITE and owns(end)
    yield from _things(network, lambda each: each.name == text)
    yield lambda end: end.segment == text
    yield lambda end: end.kind == text and text in WORLD
    yield lambda end: end.name == text
    yield from _addressed(network, text)


def _things(network: Network, called: Callable[[_Named], bool]) -> Iterator[_Fits]:
    """The ends at each kind of thing of which something is called so."""

    def those(things: Iterable[_Named]) -> set[str]:
        return {each.id for each in things if called(each)}

    interfaces = those(network.interfaces)
    yield lambda end: end.kind is EndpointKind.INTERFACE and end.id in interfaces
    subnets = those(network.subnets)
    yield lambda end: end.subnet in subnets
    groups = those(network.security_groups)
    holders = {
        each.id for each in network.interfaces if not groups.isdisjoint(each.security_groups)
    }
    yield lambda end: end.kind is EndpointKind.INTERFACE and end.id in holders
    vpcs = those(network.vpcs)
    yield lambda end: end.vpc in vpcs
    connections = those(network.vpn_connections)
    sites = {each.name for each in network.sites if each.vpn_connection in connections} | {
        name
        for each in network.vpn_connections
        if each.id in connections
        for name in (each.id, each.site)
    }
    yield lambda end: end.kind is EndpointKind.SITE and end.id in sites


def _addressed(network: Network, text: str) -> Iterator[_Fits]:
    block = _block(text)
    if block is None:
        return
    known = {
        (each.id, address)
        for each in network.interfaces
        for address in each.addresses
        if _holds(block, each.public_for(address))
    }

    def has_public(end: Endpoint) -> bool:
        return end.kind is EndpointKind.INTERFACE and (end.id, end.address) in known

    if "/" not in text:
        # The internet's class holds it too, but behind it stands this interface.
        yield has_public
        yield lambda end: _overlaps(end, block)
    else:
        yield lambda end: has_public(end) or _overlaps(end, block)


def _holds(block: IPNetwork, address: IPAddress | None) -> bool:
    return address is not None and address in block


def _overlaps(end: Endpoint, block: IPNetwork) -> bool:
    if end.address.version != block.version:
        return False
    low, high = int(block.network_address), int(block.broadcast_address)
    return any(int(first) <= high and low <= int(last) for first, last in end.ranges)


def _block(text: str) -> IPNetwork | None:
    """An address as a network of one, or a CIDR; None for any other word."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _names(network: Network) -> set[str]:
    things: tuple[Iterable[_Named], ...] = (
        network.interfaces,
        network.subnets,
        network.security_groups,
        network.vpcs,
        network.vpn_connections,
    )
    return {
        *WORLD,
        *(name for kind in things for each in kind for name in (each.id, each.name)),
        *(each.instance for each in network.interfaces if each.instance),
        *(each.service for each in network.interfaces if each.service),
        *(each.name for each in network.listeners),
        *(each.name for each in network.sites),
        *(each.segment for each in network.subnets if each.segment),
    }


def _unknown(network: Network, text: str) -> str:
    if why := undecided(network, text):
        return why
    if _block(text) is not None:
        what = "the address" if "/" not in text else "an address in"
        return f"no host can have {what} {text} in this network"
    names = _names(network)
    if text in names:
        return f"{text} has no address in this network"
    return _misspelt(text, names)


def _misspelt(text: str, names: Iterable[str]) -> str:
    close = get_close_matches(text, sorted(names), n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"nothing here is called {text!r}{hint}"
