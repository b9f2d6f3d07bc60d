"""What AWS makes sure of within the VPC."""

from __future__ import annotations

from typing import Literal

from bulkhead.intent.model.base import Resolved


class VpcEncryptionWanted(Resolved):
    """A VPC encryption control, as somebody asks for it."""

    mode: Literal["enforce", "monitor"]
    exclude: tuple[str, ...] = ()
    """What may not encrypt beside what the topology itself brings in, in AWS's words."""
