"""Services of AWS that hosts call from within a VPC: what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Final

from bulkhead.network.ports import PortRange

HTTPS: Final = PortRange(443, 443)
"""By which every service is called, whatever it is."""

STAND_INS: Final[Mapping[str, IPv4Network]] = {
    "s3": IPv4Network("192.0.0.128/27"),
    "dynamodb": IPv4Network("192.0.0.160/27"),
}
"""In a plan these stand for the addresses of services that have a gateway endpoint, which AWS
alone knows, and changes: parts of what RFC 6890 keeps for protocols, where no host is."""


def called(service: str) -> str:
    """What a service is called, which no service or site of a topology can be: 'AWS s3'."""
    return f"AWS {service.rpartition('.')[2]}"


def full_name(region: str, service: str) -> str:
    """What AWS calls it in a Region
    (docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)."""
    return f"com.amazonaws.{region}.{service}"
