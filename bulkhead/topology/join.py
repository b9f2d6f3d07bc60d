"""What joins two VPCs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from bulkhead.intent.written import WrittenJoin
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart
from bulkhead.topology.vpc import OwnVpc


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Join(TopologyPart):
    """A way between VPCs: what may pass is still what is declared, and never on into a third."""

    shape: ClassVar[type[Written]] = WrittenJoin

    peering: Iterable[str | OwnVpc]
    """A VPC peering connection of two VPCs, as in peering=[core, market]."""
