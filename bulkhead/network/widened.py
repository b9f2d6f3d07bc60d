"""NACLs that let more than was declared, because exact entries are more than the quota."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.network.rules import Direction


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class WidenedAcl:
    """One direction and family of the NACL `nacl` (its name), whose `exact` entries were too many.

    `pairs` of an address and a port (of icmp a message) are let besides what is declared, each
    counted once; security groups deny them. No entries of that form that fit let fewer than
    `least`.
    """

    nacl: str
    direction: Direction
    version: int
    exact: int
    entries: int
    pairs: int
    least: int

    def __str__(self) -> str:
        family = " of IPv6" if self.version == 6 else ""
        how = "the least" if self.least == self.pairs else f"at least {self.least:,} in any"
        return (
            f"NACL {self.nacl}, {self.direction}{family}: {self.exact} exact entries do not fit; "
            f"its {self.entries} let {self.pairs:,} pairs of address and port besides ({how})"
        )
