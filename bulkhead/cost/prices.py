"""The prices of AWS, by what is charged and Region: list prices on demand, in US dollars.

A price stands here with AWS's page, the day on which it was read and what it was read from. What
nobody has read is not here: it has no price, which is not the same as costing nothing. Of prices
that fall with the volume (endpoints, logs) it is that of the first step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

CURRENCY: Final = "USD"


class Charged(StrEnum):
    """What AWS charges for; `BY` says by what."""

    VPN = "VPN connection"
    """While it is available, with both tunnels."""
    PUBLIC_ADDRESS = "public IPv4 address"
    """In use or idle; a VPN connection has one at each tunnel."""
    NAT = "NAT gateway"
    REGIONAL_NAT = "regional NAT gateway, in a zone"
    ENDPOINT = "interface endpoint, in a zone"
    ATTACHMENT = "transit gateway attachment"
    KEYS = "secret with the keys of a VPN connection"
    DNS_ZONE = "private zone of DNS"
    VPC_ENCRYPTION = "VPC encryption control"
    """Of a VPC in which there is any interface, in whichever mode."""
    LOAD_BALANCER = "load balancer"
    FIREWALL = "Network Firewall"
    NAT_DATA = "through a NAT gateway"
    ENDPOINT_DATA = "through an interface endpoint"
    ATTACHMENT_DATA = "into a transit gateway"
    ZONES_DATA = "from zone to zone, at either end"
    OUT_DATA = "out of AWS, also by VPN"
    LOGS_CLOUDWATCH = "flow logs to CloudWatch"
    LOGS_S3 = "flow logs to S3"


class By(StrEnum):
    HOUR = "hour"
    MONTH = "month"
    GB = "GB"


BY: Final[Mapping[Charged, By]] = {
    each: By.GB
    if each.name.endswith("_DATA") or each.name.startswith("LOGS_")
    else By.MONTH
    if each in (Charged.KEYS, Charged.DNS_ZONE)
    else By.HOUR
    for each in Charged
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSource:
    """`page` is AWS's, for people to look it up; `basis` is what was read on that day."""

    page: str
    read: date
    basis: str

    @property
    def of_the_region(self) -> bool:
        """Whether AWS itself says it of this very Region, and not a page of all, or a bill."""
        return self.basis not in (_EXAMPLE, _QUOTED, _QUOTED_BY_REGION, _OF_A_BILL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """`amount` USD by the hour, the month or the GB."""

    charged: Charged
    region: str
    amount: Decimal
    source: PriceSource

    @property
    def by(self) -> By:
        return BY[self.charged]


_VPC: Final = "https://aws.amazon.com/vpc/pricing/"
_VPN: Final = "https://aws.amazon.com/vpn/pricing/"
_LINK: Final = "https://aws.amazon.com/privatelink/pricing/"
_TRANSIT: Final = "https://aws.amazon.com/transit-gateway/pricing/"
_LOGS: Final = "https://aws.amazon.com/cloudwatch/pricing/"
_SECRETS: Final = "https://aws.amazon.com/secrets-manager/pricing/"
_DNS: Final = "https://aws.amazon.com/route53/pricing/"
_EC2: Final = "https://aws.amazon.com/ec2/pricing/on-demand/"

_VPC_LIST: Final = "price list AmazonVPC of the Region"
_EC2_LIST: Final = "price list AmazonEC2 of the Region"
_LOGS_LIST: Final = "price list AmazonCloudWatch of the Region"
_TABLE: Final = "table of NAT gateways behind the page"
_EXAMPLE: Final = "example on the page, which names no Region"
_QUOTED: Final = "the page as others quote it, with one price for all Regions"
_QUOTED_BY_REGION: Final = "the page as others quote it, Region by Region"
_OF_A_BILL: Final = (
    "worked out of a bill for May 2026, on which NAT gateways, endpoints and addresses are at 0.92 "
    "of the list price, so this is taken to be, too"
)

_VIRGINIA: Final = date(2025, 10, 28)
_IRELAND: Final = date(2026, 9, 14)
_IRELAND_NAT: Final = date(2026, 10, 2)
_IRELAND_BILL: Final = date(2026, 6, 23)
_FRANKFURT: Final = date(2026, 9, 17)
_FRANKFURT_NAT: Final = date(2026, 10, 7)
_FRANKFURT_LINK: Final = date(2026, 9, 22)
_SECRETS_READ: Final = date(2026, 9, 20)
_ZONES_READ: Final = date(2026, 5, 1)
_ENCRYPTION_READ: Final = date(2026, 11, 30)
_DNS_READ: Final = date(2026, 11, 30)

_Row = tuple[Charged, str, str, date, str]
"""What, how much, AWS's page, when it was read, and what was."""

_ALIKE: Final[tuple[_Row, ...]] = (
    (Charged.KEYS, "0.40", _SECRETS, _SECRETS_READ, _EXAMPLE),
    (Charged.DNS_ZONE, "0.50", _DNS, _DNS_READ, _QUOTED),
    (Charged.ZONES_DATA, "0.01", _EC2, _ZONES_READ, _QUOTED),
)
_ROWS: Final[Mapping[str, tuple[_Row, ...]]] = {
    "us-east-1": (
        *_ALIKE,
        (Charged.VPC_ENCRYPTION, "0.15", _VPC, _ENCRYPTION_READ, _QUOTED_BY_REGION),
        (Charged.VPN, "0.05", _VPN, _VIRGINIA, _VPC_LIST),
        (Charged.PUBLIC_ADDRESS, "0.005", _VPC, _VIRGINIA, _VPC_LIST),
        (Charged.NAT, "0.045", _VPC, _VIRGINIA, _EC2_LIST),
        (Charged.NAT_DATA, "0.045", _VPC, _VIRGINIA, _EC2_LIST),
        (Charged.ENDPOINT, "0.01", _LINK, _VIRGINIA, _VPC_LIST),
        (Charged.ENDPOINT_DATA, "0.01", _LINK, _VIRGINIA, _VPC_LIST),
        (Charged.ATTACHMENT, "0.05", _TRANSIT, _VIRGINIA, _VPC_LIST),
        (Charged.ATTACHMENT_DATA, "0.02", _TRANSIT, _VIRGINIA, _VPC_LIST),
        (Charged.LOGS_CLOUDWATCH, "0.50", _LOGS, _VIRGINIA, _LOGS_LIST),
        (Charged.LOGS_S3, "0.25", _LOGS, _VIRGINIA, _LOGS_LIST),
    ),
    "eu-west-1": (
        *_ALIKE,
        (Charged.VPC_ENCRYPTION, "0.16", _VPC, _ENCRYPTION_READ, _QUOTED_BY_REGION),
        (Charged.VPN, "0.05", _VPN, _IRELAND_BILL, _OF_A_BILL),
        (Charged.PUBLIC_ADDRESS, "0.005", _VPC, _IRELAND, _VPC_LIST),
        (Charged.NAT, "0.048", _VPC, _IRELAND_NAT, _EC2_LIST),
        (Charged.REGIONAL_NAT, "0.048", _VPC, _IRELAND_NAT, _EC2_LIST),
        (Charged.NAT_DATA, "0.048", _VPC, _IRELAND_NAT, _EC2_LIST),
        (Charged.ENDPOINT, "0.011", _LINK, _IRELAND, _VPC_LIST),
        (Charged.ENDPOINT_DATA, "0.01", _LINK, _IRELAND_BILL, _OF_A_BILL),
    ),
    "eu-central-1": (
        *_ALIKE,
        (Charged.VPC_ENCRYPTION, "0.17", _VPC, _ENCRYPTION_READ, _QUOTED_BY_REGION),
        (Charged.PUBLIC_ADDRESS, "0.005", _VPC, _FRANKFURT, _VPC_LIST),
        (Charged.NAT, "0.052", _VPC, _FRANKFURT_NAT, _TABLE),
        (Charged.REGIONAL_NAT, "0.052", _VPC, _FRANKFURT_NAT, _TABLE),
        (Charged.NAT_DATA, "0.052", _VPC, _FRANKFURT_NAT, _TABLE),
        (Charged.ENDPOINT, "0.012", _LINK, _FRANKFURT_LINK, _VPC_LIST),
        (Charged.ENDPOINT_DATA, "0.01", _LINK, _FRANKFURT_LINK, _VPC_LIST),
    ),
}


def _read() -> Iterator[Price]:
    for region, rows in _ROWS.items():
        for charged, amount, page, read, basis in rows:
            source = PriceSource(page=page, read=read, basis=basis)
            yield Price(charged=charged, region=region, amount=Decimal(amount), source=source)


PRICES: Final = tuple(_read())
_BY_PLACE: Final[Mapping[tuple[Charged, str], Price]] = {
    (each.charged, each.region): each for each in PRICES
}


def price_of(charged: Charged, region: str) -> Price | None:
    """None where nobody has read one."""
    return _BY_PLACE.get((charged, region))
