"""A whole topology."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from ipaddress import IPv4Network
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from bulkhead.intent.document import nearest_line
from bulkhead.intent.model.base import Frozen, Resolved
from bulkhead.intent.model.connection import Connection
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
    file: str
    lines: Mapping[tuple[str | int, ...], int] = Field(repr=False, exclude=True)
    warnings: tuple[Problem, ...] = Field(default=(), repr=False, exclude=True)
    """What can be planned, and somebody should know."""

    def line_of(self, *path: str | int) -> int:
        """The line of a key, such as ('services', 'ticker', 'sockets', 'ticks').

        Of the nearest key around it, where the path itself is not written.
        """
        return nearest_line(self.lines, path)

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
    def sockets(self) -> Mapping[str, Socket]:
        """Every socket, by its reference: 'ticker.ticks'."""
        owners: tuple[Service | Site, ...] = (*self.services.values(), *self.sites.values())
        return MappingProxyType(
            {each.reference: each for owner in owners for each in owner.sockets.values()}
        )
