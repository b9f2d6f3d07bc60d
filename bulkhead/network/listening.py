"""Sockets that wait at neighbouring ports: one range is one listener, however it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from bulkhead.network.model import Listener
from bulkhead.network.ports import ALL_PORTS, PortRange
from bulkhead.network.traffic import runs


def joined(listeners: Iterable[Listener]) -> tuple[Listener, ...]:
    """The same sockets at the same ports, as the fewest listeners: of each its ports in order."""
    ports: dict[Listener, list[PortRange]] = defaultdict(list)
    for each in listeners:
        ports[replace(each, ports=ALL_PORTS)].append(each.ports)
    return tuple(
        replace(socket, ports=run)
        for socket, several in ports.items()
        for run in runs(socket.protocol, several)
    )
