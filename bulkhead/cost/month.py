"""What a Network costs a month: everything in it that AWS charges for, times its price.

Months have 730 hours, as those of AWS's own calculator have (calculator.aws). Charged by the GB is
what nobody knows beforehand: such prices stand apart and are in no sum. VPCs, subnets, security
groups, network ACLs, route tables, network interfaces, VPN gateways, internet gateways (egress-only
ones too), VPC Block Public Access and gateway endpoints are free (aws.amazon.com/vpc/pricing,
docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html,
docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bulkhead.cost.prices import By, Charged, Price, price_of
from bulkhead.network import EncryptionMode, FlowLogging, InterfaceKind, Network
from bulkhead.network.dns import PrivateZone

HOURS: Final = 730
_TUNNELS: Final = 2
"""Of each connection, each with a public address
(docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html,
docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpamDiscoveredPublicAddress.html)."""
_LOGS: Final = {"cloudwatch": Charged.LOGS_CLOUDWATCH, "s3": Charged.LOGS_S3}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBeside:
    """What costs money and is in no Network.

    `keys_in_secrets`: AWS keeps the keys of each VPN connection in a secret of its own
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html, PreSharedKeyArn).
    """

    logging: FlowLogging | None = None
    keys_in_secrets: bool = False
    zone: PrivateZone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedLine:
    """So many of one kind in a Region; `names` tells of them as far as they have names."""

    charged: Charged
    region: str
    number: int
    names: tuple[str, ...]
    price: Price | None

    @property
    def month(self) -> Decimal | None:
        """USD; None where no price is known."""
        if self.price is None:
            return None
        hours = HOURS if self.price.by is By.HOUR else 1
        return self.number * hours * self.price.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What is charged by the GB, if any comes."""

    charged: Charged
    region: str
    price: Price | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """`at_least`: of what there may be more than is counted, in words."""

    lines: tuple[ChargedLine, ...] = ()
    volumes: tuple[Volume, ...] = ()
    at_least: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """USD, of what has a price."""
        return sum((each.month for each in self.lines if each.month is not None), Decimal(0))

    @property
    def unpriced(self) -> tuple[ChargedLine, ...]:
        """What costs something, and nobody has read how much."""
        return tuple(each for each in self.lines if each.price is None)

    @property
    def whole(self) -> bool:
        """Whether `total` is all there is, beside what is charged by the GB."""
        return not self.unpriced and not self.at_least

    @property
    def prices(self) -> tuple[Price, ...]:
        """Those that were used."""
        every = (
            *(each.price for each in self.lines),
            *(each.price for each in self.volumes),
        )
        return tuple(each for each in every if each)


NOTHING: Final = Month()


def month(network: Network, beside: PaidBeside = PaidBeside()) -> Month:
    """What is charged for a network as it stands; not for what others have in it."""
    found: dict[tuple[Charged, str], list[str]] = defaultdict(list)
    for charged, region, name in _charged(network, beside):
        found[charged, region].append(name)
    order = [*Charged]
    keys = sorted(found, key=lambda key: (key[1], order.index(key[0])))
    lines = tuple(
        ChargedLine(
            charged=charged,
            region=region,
            number=len(found[charged, region]),
            names=tuple(dict.fromkeys(filter(None, found[charged, region]))),
            price=price_of(charged, region),
        )
        for charged, region in keys
    )
    volumes = sorted(set(_volumes(network, beside, lines)), key=lambda k: (k[1], order.index(k[0])))
    return Month(
        lines=lines,
        volumes=tuple(
            Volume(charged=charged, region=region, price=price_of(charged, region))
            for charged, region in volumes
        ),
        at_least=tuple(_at_least(network)),
    )


_Charge = tuple[Charged, str, str]
"""What, in which Region, and of what it is by name."""


