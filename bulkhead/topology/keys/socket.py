"""Those of a socket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from bulkhead.intent.mechanisms import Mechanism
from bulkhead.topology.part import TopologyPart

MechanismName: TypeAlias = Literal["NULL", "PLAIN", "CURVE", "GSSAPI", "TLS"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SocketKeys(TopologyPart):
    """What a socket may say."""

    why: str | None = None
    """What it is needed for, in a line."""
    owner: str | None = None
    """Who answers for it, where that is another than for its service."""
    until: str | date | None = None
    """The last day on which it is needed, as in until="2027-01-31"."""
    mechanism: MechanismName | Mechanism | None = None
    """How it secures itself, as in mechanism="CURVE"; NULL if not said."""
    zap: bool | None = None
    """Whether a ZAP handler decides who may connect, as in zap=True."""
    largest_message: int | str | None = None
    """The largest message that it takes, as in largest_message="1 MiB"."""
