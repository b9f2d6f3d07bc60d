"""What people say of the parts of a topology: no packet depends on it, and a reviewer does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Spoken = Literal["segment", "service", "site", "socket"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenOf:
    """What something is for, and who answers for it; '' where nobody says.

    `purpose` of a socket is its `why`. `inherited` is the segment whose owner answers for a
    service that names none of its own.
    """

    kind: Spoken
    name: str
    purpose: str = ""
    owner: str = ""
    inherited: str = ""
