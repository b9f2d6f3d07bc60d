"""What two declarations have in common: of each flow the traffic that both let."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network

from bulkhead.network import Flow, PortRange, Site

_Ends = tuple[str, str, int]


def staying(old: Iterable[Flow], new: Iterable[Flow]) -> tuple[Flow, ...]:
    """Between the same ends, whatever sockets are called: the ports and addresses of both."""
    before: Mapping[_Ends, list[Flow]] = defaultdict(list)
    for each in old:
        before[_ends(each)].append(each)
    found = (
        both
        for each in dict.fromkeys(new)
        for other in before.get(_ends(each), ())
        for both in _in_both(other, each)
    )
    return tuple(dict.fromkeys(found))


def at_networks_of_both(
    flows: Iterable[Flow], old: Iterable[Site], new: Iterable[Site]
) -> tuple[Flow, ...]:
    """The same, but of a site that has other networks afterwards in those alone that it has on
    both sides: what is elsewhere there comes or goes."""
    was, now = ({each.name: _networks(each) for each in several} for several in (old, new))
    kept = {
        name: _common(there, now[name]) or ()
        for name, there in was.items()
        if {*there} != {*now.get(name, there)}
    }
    return tuple(narrow for each in flows for narrow in _narrowed(each, kept))


def _networks(site: Site) -> tuple[IPv4Network, ...]:
    """Those behind its VPN connection, which carries IPv4 alone."""
    return tuple(each for each in site.cidrs if isinstance(each, IPv4Network))


def _narrowed(flow: Flow, kept: Mapping[str, tuple[IPv4Network, ...]]) -> Iterator[Flow]:
    here, server = kept.get(flow.client), flow.server
    if here is not None:
        if not here:
            return
        flow = replace(flow, clients_at=flow.clients_at or here)
    there = kept.get(server.owner)
    if there is None or server.alone_at is not None:
        yield flow
        return
    for network in there:
        yield replace(flow, server=replace(server, address=network))


def _ends(flow: Flow) -> _Ends:
    return flow.client, flow.server.owner, flow.server.protocol


def _in_both(one: Flow, other: Flow) -> Iterator[Flow]:
    """The second, as far as the first is that too."""
    first = max(one.server.ports.first, other.server.ports.first)
    last = min(one.server.ports.last, other.server.ports.last)
    clients = _common(one.clients_at, other.clients_at)
    servers = _common(_alone(one), _alone(other))
    if first > last or clients is None or servers is None:
        return
    same = other.server.address if _alone(other) == servers else one.server.address
    server = replace(other.server, ports=PortRange(first, last), address=same)
    yield replace(other, server=server, clients_at=clients)


def _alone(flow: Flow) -> tuple[IPv4Network, ...]:
    return () if flow.server.alone_at is None else (flow.server.alone_at,)


def _common(
    one: tuple[IPv4Network, ...], other: tuple[IPv4Network, ...]
) -> tuple[IPv4Network, ...] | None:
    """The addresses that are among both, where () stands for all; None: there is none."""
    if not one or not other:
        return one or other
    inner = (
        first if first.subnet_of(second) else second
        for first in one
        for second in other
        if first.overlaps(second)
    )
    return tuple(dict.fromkeys(inner)) or None
