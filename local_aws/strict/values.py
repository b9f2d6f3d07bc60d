"""Values that several rules read: CIDR blocks, ports, protocols."""

from __future__ import annotations

import ipaddress
from typing import Any

from local_aws.strict.rules import invalid

# https://www.iana.org/assignments/protocol-numbers; the names that EC2 takes for rules.
PROTOCOL_NUMBERS = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58"}
PROTOCOL_NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}

AnyNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


def protocol_number(protocol: Any) -> str:
    """'-1', or the IANA number as a string, whichever way it was said."""
    said = str(protocol).lower()
    number = PROTOCOL_NUMBERS.get(said, said)
    if number == "-1" or (number.isdecimal() and int(number) <= 255):
        return number
    raise invalid(f"Invalid value '{protocol}' for IP protocol. Unknown protocol.")


def canonical(cidr: str, version: int | None = None) -> str:
    """The CIDR with its host bits cleared: 100.68.0.18/18 is 100.68.0.0/18; of one family alone,
    where its parameter is.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
    """
    block = network(cidr)
    if block.version != (version or block.version):
        raise invalid(f"CIDR block {cidr} is malformed")
    return str(block)


def version_of(parameter: str) -> int:
    """Which family a parameter takes: 'CidrBlock', 'DestinationIpv6CidrBlock'."""
    return 6 if "Ipv6" in parameter else 4


def network(cidr: str) -> AnyNetwork:
    if "/" not in cidr:
        raise invalid(f"CIDR block {cidr} is malformed")
    try:
        return ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        raise invalid(f"CIDR block {cidr} is malformed") from None


def check_port_range(first: Any, last: Any) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html"""
    if first is None or last is None:
        raise invalid(
            "Invalid value for portRange. Must specify both from and to ports with TCP/UDP."
        )
    for port in (first, last):
        if not 0 <= int(port) <= 65535:
            raise invalid(f"Invalid value '{port}' for port. Must be in the range 0-65535.")
    if int(first) > int(last):
        raise invalid(f"Invalid TCP/UDP port range ({first}:{last})")