def _charged(network: Network, beside: PaidBeside) -> Iterator[_Charge]:
    """One for each that AWS charges for."""
    regions = {each.id: each.region for each in network.vpcs}
    yield from _of_connections(network, beside, regions)
    yield from _of_gateways(network, regions)
    for interface in network.interfaces:
        vpc = network.subnet_of(interface).vpc
        if network.is_others(interface.id, vpc):
            continue
        region = regions.get(vpc, "")
        if interface.kind is InterfaceKind.ENDPOINT:
            yield Charged.ENDPOINT, region, interface.service or interface.name
        if interface.kind is not InterfaceKind.GATEWAY:  # a NAT gateway's are told of itself
            for _ in filter(None, (interface.public_address, *interface.more_public)):
                yield Charged.PUBLIC_ADDRESS, region, interface.name
    inhabited = {network.subnet_of(each).vpc for each in network.interfaces}
    for place in network.vpcs:
        encrypts = place.encryption is not None and place.encryption.mode is not EncryptionMode.OFF
        if encrypts and place.id in inhabited and not network.is_others(place.id, place.id):
            yield Charged.VPC_ENCRYPTION, place.region, place.name
    if beside.zone is not None:
        yield Charged.DNS_ZONE, regions.get(beside.zone.vpc, ""), beside.zone.domain
    for balancer in network.load_balancers:
        yield Charged.LOAD_BALANCER, regions.get(balancer.vpc, ""), balancer.name
    for firewall in network.firewalls:
        yield Charged.FIREWALL, regions.get(firewall.vpc, ""), firewall.name


def _of_connections(
    network: Network, beside: PaidBeside, regions: Mapping[str, str]
) -> Iterator[_Charge]:
    """Those that are available: of others nothing is charged (aws.amazon.com/vpn/pricing)."""
    gateways = {each.id: regions.get(each.vpc, "") for each in network.vpn_gateways}
    transit = {each.id: each.region for each in network.transit_gateways}
    attached = {
        each.resource: transit.get(each.gateway, "") for each in network.transit_attachments
    }
    for connection in network.vpn_connections:
        if not connection.available or network.is_others(connection.id):
            continue
        region = gateways.get(connection.vpn_gateway) or attached.get(connection.id, "")
        yield Charged.VPN, region, connection.name
        if beside.keys_in_secrets:
            yield Charged.KEYS, region, connection.name
        for _ in range(len(connection.tunnels) or _TUNNELS):
            yield Charged.PUBLIC_ADDRESS, region, f"VPN {connection.name}"


def _of_gateways(network: Network, regions: Mapping[str, str]) -> Iterator[_Charge]:
    for nat in network.nat_gateways:
        region = regions.get(nat.vpc, "")
        if not nat.available or network.is_others(nat.id, nat.vpc):
            continue
        if nat.subnet is None:
            for zone in dict(nat.zones):
                yield Charged.REGIONAL_NAT, region, f"{nat.name} in {zone}"
        else:
            yield Charged.NAT, region, nat.name
        for _ in nat.public_addresses:
            yield Charged.PUBLIC_ADDRESS, region, f"NAT gateway {nat.name}"
    transit = {each.id: each.region for each in network.transit_gateways}
    for attachment in network.transit_attachments:
        if not network.is_others(attachment.id, attachment.resource):
            yield Charged.ATTACHMENT, transit.get(attachment.gateway, ""), attachment.name


_BY_VOLUME: Final = {
    Charged.VPN: Charged.OUT_DATA,
    Charged.NAT: Charged.NAT_DATA,
    Charged.REGIONAL_NAT: Charged.NAT_DATA,
    Charged.ENDPOINT: Charged.ENDPOINT_DATA,
    Charged.ATTACHMENT: Charged.ATTACHMENT_DATA,
}


def _volumes(
    network: Network, beside: PaidBeside, lines: tuple[ChargedLine, ...]
) -> Iterator[tuple[Charged, str]]:
    regions = {each.id: each.region for each in network.vpcs}
    for line in lines:
        if line.charged in _BY_VOLUME:
            yield _BY_VOLUME[line.charged], line.region
    leading = [(each.id, each.vpc) for each in network.internet_gateways]
    leading += [(each.id, each.vpc) for each in network.egress_only_gateways]
    for id_, vpc in leading:
        if not network.is_others(id_, vpc):
            yield Charged.OUT_DATA, regions.get(vpc, "")
    zones: dict[str, set[str]] = defaultdict(set)
    for interface in network.interfaces:
        subnet = network.subnet_of(interface)
        if not network.is_others(interface.id, subnet.vpc):
            zones[regions.get(subnet.vpc, "")].add(subnet.zone)
    for region, several in zones.items():
        if len(several) > 1:
            yield Charged.ZONES_DATA, region
    if beside.logging is not None:
        yield _LOGS[beside.logging.to], regions.get(beside.logging.vpc, "")


_COUNTED: Final = ("vpn_connections", "nat_gateways", "interfaces", "transit_attachments")


def _at_least(network: Network) -> Iterator[str]:
    yield from dict.fromkeys(filter(None, map(network.why_more, _COUNTED)))
    for nat in network.nat_gateways:
        if nat.expands:
            yield f"regional NAT gateway {nat.name} comes by itself to further zones"
