"""The words people use for endpoints and sockets, and what they mean here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from bulkhead.network import Listener, Network
from bulkhead.prove.endpoints import Endpoint, EndpointKind, partition

INTERNET: Final = "internet"


def resolve(network: Network, text: str) -> tuple[Endpoint, ...]:
    """The endpoints that a name or an address means.

    A service or one of its sockets ('ticker.ticks'), a site, an interface, a
    subnet or a segment (any host started there), a security group (whoever
    holds it), an address, or 'internet'; the first of these that fits. Raises
    LookupError, with names that come close, where nothing does.
    """
    return resolve_among(network, partition(network).endpoints, text)


def resolve_among(
    network: Network, endpoints: Iterable[Endpoint], text: str
) -> tuple[Endpoint, ...]:
    """The same among endpoints at hand, such as those of a `Reach`."""
    endpoints = tuple(endpoints)
    for candidates in _meanings(network, endpoints, text):
        if candidates:
            return candidates
    raise LookupError(_unknown(text, _names(network)))


def listeners(network: Network, text: str) -> tuple[Listener, ...]:
    """The listeners of a socket ('ticker.ticks') or of all sockets of an owner.

    Raises LookupError, with names that come close.
    """
    found = tuple(each for each in network.listeners if text in (each.name, each.owner))
    if not found:
        names = {name for each in network.listeners for name in (each.name, each.owner)}
        raise LookupError(_unknown(text, names))
    return found


def _meanings(
    network: Network, endpoints: tuple[Endpoint, ...], text: str
) -> Iterator[tuple[Endpoint, ...]]:
    owners = {each.owner for each in network.listeners if each.name == text} | {text}

    def those(kind: EndpointKind, names: set[str], *, by: str) -> tuple[Endpoint, ...]:
        return tuple(each for each in endpoints if each.kind is kind and getattr(each, by) in names)

    yield those(EndpointKind.INTERFACE, owners, by="service")
    yield those(EndpointKind.SITE, owners | {_connection(network, text)}, by="id")
    interfaces = {each.id for each in network.interfaces if text in (each.name, each.id)}
    yield those(EndpointKind.INTERFACE, interfaces, by="id")
    subnets = {each.id for each in network.subnets if text in (each.name, each.id)}
    yield those(EndpointKind.STRANGER, subnets, by="id")
    yield those(EndpointKind.STRANGER, {text}, by="segment")
    groups = {each.id for each in network.security_groups if text in (each.name, each.id)}
    holders = {
        each.id for each in network.interfaces if not groups.isdisjoint(each.security_groups)
    }
    yield those(EndpointKind.INTERFACE, holders, by="id")
    if text == INTERNET:
        yield those(EndpointKind.INTERNET, {INTERNET}, by="id")
    yield tuple(each for each in endpoints if each.name == text)
    address = _address(text)
    if address is not None:
        public = {each.id for each in network.interfaces if each.public_address == address}
        yield tuple(each for each in those(EndpointKind.INTERFACE, public, by="id") if each.public)
        yield tuple(each for each in endpoints if address in each)


def _connection(network: Network, text: str) -> str:
    """The site or connection that a VPN connection's name or id stands for."""
    for each in network.vpn_connections:
        if text in (each.name, each.id):
            named = each.site if each.site in network.site else None
            by_site = next((s.name for s in network.sites if s.vpn_connection == each.id), None)
            return named or by_site or each.id
    return text


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except AddressValueError:
        return None


def _names(network: Network) -> set[str]:
    return {
        INTERNET,
        *(each.service for each in network.interfaces if each.service),
        *(each.name for each in network.listeners),
        *(each.name for each in network.sites),
        *(name for each in network.interfaces for name in (each.name, each.id)),
        *(name for each in network.subnets for name in (each.name, each.id)),
        *(each.segment for each in network.subnets if each.segment),
        *(name for each in network.security_groups for name in (each.name, each.id)),
        *(name for each in network.vpn_connections for name in (each.name, each.id)),
    }


def _unknown(text: str, names: Iterable[str]) -> str:
    if _address(text) is not None:
        return f"no host can have the address {text} in this network"
    names = sorted(names)
    if text in names:
        return f"{text} has no address in this network"
    close = get_close_matches(text, names, n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"nothing here is called {text!r}{hint}"
