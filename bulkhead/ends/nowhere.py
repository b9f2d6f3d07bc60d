"""Addresses of a VPC that no host can have: whatever goes there, or comes from there, is dropped.

They are no ends of the proof, since nothing is ever at them; but a person may
ask about one, and the answer is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import IPv4Address, ip_address, ip_network

from bulkhead.ends.by_ipv6 import ipv4_of
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.cuts import translates_ipv6
from bulkhead.network import IPAddress, Network, Subnet, Vpc, kept_by_aws


def nowhere(network: Network, text: str) -> Endpoint | None:
    """The end that an address of a VPC would be; None for any other word.

    Only for a word that means no end of the network, and None too where
    `undecided` says why somebody may answer there.
    """
    address = _address(text)
    if address is None or undecided(network, text):
        return None
    if (called := _of_ipv4(network, address)) is not None:
        return _called_nowhere(network, address, called)
    subnet, vpcs = _subnet(network, address), _around(network, address)
    vpc = subnet.vpc if subnet else next((each.id for each in vpcs), None)
    if vpc is None:
        return None
    found = Endpoint(
        kind=EndpointKind.NOWHERE,
        id=str(address),
        thing=str(address),
        prefix=ip_network(address),
        ranges=((address, address),),
        vpc=vpc,
        subnet=subnet.id if subnet else None,
        segment=subnet.segment if subnet else None,
    )
    return found if why_nowhere(network, found) else None


def _called_nowhere(network: Network, address: IPAddress, called: IPv4Address) -> Endpoint | None:
    """The same by the address by which IPv6 calls it (NAT64)."""
    meant = nowhere(network, str(called))
    if meant is None:
        return None
    by_ipv6 = replace(meant, id=str(address), thing=str(address), ipv4=(meant,))
    return replace(by_ipv6, prefix=ip_network(address), ranges=((address, address),))


def undecided(network: Network, text: str) -> str:
    """Why something may answer at an address of a VPC that is no end; '' where nothing can.

    The resolver of a VPC is at the base of its block plus two
    (docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
    """
    address = _address(text)
    if address is None:
        return ""
    if (called := _of_ipv4(network, address)) is not None:
        return undecided(network, str(called))
    vpcs = _around(network, address)
    for vpc in vpcs:
        if any(address == cidr.network_address + 2 for cidr in vpc.cidrs if cidr.version == 4):
            return f"{text} is the resolver of VPC {vpc.name}: no rule holds it back or lets it in"
    if _subnet(network, address) is None and _in_part(network, vpcs):
        names = " or ".join(each.name for each in vpcs)
        return f"no subnet here holds {text}, and not every subnet of VPC {names} is known"
    return ""


def why_nowhere(network: Network, end: Endpoint) -> str:
    """Why no host has the address; '' where one may."""
    if end.ipv4:
        return why_nowhere(network, end.ipv4[0])
    if end.subnet is None:
        vpcs = " or ".join(each.name for each in _around(network, end.address))
        return f"no subnet of VPC {vpcs} holds it"
    subnet = network.subnet[end.subnet]
    if any(end.address in kept_by_aws(each) for each in subnet.cidrs):
        return f"AWS keeps this address of subnet {subnet.name} for itself"
    for nat in network.nat_gateways:
        if nat.subnet == subnet.id and end.address in nat.addresses:
            return f"it is that of NAT gateway {nat.name}, which has no connections of its own"
    return ""


def _of_ipv4(network: Network, address: IPAddress) -> IPv4Address | None:
    """Whom it calls of IPv4, where a NAT gateway translates it."""
    return ipv4_of(address) if translates_ipv6((network,)) else None


def _address(text: str) -> IPAddress | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _around(network: Network, address: IPAddress) -> tuple[Vpc, ...]:
    return tuple(each for each in network.vpcs if any(address in cidr for cidr in each.cidrs))


def _subnet(network: Network, address: IPAddress) -> Subnet | None:
    holding = (each for each in network.subnets if any(address in cidr for cidr in each.cidrs))
    return next(holding, None)


def _in_part(network: Network, vpcs: Iterable[Vpc]) -> bool:
    """Whether something says that subnets of these VPCs may be missing here."""
    here = {each.id for each in vpcs}
    return any(
        each.scope in here
        or each.id == "ec2:DescribeSubnets"
        or (each.kind == "subnet" and each.id not in network.subnet)
        for each in network.unmodelled
    )
