"""IPv6 of a network: planned over one block, and made in the one that its VPC is given."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network
from typing import Any

import pulumi

from bulkhead.network import IPAddress, IPNetwork, moved


@dataclass(frozen=True, slots=True)
class Ipv6Block:
    """A block as `planned`, and as the VPC is `given` it, which AWS may choose.

    What a thing is called is what is planned of it: that stays when AWS chooses.
    """

    planned: IPv6Network
    given: pulumi.Output[str]

    def of(self, part: IPv6Network | IPv6Address) -> pulumi.Output[str]:
        """A part of what is planned, where it is made; what lies elsewhere stays as it is."""
        return self.given.apply(lambda given: str(moved(part, IPv6Network(given), self.planned)))


def by_family(cidr: IPNetwork, ipv6: Ipv6Block | None, *, v4: str, v6: str) -> dict[str, Any]:
    """The argument, `v4` or `v6`, by which AWS is told of a block."""
    return {v4 if cidr.version == 4 else v6: made(cidr, ipv6)}


def made(place: IPNetwork | IPAddress, ipv6: Ipv6Block | None) -> pulumi.Input[str]:
    """A block or an address where it is made."""
    return str(place) if ipv6 is None or place.version == 4 else ipv6.of(place)
