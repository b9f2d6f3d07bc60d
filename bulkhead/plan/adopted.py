"""What others have in a VPC, and in prefix lists, as somebody has just read it, on its way into a
lock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bulkhead.plan.lock import Lock, write_lock
from bulkhead.plan.vpc_facts import VpcFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What others have in a VPC, the lock that is to remember it, and where that lies.

    `facts` is None where the topology has a VPC of its own, and reads prefix lists alone.
    `subnets` is how many the topology has in what is free; None where nobody planned it yet.
    """

    facts: VpcFacts | None
    lock: Lock
    file: Path
    subnets: int | None = None

    def keep(self) -> bool:
        """Write the lock; whether that says something new. Raises InputError."""
        return write_lock(self.file, self.lock)
