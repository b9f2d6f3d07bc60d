"""A flow that is not ZeroMQ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal, TypeAlias

from bulkhead.intent.written import WrittenFlow
from bulkhead.intent.written.fields import Written
from bulkhead.topology.exposure import Exposure
from bulkhead.topology.part import TopologyPart
from bulkhead.topology.peer import Peer
from bulkhead.topology.segment import Segment
from bulkhead.topology.service import Service
from bulkhead.topology.site import Site
from bulkhead.topology.site_host import SiteHost

FlowEnds: TypeAlias = str | Service | Site | SiteHost | Peer | Segment


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Flow(TopologyPart):
    """What a host needs beside its sockets: SSH, a database, a metrics scraper."""

    shape: ClassVar[type[Written]] = WrittenFlow

    name: str = field(kw_only=False)
    """What it is called at every server, as in "ssh"."""
    from_: FlowEnds | Iterable[FlowEnds]
    """Who opens it: a Service, a Site, a Segment (every service in it), a text such as
    "label:tier=edge" or "*" (every service), or a list of them."""
    to: FlowEnds | Iterable[FlowEnds]
    """Who answers: as from_."""
    traffic: str | Iterable[str]
    """What passes: "tcp 22", "tcp 8000-8010", "udp 53", "icmp 8", "sctp", "gre", "protocol 89", or
    a list of them."""
    why: str
    """What it is needed for, in a line."""
    owner: str | None = None
    """Who answers for it."""
    until: str | date | None = None
    """The last day on which it is needed, as in until="2027-01-31"."""
    exposure: Exposure | None = None
    """Why it may cross the internet."""
    encryption: Literal["TLS", "SSH", "none"] | None = None
    """How its programs encrypt: TLS, SSH or none; none if not said."""
