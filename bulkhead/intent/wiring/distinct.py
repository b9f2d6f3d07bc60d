"""One address, one socket; but of a range several may each take a port that is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network

from bulkhead.intent.complaints import Complain
from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.places import as_place, called
from bulkhead.intent.taken import Taken
from bulkhead.intent.wiring.owners import End, Owner, ends_of
from bulkhead.intent.wrong import quoted

_Bound = tuple[End, int, ZmqEndpoint]
"""An endpoint that a socket binds, and its place in `bind`."""

Shared = tuple[tuple[End, int], ...]
"""Sockets that draw their ports from one range, each with the place of the range in its `bind`."""


def expect_distinct_addresses(owner: Owner, complain: Complain) -> tuple[Shared, ...]:
    """One address, one socket: a port may be taken on loopback and on the network, and at each
    address of a site. Returns those sockets that draw from one range, which is no clash."""
    bound = [
        (end, index, endpoint)
        for end in ends_of({owner.name: owner})
        for index, endpoint in enumerate(end.bind)
        if endpoint.exclusive
    ]
    clashes: dict[int, tuple[int, str]] = {}
    shared: dict[int, list[int]] = {}
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
            if _share(bound[number], bound[other]):
                shared.setdefault(other, [other]).append(number)
                continue
            said = f"port {first}" if first == last else f"ports {first}-{last}"
            what = f"{endpoint.carrier} {said}"
            clashes.setdefault(max(number, other), (min(number, other), what))
        else:
            taken[endpoint.carrier, at[number]].take(ports, number)
    for number, (other, what) in sorted(clashes.items()):
        (first_end, _, one), (end, index, endpoint) = bound[other], bound[number]
        both = one.drawn_from, endpoint.drawn_from
        drawn = end.reference != first_end.reference and None not in both
        single = next((each for each in (one, endpoint) if each.drawn_from is None), None)
        several = " ports " in f" {what}"
        complain(
            (*end.path, "bind", index),
            f"{what} of {owner.noun} {'are' if several else 'is'} bound by "
            f"{first_end.reference} and by {end.reference}"
            if end.reference != first_end.reference
            else f"{end.reference} binds {what} twice",
            f"leave {single.at} out of the range: whoever draws passes over what is taken"
            if single is not None and not single.each_copy and any(both) and at[other] == at[number]
            else _remedy(at[other], at[number], several=several, drawn=drawn),
        )
    together = [tuple(bound[each] for each in several) for several in shared.values()]
    for several_bound in together:
        _expect_enough(several_bound, complain)
    for end in ends_of({owner.name: owner}):
        if any(each.published for each in end.bind):
            _expect_distinct_inside(end, complain)
    return tuple(tuple((end, index) for end, index, _ in each) for each in together)


def _share(one: _Bound, other: _Bound) -> bool:
    """Whether two sockets draw from one range: each program binds a port of it that is free, and
    tries another where it is not (pyzmq's bind_to_random_port, czmq's zsock_bind)."""
    (end, _, endpoint), (other_end, _, range_) = one, other
    whole = endpoint.drawn_from
    return (
        end.reference != other_end.reference
        and whole is not None
        and whole == range_.drawn_from
        and endpoint.outside == range_.outside
    )


def _expect_enough(several: Sequence[_Bound], complain: Complain) -> None:
    first, last = several[0][2].drawn_from or (0, 0)
    count = last - first + 1
    for end, index, _ in several[count:]:
        what = f"{len(several)} sockets of {end.owner.noun} draw from {count} ports, {first}-{last}"
        complain((*end.path, "bind", index), what, f"let the range have {len(several)} at least")
        break


def _remedy(one: object, other: object, *, several: bool, drawn: bool) -> str:
    own = "give each its own part of the range" if several else "give each its own"
    own += ", or all the same range" if several and drawn else ""
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
        return as_place(endpoint.literal) if end.owner.outside else endpoint.literal
    if end.at is not None:
        return end.at
    # Which address an interface of a site has, nobody here knows.
    return None if end.owner.outside or endpoint.everywhere else endpoint.address
