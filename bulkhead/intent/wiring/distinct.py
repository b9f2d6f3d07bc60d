"""One address, one socket."""

from __future__ import annotations

from collections import defaultdict

from bulkhead.intent.complaints import Complain
from bulkhead.intent.endpoints import Transport
from bulkhead.intent.taken import Taken
from bulkhead.intent.wiring.owners import Owner, ends_of
from bulkhead.intent.wrong import quoted


def expect_distinct_addresses(owner: Owner, complain: Complain) -> None:
    """One address, one socket. A tcp port counts whatever its interface is: rules see ports.

    Only at a site can they name an address beside it, so there each has its own ports.
    """
    bound = [
        (end, index, endpoint)
        for end in ends_of({owner.name: owner})
        for index, endpoint in enumerate(end.bind)
        if endpoint.exclusive
    ]
    clashes: dict[int, tuple[int, str]] = {}
    taken: dict[tuple[str, object], Taken] = defaultdict(Taken)
    named: dict[tuple[Transport, str], int] = {}
    at = [endpoint.literal if owner.is_site else None for _, _, endpoint in bound]
    # First what is bound at all addresses: of the others, each is then held against its own.
    for number in sorted(range(len(bound)), key=lambda each: at[each] is not None):
        endpoint = bound[number][2]
        if endpoint.ports is None:
            other = named.setdefault((endpoint.transport, endpoint.address), number)
            if other != number:
                clashes[number] = other, quoted(endpoint.text)
            continue
        here, everywhere = taken[endpoint.carrier, at[number]], taken[endpoint.carrier, None]
        if found := here.by(endpoint.ports) or everywhere.by(endpoint.ports):
            other, (first, last) = found
            ports = f"port {first}" if first == last else f"ports {first}-{last}"
            what = f"{endpoint.carrier} {ports}"
            clashes.setdefault(max(number, other), (min(number, other), what))
        else:
            here.take(endpoint.ports, number)
    for number, (other, what) in sorted(clashes.items()):
        (first_end, _, _), (end, index, _) = bound[other], bound[number]
        complain(
            (*end.path, "bind", index),
            f"{what} of {owner.noun} is bound by {first_end.reference} and by {end.reference}"
            if end.reference != first_end.reference
            else f"{end.reference} binds {what} twice",
            "give each its own",
        )
