"""Names of hosts in a private zone: beside the Network, as no packet depends on them.

As they are planned, and as they are found: then with whatever else a record may say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bulkhead.network.addresses import IPAddress

A: Final = "A"
AAAA: Final = "AAAA"
MINUTE: Final = 60
"""For how long a name may be remembered: libzmq asks anew whenever it connects again
(src/tcp_connecter.cpp), so that whoever has another address is found within that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRecord:
    """A name, under that of its zone, and the addresses of one family that have it.

    Of one that says something else (an alias, a CNAME, weights) `other` is that, in words.
    """

    name: str
    addresses: tuple[IPAddress, ...]
    kind: str = A
    """A, or AAAA of addresses of IPv6 (docs.aws.amazon.com/Route53/latest/DeveloperGuide/
    ResourceRecordTypes.html); of one that was found, whatever it is of."""
    seconds: int | None = None
    """For how long an answer is good, where that is another time than the zone's."""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateZone:
    """A private hosted zone of Route 53, which hosts of the VPC alone can ask, and of `more_vpcs`.

    Of one that was found there is one for each VPC.

    (docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html)
    """

    id: str
    domain: str
    vpc: str
    records: tuple[NameRecord, ...]
    asked: bool = True
    """Whether its records are known: of one that was found nobody may have asked for them."""
    seconds: int = MINUTE
    """For how long an answer is good."""
    more_vpcs: tuple[str, ...] = ()
    """Of a plan of several VPCs the others."""

    @property
    def names(self) -> tuple[str, ...]:
        """The whole of each: '1.ticker.trading.internal'."""
        return tuple(dict.fromkeys(f"{each.name}.{self.domain}" for each in self.records))
