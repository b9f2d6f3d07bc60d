"""Ports that the tests of a topology ask about, whatever waits there. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import Final

from bulkhead.network import ANY_PROTOCOL, TCP, Listener, PortRange, any_host_in
from bulkhead.twin.layout import Host, Layout
from bulkhead.twin.measured import Party, PartyKind

MOST_ASKED: Final = 8
"""Ports of one host, beside those at which something waits: a drill has its time."""
_WIDE: Final = 60_000
_TELLING: Final = (22, 65000)
"""Asked of nearly all ports: the first that somebody would try, and a high one."""


def ports_asked(
    layout: Layout, taken: Container[tuple[Party, int]], asked: Iterable[Listener]
) -> tuple[list[tuple[Host, int]], tuple[str, ...]]:
    """At which hosts which ports are tried besides, and what of it is left to the proof."""
    found: dict[tuple[Host, int], None] = {}
    number: Counter[Party] = Counter()
    notes: dict[str, None] = {}
    for each in dict.fromkeys(asked):
        if each.protocol not in (TCP, ANY_PROTOCOL):
            notes[f"not measured: {each}, for the twin speaks tcp alone"] = None
            continue
        tried = list(_some_of(each.ports))
        if each.protocol == ANY_PROTOCOL or len(tried) < len(each.ports):
            some = ", ".join(map(str, tried))
            notes[f"{each}: tcp {some} are tried; all of it is proved"] = None
        there = [host for host in _hosts(layout, each.owner) if host.is_at(each.alone_at)]
        if not there:
            notes[f"not measured: {each}, for the twin has nobody there"] = None
        for host in there:
            for port in tried:
                if (host.party, port) in taken or (host, port) in found:
                    continue
                number[host.party] += 1
                if number[host.party] <= MOST_ASKED:
                    found[host, port] = None
    notes.update(
        (f"{party.name}: tests ask about {each} more ports, {MOST_ASKED} of them are tried", None)
        for party, each in number.items()
        if each > MOST_ASKED
    )
    return [*found], tuple(notes)


def _some_of(ports: PortRange) -> Iterable[int]:
    if len(ports) > _WIDE:
        return _TELLING
    return sorted({max(1, ports.first), (ports.first + ports.last + 1) // 2, ports.last})


def _hosts(layout: Layout, name: str) -> Iterator[Host]:
    """Whom a test calls so: a service, a site, the internet, any host in a segment."""
    segment = {each.id: each.segment for each in layout.network.subnets}
    yield from layout.playing(name)
    for host in layout.hosts:
        if host.kind is PartyKind.INTERNET and name == "internet":
            yield host
        elif host.kind is PartyKind.STRANGER and host.subnet is not None:
            where = segment.get(host.subnet)
            if where and name == any_host_in(where):
                yield host
