"""A test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from bulkhead.intent.written import WrittenTest
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart
from bulkhead.topology.segment import Segment
from bulkhead.topology.service import Service
from bulkhead.topology.site import Site
from bulkhead.topology.site_host import SiteHost
from bulkhead.topology.socket import Socket

Meant: TypeAlias = str | Socket | Service | Site | SiteHost | Segment
"""What a test is about: the thing itself, or the text that means it."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Test(TopologyPart):
    """What somebody must reach, and what not."""

    __test__ = False  # pytest: this is not a test class

    shape: ClassVar[type[Written]] = WrittenTest

    from_: Meant | Iterable[Meant]
    """A service, one of its sockets, a site, a host of it, a segment (any host in it), or a text:
    "internet", "label:tier=edge", or "*" for everybody; or a list of them."""
    except_: Meant | Iterable[Meant] | None = None
    """Who of these is not meant: the same."""
    accept: Meant | Iterable[Meant] | None = None
    """What it must reach: a Socket, a service, a port such as "risk:22", or a list of them."""
    deny: Meant | Iterable[Meant] | None = None
    """What it must not reach: the same, or "*" for every socket that it is not to accept."""
    name: str | None = None
    """What it is called where it fails."""
    why: str | None = None
    """What depends on it, in a line."""
