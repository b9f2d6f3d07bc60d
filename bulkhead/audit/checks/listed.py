"""What a user lists as meant to be reached from outside: 'tcp 443 from 0.0.0.0/0'."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from bulkhead.ends.classes import Endpoint
from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, PortRange, protocol_number

_FORM: Final = re.compile(
    r"\s*(?P<protocol>[a-z0-9-]+)(\s+(?P<ports>[0-9]+(\s*-\s*[0-9]+)?))?\s+from\s+(?P<cidr>\S+)\s*",
    re.IGNORECASE,
)
_AS: Final = "write it as 'tcp 443 from 0.0.0.0/0', 'udp 53-54 from …' or 'all from …'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Some traffic that may come from some addresses."""

    protocol: int
    ports: PortRange
    cidr: IPv4Network | IPv6Network

    def means(self, protocol: int, sender: Endpoint) -> bool:
        """Whether it speaks of a protocol, and of every address of a sender."""
        return self.protocol in (ANY_PROTOCOL, protocol) and all(
            first in self.cidr and last in self.cidr for first, last in sender.ranges
        )


def listing(text: str) -> Listing:
    """What an entry of a list says. Raises ValueError with one sentence."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} cannot be read: {_AS}")
    try:
        ports = port_range(found["ports"]) if found["ports"] else ALL_PORTS
        protocol, cidr = protocol_number(found["protocol"]), ip_network(found["cidr"], strict=False)
    except ValueError as error:
        raise ValueError(f"{text!r} cannot be read ({error}): {_AS}") from None
    return Listing(protocol=protocol, ports=ports, cidr=cidr)


def port_range(text: str) -> PortRange:
    """'5556', '5550-5599'. Raises ValueError with one sentence."""
    first, _, last = text.partition("-")
    try:
        return PortRange(int(first), int(last or first))
    except ValueError:
        raise ValueError(f"{text!r} is no port and no range of ports") from None


def left_over(ports: PortRange, taken: Iterable[PortRange]) -> Iterator[PortRange]:
    """The ports of a range that are in none of some others."""
    free = ports.first
    for each in sorted(taken):
        if common := ports.overlap(each):
            if free < common.first:
                yield PortRange(free, common.first - 1)
            free = max(free, common.last + 1)
    if free <= ports.last:
        yield PortRange(free, ports.last)
