"""A whole topology."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from ipaddress import IPv4Network
from types import MappingProxyType
from typing import Literal

from pydantic import Field, SkipValidation

from bulkhead.intent.document import FileLine, KeyPath, nearest
from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.connection import Connection
from bulkhead.intent.model.plain_flow import PlainFlow
from bulkhead.intent.model.segment import Segment
from bulkhead.intent.model.service import Service
from bulkhead.intent.model.site import Site
from bulkhead.intent.model.socket import Socket
from bulkhead.intent.model.test import Test
from bulkhead.problems import Problem


class Topology(Resolved):
    """Everything one topology.yaml says."""

    name: str
    region: str
    cidr: IPv4Network
    zones: tuple[str, ...]
    encryption: Literal["required", "optional"] = "optional"
    segments: Frozen[Segment]
    sites: Frozen[Site]
    services: Frozen[Service]
    tests: tuple[Test, ...]
    connections: tuple[Connection, ...]
    flows: tuple[PlainFlow, ...] = ()
    """Those that are not ZeroMQ."""
    file: str
    """The root: what it includes lies beside it or below."""
    places: SkipValidation[Mapping[KeyPath, FileLine]] = Field(repr=False, exclude=True)
    warnings: tuple[Problem, ...] = Field(default=(), repr=False, exclude=True)
    """What can be planned, and somebody should know."""

    def place_of(self, *path: str | int) -> FileLine:
        """Where a key is written, such as ('services', 'ticker', 'sockets', 'ticks').

        The nearest key around it, where the path itself is not written.
        """
        return nearest(self.places, path, FileLine(self.file, 1))

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Who answers for each service and site: of a service its segment's, where it names
        nobody; '' where nobody does."""
        services = {
            each.name: each.owner or self.segments[each.segment].owner or ""
            for each in self.services.values()
        }
        sites = {each.name: each.owner or "" for each in self.sites.values()}
        return MappingProxyType({**services, **sites})

    @cached_property
    def classifications(self) -> Mapping[str, str]:
        """How the data of each service and site is classified: of a service as its segment's,
        where it says nothing; '' where nobody says."""
        services = {
            each.name: each.data or self.segments[each.segment].data or ""
            for each in self.services.values()
        }
        sites = {each.name: each.data or "" for each in self.sites.values()}
        return MappingProxyType({**services, **sites})

    @cached_property
    def sockets(self) -> Mapping[str, Socket]:
        """Every socket, by its reference: 'ticker.ticks'."""
        owners: tuple[Service | Site, ...] = (*self.services.values(), *self.sites.values())
        return MappingProxyType(
            {each.reference: each for owner in owners for each in owner.sockets.values()}
        )
