"""What a person means who asks about a network: an end of it, or an address where no end can be."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.ends.classes import Endpoint
from bulkhead.ends.naming import resolve_among
from bulkhead.ends.nowhere import nowhere
from bulkhead.network import Flow, Network


def asked(
    network: Network, endpoints: Iterable[Endpoint], word: str, flows: Iterable[Flow] = ()
) -> tuple[Endpoint, ...]:
    """What a word stands for, of the endpoints of a proof.

    Beside what `resolve` knows: an address of a VPC that no host can have stands for
    an end that is nowhere; and a socket that connects ('momentum.market'), which is
    not in a network, for its service, where `flows` tell whose it is. Raises
    LookupError, with names that come close.
    """
    connecting = {f"{each.client}.{each.client_socket}": each.client for each in flows}
    try:
        return resolve_among(network, endpoints, connecting.get(word, word))
    except LookupError:
        if found := nowhere(network, word):
            return (found,)
        raise
