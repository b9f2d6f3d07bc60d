"""Names of hosts in a private zone: beside the Network, as no packet depends on them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

MINUTE: Final = 60
"""For how long a name may be remembered: libzmq asks anew whenever it connects again
(src/tcp_connecter.cpp), so that whoever has another address is found within that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRecord:
    """A name, under that of its zone, and the addresses that have it."""

    name: str
    addresses: tuple[IPv4Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateZone:
    """A private hosted zone of Route 53, which hosts of the VPC alone can ask.

    (docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html)
    """

    id: str
    domain: str
    vpc: str
    records: tuple[NameRecord, ...]
    seconds: int = MINUTE
    """For how long an answer is good."""

    @property
    def names(self) -> tuple[str, ...]:
        """The whole of each: '1.ticker.trading.internal'."""
        return tuple(f"{each.name}.{self.domain}" for each in self.records)
