"""The encryption control of a VPC, as DescribeVpcs and DescribeVpcEncryptionControls tell it.

(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEncryptionControl.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from bulkhead.network import NO_ENCRYPTION, EncryptionMode, Excludable, VpcEncryption
from bulkhead.observe.describe.described import Described
from bulkhead.observe.known import in_item
from bulkhead.observe.record import Record, UnreadableError

CONTROLS: Final = "VpcEncryptionControls"
_WORDS: Final = {
    "EgressOnlyInternetGateway": Excludable.EGRESS_ONLY_GATEWAY,
    "ElasticFileSystem": Excludable.FILE_SYSTEM,
    "InternetGateway": Excludable.INTERNET_GATEWAY,
    "Lambda": Excludable.LAMBDA,
    "NatGateway": Excludable.NAT_GATEWAY,
    "VirtualPrivateGateway": Excludable.VPN_GATEWAY,
    "VpcLattice": Excludable.LATTICE,
    "VpcPeering": Excludable.PEERING,
}


def encryption_of(described: Described, vpc: Record) -> VpcEncryption | None:
    """What is known of a VPC's: None where nobody said, or somebody in words that nobody knows."""
    told = list(_told(described, vpc))
    if not told:
        return None if CONTROLS in described.missing else NO_ENCRYPTION
    with suppress(UnreadableError, ValueError):
        (control,) = {_control(each) for each in told}
        return control
    return None


def _told(described: Described, vpc: Record) -> Iterator[Record]:
    if (beside := vpc.inside("EncryptionControl")) is not None and beside.values:
        yield beside
    for each in described[CONTROLS]:
        if each.maybe("VpcId") == vpc.maybe("VpcId"):
            yield each


def _control(record: Record) -> VpcEncryption:
    """Raises UnreadableError, and ValueError of a mode, or of more, that nobody here knows."""
    for surprise in in_item(CONTROLS, record.values):
        raise ValueError(surprise.path)
    state = record.maybe("State") or "available"
    if state == "deleted":
        return NO_ENCRYPTION
    exclusions = record.inside("ResourceExclusions")
    excluded = {
        str(_WORDS.get(name) or _kebab(name))
        for name in (exclusions.values if exclusions else ())
        if exclusions and (said := exclusions.inside(name)) and said.maybe("State") in _EXCLUDES
    }
    return VpcEncryption(
        mode=EncryptionMode(record.text("Mode")),
        excluded=tuple(sorted(excluded)),
        settled=state == "available",
    )


_EXCLUDES: Final = ("enabled", "enabling", "disabling")
"""As long as AWS has not taken it back, it excludes."""


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
