"""What AWS makes sure of within a VPC: that everything in it encrypts what it sends.

VPC encryption controls (docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html). No
packet that a network lets pass depends on them: they keep out what cannot encrypt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class EncryptionMode(StrEnum):
    """What a VPC's encryption control does."""

    OFF = "off"
    """There is none."""
    MONITOR = "monitor"
    """Flow logs say what is encrypted, and nothing is refused: what cannot encrypt stays."""
    ENFORCE = "enforce"
    """Nothing is let into the VPC that cannot encrypt, but for what is excluded."""


class Excludable(StrEnum):
    """What may be in a VPC that enforces encryption, and does not encrypt: "You are responsible for
    encryption of traffic flows to and from these resources" (the same page, "Exclusions")."""

    INTERNET_GATEWAY = "internet-gateway"
    EGRESS_ONLY_GATEWAY = "egress-only-internet-gateway"
    NAT_GATEWAY = "nat-gateway"
    VPN_GATEWAY = "virtual-private-gateway"
    PEERING = "vpc-peering"
    """With a VPC of another Region, or one that does not enforce it itself."""
    LAMBDA = "lambda"
    LATTICE = "vpc-lattice"
    FILE_SYSTEM = "elastic-file-system"


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEncryption:
    """The encryption control of a VPC; where none is known of, a VPC has None of these.

    `settled`: whether AWS is done with what it was last told, and did not fail.
    """

    mode: EncryptionMode
    excluded: tuple[str, ...] = ()
    """Words of Excludable where it is one of those, in order; else as AWS says it."""
    settled: bool = True

    @property
    def enforced(self) -> bool:
        """Whether all hosts in the VPC surely encrypt what they send one another."""
        return self.mode is EncryptionMode.ENFORCE and self.settled

    def __str__(self) -> str:
        """'enforce, without nat-gateway'."""
        without = f", without {', '.join(self.excluded)}" if self.excluded else ""
        return f"{self.mode}{without}{'' if self.settled else ', and AWS is not done with that'}"


NO_ENCRYPTION: Final = VpcEncryption(mode=EncryptionMode.OFF)


def control_of(vpc: str) -> str:
    """By what the control of a VPC goes in a plan, where AWS has not called it anything."""
    return f"{vpc}/encryption"
