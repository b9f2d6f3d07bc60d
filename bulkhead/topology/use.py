"""The application whose sockets a service or a site has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.written import WrittenUse
from bulkhead.intent.written.fields import Written
from bulkhead.topology.keys.socket import MechanismName
from bulkhead.topology.part import NamedPart, TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Use(TopologyPart):
    """The sockets that an application is known to have, in one of its roles."""

    shape: ClassVar[type[Written]] = WrittenUse

    preset: str
    """An application and the role in it, as in preset="salt.minion"."""
    of: str | NamedPart | Iterable[str | NamedPart] | None = None
    """Who plays the other role, where several could: a service or a site, or several."""
    without: str | Iterable[str] | None = None
    """Sockets of the preset that it lacks."""
    mechanism: MechanismName | Mechanism | None = None
    """That of its ZeroMQ sockets, where it is set up so, as in mechanism="CURVE"."""
    zap: bool | None = None
    """Whether a ZAP handler decides who may connect to them, as in zap=True."""
