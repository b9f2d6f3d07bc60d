"""What AWS closes of the internet around the VPC."""

from __future__ import annotations

from typing import Literal

from bulkhead.intent.model.base import Resolved


class PublicAccessWanted(Resolved):
    """VPC Block Public Access, as somebody asks for it."""

    mode: Literal["block-ingress", "block-bidirectional"]
    manage: bool = False
    """Whether the stack of the topology sets it; else somebody else does."""
    exclusions: Literal["allowed", "not-allowed"] = "allowed"
