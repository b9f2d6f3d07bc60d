"""What AWS excludes from the encryption that it enforces in a VPC, and whom it does not let in."""

from __future__ import annotations

from typing import Final

from bulkhead.intent.wrong import Wrong, alternatives, nearest, quoted

EXCLUSIONS: Final = (
    *("internet-gateway", "egress-only-internet-gateway", "nat-gateway"),
    *("virtual-private-gateway", "vpc-peering", "lambda", "vpc-lattice", "elastic-file-system"),
)
"""The eight of docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html."""
_NEWER: Final = frozenset({"global-accelerator", "api-gateway-v2"})
"""Of docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEncryptionControlConfiguration.html, and
of no resource of the provider."""
_NEVER: Final = frozenset(
    {"gateway-load-balancer", "network-firewall", "local-zone", "transit-gateway"}
)
"""The same page: "No other resources are excludable"."""


def parse_exclusion(value: object) -> str:
    """What is excluded, in the words of AWS. Raises Wrong."""
    said = value if isinstance(value, str) else ""
    if said in EXCLUSIONS:
        return said
    what = quoted(value)
    if said in _NEWER:
        raise Wrong(
            f"{what}: AWS can exclude it, and the provider of AWS cannot yet", "take it out"
        )
    if said in _NEVER:
        remedy = "take it out; a VPC that has one can be watched: mode: monitor"
        raise Wrong(f"{what} is nothing that AWS excludes", remedy)
    close = nearest(said, EXCLUSIONS) if said else ""
    raise Wrong(
        f"{what} is nothing that AWS excludes", close or f"write {alternatives(EXCLUSIONS)}"
    )


_IN_CLEAR: Final = (
    "a1 c1 c3 c4 c5 c5d c6g c6gd d2 g5g h1 i2 i3 m1 m2 m3 m4 m5 m5a m5ad m5d m6g m6gd mac-m3ultra "
    "mac-m4max mac1 mac2 mac2-m1ultra mac2-m2 mac2-m2pro r3 r4 r5 r5a r5ad r5b r5d r6g r6gd t1 t2 "
    "t3 t3a t4g x1 x1e x2gd z1d"
)
_CLEAR: Final = frozenset(_IN_CLEAR.split())
"""Families of which no type encrypts what it sends to another: NetworkInfo's
EncryptionInTransitSupported is false (docs.aws.amazon.com/AWSEC2/latest/APIReference/
API_NetworkInfo.html; the types that do: docs.aws.amazon.com/AWSEC2/latest/UserGuide/
data-protection.html, "Encryption between instances"). Of a family that is not here nobody says."""


def sends_in_clear(instance_type: str) -> bool:
    """Whether instances of a type, 't3.micro', are known not to encrypt by their hardware: AWS
    lets none into a VPC that enforces it."""
    return instance_type.partition(".")[0].lower() in _CLEAR
