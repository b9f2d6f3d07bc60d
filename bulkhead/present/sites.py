"""Sites: what lies behind the VPN connections of a VPC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, summarize_address_range

from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.network import Vpc
from bulkhead.present.named import LeftOut, PresentNames, PresentSite, hull
from bulkhead.prove import Reach


def sites_of(
    reach: Reach, vpc: Vpc, names: PresentNames, left: list[LeftOut]
) -> Iterator[PresentSite]:
    """Those whose connection ends at this VPC; `left` gets the others, with why."""
    network = reach.network
    places: dict[str, dict[int, tuple[IPv4Network, ...]]] = defaultdict(dict)
    example: dict[str, Endpoint] = {}
    for index, each in enumerate(reach.endpoints):
        if each.kind is EndpointKind.SITE and each.version == 4:
            places[each.id][index] = tuple(_networks(each))
            example[each.id] = each
    here = {each.id for each in network.vpn_gateways if each.vpc == vpc.id}
    gateways = {each.id: each for each in network.customer_gateways}
    for id_, inside in places.items():
        connections = network.connections_to(id_)
        said = f"what lies behind {example[id_].thing}"
        if not any(each.vpn_gateway in here for each in connections):
            why = "its connection does not end at a VPN gateway of this VPC"
            left.append(LeftOut(what=said, why=why))
            continue
        if len(connections) != 1:
            why = f"{len(connections)} connections lead there, and a site has one gateway"
            left.append(LeftOut(what=said, why=why))
            continue
        gateway = gateways.get(connections[0].customer_gateway)
        if gateway is None or gateway.address is None:
            left.append(LeftOut(what=said, why="the address of its gateway is not known"))
            continue
        site = network.site.get(id_)
        ports = [reach.endpoints[each].client_ports for each in inside]
        yield PresentSite(
            name=names.like(example[id_].thing, "site"),
            gateway=gateway.address,
            asn=gateway.asn,
            client_ports=hull(ports),
            trusted=site is not None and site.trusted,
            places=inside,
        )


def _networks(end: Endpoint) -> Iterator[IPv4Network]:
    for first, last in end.ranges:
        if isinstance(first, IPv4Address) and isinstance(last, IPv4Address):
            yield from summarize_address_range(first, last)
