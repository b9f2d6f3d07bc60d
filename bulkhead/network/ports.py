"""Protocols and port ranges, as AWS rules and packets name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANY_PROTOCOL: Final = -1
ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMP6: Final = 58

_NAMES: Final = {ANY_PROTOCOL: "all", ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMP6: "icmpv6"}
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


def has_types(protocol: int) -> bool:
    """Whether a rule for this protocol looks at message types and codes."""
    return protocol in (ICMP, ICMP6)


def is_of_family(protocol: int, version: int) -> bool:
    """Whether hosts exchange it over IPv4, or IPv6: of ICMP each family has its own
    (RFC 792, RFC 4443)."""
    return {ICMP: 4, ICMP6: 6}.get(protocol, version) == version


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


def icmp_range(kind: int | None, code: int | None) -> PortRange:
    """The messages that a rule with this ICMP type and code is for; None or -1 means any.

    A message stands as type x 256 + code, so that the same ranges serve ports
    and messages. Raises ValueError for a code without a type, which AWS refuses
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IcmpTypeCode.html).
    """
    if kind in (None, -1):
        if code not in (None, -1):
            raise ValueError(f"ICMP code {code} without a type")
        return ALL_PORTS
    if not 0 <= kind <= 255 or not -1 <= (code if code is not None else -1) <= 255:
        raise ValueError(f"{kind}/{code} is not an ICMP type and code")
    first = kind * 256
    if code in (None, -1):
        return PortRange(first, first + 255)
    return PortRange(first + code, first + code)


def in_a_rule(protocol: int, ports: PortRange) -> tuple[int, int] | None:
    """What a rule has for its first and last port; of icmp for type and code, -1 for any.

    None of a protocol of which a rule says neither: it is for all of that, whatever ports it has
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html).
    """
    if has_types(protocol):
        kind, code = divmod(ports.first, 256)
        return (-1 if ports == ALL_PORTS else kind), (code if len(ports) == 1 else -1)
    return (ports.first, ports.last) if has_ports(protocol) else None


def icmp_name(messages: PortRange) -> str:
    """'type 8', 'type 3 code 4', 'types 0-7'."""
    (first, code), (last, end) = divmod(messages.first, 256), divmod(messages.last, 256)
    if first == last:
        if (code, end) == (0, 255):
            return f"type {first}"
        return f"type {first} code {code}" + ("" if code == end else f"-{end}")
    if (code, end) == (0, 255):
        return f"types {first}-{last}"
    return f"type {first} code {code} to type {last} code {end}"


def answers(protocol: int, ports: PortRange, client_ports: PortRange) -> tuple[PortRange, ...]:
    """Where what answers traffic on some ports goes to: to ports of clients, or as messages."""
    if has_ports(protocol):
        return (client_ports,)
    if not has_types(protocol) or ports == ALL_PORTS:
        return (ALL_PORTS,)
    found: dict[PortRange, None] = {}
    for kind in range(ports.first // 256, ports.last // 256 + 1):
        asked = ports.overlap(icmp_range(kind, None))
        if asked is not None:
            first = icmp_answer(protocol, asked.first)
            found[PortRange(first, first + len(asked) - 1)] = None
    return tuple(found)


_ANSWERS: Final = {(ICMP, 8): 0, (ICMP, 13): 14, (ICMP, 15): 16, (ICMP, 17): 18, (ICMP6, 128): 129}
"""Queries and what answers them (RFC 792, RFC 950, RFC 4443)."""


def icmp_answer(protocol: int, message: int) -> int:
    """The message that answers a message: an echo reply to an echo request.

    One that asks nothing is answered by its like: a conversation needs both ways.
    """
    kind, code = divmod(message, 256)
    return _ANSWERS.get((protocol, kind), kind) * 256 + code
