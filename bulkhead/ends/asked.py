"""What a person means who asks about a network: ends of it, or an address where no end can be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.naming import resolve_among
from bulkhead.ends.nowhere import nowhere
from bulkhead.ends.part import as_block, without
from bulkhead.ends.public import PublicAddress, public_addresses
from bulkhead.network import Flow, Network


class Receivers(NamedTuple):
    """What a word means where packets go to it."""

    ends: tuple[Endpoint, ...]
    public: tuple[PublicAddress, ...] = ()
    """Addresses of the internet that something here has: what comes in there is asked too."""


def asked(
    network: Network, endpoints: Iterable[Endpoint], word: str, flows: Iterable[Flow] = ()
) -> tuple[Endpoint, ...]:
    """What a word stands for that sends, of the endpoints of a proof.

    Beside what `resolve` knows: an address of a VPC that no host can have stands for
    an end that is nowhere; and a socket that connects ('momentum.market'), which is
    not in a network, for its service, where `flows` tell whose it is. Raises
    LookupError, with names that come close.
    """
    endpoints = tuple(endpoints)
    ends = _meant(network, endpoints, word, flows)
    beside, public = _apart(network, endpoints, ends, word)
    # A single address goes by who has it; of many, who has some of them is no matter.
    return ends if beside else tuple(each.end for each in public)


def received(
    network: Network, endpoints: Iterable[Endpoint], word: str, flows: Iterable[Flow] = ()
) -> Receivers:
    """What a word stands for that receives: the same, and public addresses of what is here apart.

    Raises LookupError as `asked` does.
    """
    endpoints = tuple(endpoints)
    return _apart(network, endpoints, _meant(network, endpoints, word, flows), word)


def _meant(
    network: Network, endpoints: tuple[Endpoint, ...], word: str, flows: Iterable[Flow]
) -> tuple[Endpoint, ...]:
    connecting = {
        name: each.client
        for each in flows
        for name in (each.client_name, _of_program(network, each))
        if name
    }
    try:
        return resolve_among(network, endpoints, connecting.get(word, word))
    except LookupError:
        if found := nowhere(network, word):
            return (found,)
        raise


def _of_program(network: Network, flow: Flow) -> str:
    """What people call the socket that connects, by whichever interface of its host."""
    program = network.program.get(flow.client, flow.client)
    return f"{program}.{flow.client_socket}" if flow.client_socket else ""


def _apart(
    network: Network, endpoints: tuple[Endpoint, ...], ends: tuple[Endpoint, ...], word: str
) -> Receivers:
    """Public addresses that an address or a CIDR holds, and whatever else it means."""
    block = as_block(word)
    if block is None:
        return Receivers(ends)
    public = tuple(
        each
        for each in public_addresses(network, endpoints)
        if any(each.end.address in end for end in ends if end.kind is EndpointKind.INTERNET)
    )
    known = [each.end.address for each in public]
    rest = (without(each, known) if each.kind is EndpointKind.INTERNET else each for each in ends)
    return Receivers(tuple(each for each in rest if each is not None), public)
