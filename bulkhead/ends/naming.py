"""The words people use for endpoints and sockets, and what they mean here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple, Protocol

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import owner
from bulkhead.ends.nowhere import undecided
from bulkhead.ends.part import as_block, part_of
from bulkhead.ends.partition import partition
from bulkhead.ends.sockets import waits_at
from bulkhead.network import AttachmentKind, Listener, Network

WORLD: Final = ("internet", "elsewhere")
"""The kinds of endpoint that are called by their kind."""


def resolve(network: Network, text: str) -> tuple[Endpoint, ...]:
    """The endpoints that a word means.

    An id before a name: of an interface, an instance, a subnet or a VPC (all
    ends in it, also hosts that are not there yet), a security group (whoever
    holds it), a VPN connection, a customer gateway or a VPN gateway (their sites), an
    attachment of a transit gateway (its VPC, its site). Then a service (of one with several
    network interfaces all of them, or one: 'router.eth1') or
    one of its sockets ('ticker.ticks'), a site, a segment, 'internet', 'elsewhere',
    an address, a CIDR (all ends that it overlaps): of a class the addresses that were
    asked about, and a public address is one of the internet, whoever has it. The first
    of these that fits. Raises LookupError, with names that come close, where nothing does.
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
    block = as_block(text)
    found = tuple(
        each for end in endpoints if block is not None and (each := part_of(end, block)) is not None
    )
    if found:
        return found
    raise LookupError(_unknown(network, text))


def listeners(network: Network, text: str) -> tuple[Listener, ...]:
    """The listeners of a socket ('ticker.ticks') or of all sockets of an owner.

    Raises LookupError, with names that come close.
    """
    named = {each: spoken_of(network, each) for each in network.listeners}
    found = tuple(
        each
        for each, names in named.items()
        if text in names or text in (each.owner, network.program.get(each.owner))
    )
    if not found:
        names = {name for each in named for name in (*named[each], each.owner)}
        raise LookupError(_misspelt(text, names))
    return found


def spoken_of(network: Network, listener: Listener) -> tuple[str, ...]:
    """What people call a socket: 'router.eth1.control', and 'router.control', at whichever
    interface of its host it waits."""
    program = network.program.get(listener.owner, listener.owner)
    return tuple(dict.fromkeys((listener.name, f"{program}.{listener.socket}")))


_Fits = Callable[[Endpoint], bool]


class _Resource(NamedTuple):
    """What is attached to a transit gateway and is nothing else here: a Direct Connect gateway."""

    id: str
    name: str = ""


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
    sockets = [each for each in network.listeners if text in spoken_of(network, each)]
    called = {each.name for each in network.programs.get(text, ())} | {text}

    def owns(end: Endpoint) -> bool:
        return owner(end) in called or any(waits_at(each, end) for each in sockets)

    yield lambda end: end.kind is EndpointKind.INTERFACE and owns(end)
    yield lambda end: end.kind is EndpointKind.SITE and owns(end)
    yield lambda end: end.kind is EndpointKind.INTERNET and owns(end)
    yield from _things(network, lambda each: each.name == text)
    yield lambda end: end.segment == text
    yield lambda end: end.kind == text and text in WORLD
    yield lambda end: end.name == text


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
    attached = [
        each
        for each in network.transit_attachments
        if called(each) or (each.kind is AttachmentKind.OTHER and called(_Resource(each.resource)))
    ]
    vpcs = those(network.vpcs) | {
        each.resource for each in attached if each.kind is AttachmentKind.VPC
    }
    yield lambda end: end.vpc in vpcs
    remotes = those(network.customer_gateways)
    gateways = those(network.vpn_gateways)
    connections = those(network.vpn_connections) | {
        each.id
        for each in network.vpn_connections
        if each.customer_gateway in remotes or each.vpn_gateway in gateways
    }
    connections |= {each.resource for each in attached if each.kind is AttachmentKind.VPN}
    sites = {each.name for each in network.sites if each.vpn_connection in connections} | {
        name
        for each in network.vpn_connections
        if each.id in connections
        for name in (each.id, each.site)
    }
    yield lambda end: end.kind is EndpointKind.SITE and end.id in sites
    # Where no address is known that is announced, it may be any that is nobody's here.
    outside = (EndpointKind.ELSEWHERE, EndpointKind.INTERNET)
    beyond = connections | gateways | {each.id for each in attached}
    yield lambda end: end.kind in outside and bool(beyond)


def _names(network: Network) -> set[str]:
    things: tuple[Iterable[_Named], ...] = (
        network.interfaces,
        network.subnets,
        network.security_groups,
        network.vpcs,
        network.vpn_connections,
        network.customer_gateways,
        network.vpn_gateways,
        network.transit_attachments,
    )
    return {
        *WORLD,
        *(name for kind in things for each in kind for name in (each.id, each.name)),
        *(each.instance for each in network.interfaces if each.instance),
        *(each.service for each in network.interfaces if each.service),
        *(name for each in network.listeners for name in spoken_of(network, each)),
        *(each.name for each in network.sites),
        *(each.name for each in network.peers),
        *(each.segment for each in network.subnets if each.segment),
    }


def _unknown(network: Network, text: str) -> str:
    if why := undecided(network, text):
        return why
    if as_block(text) is not None:
        what = "the address" if "/" not in text else "an address in"
        return f"no host can have {what} {text} in this network"
    names = _names(network)
    if text in names:
        return f"{text} has no address in this network"
    for each in network.unmodelled:
        if each.id == text:
            return f"{text} has no address in this network: {each.why}"
    return _misspelt(text, names)


def _misspelt(text: str, names: Iterable[str]) -> str:
    close = get_close_matches(text, sorted(names), n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"nothing here is called {text!r}{hint}"
