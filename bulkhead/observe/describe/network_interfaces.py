"""Network interfaces: their addresses, what they hold, and what stands behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from bulkhead.network import IdleTimeouts, Interface, InterfaceKind, IPAddress, Subnet
from bulkhead.network import tags as words
from bulkhead.observe.describe.clients import client_ports_of_interface
from bulkhead.observe.describe.described import Described, NamesApart, name_of
from bulkhead.observe.describe.instances import instances
from bulkhead.observe.describe.members import members_by_group
from bulkhead.observe.describe.tag_words import service_of_interface
from bulkhead.observe.record import Gaps, Record, as_ipv4_block

_KINDS: Final[Mapping[str, InterfaceKind]] = {
    "vpc_endpoint": InterfaceKind.ENDPOINT,
    "load_balancer": InterfaceKind.LOAD_BALANCER,
    "network_load_balancer": InterfaceKind.LOAD_BALANCER,
    "gateway_load_balancer": InterfaceKind.LOAD_BALANCER,
    "global_accelerator_managed": InterfaceKind.LOAD_BALANCER,
    "nat_gateway": InterfaceKind.GATEWAY,
    "natGateway": InterfaceKind.GATEWAY,
    "transit_gateway": InterfaceKind.GATEWAY,
    "gateway_load_balancer_endpoint": InterfaceKind.GATEWAY,
}
"""By InterfaceType; any other is a host.

