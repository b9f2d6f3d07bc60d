"""What holds where nothing else is said: the keys that may be left out, once for many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.written import WrittenDefaults, WrittenSegmentDefaults, defaults, topology
from bulkhead.intent.written.fields import Written
from bulkhead.topology.keys.segment import SegmentKeys
from bulkhead.topology.keys.service import ServiceKeys
from bulkhead.topology.keys.site import SiteKeys
from bulkhead.topology.keys.socket import SocketKeys
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DefaultService(ServiceKeys):
    """What a service has unless it says otherwise."""

    shape: ClassVar[type[Written]] = defaults.DefaultService


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DefaultSocket(SocketKeys):
    """What a socket has unless it says otherwise."""

    shape: ClassVar[type[Written]] = defaults.DefaultSocket


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DefaultSegment(SegmentKeys):
    """What a segment has unless it says otherwise."""

    shape: ClassVar[type[Written]] = topology.DefaultSegment


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DefaultSite(SiteKeys):
    """What a site has unless it says otherwise."""

    shape: ClassVar[type[Written]] = topology.DefaultSite


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SegmentDefaults(TopologyPart):
    """What services of one segment have, and their sockets, unless they say otherwise."""

    shape: ClassVar[type[Written]] = WrittenSegmentDefaults

    service: DefaultService | None = None
    """What a service has."""
    socket: DefaultSocket | None = None
    """What a socket has."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Defaults(SegmentDefaults):
    """What everything in a topology has unless it, or its segment, says otherwise."""

    shape: ClassVar[type[Written]] = WrittenDefaults

    segment: DefaultSegment | None = None
    """What a segment has."""
    site: DefaultSite | None = None
    """What a site has."""
