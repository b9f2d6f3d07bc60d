"""What the encryption controls of VPCs do, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.network import EncryptionMode, Network, Vpc

_DOES: Final = {
    EncryptionMode.ENFORCE: "AWS encrypts what its hosts send one another",
    EncryptionMode.MONITOR: "AWS only tells what is encrypted",
}


def encryption_lines(network: Network) -> Iterator[str]:
    """One for each VPC that has a control: 'VPC trading: encryption control enforce: AWS …'."""
    for vpc in network.vpcs:
        if not vpc.neighbour and (said := encryption_of(vpc)):
            yield f"VPC {vpc.name}: {said}"


def encryption_of(vpc: Vpc) -> str:
    """What it does; '' where there is none, or nobody said."""
    control = vpc.encryption
    if control is None or control.mode is EncryptionMode.OFF:
        return ""
    does = f": {_DOES[control.mode]}" if control.settled else ""
    return f"encryption control {control}{does}"