(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html)
"""
_BALANCED: Final = "ELB "
"""How AWS describes an interface of a load balancer."""
_DESCRIBED: Final = (
    (re.compile(r"Interface for NAT Gateway nat-"), InterfaceKind.GATEWAY),
    (
        re.compile(r"Network Interface for Transit Gateway Attachment tgw-attach-"),
        InterfaceKind.GATEWAY,
    ),
    (re.compile(r"VPC Endpoint Interface vpce-"), InterfaceKind.ENDPOINT),
)
"""How AWS describes others that it made, some of which have no type of their own."""


_MADE_FOR: Final = tuple(
    map(
        re.compile,
        (
            r"ELB (?:app|net|gwy)/([^/]+)/",
            r"ELB ([^/]+)$",
            r"Interface for NAT Gateway (nat-\w+)",
            r"Network Interface for Transit Gateway Attachment (tgw-attach-\w+)",
            r"VPC Endpoint Interface (vpce-\w+)",
            r"AWS Lambda VPC ENI-(.+?)(?:-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$",
        ),
    )
)
"""How AWS describes what it makes by itself, and which part of that is a name."""


def interfaces(
    described: Described,
    records: tuple[Record, ...],
    found: tuple[Subnet, ...],
    services: Mapping[str, str],
    gaps: Gaps,
) -> tuple[Interface, ...]:
    """Every interface with an address, in a subnet that was observed."""
    places, apart = {each.id: each for each in found}, NamesApart(described)
    of_instances = _instance_names(described)
    of_gateways = _gateway_interfaces(described)
    coming = members_by_group(described)
    known = {each.text("InstanceId"): each for each in instances(described)}
    interfaces = []
    for record in records:
        with gaps.needing(record):
            name, subnet = record.text("NetworkInterfaceId"), record.maybe("SubnetId")
            if subnet is None and name in of_gateways:
                continue  # A regional NAT gateway stands in no subnet.
            if subnet not in places:
                why = f"its subnet {subnet} was not observed"
                gaps.add("network-interface", name, name, why, unseen=True)
                continue
            prefixes = tuple(
                dict.fromkeys(
                    each.network6("Ipv6Prefix") for each in record.records("Ipv6Prefixes")
                )
            )
            six = tuple(dict.fromkeys(_ipv6(record)))
            if not record.has("PrivateIpAddress"):
                six = six or tuple(each[0] for each in prefixes[:1])
            if not record.has("PrivateIpAddress") and not six:
                gaps.add("network-interface", name, name, "it has no address")
                continue
            groups = tuple(dict.fromkeys(each.text("GroupId") for each in record.records("Groups")))
            primary = (
                record.address("PrivateIpAddress") if record.has("PrivateIpAddress") else six[0]
            )
            instance = _instance(record)
            kind = InterfaceKind.GATEWAY if name in of_gateways else _kind(record)
            public, more_public = _public(record, primary)
            runs = known.get(instance or "")
            service = service_of_interface(record, groups, services, apart, gaps)
            asks = client_ports_of_interface(
                record,
                kind,
                runs,
                planned=service is not None,
                members=next((coming[each] for each in groups if each in coming), None),
                gaps=gaps,
            )
            interfaces.append(
                Interface(
                    id=name,
                    name=name_of(
                        record, of_instances.get(instance or ""), instance, _made_for(record), name
                    ),
                    subnet=subnet,
                    address=primary,
                    security_groups=groups,
                    secondary_addresses=tuple(dict.fromkeys(_secondary(record, primary))),
                    public_address=public,
                    source_dest_check=record.flag("SourceDestCheck", default=True),
                    service=service,
                    ipv6_addresses=six,
                    more_public=more_public,
                    kind=kind,
                    instance=instance,
                    instance_type=runs.maybe("InstanceType") if runs else None,
                    idle=_idle(record),
                    host=record.tags().get(words.HOST) or "",
                    ipv6_prefixes=prefixes,
                    client_ports=asks.ports,
                    why_any_port=asks.why_any,
                    function=record.maybe("InterfaceType") == "lambda",
                )
            )
            if primary.version == 6 and places[subnet].cidr.version == 4:
                gaps.add("network-interface", name, name, "it has no IPv4 address")
            for astray in _astray(interfaces[-1], places[subnet])[:1]:
                why = f"its address {astray} is not one of its subnet {subnet}"
                gaps.add("network-interface", name, name, why)
            if not groups and kind in (InterfaceKind.HOST, InterfaceKind.ENDPOINT):
                # Only an interface with groups is filtered; in the model, none means
                # nothing passes.
                why = "it has no security group: nothing filters it"
                gaps.add("network-interface", name, name, why)
    return tuple(interfaces)


def _astray(interface: Interface, subnet: Subnet) -> list[IPAddress]:
    """What it has that no block of its subnet holds: one of the two was not shown in full."""
    delegated = (each.network_address for each in interface.ipv6_prefixes)
    return [
        address
        for address in (*interface.addresses, *delegated)
        if not any(address in block for block in subnet.cidrs)
    ]


def _made_for(record: Record) -> str | None:
    """What AWS made an interface for, by the name that people gave that."""
    if not record.flag("RequesterManaged", default=True):
        return None
    said = record.maybe("Description") or ""
    return next((found[1] for each in _MADE_FOR if (found := each.match(said))), None)


def _instance_names(described: Described) -> dict[str, str]:
    return {
        instance.text("InstanceId"): name
        for instance in instances(described)
        if (name := instance.tags().get(words.NAME))
    }


def _gateway_interfaces(described: Described) -> set[str]:
    """What NAT gateways say are their interfaces, and what gateway endpoints are."""
    of_nat = {
        name
        for record in described["NatGateways"]
        for each in record.records("NatGatewayAddresses")
        if (name := each.maybe("NetworkInterfaceId"))
    }
    return of_nat | {
        name
        for record in described["VpcEndpoints"]
        if record.maybe("VpcEndpointType") == "GatewayLoadBalancer"
        for name in record.texts("NetworkInterfaceIds")
    }


def _kind(record: Record) -> InterfaceKind:
    said = record.maybe("Description") or ""
    by_type = _KINDS.get(record.maybe("InterfaceType") or "interface")
    if by_type is not None:
        return by_type
    if said.startswith(_BALANCED):
        return InterfaceKind.LOAD_BALANCER
    # Anybody may describe an interface of their own like that: not one that AWS manages.
    if record.flag("RequesterManaged", default=True):
        for pattern, kind in _DESCRIBED:
            if pattern.match(said):
                return kind
    return InterfaceKind.HOST


def _instance(record: Record) -> str | None:
    attachment = record.inside("Attachment")
    return attachment.maybe("InstanceId") if attachment else None


def _secondary(record: Record, primary: IPAddress) -> Iterator[IPv4Address]:
    """Each further private address, and each of a delegated /28."""
    for each in record.records("PrivateIpAddresses"):
        address = each.address("PrivateIpAddress")
        if address != primary:
            yield address
    for each in record.records("Ipv4Prefixes"):
        block = as_ipv4_block(each.text("Ipv4Prefix"), each.where)
        if block.prefixlen < _DELEGATED:
            raise each.wrong("Ipv4Prefix", "a /28")
        yield from block


_DELEGATED: Final = 28
"""(docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html)"""


def _ipv6(record: Record) -> Iterator[IPv6Address]:
    for each in record.records("Ipv6Addresses"):
        yield each.address6("Ipv6Address")


def _public(
    record: Record, primary: IPAddress
) -> tuple[IPv4Address | None, tuple[tuple[IPv4Address, IPv4Address], ...]]:
    """The public address of the primary private one, and (private, public) of the others."""
    found: dict[IPv4Address, IPv4Address] = {}
    for each in record.records("PrivateIpAddresses"):
        association = each.inside("Association")
        if association is not None and association.has("PublicIp"):
            found[each.address("PrivateIpAddress")] = association.address("PublicIp")
    own = record.inside("Association")
    first = own.address("PublicIp") if own is not None and own.has("PublicIp") else None
    if isinstance(primary, IPv4Address):
        first = found.pop(primary, first)
    return first, tuple(sorted(found.items()))


def _idle(record: Record) -> IdleTimeouts:
    configured = record.inside("ConnectionTrackingConfiguration")
    if configured is None:
        return IdleTimeouts()
    return IdleTimeouts(
        tcp_established=configured.maybe_integer("TcpEstablishedTimeout"),
        udp=configured.maybe_integer("UdpTimeout"),
        udp_stream=configured.maybe_integer("UdpStreamTimeout"),
    )
