"""One address, one socket."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from bulkhead.intent.complaints import Complain
from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.places import as_place, called
from bulkhead.intent.taken import Taken
from bulkhead.intent.wiring.owners import End, Owner, ends_of
from bulkhead.intent.wrong import quoted


def expect_distinct_addresses(owner: Owner, complain: Complain) -> None:
    """One address, one socket: a port may be taken on loopback and on the network, and at each
    address of a site."""
    bound = [
        (end, index, endpoint)
        for end in ends_of({owner.name: owner})
        for index, endpoint in enumerate(end.bind)
        if endpoint.exclusive
    ]
    clashes: dict[int, tuple[int, str]] = {}
    taken: dict[tuple[str, object], Taken] = defaultdict(Taken)
    named: dict[tuple[Transport, str], int] = {}
    at = [_where(end, endpoint) for end, _, endpoint in bound]
    lengths = {each.prefixlen for each in at if isinstance(each, IPv4Network)}
    # The widest first: then each need only be held against those that are around it.
    for number in sorted(range(len(bound)), key=lambda each: _narrowness(at[each])):
        endpoint = bound[number][2]
        ports = endpoint.outside
        if ports is None:
            other = named.setdefault((endpoint.transport, endpoint.address), number)
            if other != number:
                clashes[number] = other, quoted(endpoint.text)
            continue
        around = [taken[endpoint.carrier, each] for each in _around(at[number], lengths)]
        if found := next(filter(None, (each.by(ports) for each in around)), None):
            other, (first, last) = found
            said = f"port {first}" if first == last else f"ports {first}-{last}"
            what = f"{endpoint.carrier} {said}"
            clashes.setdefault(max(number, other), (min(number, other), what))
        else:
            taken[endpoint.carrier, at[number]].take(ports, number)
    for number, (other, what) in sorted(clashes.items()):
        (first_end, _, _), (end, index, _) = bound[other], bound[number]
        several = " ports " in f" {what}"
        complain(
            (*end.path, "bind", index),
            f"{what} of {owner.noun} {'are' if several else 'is'} bound by "
            f"{first_end.reference} and by {end.reference}"
            if end.reference != first_end.reference
            else f"{end.reference} binds {what} twice",
            _remedy(at[other], at[number], several=several),
        )
    for end in ends_of({owner.name: owner}):
        if any(each.published for each in end.bind):
            _expect_distinct_inside(end, complain)


def _remedy(one: object, other: object, *, several: bool) -> str:
    own = "give each its own part of the range" if several else "give each its own"
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network) and one != other:
        return f"{own}, or let them be apart: {called(one)} and {called(other)} overlap"
    return own


def _expect_distinct_inside(end: End, complain: Complain) -> None:
    """Of one socket: what maps its ports leads to one program, which binds each port once."""
    taken: dict[tuple[str, object], Taken] = defaultdict(Taken)
    for index, endpoint in enumerate(end.bind):
        ports = endpoint.ports if endpoint.exclusive else None
        if ports is None:
            continue
        here = taken[endpoint.carrier, _where(end, endpoint)]
        if found := here.by(ports):
            what = f"{end.reference} binds {endpoint.carrier} port {found[1][0]} twice"
            complain((*end.path, "bind", index), f"{what} inside", "publish another port of it")
        else:
            here.take(ports, index)


def _narrowness(place: object) -> int:
    if place is None:
        return -1
    return place.prefixlen if isinstance(place, IPv4Network) else 0


def _around(place: object, lengths: Iterable[int]) -> Iterator[object]:
    """Itself, all there are, and the networks of these lengths in which it is."""
    yield from dict.fromkeys((place, None))
    if isinstance(place, IPv4Network):
        for each in lengths:
            if each < place.prefixlen:
                yield place.supernet(new_prefix=each)


def _where(end: End, endpoint: ZmqEndpoint) -> object:
    """What has ports of its own: loopback, an address or a network of a site, an interface; None
    for all there are."""
    if endpoint.loopback:
        named = endpoint.literal is None or str(endpoint.literal) == "127.0.0.1"
        return "lo" if named else endpoint.literal
    if endpoint.literal is not None:
        return as_place(endpoint.literal) if end.owner.is_site else endpoint.literal
    if end.at is not None:
        return end.at
    # Which address an interface of a site has, nobody here knows.
    everywhere = end.owner.is_site or endpoint.address in ("*", "0.0.0.0", "::")  # noqa: S104
    return None if everywhere else endpoint.address
