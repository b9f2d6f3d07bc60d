"""What people say of the parts of a topology: no packet depends on it, and a reviewer does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Spoken = Literal["segment", "service", "site", "socket", "flow", "topology", "peer", "vpc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOf:
    """What something is for, who answers for it, how its data is classified; '' if nobody says."""

    purpose: str = ""
    owner: str = ""
    data: str = ""

    def __bool__(self) -> bool:
        return bool(self.purpose or self.owner or self.data)

    def __str__(self) -> str:
        told = {"owner": self.owner, "data": self.data, "purpose": self.purpose}
        return "; ".join(f"{key}: {text}" for key, text in told.items() if text)


UNSAID: Final = SaidOf()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenOf:
    """What something is for, who answers for it, how its data is classified; '' if nobody says.

    `purpose` of a socket or a flow is its `why`, of the topology what is recorded of its traffic;
    `until` is the last day on which it is needed.
    `setup` is what else no packet shows, by its key: the `replicas`, the `instance` and the
    `interfaces` of a service (which segments its hosts join), the `published` ports and the
    `largest-message` of a socket, the domain of the topology (`dns`) and what its VPC
    encrypts (`vpc-encryption`), the word by which
    something may cross the internet (`exposure`). `inherited` is the segment
    whose owner answers for a service
    that names none of its own, `classified` the one that classifies its data.
    """

    kind: Spoken
    name: str
    purpose: str = ""
    owner: str = ""
    data: str = ""
    inherited: str = ""
    classified: str = ""
    until: str = ""
    setup: Mapping[str, str] = field(default_factory=dict)
