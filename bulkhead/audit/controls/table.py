"""What a control is: an id of a framework, what it requires, and what decides it here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Framework(StrEnum):
    """By the word that people write for it."""

    CIS = "cis"
    FSBP = "fsbp"
    PCI = "pci"
    NIST = "nist-800-53"
    ZERO_TRUST = "nist-800-207"

    @property
    def heading(self) -> str:
        return _TITLES[self]


_TITLES = {
    Framework.CIS: "CIS AWS Foundations Benchmark",
    Framework.FSBP: "AWS Foundational Security Best Practices",
    Framework.PCI: "PCI DSS",
    Framework.NIST: "NIST SP 800-53",
    Framework.ZERO_TRUST: "NIST SP 800-207",
}


class ControlStatus(StrEnum):
    """How well it is known that the control says this: nobody here quotes a standard."""

    VERIFIED = "verified"
    """Id and requirement were read in a published mapping."""
    WORDING = "wording unverified"
    """The id was read, the requirement is from memory."""
    UNVERIFIED = "unverified"
    """Id and requirement are from memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control, and the ids of the checks that decide it.

    It fails if one of them does, and passes only if every one was decided and none failed.
    `outside` is what it asks for beside, that nobody here can know: such a control fails, or
    is NOT DECIDED, and never passes. `live`: only what stands there decides it, no plan.
    `also` are its ids in older versions of the framework.
    """

    framework: Framework
    version: str
    id: str
    requires: str
    status: ControlStatus = ControlStatus.VERIFIED
    checks: tuple[str, ...] = ()
    outside: str = ""
    live: bool = False
    also: tuple[tuple[str, str], ...] = ()

    @property
    def slug(self) -> str:
        """'cis-6.3': for machines, one word."""
        return f"{self.framework}-{self.id}".replace(" ", "-")

    @property
    def name(self) -> str:
        """'CIS 6.3', 'FSBP EC2.18', 'PCI 1.3.1', 'NIST-800-53 AC-4'."""
        return f"{self.framework.upper()} {self.id}"
