"""Flow logs, read by `discover/flows`, as evidence for the register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.discover.flows import FlowOutcome, FlowsSeen
from bulkhead.discover.register.from_wire import FlowSeen

_CARRIERS: Final = {6: "tcp", 17: "udp"}
"""iana.org/assignments/protocol-numbers."""


def flows_seen(seen: FlowsSeen) -> tuple[FlowSeen, ...]:
    """One of each client at each port of TCP and UDP; not those of which nothing was let pass."""
    return tuple(_each(seen))


def _each(seen: FlowsSeen) -> Iterator[FlowSeen]:
    for each in seen.edges:
        transport = _CARRIERS.get(each.protocol)
        refused = each.outcome is FlowOutcome.REFUSED
        if transport is None or each.port is None or refused:
            continue
        if not each.client.address or not each.server.address:
            continue  # the internet as a whole, which asks and is refused
        yield FlowSeen(
            client=each.client.address,
            server=each.server.address,
            port=each.port,
            transport=transport,
            records=each.records,
            days=len(each.days),
            first=str(each.days[0]) if each.days else "",
            last=str(each.days[-1]) if each.days else "",
            client_name=each.client.owner,
            server_name=each.server.owner,
            opened_sure=each.opened_by.sure,
        )
