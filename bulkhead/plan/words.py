"""What a topology says of its parts, for people."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.intent import Topology
from bulkhead.network import SpokenOf


def words_of(topology: Topology) -> Iterator[SpokenOf]:
    """Of every segment, service, site and socket, whether anything is said of it or not."""
    for segment in topology.segments.values():
        yield SpokenOf(
            kind="segment",
            name=segment.name,
            purpose=segment.purpose,
            owner=segment.owner or "",
        )
    for service in topology.services.values():
        yield SpokenOf(
            kind="service",
            name=service.name,
            purpose=service.purpose or "",
            owner=topology.owners[service.name],
            inherited="" if service.owner else service.segment,
        )
    for site in topology.sites.values():
        yield SpokenOf(
            kind="site", name=site.name, purpose=site.purpose or "", owner=site.owner or ""
        )
    for socket in topology.sockets.values():
        yield SpokenOf(kind="socket", name=socket.reference, purpose=socket.why or "")
