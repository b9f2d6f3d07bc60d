"""What AWS closes of the internet around the VPC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from bulkhead.intent.written import WrittenBlockPublicAccess
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BlockPublicAccess(TopologyPart):
    """VPC Block Public Access: what AWS closes of the internet, in the whole account and Region."""

    shape: ClassVar[type[Written]] = WrittenBlockPublicAccess

    mode: Literal["block-ingress", "block-bidirectional"]
    """block-ingress: nothing comes in but to what is excluded; block-bidirectional: and nothing
    goes out."""
    manage: bool | None = None
    """Whether the stack of this topology sets it; somebody else does if not said."""
    exclusions: Literal["allowed", "not-allowed"] | None = None
    """Whether what the declared flows need is excluded; not-allowed: a flow that needs it is
    refused."""
