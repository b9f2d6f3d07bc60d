"""A service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

from bulkhead.intent.written import WrittenService
from bulkhead.intent.written.fields import Written
from bulkhead.topology.keys.service import ServiceKeys
from bulkhead.topology.network_interface import NetworkInterface
from bulkhead.topology.part import NamedPart
from bulkhead.topology.proxy import Proxy
from bulkhead.topology.segment import Segment
from bulkhead.topology.socket import Socket
from bulkhead.topology.use import Use


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Service(ServiceKeys, NamedPart):
    """A program, once or several times."""

    shape: ClassVar[type[Written]] = WrittenService

    segment: str | Segment
    """The segment it lives in, or the name of it."""
    was: str | Iterable[str] | None = None
    """What it was called before: what is built of it is kept."""
    interfaces: Iterable[NetworkInterface] | Literal["none"] | None = None
    """"none" where its copies come and go, and their interfaces with them; or the network
    interfaces of each copy, where it has more than one."""
    runs_on: Literal["asg", "ecs", "eks", "lambda"] | None = None
    """What starts its copies and stops them: asg, ecs, eks or lambda."""
    cluster: str | None = None
    """Of what runs on eks: that it is the control plane of this cluster, as in cluster="prod"."""
    proxy: Proxy | None = None
    """That it is a broker: which of its sockets are front and back end."""
    needs: str | Iterable[str] | None = None
    """Which services of AWS its hosts call, as in needs=["s3", "dynamodb"]."""
    use: str | Use | Iterable[str | Use] | None = None
    """Applications whose sockets it has, as in use="salt.master"."""
    sockets: Iterable[Socket] | None = None
    """Its sockets, each name once."""
