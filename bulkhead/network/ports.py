"""Protocols and port ranges, as AWS rules and packets name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANY_PROTOCOL: Final = -1
ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17

_NAMES: Final = {ANY_PROTOCOL: "all", ICMP: "icmp", TCP: "tcp", UDP: "udp"}
_NUMBERS: Final = {name: number for number, name in _NAMES.items()}


def protocol_name(number: int) -> str:
    """'tcp' for 6, 'all' for -1, the number itself where there is no common name."""
    return _NAMES.get(number, str(number))


def protocol_number(text: str) -> int:
    """The IP protocol number AWS means by 'tcp', '6', 'all' or '-1'.

    Raises ValueError for anything else.
    """
    if text.lower() in _NUMBERS:
        return _NUMBERS[text.lower()]
    number = int(text)
    if not -1 <= number <= 255:
        raise ValueError(f"{number} is not an IP protocol number (0-255, or -1 for all)")
    return number


def has_ports(protocol: int) -> bool:
    """Whether a rule for this protocol looks at ports: only tcp and udp do."""
    return protocol in (TCP, UDP)


@dataclass(frozen=True, slots=True, order=True)
class PortRange:
    """Destination ports `first` to `last`, both included (0-65535)."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last <= 65535:
            raise ValueError(f"{self.first}-{self.last} is not a port range within 0-65535")

    def __contains__(self, port: int) -> bool:
        return self.first <= port <= self.last

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def covers(self, other: PortRange) -> bool:
        """Whether every port of `other` is in this range."""
        return self.first <= other.first and other.last <= self.last

    def overlap(self, other: PortRange) -> PortRange | None:
        """The ports in both, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return PortRange(first, last) if first <= last else None


ALL_PORTS: Final = PortRange(0, 65535)

CLIENT_PORTS: Final = PortRange(32768, 60999)
"""Source ports a Linux client may use: the kernel's default ip_local_port_range.

libzmq leaves the choice to the system unless an endpoint pins it
(libzmq src/tcp_connecter.cpp). AWS documents 32768-61000 for Linux kernels
(docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html).
"""
